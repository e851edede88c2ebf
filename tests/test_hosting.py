"""What the running program does with what visitors send it: limits, kinds of files, and what it writes down of it."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from benchmarks.support.server import start_server, start_server_process
from benchmarks.visitor import XSRF_HEADER, Visitor
from dashboard.game.classroom.records import ClassroomEnded
from dashboard.game.classroom.sessions import MAX_AGE_SECONDS, Classrooms
from dashboard.server.security import OTHER_HEADERS
from dashboard.server.settings import CLASS_DATABASE_VARIABLE
from tests.support.classroom import PAIRS
from tests.support.film_clip import write_film
from tests.support.paths import ROOT

LIMIT_MEGABYTES = 1
TELLING = "telling-name-of-aunt-mathilda"
HARMFUL = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "dressed-up.jpg": b"<!doctype html><script>alert(1)</script>",
    "dressed-up.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the server writes down."""
    return tmp_path_factory.mktemp("server") / "output.txt"


@pytest.fixture(scope="module")
def url(output: Path) -> Iterator[str]:
    env = {"STREAMLIT_SERVER_MAX_UPLOAD_SIZE": str(LIMIT_MEGABYTES)}
    with start_server(ROOT / "streamlit_app.py", output, env=env) as address:
        yield address


@pytest.fixture
def visitor(url: str) -> Iterator[Visitor]:
    with Visitor(url) as one:
        yield one


def photograph(kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((120, 80)).save(buffer, kind)
    return buffer.getvalue()


def make_zip(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{TELLING}/{name}.jpg", data)
    return buffer.getvalue()


def test_the_program_says_that_it_is_well(url: str) -> None:
    answer = requests.get(f"{url}/_stcore/health", timeout=30)
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.parametrize(
    "path", ["/", "/_stcore/health", "/_stcore/host-config", "/media/x", "/downloads/x", "/nowhere"]
)
def test_every_address_answers_with_the_headers(url: str, path: str) -> None:
    answer = requests.get(url + path, timeout=30)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert {name: answer.headers.get(name) for name in OTHER_HEADERS} == OTHER_HEADERS


@pytest.mark.parametrize("path", ["metrics", "script-health-check", "agent/mcp", "agent/openapi.json"])
def test_endpoints_that_the_page_does_not_need_are_closed(url: str, path: str) -> None:
    answer = requests.get(f"{url}/_stcore/{path}", timeout=30)
    assert answer.status_code == 404
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_for_this_computer_alone_a_foreign_name_is_refused(url: str) -> None:
    port = urlsplit(url).port
    for own in (f"localhost:{port}", f"127.0.0.1:{port}"):
        assert requests.get(url, headers={"Host": own}, timeout=30).status_code == 200
    for path in ("/", "/_stcore/health", "/downloads/x"):
        answer = requests.get(url + path, headers={"Host": f"rebinding.example:{port}"}, timeout=30)
        assert answer.status_code == 421
    with pytest.raises(InvalidStatus, match="403"):  # Streamlit alone would take it: the name is that of the origin
        connect(
            f"ws://rebinding.example:{port}/_stcore/stream",
            origin=Origin(f"http://rebinding.example:{port}"),
            sock=socket.create_connection(("127.0.0.1", port or 0)),
            proxy=None,
        )


def test_static_files_and_results_answer_with_the_headers(visitor: Visitor) -> None:
    script = re.findall(r'src="\./(static/[^"]+\.js)"', visitor.fetch("/").text)[0]
    visitor.choose("photograph", photograph(), name="good.jpg")
    preview = re.findall(r'"(/media/[^"]+)"', visitor.components("compare")[0].json)[0]
    for answer in (visitor.fetch(f"/{script}"), visitor.fetch(preview), visitor.download("PNG")):
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("token", [None, "", "guessed"])
def test_an_upload_without_the_token_is_refused(visitor: Visitor, token: str | None) -> None:
    urls = visitor.upload_place("good.jpg")
    headers = {} if token is None else {XSRF_HEADER: token}
    files = {"file": ("good.jpg", photograph(), "image/jpeg")}
    answer = requests.put(visitor.url + urls.upload_url, files=files, headers=headers, timeout=30)
    assert answer.status_code == 403
    visitor.choose("photograph", photograph(), name="good.jpg")  # with the token it is taken
    assert visitor.components("compare")


def test_an_upload_above_the_limit_is_refused(visitor: Visitor) -> None:
    most = LIMIT_MEGABYTES * 1024 * 1024
    with pytest.raises(requests.HTTPError, match="413"):
        visitor.put_file("photograph", bytes(most + 1), name="large.jpg")
    visitor.put_file("photograph", bytes(most - 1000), name="small-enough.jpg")


@pytest.mark.parametrize("name", HARMFUL)
def test_what_is_no_photograph_is_neither_run_nor_shown(visitor: Visitor, name: str) -> None:
    place = visitor.choose("photograph", HARMFUL[name], name=name, kind="text/html")
    assert not visitor.components("compare")
    for kind in ("imgs", "link_button", "iframe"):
        assert not visitor.elements(kind)
    assert not any(HARMFUL[name].decode(errors="ignore") in html.body for html in visitor.elements("html"))
    if name.startswith("dressed-up"):
        assert "This is no picture" in "".join(alert.body for alert in visitor.elements("alert"))
    else:  # a browser offers no such file; one sent all the same ends the page's run
        assert visitor.elements("exception")
    assert HARMFUL[name] not in visitor.fetch(place.upload_url).content  # nobody gets it back


def test_what_comes_of_an_upload_is_a_picture(visitor: Visitor) -> None:
    visitor.choose("photograph", photograph(), name="good<script>.jpg", kind="text/html")
    pictures = re.findall(r'"(/media/[^"]+)"', visitor.components("compare")[0].json)
    assert len(pictures) == 2
    assert {visitor.fetch(picture).headers["Content-Type"] for picture in pictures} == {"image/jpeg"}
    result = visitor.download("PNG")
    assert result.headers["Content-Type"] == "image/png"
    assert result.headers["Content-Disposition"].startswith("attachment;")


def test_nothing_of_a_visitor_is_written_down(url: str, output: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    write_film(film)
    name = f"{TELLING}.jpg"
    with Visitor(url) as visitor:
        for data in (photograph(), photograph()[:900], b"not a photograph", b""):
            visitor.choose("photograph", data, name=name)
        visitor.choose("photograph", photograph("TIFF")[:2000], name=f"{TELLING}.tif")
        visitor.open_tab("Album")
        for data in (make_zip(good=photograph(), bad=b"no"), b"no archive"):
            visitor.choose("many", data, name=f"{TELLING}.zip", kind="application/zip")
        visitor.open_tab("Film")
        for data in (film.read_bytes(), film.read_bytes()[:3000], b"no film"):
            visitor.choose("film", data, name=f"{TELLING}.mp4", kind="video/mp4")
        assert visitor.elements("alert")  # the last one was said on the page, and there alone
    written = output.read_text(encoding="utf-8").replace(url, "")
    assert TELLING not in written
    assert "127.0.0.1" not in written


def test_visitors_files_have_other_names_and_go_with_the_program(tmp_path: Path) -> None:
    film, temporary, state = tmp_path / "film.mp4", tmp_path / "temporary", tmp_path / "state"
    write_film(film)
    temporary.mkdir()
    env = {"TMPDIR": str(temporary), "XDG_STATE_HOME": str(state)}
    with start_server(ROOT / "streamlit_app.py", tmp_path / "output.txt", env=env) as url, Visitor(url) as visitor:
        visitor.choose("photograph", photograph(), name=f"{TELLING}.jpg")
        assert visitor.download("PNG").content
        assert {path.name for path in temporary.rglob("*") if path.is_file()} == {"lock"}
        visitor.open_tab("Album")
        visitor.choose("many", make_zip(good=photograph()), name=f"{TELLING}.zip", kind="application/zip")
        visitor.open_tab("Real or coloured?")
        files = [path for path in temporary.rglob("*") if path.is_file()]
        assert len(files) > 1
        assert not [path for path in files if TELLING in str(path)]
        assert not state.exists()  # no class, no file of classes
        visitor.open_tab("Film")
        visitor.choose("film", film.read_bytes(), name=f"{TELLING}.mp4", kind="video/mp4")
        assert list(temporary.rglob("*.mp4"))
        assert not [path for path in temporary.rglob("*") if TELLING in str(path)]
    assert list(temporary.iterdir()) == []


def test_an_upload_on_a_full_disk_is_refused_in_words(tmp_path: Path) -> None:
    env = {"COLORIZER_MIN_FREE_MB": "1e12"}
    with (
        start_server(ROOT / "streamlit_app.py", tmp_path / "output.txt", env=env) as url,
        Visitor(url) as visitor,
        pytest.raises(requests.HTTPError, match="413") as refused,
    ):
        visitor.choose("photograph", photograph(), name="good.jpg")
    assert refused.value.response is not None
    assert "MB of free space on the disk of the computer that runs this page, got" in refused.value.response.text


def test_a_start_removes_what_a_killed_program_left_and_a_class_of_yesterday(tmp_path: Path) -> None:
    temporary, database = tmp_path / "temporary", tmp_path / "class.sqlite3"
    temporary.mkdir()
    app, env = ROOT / "streamlit_app.py", {"TMPDIR": str(temporary), CLASS_DATABASE_VARIABLE: str(database)}
    with start_server_process(app, tmp_path / "killed.txt", env=env) as server, Visitor(server.url) as visitor:
        visitor.open_tab("Album")
        visitor.choose("many", photograph(), name="one.jpg")
        os.kill(server.pid, signal.SIGKILL)
    left = set(temporary.iterdir())
    assert any(path.is_file() and path.name != "lock" for path in temporary.rglob("*"))
    yesterday = Classrooms(database, clock=lambda: time.time() - MAX_AGE_SECONDS - 60)
    code, _ = yesterday.start(PAIRS, model="compact", seconds=1.0)
    assert yesterday.info(code)
    with start_server(app, tmp_path / "next.txt", env=env):  # nobody visits it
        assert not left & set(temporary.iterdir())
        with pytest.raises(ClassroomEnded):
            yesterday.info(code)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("COLORIZER_JOBS", "-1", "expected COLORIZER_JOBS to be a number of jobs at once of at least 1, got '-1'"),
        ("COLORIZER_FRAMED_BY", "example.org", "expected COLORIZER_FRAMED_BY to name origins"),
        ("COLORIZER_TURN", "turn:relay.example", "expected a user name and a credential with a TURN server"),
    ],
)
def test_a_wrong_setting_stops_the_program_with_one_sentence(variable: str, value: str, message: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), "--server.headless=true"]
    env = {**os.environ, variable: value}
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    assert f"AI Colouriser cannot start: {message}" in result.stderr
    assert "Traceback" not in result.stderr
