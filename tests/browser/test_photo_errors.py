"""Errors on the Photo tab in a real Chromium, and that the tab works afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.support.photo_tab import open_photo_tab, upload
from benchmarks.support.random_weights import caffemodel_bytes, random_blobs
from colorizer import MODELS
from tests.browser.conftest import Keep, Visit
from tests.browser.kept_page import KeptPage
from tests.browser.photo_driver import (
    after,
    chroma,
    encode_picture,
    expect_colorized,
    expect_settled,
    fetch_picture,
    open_more,
    photograph,
    remove_upload,
)
from tests.support.paths import ROOT

SIZE = (120, 80)  # fits into the strict server's limit
LIMIT = "0.01"  # megapixels
NOWHERE = "http://127.0.0.1:9"  # a proxy that refuses at once, as on a computer without a network
FETCH_SECONDS = 120.0

Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for fetched weights."""
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="module")
def strict_url(serve: Serve, model_folder: Path) -> Iterator[str]:
    """A dashboard that allows only small pictures, has no fetched weights and no network."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    env = {**proxies, "COLORIZER_MAX_MEGAPIXELS": LIMIT, "COLORIZER_MODEL_DIR": str(model_folder)}
    with serve(ROOT / "streamlit_app.py", env=env) as url:
        yield url


@pytest.fixture(scope="module")
def kept_tab(keep: Keep, strict_url: str) -> KeptPage:
    return keep(lambda page: open_photo_tab(page, strict_url), remove_upload)


@pytest.fixture
def tab(visit: Visit, kept_tab: KeptPage) -> Page:
    """The page of that dashboard without a photograph."""
    return visit(kept_tab)


@pytest.mark.parametrize(
    ("name", "data", "plain", "precise"),
    [
        (
            "letter.jpg",
            b"Dear grandma, here is the photo",
            "letter.jpg: This is no picture that the program can read",
            ["expected a JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF picture", "a text file"],
        ),
        ("cut.jpg", encode_picture(photograph(*SIZE))[:300], "This file is damaged", ["damaged or truncated"]),
        ("empty.jpg", b"", "This file is empty", ["got an empty file"]),
        (
            "wall.jpg",
            encode_picture(photograph(300, 200)),
            "This picture is too large",
            ["at most 0.01 megapixels", "0.06 megapixels (300 x 200)"],
        ),
    ],
    ids=["text", "truncated", "empty", "too large"],
)
def test_a_bad_file_is_explained_and_a_good_one_works_after_it(
    tab: Page, name: str, data: bytes, plain: str, precise: list[str]
) -> None:
    upload(tab, name, data)
    _expect_words(_alert(tab), plain)
    tab.get_by_text("Details", exact=True).filter(visible=True).click()
    _expect_words(tab.get_by_test_id("stExpanderDetails").filter(has_text="xpected"), *precise)
    expect(tab.get_by_role("button", name="Download", exact=True)).to_be_disabled()
    upload(tab, "good.jpg", encode_picture(photograph(*SIZE)))
    expect_colorized(tab, *SIZE)
    expect(_alert(tab)).to_have_count(0)


def test_a_good_photograph_before_a_bad_file_is_not_shown_for_it(tab: Page) -> None:
    upload(tab, "good.jpg", encode_picture(photograph(*SIZE)))
    expect_colorized(tab, *SIZE)
    upload(tab, "letter.jpg", b"Dear grandma")
    _expect_words(_alert(tab), "This is no picture")
    expect(after(tab)).to_have_count(0)


def test_a_missing_model_is_a_dialog_over_the_picture_and_a_failed_fetch_loses_nothing(
    tab: Page, model_folder: Path
) -> None:
    spec = MODELS["zhang2016"]
    upload(tab, "good.jpg", encode_picture(photograph(*SIZE)))
    line = expect_colorized(tab, *SIZE)
    shown = after(tab).get_attribute("src") or ""
    _choose(tab, spec.title)
    dialog = tab.get_by_role("dialog")
    _expect_words(dialog, spec.title, "129 MB", "your picture stays as it is")
    expect(after(tab)).to_have_attribute("src", shown)
    expect(tab.get_by_text(line)).to_be_visible()
    dialog.get_by_text("Put the file there yourself").click()
    _expect_words(dialog, spec.weights.name, *spec.weights.urls)
    assert len(spec.weights.urls) == 3
    dialog.get_by_role("button", name="Fetch 129 MB").click()
    failure = dialog.get_by_test_id("stAlert")
    _expect_words(failure, "could not be fetched", "connected to the internet", "try again")
    assert "http" not in failure.inner_text()
    dialog.get_by_text("Details", exact=True).filter(visible=True).click()
    _expect_words(dialog, "from one of its mirrors")
    assert list(model_folder.iterdir()) == []
    dialog.get_by_role("button", name=f"Keep {MODELS['compact'].title}").click()
    expect(dialog).to_have_count(0)
    expect(_model(tab).get_by_role("radio", name=MODELS["compact"].title)).to_be_checked()
    assert expect_colorized(tab, *SIZE) == line
    expect(after(tab)).to_have_attribute("src", shown)
    assert chroma(fetch_picture(tab, after(tab))) > 1
    _choose(tab, spec.title)  # and again, closed by a key
    expect(dialog).to_be_visible()
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(_model(tab).get_by_role("radio", name=MODELS["compact"].title)).to_be_checked()


@pytest.mark.slow
def test_fetched_weights_colour_the_picture(page: Page, serve: Serve, tmp_path: Path) -> None:
    spec = MODELS["zhang2016"]
    folder, mirror = tmp_path / "fetched", tmp_path / "mirror"
    mirror.mkdir()
    data = caffemodel_bytes(random_blobs())
    (mirror / "weights").write_bytes(data)
    with _serving(mirror) as address:
        env = {
            "COLORIZER_MODEL_DIR": str(folder),
            "MIRROR_URL": f"{address}/weights",
            "MIRROR_SIZE": str(len(data)),
            "MIRROR_SHA256": hashlib.sha256(data).hexdigest(),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        with serve(Path(__file__).with_name("mirror_app.py"), env=env) as url:
            open_photo_tab(page, url)
            upload(page, "good.jpg", encode_picture(photograph(*SIZE)))
            expect_colorized(page, *SIZE)
            by_compact = after(page).get_attribute("src") or ""
            _choose(page, spec.title)
            page.get_by_role("dialog").get_by_role("button", name="Fetch 129 MB").click()
            expect(page.get_by_text(f"by {spec.title}")).to_be_visible(timeout=1000 * FETCH_SECONDS)
            expect_settled(page)
            expect(_alert(page)).to_have_count(0)
            expect(after(page)).not_to_have_attribute("src", by_compact)
            assert chroma(fetch_picture(page, after(page))) > 1
    assert (folder / spec.weights.name).read_bytes() == data


def _alert(page: Page) -> Locator:
    return page.get_by_test_id("stAlert")


def _expect_words(alert: Locator, *words: str) -> None:
    for part in words:
        expect(alert).to_contain_text(part, ignore_case=True, timeout=20_000)


def _choose(page: Page, title: str) -> None:
    # The text and not the radio button, which is invisible behind a drawn one.
    open_more(page)
    _model(page).get_by_text(title, exact=True).click()


def _model(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Model")


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """A web server for the files of a folder, on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because pytest's output is about the tests."""
