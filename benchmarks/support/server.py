"""A Streamlit script's server for as long as it is needed, for the browser tests and the camera's benchmark."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Server:
    """Where it answers, and its process."""

    url: str
    pid: int


@contextmanager
def start_server(script: Path, output_path: Path, *, env: dict[str, str] | None = None) -> Iterator[str]:
    """The address of a `running` server."""
    with start_server_process(script, output_path, env=env) as server:
        yield server.url


@contextmanager
def start_server_process(script: Path, output_path: Path, *, env: dict[str, str] | None = None) -> Iterator[Server]:
    """The server of `script`, run from the repository's root with `env` added to the environment.

    What the server prints goes to `output_path`. Raises OSError with it where the server does not come up.
    """
    port = find_free_port()
    env = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    with run_server(_streamlit_command(script, port), port, output_path, cwd=ROOT, env=env) as server:
        yield server


@contextmanager
def run_server(command: list[str], port: int, output_path: Path, *, cwd: Path, env: dict[str, str]) -> Iterator[Server]:
    """The Streamlit server that `command` starts on `port`, from when it is healthy to the end of the block.

    What the server prints goes to `output_path`. Raises OSError with it where the server does not come up.
    """
    with output_path.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_healthy(process, url, output_path)
            yield Server(url, process.pid)
        finally:
            _stop(process)


def _streamlit_command(script: Path, port: int) -> list[str]:
    options = {"port": port, "headless": "true", "address": "127.0.0.1", "fileWatcherType": "none"}
    arguments = [argument for name, value in options.items() for argument in (f"--server.{name}", str(value))]
    return [sys.executable, "-m", "streamlit", "run", str(script), *arguments]


def find_free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, output_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_healthy(url):
        try:
            # Waiting on the process paces the loop, and ends it at once when the server dies.
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
        ending = f"exit status {process.returncode}" if process.poll() is not None else f"{START_SECONDS:.0f} s"
        raise OSError(f"Streamlit was not healthy after {ending}; its output:\n{output_path.read_text('utf-8')}")


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
