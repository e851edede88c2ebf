"""The addresses under which a class reaches this program, where its teacher has opened it as localhost.

They are read from the system. Nothing is sent to find them.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

import ifaddr
import streamlit as st

from dashboard.server.access import is_loopback, is_own_host

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")
_ANY = "0.0.0.0"
_ELSEWHERE = ("192.0.2.1", 9)  # an address that belongs to nobody (RFC 5737, TEST-NET-1)


def named_host(page_host: str) -> str | None:
    """The host for the link of a class, with its port, that needs no search; None if there is none.

    `page_host`: the one under which the teacher has opened the page. It is the answer itself, unless it means this
    computer on each computer. Then it is what Streamlit's setting browser.serverAddress names.
    """
    name = urlsplit(f"//{page_host}").hostname or ""
    if not is_loopback(name) and name != _ANY:
        return page_host
    named = str(st.get_option("browser.serverAddress"))
    return None if is_loopback(named) else _with_port(named, int(st.get_option("browser.serverPort")))


def is_for_network() -> bool:
    """Whether the program was started for other computers too."""
    return not is_loopback(str(st.get_option("server.address") or ""))


def found_hosts(page_host: str) -> tuple[str, ...]:
    """The hosts, with the port of `page_host`, that others may know this computer by; the likeliest first.

    They are the names in server.allowedHosts, or else the computer's numbers (IPv4) in its networks.
    """
    port = urlsplit(f"//{page_host}").port
    allowed = [name for name in st.get_option("server.allowedHosts") or () if "*" not in name and not is_loopback(name)]
    hosts = [_with_port(name, port) for name in allowed or network_addresses()]
    return tuple(host for host in hosts if is_own_host(host))


def complete_host(typed: str, page_host: str) -> str:
    """A host that the teacher has typed, with the port of `page_host` unless it has one.

    Raises ValueError for what is no name or number under which others find this program.
    """
    host = typed.strip().removeprefix("http://").removeprefix("https://").partition("/")[0]
    parts = urlsplit(f"//{host}")
    if not _HOST.fullmatch(host) or is_loopback(parts.hostname or "") or not is_own_host(host):
        raise ValueError(f"expected a name or number of this computer that others know, got {typed!r}")
    return host if parts.port else _with_port(host, urlsplit(f"//{page_host}").port)


def network_addresses() -> tuple[str, ...]:
    """The IPv4 addresses of this computer that others can reach; first the one of its way to other networks."""
    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    reachable = [address for address in dict.fromkeys(found) if _is_reachable(address)]
    first = _outgoing_address()
    return tuple(sorted(reachable, key=lambda address: address != first))


def _is_reachable(address: str) -> bool:
    number = ipaddress.ip_address(address)
    return not (number.is_loopback or number.is_link_local or number.is_unspecified)


def _outgoing_address() -> str:
    """The address that this computer would send from to other networks, or "" without such a way."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_ELSEWHERE)  # of a datagram socket: chooses a way and sends nothing
        except OSError:
            return ""
        return str(asking.getsockname()[0])


def _with_port(host: str, port: int | None) -> str:
    return host if port is None else f"{host}:{port}"
