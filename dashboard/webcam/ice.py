"""The ICE servers (STUN, TURN) that connect a browser to this program through routers and firewalls.

If both run on one computer or in one network, none is needed, and by default none is used. The host of the dashboard
sets them in `.streamlit/secrets.toml` (see `.streamlit/secrets.toml.example`) or in environment variables.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import streamlit as st

from colorizer import ColorizerError
from dashboard.server.settings import (
    STUN_VARIABLE,
    TURN_CREDENTIAL_VARIABLE,
    TURN_USERNAME_VARIABLE,
    TURN_VARIABLE,
    TWILIO_VARIABLES,
)

_SECRETS_KEY = "ice_servers"
_SCHEMES = ("stun:", "stuns:", "turn:", "turns:")
_TWILIO_SECONDS = 3600  # requested lifetime of Twilio's credentials
_TWILIO_TIMEOUTS = (5.0, 10.0)  # seconds to connect, and to wait for the answer


class BadIceServer(ColorizerError):
    """The settings of the ICE servers are invalid."""


@dataclass(frozen=True)
class IceServer:
    """One server. Its credential is not part of its repr, so that no log contains it."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)

    def as_configuration(self) -> dict[str, Any]:
        """The server as the browser's RTCIceServer dictionary."""
        named = {"username": self.username, "credential": self.credential}
        return {"urls": list(self.urls), **{name: value for name, value in named.items() if value is not None}}


def ice_servers() -> list[IceServer]:
    """The servers from secrets.toml, else from the environment variables, else none.

    Raises BadIceServer if a server has no URL, a URL with another scheme than stun(s) or turn(s), or if a TURN server
    has no credentials.
    """
    if st.secrets.load_if_toml_exists() and _SECRETS_KEY in st.secrets:
        return [_check_server(_from_table(table)) for table in st.secrets[_SECRETS_KEY]]
    servers = ice_servers_of_environment()
    account, token = (os.environ.get(name) for name in TWILIO_VARIABLES)
    if account and token:
        servers += _from_twilio(account, token)
    return servers


def _from_table(table: Mapping[str, Any]) -> IceServer:
    urls = table.get("urls", ())
    return IceServer((urls,) if isinstance(urls, str) else tuple(urls), table.get("username"), table.get("credential"))


def ice_servers_of_environment() -> list[IceServer]:
    """The servers that the environment variables name. Raises BadIceServer as `ice_servers` does."""
    stun, turn = (tuple(os.environ.get(name, "").split()) for name in (STUN_VARIABLE, TURN_VARIABLE))
    servers = [IceServer(stun)] if stun else []
    if turn:
        credentials = os.environ.get(TURN_USERNAME_VARIABLE), os.environ.get(TURN_CREDENTIAL_VARIABLE)
        servers.append(IceServer(turn, *credentials))
    return [_check_server(server) for server in servers]


def _check_server(server: IceServer) -> IceServer:
    wrong = [url for url in server.urls if not url.startswith(_SCHEMES)]
    if not server.urls or wrong:
        raise BadIceServer(f"expected ICE server URLs that begin with one of {', '.join(_SCHEMES)}, got {server}")
    if any(url.startswith("turn") for url in server.urls) and not (server.username and server.credential):
        raise BadIceServer(f"expected a user name and a credential with a TURN server, got {server}")
    return server


@st.cache_data(ttl=_TWILIO_SECONDS // 2, show_spinner=False)
def _from_twilio(account: str, token: str) -> list[IceServer]:
    """Servers from Twilio with credentials for one hour, requested again after half an hour."""
    address = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Tokens.json"
    try:
        answer = requests.post(address, auth=(account, token), data={"Ttl": _TWILIO_SECONDS}, timeout=_TWILIO_TIMEOUTS)
        answer.raise_for_status()
        tables = answer.json()["ice_servers"]
    except (requests.RequestException, KeyError) as error:  # `from None`: the text of the error holds the account
        raise BadIceServer(f"expected ICE servers from Twilio, got {type(error).__name__}") from None
    return [_check_server(_from_table(table)) for table in tables]
