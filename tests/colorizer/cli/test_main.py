"""The command line."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from benchmarks.support.random_weights import caffemodel_bytes, random_blobs
from colorizer import MODELS, __version__
from colorizer.cli.main import main
from colorizer.images import WRITABLE_SUFFIXES
from colorizer.network.registry import WeightsFile
from colorizer.network.weights import FOLDER_VARIABLE
from tests.support.paths import ROOT

Captured = pytest.CaptureFixture[str]


def gray_file(path: Path, *, size: tuple[int, int] = (40, 30)) -> Path:
    ramp = np.linspace(20, 230, size[0] * size[1]).reshape(size[::-1]).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(ramp).save(path)
    return path


def assert_colorized(path: Path, *, size: tuple[int, int] = (40, 30)) -> None:
    with Image.open(path) as image:
        assert image.mode == "RGB"
        assert image.size == size
        assert np.ptp(np.asarray(image).astype(int), axis=2).max() > 0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def expect_refusal(arguments: list[str], capsys: Captured) -> str:
    """The text on standard error for bad arguments."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.mark.parametrize("suffix", [*WRITABLE_SUFFIXES, ".PNG"])
def test_one_photo_to_a_file(suffix: str, tmp_path: Path, capsys: Captured) -> None:
    target = tmp_path / "new" / "folder" / f"out{suffix}"
    assert main([str(gray_file(tmp_path / "photo.png")), "-o", str(target)]) == 0
    assert_colorized(target)
    assert names(target.parent) == [target.name]
    note = "note: BMP has no place for the note that a program made the colours\n" if suffix == ".bmp" else ""
    assert capsys.readouterr().err == (note and f"{tmp_path / 'photo.png'}: {note}")


def test_as_a_program(tmp_path: Path) -> None:
    gray_file(tmp_path / "photo.jpg")
    command = [sys.executable, "-m", "colorizer", str(tmp_path / "photo.jpg"), "-o", str(tmp_path / "out.png")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert_colorized(tmp_path / "out.png")


@pytest.mark.parametrize("there", [True, False])
def test_one_photo_to_a_folder(there: bool, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    if there:
        folder.mkdir()
    assert main([str(gray_file(tmp_path / "photo.tif")), "-o", str(folder)]) == 0
    assert_colorized(folder / "photo_colorized.tif")
    assert names(folder) == ["photo_colorized.tif"]


def test_several_photos_to_a_folder(tmp_path: Path) -> None:
    photos = [gray_file(tmp_path / "in" / name) for name in ("a.png", "b.jpg", "c.webp")]
    assert main([*map(str, photos), "-o", str(tmp_path / "out")]) == 0
    assert names(tmp_path / "out") == ["a_colorized.png", "b_colorized.jpg", "c_colorized.webp"]
    for path in (tmp_path / "out").iterdir():
        assert_colorized(path)
    assert names(tmp_path / "in") == ["a.png", "b.jpg", "c.webp"]


def test_an_ending_we_do_not_write_becomes_png(tmp_path: Path) -> None:
    photo = gray_file(tmp_path / "scan.png").rename(tmp_path / "scan.jfif")
    assert main([str(photo), "-o", str(tmp_path / "out")]) == 0
    assert names(tmp_path / "out") == ["scan_colorized.png"]


def test_one_bad_among_good(tmp_path: Path, capsys: Captured) -> None:
    good = [gray_file(tmp_path / name) for name in ("a.png", "c.png")]
    bad, missing = tmp_path / "b.png", tmp_path / "nowhere.png"
    bad.write_text("no picture")
    assert main([str(good[0]), str(bad), str(missing), str(good[1]), "-o", str(tmp_path / "out")]) == 1
    assert names(tmp_path / "out") == ["a_colorized.png", "c_colorized.png"]
    for path in (tmp_path / "out").iterdir():
        assert_colorized(path)
    errors = capsys.readouterr().err
    assert f"{bad}: expected a JPEG, PNG" in errors
    assert f"{missing}: " in errors
    assert not any(f"{path}:" in errors for path in good)


def test_a_picture_the_format_cannot_hold_does_not_stop_the_others(tmp_path: Path, capsys: Captured) -> None:
    wide = gray_file(tmp_path / "wide.png", size=(16384, 1))
    assert main([str(wide), "-o", str(tmp_path / "out.webp")]) == 1
    assert f"{wide}: expected " in capsys.readouterr().err
    assert names(tmp_path) == ["wide.png"]


def test_nothing_half_written_is_left(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = gray_file(tmp_path / "photo.png")
    (tmp_path / "out.png").write_bytes(b"what was there before")

    def full_disk(path: Path, _: bytes) -> int:
        path.touch()
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    assert main([str(photo), "-o", str(tmp_path / "out.png")]) == 1
    assert "photo.png: no space left" in capsys.readouterr().err
    assert names(tmp_path) == ["out.png", "photo.png"]
    assert (tmp_path / "out.png").read_bytes() == b"what was there before"


def test_a_missing_photo(tmp_path: Path, capsys: Captured) -> None:
    assert main([str(tmp_path / "nowhere.png"), "-o", str(tmp_path / "out.png")]) == 1
    assert "nowhere.png" in capsys.readouterr().err
    assert names(tmp_path) == []


def test_strength_reaches_the_picture(tmp_path: Path) -> None:
    photo = gray_file(tmp_path / "photo.png")
    assert main([str(photo), "-o", str(tmp_path / "out.png"), "--strength", "0"]) == 0
    with Image.open(tmp_path / "out.png") as result, Image.open(photo) as gray:
        np.testing.assert_array_equal(np.asarray(result), np.asarray(gray.convert("RGB")))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.png", "-o", "out.gif"], "expected an output ending in one of .jpg, .jpeg, .png"),
        (["a.png", "-o", "out.png", "--strength", "3"], "expected a strength from 0 to 2, got 3"),
        (["a.png", "-o", "out.png", "--strength", "nan"], "expected a strength from 0 to 2, got nan"),
        (["a.png", "-o", "out.png", "--strength", "much"], "argument --strength: "),
        (["a.png", "-o", "out.png", "--vividness", "1.5"], "expected a vividness from 0 to 1, got 1.5"),
        (["a.png", "-o", "out.png", "--model", "best"], "argument --model: invalid choice: 'best'"),
        (["a.png", "b.png", "-o", "there.png"], "expected a folder for 2 photos, got the file there.png"),
        (["there.png", "-o", "there.png"], "expected a file of its own for -o, got there.png, which is an input"),
        (["there.png", "-o", "out", "--jobs", "0"], "expected a whole number above 0, got '0'"),
        (["a.png"], "required: -o/--output"),
        (["-o", "out.png"], "required: FILE"),
        ([], "required: FILE"),
        (["models", "fetch", "best"], "invalid choice: 'best'"),
        (["models", "fetch"], "required: name"),
        (["models", "burn"], "invalid choice: 'burn'"),
    ],
)
def test_bad_arguments(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    gray_file(tmp_path / "there.png")
    assert message in expect_refusal(arguments, capsys)
    assert names(tmp_path) == ["there.png"]


def test_version_and_help(capsys: Captured) -> None:
    for arguments, text in ((["--version"], __version__), (["--help"], "FILE"), (["models", "--help"], "fetch")):
        with pytest.raises(SystemExit) as raised:
            main(arguments)
        assert raised.value.code == 0
        assert text in capsys.readouterr().out


def test_models_lists_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert main(["models"]) == 0
    text = capsys.readouterr().out
    for spec in MODELS.values():
        assert f"{spec.name}: {spec.summary}" in text
    assert f"ready: {ROOT / 'model' / MODELS['compact'].weights.name}" in text
    assert "not downloaded yet: python -m colorizer models fetch zhang2016" in text
    (tmp_path / MODELS["zhang2016"].weights.name).write_bytes(b"cut off")
    assert main(["models"]) == 0
    assert "unusable: expected " in capsys.readouterr().out


def test_fetching_what_is_there(capsys: Captured) -> None:
    assert main(["models", "fetch", "compact"]) == 0
    assert f"compact: {ROOT / 'model' / MODELS['compact'].weights.name}" in capsys.readouterr().out


@pytest.fixture
def mirror() -> Iterator[str]:
    """The address of a server on this machine that has the wrong file."""

    class Wrong(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"wrong" * 100)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Wrong) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/weights"
        http.shutdown()
        thread.join()


def test_fetching_a_wrong_file(mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    file = WeightsFile(name="some.caffemodel", size=500, sha256="0" * 64, urls=(mirror,))
    monkeypatch.setitem(MODELS, "zhang2016", dataclasses.replace(MODELS["zhang2016"], weights=file))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert main(["models", "fetch", "zhang2016"]) == 1
    captured = capsys.readouterr()
    assert "expected some.caffemodel from one of its mirrors, got" in captured.err
    assert mirror in captured.err
    assert captured.out == ""
    assert names(tmp_path) == []


def test_a_model_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "empty"))
    photo = gray_file(tmp_path / "photo.png")
    assert main([str(photo), "-o", str(tmp_path / "out.png"), "--model", "zhang2016"]) == 1
    assert "models fetch zhang2016" in capsys.readouterr().err
    assert names(tmp_path) == ["photo.png"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("content", [b"garbage" * 100, b"", None], ids=["garbage", "empty", "missing"])
def test_weights_of_ones_own_that_cannot_be_used(
    content: bytes | None, model: str, tmp_path: Path, capsys: Captured
) -> None:
    photo, weights = gray_file(tmp_path / "photo.png"), tmp_path / "my weights"
    if content is not None:
        weights.write_bytes(content)
    assert main([str(photo), "-o", str(tmp_path / "out.png"), "--model", model, "--weights", str(weights)]) == 1
    errors = capsys.readouterr().err
    assert str(weights) in errors
    assert ("No such file" if content is None else f"to hold the network '{MODELS[model].title}'") in errors
    assert not (tmp_path / "out.png").exists()


@pytest.mark.slow
def test_weights_of_ones_own(tmp_path: Path) -> None:
    photo, weights = gray_file(tmp_path / "photo.png"), tmp_path / "full.caffemodel"
    weights.write_bytes(caffemodel_bytes(random_blobs()))
    target = tmp_path / "out.png"
    assert main([str(photo), "-o", str(target), "--model", "zhang2016", "--weights", str(weights)]) == 0
    assert_colorized(target)
