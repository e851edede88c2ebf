"""The ICE servers that help a browser and this program to find each other through routers and firewalls.

None are needed where both run on one computer or in one network, and none are asked by default. Who hosts the dashboard
names them in `.streamlit/secrets.toml` (see `.streamlit/secrets.toml.example`) or in the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import streamlit as st

from colorizer import ColorizerError

STUN_VARIABLE = "COLORIZER_STUN"
TURN_VARIABLE = "COLORIZER_TURN"
USERNAME_VARIABLE = "COLORIZER_TURN_USERNAME"
CREDENTIAL_VARIABLE = "COLORIZER_TURN_CREDENTIAL"
TWILIO_VARIABLES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")

_SECRETS_KEY = "ice_servers"
_SCHEMES = ("stun:", "stuns:", "turn:", "turns:")
_TWILIO_SECONDS = 3600  # how long Twilio's credentials are asked to last
_TWILIO_TIMEOUTS = (5.0, 10.0)  # seconds to connect, and to answer


class BadIceServer(ColorizerError):
    """The settings name ICE servers in a way that no browser takes."""


@dataclass(frozen=True)
class IceServer:
    """One server. The credential appears in no representation, so that no log shows it."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)

    def as_configuration(self) -> dict[str, Any]:
        """The same as an RTCIceServer of the browser's."""
        named = {"username": self.username, "credential": self.credential}
        return {"urls": list(self.urls), **{name: value for name, value in named.items() if value is not None}}


def ice_servers() -> list[IceServer]:
    """The servers of secrets.toml, else of the environment, else none.

    Raises BadIceServer if one has no address, another scheme than stun or turn, or, for turn, no credentials.
    """
    if st.secrets.load_if_toml_exists() and _SECRETS_KEY in st.secrets:
        return [_check_server(_from_table(table)) for table in st.secrets[_SECRETS_KEY]]
    servers = [_check_server(server) for server in _from_environment(os.environ)]
    account, token = (os.environ.get(name) for name in TWILIO_VARIABLES)
    if account and token:
        servers += _from_twilio(account, token)
    return servers


def _from_table(table: Mapping[str, Any]) -> IceServer:
    urls = table.get("urls", ())
    return IceServer((urls,) if isinstance(urls, str) else tuple(urls), table.get("username"), table.get("credential"))


def _from_environment(environment: Mapping[str, str]) -> list[IceServer]:
    stun, turn = (tuple(environment.get(name, "").split()) for name in (STUN_VARIABLE, TURN_VARIABLE))
    servers = [IceServer(stun)] if stun else []
    if turn:
        servers.append(IceServer(turn, environment.get(USERNAME_VARIABLE), environment.get(CREDENTIAL_VARIABLE)))
    return servers


def _check_server(server: IceServer) -> IceServer:
    wrong = [url for url in server.urls if not url.startswith(_SCHEMES)]
    if not server.urls or wrong:
        raise BadIceServer(f"expected an ICE server's addresses to begin with {', '.join(_SCHEMES)} got {server}")
    if any(url.startswith("turn") for url in server.urls) and not (server.username and server.credential):
        raise BadIceServer(f"expected a user name and a credential with a TURN server, got {server}")
    return server


@st.cache_data(ttl=_TWILIO_SECONDS // 2, show_spinner=False)
def _from_twilio(account: str, token: str) -> list[IceServer]:
    """Servers with credentials for an hour, asked again after half of it."""
    address = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Tokens.json"
    try:
        answer = requests.post(address, auth=(account, token), data={"Ttl": _TWILIO_SECONDS}, timeout=_TWILIO_TIMEOUTS)
        answer.raise_for_status()
        tables = answer.json()["ice_servers"]
    except (requests.RequestException, KeyError) as error:  # the address in its text holds the account, not the token
        raise BadIceServer(f"expected ICE servers from Twilio, got {type(error).__name__}") from None
    return [_check_server(_from_table(table)) for table in tables]
