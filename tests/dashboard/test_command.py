from __future__ import annotations

import os
import runpy
import sys
from typing import Any

import pytest

import dashboard.__main__ as command
from tests.support.paths import ROOT


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of each Streamlit that the command would start."""
    calls: list[list[str]] = []

    def run_module(name: str, **_: Any) -> None:
        calls.append([name, *sys.argv[1:]])

    monkeypatch.setattr(runpy, "run_module", run_module)
    monkeypatch.setattr(sys, "argv", ["ai-colouriser"])
    monkeypatch.setenv(command.ADDRESS_VARIABLE, "")  # restored after the test
    monkeypatch.delenv(command.ADDRESS_VARIABLE)
    return calls


def test_it_starts_the_program_with_further_arguments_for_this_computer_only(started: list[list[str]]) -> None:
    command.run(["--server.port", "8502"])
    assert started == [["streamlit", "run", str(ROOT / "streamlit_app.py"), "--server.port", "8502"]]
    assert os.environ["STREAMLIT_SERVER_ADDRESS"] == "localhost"


def test_the_address_of_the_environment_is_kept(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    command.run([])
    assert len(started) == 1
    assert os.environ["STREAMLIT_SERVER_ADDRESS"] == "0.0.0.0"


def test_without_streamlit_it_says_what_to_install(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match=r"pip install '\.\[dashboard\]'"):
        command.run([])
    assert started == []
