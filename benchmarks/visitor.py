"""A visitor of the dashboard without a browser, who speaks Streamlit's protocol to its real endpoints.

As in a browser, widgets use protobuf over the WebSocket, and uploads and downloads use HTTP.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

PATIENCE = 300.0  # seconds to wait for one response of a busy server
XSRF_COOKIE, XSRF_HEADER = "_streamlit_xsrf", "X-Xsrftoken"

_REQUEST_IDS = map(str, itertools.count())


class Visitor:
    """One session, from the first run of its page. As a context manager, it closes the page at its end.

    `page`: the elements of the last run, in the order of drawing. `blocks`: its containers. `xsrf`: the XSRF token.
    """

    def __init__(self, url: str) -> None:
        """`url`: of the dashboard. Raises requests.HTTPError, OSError or TimeoutError if the visit fails."""
        self.url, self.page, self.blocks = url, list[Element](), list[Block]()
        self._states: dict[str, WidgetState] = {}
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy, because the server is on this machine
        self._http.headers["Connection"] = "close"  # the server may close a kept connection just when it is reused
        self._http.get(f"{url}/_stcore/health", timeout=PATIENCE).raise_for_status()
        self.xsrf = str(self._http.cookies[XSRF_COOKIE])
        with ExitStack() as stack:
            address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
            self._socket = stack.enter_context(connect(address, open_timeout=PATIENCE, max_size=None, proxy=None))
            stack.callback(self._http.close)
            self.run()
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the page."""
        self._open.close()

    def run(self) -> None:
        """Run the script with the current widget states and read what it draws."""
        self.start_run()
        self.page.clear()
        self.blocks.clear()
        for message in self._answers():
            if message.HasField("delta"):
                delta = message.delta
                if delta.HasField("new_element"):
                    self.page.append(delta.new_element)
                elif delta.HasField("add_block"):
                    self.blocks.append(delta.add_block)
            elif message.HasField("script_finished"):
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return
                self.page.clear()  # an earlier run was interrupted, or begins again
                self.blocks.clear()

    def start_run(self) -> None:
        """Start a run without waiting for its result."""
        request = BackMsg()
        request.rerun_script.widget_states.widgets.extend(self._states.values())
        request.rerun_script.is_auto_rerun = False
        self._socket.send(request.SerializeToString())

    def elements(self, kind: str) -> list[Any]:
        """The elements of one kind on the page. `kind`: its name in Streamlit's protocol, for example `alert`."""
        return [getattr(element, kind) for element in self.page if element.WhichOneof("type") == kind]

    def components(self, name: str) -> list[Any]:
        """The components of ours with this name, for example `compare`; the data of each are in its `json`."""
        return [each for each in self.elements("bidi_component") if each.component_name == f"ai_colouriser_{name}"]

    def open_tab(self, words: str) -> None:
        """Open the tab with these words in its label."""
        (tabs,) = [block.tab_container.id for block in self.blocks if block.HasField("tab_container")]
        (label,) = [block.tab.label for block in self.blocks if block.HasField("tab") and words in block.tab.label]
        self._states[tabs] = WidgetState(id=tabs, string_value=label)
        self.run()

    def choose(self, label: str, data: bytes, *, name: str, kind: str = "image/jpeg") -> FileURLs:
        """Upload a file to the field with `label` in its label, and run the script."""
        urls = self.put_file(label, data, name=name, kind=kind)
        self.run()
        return urls

    def put_file(self, label: str, data: bytes, *, name: str, kind: str = "image/jpeg") -> FileURLs:
        """Upload a file without running the script. Raises requests.HTTPError if the server refuses the file."""
        (field,) = [each.id for each in self.elements("file_uploader") if label in each.label]
        urls = self.upload_place(name)
        answer = self._http.put(
            self.url + urls.upload_url,
            files={"file": (name, data, kind)},
            headers={XSRF_HEADER: self.xsrf},
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        state = WidgetState(id=field)
        info = state.file_uploader_state_value.uploaded_file_info.add(name=name, size=len(data), file_id=urls.file_id)
        info.file_urls.CopyFrom(urls)
        self._states[field] = state
        return urls

    def upload_place(self, name: str) -> FileURLs:
        """The URLs for a file of this name: to upload it and to delete it."""
        request = BackMsg()
        request.file_urls_request.request_id = next(_REQUEST_IDS)
        request.file_urls_request.file_names.append(name)
        self._socket.send(request.SerializeToString())
        answer = next(message for message in self._answers() if message.HasField("file_urls_response"))
        place: FileURLs = answer.file_urls_response.file_urls[0]
        return place

    def download(self, label: str) -> requests.Response:
        """Fetch the photograph's file with `label` in its label. Raises requests.HTTPError if the server refuses."""
        return self.fetch(self.download_path(label))

    def download_path(self, label: str) -> str:
        """The path on the server of the photograph's file with `label` in its label."""
        buttons, *_ = self.components("save")  # and those of the phone's bar
        (path,) = [file["path"] for file in json.loads(buttons.json)["files"] if label in file["label"]]
        return f"/{path}"

    def fetch(self, address: str) -> requests.Response:
        """GET a path of the server. Raises requests.HTTPError."""
        answer = self._http.get(self.url + address, timeout=PATIENCE)
        answer.raise_for_status()
        return answer

    def _answers(self) -> Iterator[ForwardMsg]:
        while True:
            data = self._socket.recv(timeout=PATIENCE)
            if isinstance(data, str):
                raise OSError("expected protobuf from the server, got text")
            message = ForwardMsg()
            message.ParseFromString(data)
            yield message
