"""Python runs this file at its start if its folder is on PYTHONPATH: it writes down each address that is contacted.

CONNECTION_RECORD names the file. Connecting a datagram socket is left out, because it sends nothing: Streamlit finds
the computer's own address in this way.
"""

import os
import socket
import sys
from ipaddress import ip_address
from typing import Any


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        address = ip_address(name)
    except ValueError:
        return name in ("localhost", socket.gethostname())
    return address.is_loopback or address.is_unspecified


def _record(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        sock, address = arguments
        is_silent = event == "socket.connect" and sock.type == socket.SOCK_DGRAM
        host = None if is_silent or isinstance(address, str | bytes) else address[0]  # text: a Unix socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        with open(os.environ["CONNECTION_RECORD"], "a", encoding="utf-8") as file:  # noqa: PTH123  # early in the start
            file.write(f"{event} {host}\n")


sys.addaudithook(_record)
