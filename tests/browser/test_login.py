"""The login in a real Chromium, with an OpenID Connect provider on this computer: without it nothing is answered."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import PATIENCE
from benchmarks.support.server import find_free_port, run_server
from benchmarks.visitor import Visitor
from tests.browser.accessibility import contrast_failures
from tests.browser.compare_driver import DESKTOP
from tests.browser.conftest import OpenPage
from tests.support.oidc_provider import CLIENT_ID, EMAIL, oidc_provider
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the server writes down."""
    return tmp_path_factory.mktemp("login") / "output.txt"


@pytest.fixture(scope="module")
def login_url(output: Path) -> Iterator[str]:
    """The whole dashboard with a login."""
    port = find_free_port()
    options = ("--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true")
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
    with oidc_provider() as metadata:
        env = {
            **os.environ,
            "COLORIZER_LOGIN": "1",
            "COLORIZER_LOGIN_REDIRECT_URI": f"http://127.0.0.1:{port}/oauth2callback",
            "COLORIZER_LOGIN_COOKIE_SECRET": "a secret of more than thirty-two characters",
            "COLORIZER_LOGIN_CLIENT_ID": CLIENT_ID,
            "COLORIZER_LOGIN_CLIENT_SECRET": "the client's secret",
            "COLORIZER_LOGIN_METADATA_URL": metadata,
        }
        with run_server(command, port, output, cwd=ROOT, env=env) as server:
            yield server.url


def log_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Log in").click(timeout=PATIENCE)
    shown = re.compile(EMAIL.replace("@", "@\N{WORD JOINER}"))  # so that it is no link
    expect(page.get_by_text(shown)).to_be_visible(timeout=PATIENCE)


def test_without_a_login_nothing_is_answered(login_url: str) -> None:
    with Visitor(login_url) as visitor:
        assert not visitor.elements("file_uploader")
        assert not [block for block in visitor.blocks if block.HasField("tab_container")]
        place = visitor.upload_place("photo.jpg")
        upload = requests.put(
            login_url + place.upload_url,
            files={"file": ("photo.jpg", b"x")},
            headers={"X-Xsrftoken": visitor.xsrf},
            cookies={"_streamlit_xsrf": visitor.xsrf},
            timeout=60,
        )
    assert upload.status_code == 401
    for path in ("/downloads/x", "/media/x", "/_stcore/bidi-components/x"):
        assert requests.get(login_url + path, timeout=60).status_code == 401
    assert requests.get(f"{login_url}/_stcore/health", timeout=60).text == "ok"


def test_one_logs_in_and_out(open_page: OpenPage, login_url: str, output: Path) -> None:
    page = open_page(viewport=DESKTOP)
    page.goto(f"{login_url}/?class=ACDEFH")  # the page of a class needs a login as well
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("tab")).to_have_count(0)
    assert contrast_failures(page) == []
    log_in(page, login_url)
    expect(page.get_by_role("tab").first).to_be_visible(timeout=PATIENCE)
    assert page.request.get(f"{login_url}/downloads/x").status == 404  # now it is looked for
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=PATIENCE)
    assert page.request.get(f"{login_url}/downloads/x").status == 401
    assert EMAIL not in output.read_text("utf-8")
