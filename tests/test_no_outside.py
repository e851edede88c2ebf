"""The server contacts no other computer: not when it starts for a network, and not for what visitors do or send."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from streamlit_webrtc.component import _resolve_server_rtc_configuration, enhance_frontend_rtc_configuration
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from benchmarks.support.server import find_free_port, run_server
from benchmarks.visitor import Visitor
from tests.support.jpegs import jpeg
from tests.support.paths import ROOT

RECORDER = ROOT / "tests" / "support" / "connection_record"
FOREIGN = Origin("http://page.example")
PATIENCE = 60


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """What the processes that run with `recording` contact."""
    path = tmp_path / "contacted.txt"
    path.touch()
    return path


def recording(record: Path) -> dict[str, str]:
    """The environment of a process whose connections are recorded."""
    return {**os.environ, "PYTHONPATH": f"{RECORDER}{os.pathsep}{ROOT}", "CONNECTION_RECORD": str(record)}


@pytest.mark.parametrize(
    ("code", "contacted"),
    [
        ("import requests; requests.get('http://checkip.example', timeout=1)", "socket.getaddrinfo checkip.example\n"),
        ("s = socket.socket(); s.setblocking(False); s.connect(('192.0.2.1', 80))", "socket.connect 192.0.2.1\n"),
        (
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
            "socket.sendto 192.0.2.1\n",
        ),
        ("socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))", ""),
        ("socket.getaddrinfo('127.0.0.1', 80); socket.getaddrinfo(None, 80); socket.getaddrinfo('::1', 80)", ""),
    ],
)
def test_the_record_has_what_is_contacted(record: Path, code: str, contacted: str) -> None:
    subprocess.run(
        [sys.executable, "-c", f"import socket; {code}"], env=recording(record), stderr=subprocess.DEVNULL, check=False
    )
    assert record.read_text(encoding="utf-8") == contacted


def test_a_server_for_the_network_contacts_nobody(record: Path, tmp_path: Path) -> None:
    """As in the container. Streamlit asks an outside address for its own at the start and for foreign origins."""
    port = find_free_port()
    options = ("--server.address=0.0.0.0", f"--server.port={port}", "--server.headless=true")
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
    with run_server(command, port, tmp_path / "output.txt", cwd=ROOT, env=recording(record)) as server:
        requests.get(server.url, headers={"Origin": FOREIGN}, timeout=PATIENCE).raise_for_status()
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://127.0.0.1:{port}/_stcore/stream", origin=FOREIGN, open_timeout=PATIENCE, proxy=None)
        with Visitor(server.url) as visitor:
            visitor.choose("photograph", jpeg(), name="photo.jpg")
            assert visitor.download("PNG").content
            for tab in ("Album", "Film", "Webcam", "How it works", "Real or coloured?"):
                visitor.open_tab(tab)
    assert record.read_text(encoding="utf-8") == ""
    printed = (tmp_path / "output.txt").read_text(encoding="utf-8")
    assert f"Local URL: http://localhost:{port}" in printed
    assert "Network URL: " in printed


def test_a_camera_asks_no_ice_server_that_nobody_has_named() -> None:
    """streamlit-webrtc and aiortc have servers of others by default; an empty list is not that default."""
    named_none: dict[str, Any] = {"iceServers": []}
    assert _resolve_server_rtc_configuration(named_none).iceServers == []
    assert enhance_frontend_rtc_configuration(named_none)["iceServers"] == []
