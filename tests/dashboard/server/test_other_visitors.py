"""In the real server: one visitor uses up the budgets, and another one is served meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from benchmarks.support.server import ROOT, start_server
from benchmarks.visitor import XSRF_HEADER, Visitor
from benchmarks.visits import colorize_one, draw_photograph

SECONDS = 120.0
ENVIRONMENT = {
    "COLORIZER_SESSION_UPLOADS": "3",
    "COLORIZER_SESSION_DOWNLOADS": "2",
    "COLORIZER_ADDRESS_SESSIONS": "4",
    "COLORIZER_TRUSTED_PROXIES": "1",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    output = tmp_path_factory.mktemp("server") / "output.txt"
    with start_server(Path(ROOT / "streamlit_app.py"), output, env=ENVIRONMENT) as address:
        yield address


def upload(visitor: Visitor) -> requests.Response:
    place = visitor.upload_place("a.jpg")
    return requests.put(
        visitor.url + place.upload_url,
        files={"file": ("a.jpg", b"not decoded", "image/jpeg")},
        headers={XSRF_HEADER: visitor.xsrf, "Cookie": f"_streamlit_xsrf={visitor.xsrf}"},
        timeout=SECONDS,
    )


def test_who_uploads_too_much_is_told_on_the_page_and_another_visitor_is_served(url: str) -> None:
    with Visitor(url) as greedy, Visitor(url) as other:
        answers = [upload(greedy) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [204, 204, 204, 429, 429]
        assert answers[-1].text.startswith("Too many files at a time: at most 3. ")
        assert answers[-1].text.endswith("expected at most 3 uploaded files at a time from one page, got 4\n")
        assert answers[-1].headers["Retry-After"] == "10"
        greedy.run()  # may read the end of the run that the refusal began
        greedy.run()
        told = [alert.body for alert in greedy.elements("alert")]
        assert any(body.startswith("Too many files at a time") for body in told)
        assert colorize_one(other, "other.jpg", draw_photograph(1, 0.3)).is_own


def test_who_hangs_up_many_downloads_blocks_nobody(url: str) -> None:
    with Visitor(url) as greedy, Visitor(url) as other:
        colorize_one(greedy, "own.jpg", draw_photograph(2, 0.3))
        path = greedy.download_path("PNG")

        def hang_up() -> None:
            with requests.get(f"{url}{path}", stream=True, timeout=SECONDS):
                pass

        threads = [threading.Thread(target=hang_up) for _ in range(20)]
        for thread in threads:
            thread.start()
        assert colorize_one(other, "other.jpg", draw_photograph(3, 0.3)).is_own
        for thread in threads:
            thread.join(SECONDS)
        assert greedy.download("PNG").status_code == 200  # all places are given back


def test_who_opens_too_many_pages_is_refused_and_another_address_is_not(url: str) -> None:
    def open_page(address: str) -> ClientConnection:
        headers = {"X-Forwarded-For": f"made up, {address}"}
        place = f"ws://{urlsplit(url).netloc}/_stcore/stream"
        return connect(place, additional_headers=headers, open_timeout=SECONDS, proxy=None)

    with ExitStack() as pages:
        for _ in range(4):
            pages.enter_context(open_page("198.51.100.1"))
        with pytest.raises(InvalidStatus) as refused:
            open_page("198.51.100.1")
        assert refused.value.response.status_code == 429
        assert b"expected at most 4 open pages from one network address" in (refused.value.response.body or b"")
        page = requests.get(url + "/", headers={"X-Forwarded-For": "198.51.100.1"}, timeout=SECONDS)
        assert (page.status_code, "expected at most 4 open pages f" in page.text) == (429, True)
        pages.enter_context(open_page("198.51.100.2"))
        page = requests.get(url + "/", headers={"X-Forwarded-For": "198.51.100.2"}, timeout=SECONDS)
        assert page.status_code == 200
