"""The fuzzing run finds and keeps what goes wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.fuzz import __main__ as fuzz
from tests.fuzz.mutations import mutate
from tests.fuzz.worker import read_file
from tests.support.malformed import sound_files


def test_a_seed_gives_the_same_files_again() -> None:
    files = list(sound_files().values())

    def mutations(seed: int) -> list[bytes]:
        return [
            mutate(files[number % len(files)], files, np.random.default_rng((seed, number))) for number in range(50)
        ]

    assert mutations(1) == mutations(1)
    assert mutations(1) != mutations(2)
    assert sum(changed not in files for changed in mutations(1)) > 40


def test_sound_files_are_read_and_others_refused() -> None:
    assert {read_file("picture", data) for data in sound_files().values()} == {"read"}
    assert read_file("picture", b"no picture") == "refused"
    assert read_file("zip", b"no archive") == "refused"
    assert read_file("film", b"no film") == "refused"


def test_a_file_that_goes_wrong_is_kept_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = sound_files()["a.bmp"]

    def read(_: fuzz.Reader, __: str, data: bytes) -> str:
        return "hang: no answer" if data == broken else "read"

    monkeypatch.setattr(fuzz, "seed_files", lambda: [("picture", data) for data in sound_files().values()])
    monkeypatch.setattr(fuzz.Reader, "read", read)
    monkeypatch.setattr(sys, "argv", ["fuzz", "--seconds", "0.2", "--seed", "3", "--keep", str(tmp_path)])
    assert fuzz.main() == 1
    (kept, *_) = tmp_path.iterdir()
    assert kept.read_bytes() == broken
    captured = capsys.readouterr()
    assert f"{kept}: hang: no answer" in captured.err
    assert captured.out.startswith("seed 3: ")


def test_memory_a_crash_and_a_hang_are_seen_in_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    # Streamlit's AppTest leaves its page as the main module, and a new process would run that first.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    reader = fuzz.Reader()
    try:
        assert reader.read("picture", sound_files()["a.png"]) == "read"
        monkeypatch.setattr(fuzz, "MEMORY_EACH", -1)
        assert reader.read("picture", sound_files()["a.png"]).startswith("memory: ")
        monkeypatch.setattr(fuzz, "SECONDS_EACH", 0.0)
        assert reader.read("picture", sound_files()["a.png"]).startswith("hang: ")
    finally:
        reader.stop()
