"""`colorizer archive` as a user runs it, and what is loaded without it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from colorizer.cli.main import main
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE
from tests.colorizer.cli.test_main import Captured, assert_colorized, expect_refusal, gray_file
from tests.support.certificates import SIGNER, key_bytes, make_key, write_credentials
from tests.support.paths import ROOT

EXTRA = ("bokeh", "dask", "distributed", "fsspec", "pyarrow")


def run_without(packages: tuple[str, ...], code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process where these packages cannot be imported."""
    missing = f"import sys; sys.modules.update(dict.fromkeys({packages!r}))"
    return subprocess.run(
        [sys.executable, "-c", f"{missing}\n{code}"], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_an_archive_is_colored_continued_and_reported(tmp_path: Path, capsys: Captured) -> None:
    scans, target = tmp_path / "scans", tmp_path / "out"
    gray_file(scans / "1932" / "a.jpg")
    gray_file(scans / "b.png")
    (scans / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (scans / "letter.txt").write_text("Dear grandma")
    command = ["archive", str(scans), str(target), "--workers", "1"]
    assert main(command) == 1
    first = capsys.readouterr()
    assert "to do: 4 new" in first.out
    assert "dashboard of Dask: http://" in first.out
    assert "2 done, 1 left out, 1 failed" in first.out
    assert "letter.txt: left out: a text file, which cannot be read" in first.err
    assert "damaged.jpg: expected a complete picture" in first.err
    (run,) = target.iterdir()
    for name in ("1932/a_colorized.jpg", "b_colorized.png"):
        assert_colorized(run / "results" / name)
    assert sorted(path.name for path in run.iterdir()) == ["manifest", "results", "run.json"]
    assert main(command) == 0
    assert "4 files known; to do: nothing" in capsys.readouterr().out
    assert main(["archive", "report", str(target)]) == 0
    printed = capsys.readouterr().out
    assert "4 files: " in printed
    assert "errors: 1 x expected a complete picture" in printed
    assert re.search(r"[1-9]\d* kB read, [1-9]\d* kB written", printed)
    with Image.open(run / "contact-sheet.jpg") as sheet:
        assert sheet.width > sheet.height > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{0}", "{0}/out"], "not in each other"),
        (["{0}", "{1}", "--scheduler", "nonsense://x"], "expected a Dask scheduler at nonsense://x"),
        (["report", "{0}"], "expected a target with runs, found none"),
        (["nowhere://{0}", "{1}"], "nowhere"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], message: str, tmp_path: Path, capsys: Captured) -> None:
    gray_file(tmp_path / "scans" / "a.png")
    folders = (str(tmp_path / "scans"), str(tmp_path / "out"))
    assert main(["archive", *(each.format(*folders) for each in arguments)]) == 1
    assert message in capsys.readouterr().err


def test_results_are_signed_by_the_workers(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_credentials(tmp_path)
    (tmp_path / "key.pem").write_bytes(key_bytes(make_key(), "sesame"))
    gray_file(tmp_path / "scans" / "a.jpg")
    gray_file(tmp_path / "scans" / "b.bmp")
    command = ["archive", "scans", "out", "--workers", "1", "--sign-key", "key.pem", "--sign-cert", "certificates.pem"]
    assert f"in {PASSPHRASE_VARIABLE}, got none" in expect_refusal(command, capsys)
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "sesame")
    assert main(command) == 1
    said = capsys.readouterr()
    assert "1 done, 1 failed" in said.out
    assert "b.bmp: expected a format that holds a signature" in said.err
    (result,) = tmp_path.glob("out/*/results/*")
    assert main(["recipe", str(result)]) == 0
    assert f"a_colorized.jpg: signed by {SIGNER}, and not changed since" in capsys.readouterr().err
    assert main(command) == 0
    assert "2 files known; to do: nothing" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--sign-key", "--sign-cert", "--sign-timestamp"])
def test_half_of_what_signs_is_refused(option: str, tmp_path: Path, capsys: Captured) -> None:
    refused = expect_refusal(["archive", str(tmp_path), str(tmp_path / "out"), option, "x"], capsys)
    assert "expected --sign-key and --sign-cert together" in refused


def test_without_the_extra_the_command_says_what_to_install() -> None:
    code = "from colorizer.cli.main import main; sys.exit(main(['archive', 'a', 'b']))"
    finished = run_without(EXTRA, code)
    assert finished.returncode == 1
    assert "pip install 'ai-colouriser[archive]'" in finished.stderr
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("packages", "module"),
    [
        (EXTRA, "colorizer"),
        (EXTRA, "colorizer.cli.main"),
        (("dask", "distributed"), "dashboard.album.tab"),  # Streamlit itself needs pyarrow
    ],
)
def test_nothing_else_loads_the_extra(packages: tuple[str, ...], module: str) -> None:
    finished = run_without(packages, f"import {module}")
    assert finished.returncode == 0, finished.stderr
