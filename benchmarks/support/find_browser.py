"""Find a Chromium for the browser tests; `python -m benchmarks.support.find_browser` prints its path, or installs one.

The search goes on where a candidate does not start: Ubuntu's `chromium-browser` may be a stub that only names a snap.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.support.debian import START_SECONDS, administrator, install_package, run, run_step, tell

VARIABLE = "COLORIZER_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = f"install Chromium or Chrome, or set {VARIABLE} to the path of one"

# In a process of its own, because Playwright's API refuses to start twice in one thread and the tests have it running.
_ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class BrowserNotFoundError(Exception):
    """No Chromium that starts; the message says what to do."""


def find_browser() -> Path:
    """The Chromium to test with, of those already on this machine; raises BrowserNotFoundError."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        path = shutil.which(chosen)
        if path is None or not _can_start(Path(path)):
            raise BrowserNotFoundError(f"expected {VARIABLE} to name a Chromium that starts, got {chosen!r}")
        return Path(path)
    for candidate in _find_installed():
        if _can_start(candidate):
            return candidate
    raise BrowserNotFoundError(f"no Chromium found on the PATH or among Playwright's downloads: {ADVICE}")


def ensure_browser() -> Path:
    """Like `find_browser`, after an installation where that finds nothing."""
    try:
        return find_browser()
    except BrowserNotFoundError:
        if os.environ.get(VARIABLE):
            raise  # the person chose a browser: another one in its place would be a surprise
    problems = []
    for install in (_install_debian_package, _download_with_playwright):
        problem = install()
        if problem is None:
            try:
                return find_browser()
            except BrowserNotFoundError:
                problem = "done, yet it left no Chromium that starts"
        problems.append(f"{install.__name__.strip('_')}: {problem}")
    raise BrowserNotFoundError("\n".join([f"no Chromium found, and none could be installed: {ADVICE}", *problems]))


def _find_installed() -> Iterator[Path]:
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            yield Path(path)
    answer = run([sys.executable, "-c", _ASK_PLAYWRIGHT], START_SECONDS)
    path = shutil.which(answer.stdout.strip())
    if answer.returncode == 0 and path is not None:
        yield Path(path)


def _can_start(path: Path) -> bool:
    return run([str(path), "--version"], START_SECONDS).returncode == 0


def _install_debian_package() -> str | None:
    return install_package("chromium", "Chromium")


def _download_with_playwright() -> str | None:
    """Let Playwright download its Chromium; the problem in words, or None where there was none."""
    tell("No Chromium found; downloading the one of Playwright ...")
    # Its shared libraries are Debian packages too, so they come along only where those may be installed.
    can_install = shutil.which("apt-get") is not None and administrator() is not None
    libraries = ["--with-deps"] if can_install else []
    return run_step([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])


def main() -> int:
    """Print the path on standard output; everything else goes to standard error."""
    try:
        print(ensure_browser())
    except BrowserNotFoundError as error:
        tell(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
