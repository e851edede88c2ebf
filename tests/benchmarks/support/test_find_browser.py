"""The search for a Chromium, on a made-up machine: its whole PATH is one folder of little shell scripts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.support.find_browser import VARIABLE, BrowserNotFoundError, ensure_browser, find_browser, main

STARTS = "echo Chromium 1.2.3"
FAILS = "echo 'no such snap' >&2; exit 1"


@dataclass(frozen=True)
class Machine:
    """A folder that stands for the PATH, and a log of what was called there."""

    folder: Path
    log: Path

    def add(self, name: str, body: str = STARTS) -> Path:
        """Add a command that notes its arguments and then runs `body`."""
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.log}"\n{body}\n', encoding="utf-8")
        path.chmod(0o755)
        return path

    def adds(self, name: str, body: str = STARTS) -> str:
        """The body of a command that adds another command."""
        source = self.folder / f"package-of-{name}"
        source.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        source.chmod(0o755)
        return f'/bin/ln -sf "{source}" "{self.folder / name}"'

    def calls(self, name: str) -> list[str]:
        """The arguments that the command was called with, call by call."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine without a browser, whose user may install nothing and whose Playwright can download nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    made = Machine(folder, tmp_path / "calls.log")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "executable", str(made.add("python", "echo 'no network' >&2; exit 1")))
    return made


def test_finds_a_browser_on_the_path(machine: Machine) -> None:
    chrome = machine.add("google-chrome")
    assert find_browser() == chrome


def test_prefers_the_earlier_name(machine: Machine) -> None:
    machine.add("google-chrome")
    chromium = machine.add("chromium")
    assert find_browser() == chromium


def test_passes_over_a_stub_that_does_not_start(machine: Machine) -> None:
    machine.add("chromium-browser", FAILS)
    chrome = machine.add("google-chrome-stable")
    assert find_browser() == chrome


def test_the_variable_comes_before_the_path(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.add("chromium")
    mine = machine.add("my-browser")
    monkeypatch.setenv(VARIABLE, str(mine))
    assert find_browser() == mine


@pytest.mark.parametrize("search", [find_browser, ensure_browser])
def test_a_wrong_variable_is_an_error_though_the_path_has_a_browser(
    search: Callable[[], Path], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.add("chromium")
    monkeypatch.setenv(VARIABLE, str(machine.folder / "absent"))
    with pytest.raises(BrowserNotFoundError, match=f"{VARIABLE}.*absent"):
        search()


def test_finds_what_playwright_downloaded_earlier(machine: Machine) -> None:
    downloaded = machine.add("downloaded-browser")
    machine.add("python", f'echo "{downloaded}"')
    assert find_browser() == downloaded


def test_finding_installs_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.add("apt-get", machine.adds("chromium"))
    with pytest.raises(BrowserNotFoundError, match="install Chromium or Chrome"):
        find_browser()
    assert machine.calls("apt-get") == []


def test_ensuring_installs_nothing_where_a_browser_is(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    chromium = machine.add("chromium")
    machine.add("apt-get")
    assert ensure_browser() == chromium
    assert machine.calls("apt-get") == []


def test_root_installs_the_debian_package(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.add("apt-get", machine.adds("chromium"))
    assert ensure_browser() == machine.folder / "chromium"
    update, install = machine.calls("apt-get")
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends chromium")


def test_sudo_without_a_password_installs_the_debian_package(machine: Machine) -> None:
    machine.add("true", "exit 0")
    machine.add("sudo", 'shift; exec "$@"')
    machine.add("apt-get", machine.adds("chromium"))
    assert ensure_browser() == machine.folder / "chromium"
    assert all(call.startswith("-n ") for call in machine.calls("sudo"))


def test_sudo_that_wants_a_password_is_left_alone(machine: Machine) -> None:
    machine.add("sudo", "exit 1")
    machine.add("apt-get", machine.adds("chromium"))
    with pytest.raises(BrowserNotFoundError, match="sudo without a password"):
        ensure_browser()
    assert machine.calls("apt-get") == []


def test_playwright_downloads_where_the_package_cannot_be_installed(machine: Machine) -> None:
    browser = machine.folder / "downloaded"
    machine.add("python", f'case "$2" in playwright) {machine.adds("downloaded")} ;; *) echo "{browser}" ;; esac')
    assert ensure_browser() == browser
    assert "-m playwright install chromium" in machine.calls("python")


def test_playwright_downloads_where_the_package_is_a_stub(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    browser = machine.folder / "downloaded"
    machine.add("apt-get", machine.adds("chromium", FAILS))
    machine.add("python", f'case "$2" in playwright) {machine.adds("downloaded")} ;; *) echo "{browser}" ;; esac')
    assert ensure_browser() == browser
    assert "-m playwright install --with-deps chromium" in machine.calls("python")


def test_every_failed_step_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    machine.add("apt-get", "echo 'Unable to locate package' >&2; exit 100")
    with pytest.raises(BrowserNotFoundError, match=r"(?s)Unable to locate package.*no network"):
        ensure_browser()


def test_the_command_prints_the_path_alone(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    chromium = machine.add("chromium")
    assert main() == 0
    assert capsys.readouterr().out == f"{chromium}\n"


@pytest.mark.usefixtures("machine")
def test_the_command_fails_and_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert "install Chromium or Chrome" in written.err
