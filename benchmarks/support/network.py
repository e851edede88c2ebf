"""An address for WebRTC on a machine that has no network but itself.

aioice, which finds the addresses that the stream can take, skips the loopback. Browser and program need another one.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import ifaddr

_NAME, _PEER, _ADDRESS = "colour0", "colour1", "198.51.100.1/24"  # RFC 5737: an address for documentation


@contextmanager
def address_for_webrtc() -> Iterator[None]:
    """Make a pair of virtual interfaces for as long as it is needed, if there is no address but the loopback's.

    Raises OSError where that takes rights that are not there.
    """
    if _has_address():
        yield
        return
    _ip("link", "add", _NAME, "type", "veth", "peer", "name", _PEER)
    try:
        _ip("addr", "add", _ADDRESS, "dev", _NAME)
        for name in (_NAME, _PEER):
            _ip("link", "set", name, "up")
        yield
    finally:
        _ip("link", "delete", _NAME)


def _has_address() -> bool:
    addresses = [address.ip for adapter in ifaddr.get_adapters() for address in adapter.ips]
    return any(isinstance(address, str) and not address.startswith("127.") for address in addresses)


def _ip(*arguments: str) -> None:
    command = shutil.which("ip")
    reason = "there is no command `ip`"
    if command is not None:
        done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        reason = f"`ip {' '.join(arguments)}` says: {done.stderr.strip()}"
    raise OSError(f"expected an address besides 127.0.0.1, or the right to make an interface with one (root); {reason}")
