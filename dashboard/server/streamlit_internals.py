"""Everything of Streamlit's and streamlit-webrtc's that is no public interface, in one place.

Checked with Streamlit 1.67.0 and streamlit-webrtc 0.79.0. Read this file again before either is updated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import auth_util, config, net_util, runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.web import bootstrap

if TYPE_CHECKING:
    from streamlit_webrtc import WebRtcStreamerContext

__all__ = [
    "PAGE_HTML", "ComponentRenderer", "DeltaGenerator", "UploadedFile", "close_session", "connected_sessions",
    "count_streams", "forbid_outside_lookup", "has_connection", "held_uploads", "is_allowed_host",
    "is_history_navigation", "is_login_cookie", "is_page_script", "note_stream", "print_urls", "publish_media",
    "read_auth_section", "read_streamer_state", "read_upload", "release_upload", "rerun_page", "session_address",
    "session_id", "set_streamer_state",
]  # fmt: skip

# What st.components.v2.component returns; its own type is not exported.
ComponentRenderer = Callable[..., Any]

_SESSION_OF_STREAM: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

# The page that Streamlit serves: its inline scripts must be allowed by their hashes.
PAGE_HTML = Path(st.__file__).parent / "static" / "index.html"


def forbid_outside_lookup() -> None:
    """Keep Streamlit from asking a server on the internet for this computer's address.

    It asks to print the page's URLs (see `print_urls`), and when a page of an unknown origin connects: it is refused.
    """
    net_util.get_external_ip = lambda: None


def print_urls() -> None:
    """Print the page's URLs, after `forbid_outside_lookup`; config.toml keeps Streamlit from printing them before."""
    option = "logger.hideWelcomeMessage"
    hidden = config.get_option(option)
    config.set_option(option, False)
    bootstrap._print_url(is_running_hello=False)
    config.set_option(option, hidden)


def is_allowed_host(host: str) -> bool:
    """Whether the header Host is in the setting server.allowedHosts; Streamlit asks for its WebSocket alone."""
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    return is_host_allowed(host)


def load_secrets() -> None:
    """Read the secrets file, if any, before the first visitor comes; its top-level entries become the environment's."""
    st.secrets.load_if_toml_exists()


def read_auth_section() -> Mapping[str, Any]:
    """The section [auth] of the secrets file, empty if there is none."""
    return dict(auth_util.get_secrets_auth_section())


def is_login_cookie(cookies: Mapping[str, str]) -> bool:
    """Whether the cookies of a request have the valid login that st.login has left, as the WebSocket checks it."""
    from streamlit.web.server.starlette import starlette_server_config, starlette_websocket

    signed = starlette_websocket._get_signed_cookie_with_chunks(dict(cookies), starlette_server_config.USER_COOKIE_NAME)
    origin = auth_util.get_origin_from_redirect_uri()
    if not signed or origin is None:
        return False
    return starlette_websocket._parse_decoded_user_cookie(signed, origin).get("is_logged_in") is True


def session_id() -> str:
    """The ID of this visitor's session, not public in Streamlit. Raises RuntimeError outside a page's script."""
    return _script_context().session_id


def is_page_script() -> bool:
    """Whether the caller runs in a page's script, and not on a thread of its own or without a page."""
    return get_script_run_ctx(suppress_warning=True) is not None


def is_history_navigation() -> bool:
    """Whether the page's script runs because of the browser's Back or Forward."""
    return _script_context().is_history_navigation


def has_connection(session: str) -> bool:
    """Whether a session's page is open, which Streamlit tells nobody. Without a server, as in a test, it always is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def session_address(session: str) -> str:
    """The network address that a session is connected from (see `client_address`); empty without a connection."""
    client = runtime.get_instance().get_client(session) if runtime.exists() else None
    context = client.client_context if client is not None else None
    return (context.remote_ip or "") if context is not None else ""


def connected_sessions() -> list[str]:
    """The sessions whose pages are open, also those that have not run yet."""
    active = runtime.get_instance()._session_mgr.list_active_sessions() if runtime.exists() else []
    return [info.session.id for info in active]


def rerun_page(session: str) -> None:
    """Let a session's page run again as it did last, if it is open. To be called on the server's event loop."""
    if (app_session := runtime.get_instance().get_app_session(session) if runtime.exists() else None) is not None:
        app_session.request_rerun(app_session._client_state)


def held_uploads(session: str) -> tuple[int, int]:
    """How many uploaded files Streamlit holds in memory for a session, and their size in bytes."""
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return 0, 0
    with manager._lock:
        sizes = [len(file.data) for file in manager.file_storage.get(session, {}).values()]
    return len(sizes), sum(sizes)


def close_session(session: str) -> None:
    """Let Streamlit forget a session now; by itself it waits until another visitor leaves."""
    runtime.get_instance().close_session(session)


def read_upload(file_id: str) -> bytes:
    """The content of an upload of this visitor. Streamlit's own field gives a copy of it, another one in each run."""
    context = _script_context()
    return context.uploaded_file_mgr.get_files(context.session_id, [file_id])[0].data


def release_upload(file_id: str) -> None:
    """Free the memory of an uploaded file that has been written to disk.

    Streamlit keeps an upload in memory as long as its field shows it. The field goes on showing the file's name, and
    returns nothing from the next run on.
    """
    context = _script_context()
    if isinstance(manager := context.uploaded_file_mgr, MemoryUploadedFileManager):
        manager.remove_file(session_id=context.session_id, file_id=file_id)


def publish_media(data: bytes, mimetype: str, place: str) -> str:
    """Hand a file to Streamlit's in-memory file server, as st.image does, and return its path on this server.

    Components of our own have no other way to show a picture. `place` names where in the app the file is used: the
    next file at the same place replaces it.
    """
    path: str = runtime.get_instance().media_file_mgr.add(data, mimetype, place)
    return path


def read_streamer_state(key: str) -> tuple[str | None, Any] | None:
    """The SDP offer and the state that the browser sent last for the streamer `key`; None before it is drawn.

    streamlit-webrtc hears them through a callback that Streamlit does not always call (see `webcam/streamer.py`).
    """
    from streamlit_webrtc.component import compile_state, generate_frontend_component_key

    value = st.session_state.get(generate_frontend_component_key(key))
    return None if value is None else (value.get("sdpOffer"), compile_state(value))


def set_streamer_state(context: WebRtcStreamerContext[Any, Any], state: Any) -> None:
    """Let a streamer's context say the state that the browser sent last."""
    context._set_state(state)


def note_stream(context: WebRtcStreamerContext[Any, Any]) -> None:
    """Note that a streamer's stream, if it has one, belongs to this visitor's session; for `count_streams`."""
    if (worker := context._get_worker()) is not None:
        _SESSION_OF_STREAM[worker] = session_id()


def count_streams(session: str) -> int:
    """How many camera streams of a session are alive: connecting, running or not yet closed."""
    from streamlit_webrtc.webrtc import _live_workers

    return sum(_SESSION_OF_STREAM.get(worker) == session for worker in list(_live_workers))


def _script_context() -> ScriptRunContext:
    if (context := get_script_run_ctx()) is None:
        raise RuntimeError("expected to be called by a page's script")
    return context
