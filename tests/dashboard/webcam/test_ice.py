"""The sources of ICE servers, and that their credentials appear nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import requests
import streamlit as st

from dashboard.server.settings import (
    STUN_VARIABLE,
    TURN_CREDENTIAL_VARIABLE,
    TURN_USERNAME_VARIABLE,
    TURN_VARIABLE,
    TWILIO_VARIABLES,
)
from dashboard.webcam.ice import BadIceServer, IceServer, ice_servers
from tests.support.paths import ROOT

SECRET = "a long random password"
EXAMPLE = ROOT / ".streamlit" / "secrets.toml.example"


class Secrets(dict[str, Any]):
    """Stands in for st.secrets."""

    def load_if_toml_exists(self) -> bool:
        return bool(self)


@pytest.fixture(autouse=True)
def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove all settings of ICE servers from the environment."""
    monkeypatch.setattr(st, "secrets", Secrets())
    names = (STUN_VARIABLE, TURN_VARIABLE, TURN_USERNAME_VARIABLE, TURN_CREDENTIAL_VARIABLE)
    for name in (*names, *TWILIO_VARIABLES):
        monkeypatch.delenv(name, raising=False)


def test_none_by_default() -> None:
    assert ice_servers() == []


def test_the_example_file_is_one_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    import tomllib

    tables: Mapping[str, Any] = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    monkeypatch.setattr(st, "secrets", Secrets(tables))
    stun, turn = ice_servers()
    assert stun.as_configuration() == {"urls": ["stun:stun.example.org:3478"]}
    assert turn.as_configuration() == {
        "urls": ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:5349?transport=tcp"],
        "username": "colouriser",
        "credential": SECRET,
    }


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STUN_VARIABLE, "stun:one.example stun:two.example:3478")
    monkeypatch.setenv(TURN_VARIABLE, "turn:relay.example")
    monkeypatch.setenv(TURN_USERNAME_VARIABLE, "colouriser")
    monkeypatch.setenv(TURN_CREDENTIAL_VARIABLE, SECRET)
    assert ice_servers() == [
        IceServer(("stun:one.example", "stun:two.example:3478")),
        IceServer(("turn:relay.example",), "colouriser", SECRET),
    ]


def test_secrets_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STUN_VARIABLE, "stun:one.example")
    monkeypatch.setattr(st, "secrets", Secrets(ice_servers=[{"urls": "stun:other.example"}]))
    assert ice_servers() == [IceServer(("stun:other.example",))]


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"urls": []},
        {"urls": "https://stun.example"},
        {"urls": "turn:relay.example", "credential": SECRET},
        {"urls": ["turn:relay.example"], "username": "colouriser"},
    ],
)
def test_a_server_that_no_browser_takes_is_refused(table: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "secrets", Secrets(ice_servers=[table]))
    with pytest.raises(BadIceServer, match=r"expected .* got ") as raised:
        ice_servers()
    assert SECRET not in str(raised.value)


def test_no_representation_holds_the_credential() -> None:
    server = IceServer(("turn:relay.example",), "colouriser", SECRET)
    assert SECRET not in f"{server} {server!r} {[server]}"


class Answer:
    def raise_for_status(self) -> None:
        pass

    def json(self) -> dict[str, Any]:
        urls = "turn:global.turn.twilio.com:3478?transport=udp"
        return {"ice_servers": [{"url": urls, "urls": urls, "username": "one", "credential": SECRET}]}


def test_twilio(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Any]] = []

    def post(address: str, **options: Any) -> Answer:
        asked.append((address, options["auth"]))
        return Answer()

    monkeypatch.setattr(requests, "post", post)
    for name, value in zip(TWILIO_VARIABLES, ("account-1", "token-1"), strict=True):
        monkeypatch.setenv(name, value)
    servers = ice_servers()
    assert servers == [IceServer(("turn:global.turn.twilio.com:3478?transport=udp",), "one", SECRET)]
    assert ice_servers() == servers
    assert asked == [
        ("https://api.twilio.com/2010-04-01/Accounts/account-1/Tokens.json", ("account-1", "token-1")),
    ], "asked once, for the credentials last an hour"


def test_twilio_out_of_reach_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def post(address: str, **options: Any) -> Answer:
        raise requests.ConnectionError(f"no way to {address} with {options}")

    monkeypatch.setattr(requests, "post", post)
    for name, value in zip(TWILIO_VARIABLES, ("account-2", "token-2"), strict=True):
        monkeypatch.setenv(name, value)
    with pytest.raises(BadIceServer, match="from Twilio, got ConnectionError") as raised:
        ice_servers()
    assert "token-2" not in str(raised.value)
