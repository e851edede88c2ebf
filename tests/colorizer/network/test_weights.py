from __future__ import annotations

import dataclasses
import hashlib
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from platformdirs import user_data_path

from colorizer.errors import ColorizerError, DownloadFailed, WeightsInvalid, WeightsMissing
from colorizer.network import weights
from colorizer.network.registry import MODELS, ModelSpec, WeightsFile
from tests.support.paths import ROOT

CONTENT = bytes(range(256)) * 4096  # 1 MiB: several chunks
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WRONG = bytes(reversed(CONTENT))


class Mirror(BaseHTTPRequestHandler):
    """Good and bad mirrors, by path; counts the requests."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/404":
            self.send_error(404)
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/good")
            self.end_headers()
            return
        body = {"/wrong": WRONG, "/short": CONTENT[:-1], "/long": CONTENT * 8}.get(self.path, CONTENT)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.path == "/cut" else body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def asked() -> list[str]:
    """The paths that were requested from the server."""
    return []


@pytest.fixture
def server(asked: list[str]) -> Iterator[str]:
    """The address of a server on this machine."""
    handler = type("Handler", (Mirror,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def spec_of(*urls: str) -> ModelSpec:
    file = WeightsFile(name="some.caffemodel", size=len(CONTENT), sha256=SHA256, urls=urls)
    return dataclasses.replace(MODELS["zhang2016"], weights=file)


def expect_refusal() -> str:
    """An address where no server listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/good"


def test_fetches_and_checks(server: str, tmp_path: Path) -> None:
    spec, folder = spec_of(f"{server}/good"), tmp_path / "new" / "folder"
    path = weights.fetch_weights(spec, folder=folder)
    assert path == folder / "some.caffemodel"
    assert path.read_bytes() == CONTENT
    assert list(folder.iterdir()) == [path]
    assert path.stat().st_mode & 0o444 == 0o444
    assert weights.find_weights(spec, folder=folder) == path


def test_follows_a_redirect(server: str, tmp_path: Path) -> None:
    assert weights.fetch_weights(spec_of(f"{server}/moved"), folder=tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("wrong", "hash"),
        ("cut", "IncompleteRead|Connection broken"),
        ("short", f"expected {len(CONTENT)} bytes, got {len(CONTENT) - 1}"),
        ("long", f"expected {len(CONTENT)} bytes, got more"),
        ("404", "404"),
    ],
)
def test_a_bad_mirror_is_named_and_leaves_nothing(server: str, bad: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=f"some.caffemodel.*\n  {server}/{bad}: .*({reason})"):
        weights.fetch_weights(spec_of(f"{server}/{bad}"), folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_next_mirror_is_asked(server: str, asked: list[str], tmp_path: Path) -> None:
    urls = (expect_refusal(), *(f"{server}/{name}" for name in ("404", "wrong", "cut", "good", "never")))
    path = weights.fetch_weights(spec_of(*urls), folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert asked == ["/404", "/wrong", "/cut", "/good"]
    assert list(tmp_path.iterdir()) == [path]


def test_all_mirrors_are_named_with_their_reasons(server: str, tmp_path: Path) -> None:
    nobody = expect_refusal()
    with pytest.raises(DownloadFailed) as failure:
        weights.fetch_weights(spec_of(f"{server}/404", nobody, "gopher://old/file"), folder=tmp_path)
    _, first, second, third = str(failure.value).splitlines()
    assert f"{server}/404: 404" in first
    assert nobody in second
    assert "refused" in second
    assert third.startswith("  gopher://old/file: ")


def test_progress_counts_bytes_to_the_end(server: str, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    spec = spec_of(f"{server}/good")
    weights.fetch_weights(spec, folder=tmp_path, progress=lambda done, total: calls.append((done, total)))
    done = [each for each, _ in calls]
    assert len(done) > 2
    assert done == sorted(set(done))
    assert {total for _, total in calls} == {len(CONTENT)}
    assert done[-1] == len(CONTENT)


def test_progress_may_end_the_download(server: str, asked: list[str], tmp_path: Path) -> None:
    class CancelledError(ColorizerError):
        pass

    def cancel(_done: int, _total: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        weights.fetch_weights(spec_of(f"{server}/good", f"{server}/good"), folder=tmp_path, progress=cancel)
    assert asked == ["/good"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_downloaded(server: str, asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "some.caffemodel").write_bytes(CONTENT)
    assert weights.fetch_weights(spec_of(f"{server}/good"), folder=tmp_path) == tmp_path / "some.caffemodel"
    assert asked == []


def test_a_wrong_file_is_replaced_by_the_right_one_only(server: str, tmp_path: Path) -> None:
    path = tmp_path / "some.caffemodel"
    path.write_bytes(WRONG)
    with pytest.raises(DownloadFailed):
        weights.fetch_weights(spec_of(f"{server}/cut"), folder=tmp_path)
    assert path.read_bytes() == WRONG
    weights.fetch_weights(spec_of(f"{server}/good"), folder=tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_folder_that_cannot_be_written_is_named_once(server: str, asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadFailed, match=r"expected to write .*some\.caffemodel"):
        weights.fetch_weights(spec_of(f"{server}/good", f"{server}/good"), folder=tmp_path / "file")
    assert asked == []


def test_missing_weights_say_where_from_and_where_to(tmp_path: Path) -> None:
    spec = MODELS["zhang2016"]
    with pytest.raises(WeightsMissing) as missing:
        weights.find_weights(spec, folder=tmp_path)
    for part in (*spec.weights.urls, str(tmp_path), spec.weights.name, "python -m colorizer models fetch zhang2016"):
        assert part in str(missing.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(CONTENT[:-1], f"{len(CONTENT)} bytes, got {len(CONTENT) - 1}"), (WRONG, f"{SHA256}, got [0-9a-f]{{64}}")],
)
def test_weights_that_are_not_the_published_ones_are_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "some.caffemodel").write_bytes(content)
    with pytest.raises(WeightsInvalid, match=message):
        weights.find_weights(spec_of("http://127.0.0.1/"), folder=tmp_path)


def test_a_cut_off_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.caffemodel").write_bytes(CONTENT[:-1])
    monkeypatch.setattr(weights, "file_sha256", lambda _path: pytest.fail("hashed"))
    with pytest.raises(WeightsInvalid):
        weights.find_weights(spec_of("http://127.0.0.1/"), folder=tmp_path)


def test_the_folder_is_the_environments_or_the_repositorys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path))
    assert weights.model_folder() == tmp_path
    (tmp_path / "some.caffemodel").write_bytes(CONTENT)
    assert weights.find_weights(spec_of("http://127.0.0.1/")) == tmp_path / "some.caffemodel"
    monkeypatch.delenv("COLORIZER_MODEL_DIR")
    assert weights.model_folder() == ROOT / "model"


def test_built_in_weights_are_looked_for_in_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in, elsewhere = tmp_path / "model", tmp_path / "elsewhere"
    built_in.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr(weights, "built_in_folder", lambda: built_in)
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(elsewhere))
    (elsewhere / "some.caffemodel").write_bytes(CONTENT)
    for look in (weights.find_weights, weights.fetch_weights):
        with pytest.raises(WeightsMissing, match="comes with the program"):
            look(spec_of(), folder=elsewhere)
    (built_in / "some.caffemodel").write_bytes(CONTENT)
    assert weights.find_weights(spec_of(), folder=elsewhere) == built_in / "some.caffemodel"


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (None, WeightsMissing, r"small\.onnx; there is no such file\. It comes with the program"),
        (CONTENT[:-1], WeightsInvalid, f"{len(CONTENT)} bytes, got {len(CONTENT) - 1}"),
        (WRONG, WeightsInvalid, f"{SHA256}, got [0-9a-f]{{64}}"),
    ],
    ids=["missing", "cut off", "other"],
)
def test_a_built_in_file_that_is_not_as_it_came_is_refused(
    content: bytes | None, error: type[ColorizerError], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "built_in_folder", lambda: tmp_path)
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path / "elsewhere"))
    path, file = tmp_path / "small.onnx", WeightsFile("small.onnx", len(CONTENT), SHA256)
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=message):
        weights.built_in_weights(file)
    path.write_bytes(CONTENT)
    assert weights.built_in_weights(file) == path


def test_installed_weights_are_in_the_package_and_fetched_ones_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "colorizer" / "model").mkdir(parents=True)
    monkeypatch.setattr(weights, "_PACKAGE", tmp_path / "colorizer")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("COLORIZER_MODEL_DIR", raising=False)
    assert weights.built_in_folder() == tmp_path / "colorizer" / "model"
    assert weights.model_folder() == user_data_path("ai-colouriser", appauthor=False) / "model"
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path / "chosen"))
    assert weights.model_folder() == tmp_path / "chosen"


def test_sha256_of_known_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1.
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert weights.file_sha256(tmp_path / "abc") == expected
