"""The host in the link of a class, for every way in which the page may have been opened."""

from __future__ import annotations

import ipaddress
from types import SimpleNamespace
from typing import Any

import ifaddr
import pytest
import streamlit as st

from dashboard.game.classroom import addresses
from dashboard.game.classroom.addresses import (
    complete_host,
    found_hosts,
    is_for_network,
    named_host,
    network_addresses,
)

LOCAL = ("localhost:8501", "127.0.0.1:8501", "[::1]:8501", "0.0.0.0:8501")
NETWORK = {"server.address": "0.0.0.0"}

Settings = dict[str, Any]


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Streamlit's settings that matter here, as for `make run`; a test may change them."""
    values: Settings = {
        "server.address": "localhost",
        "server.allowedHosts": [],
        "browser.serverAddress": "localhost",
        "browser.serverPort": 8501,
    }

    def is_allowed(host: str) -> bool:
        return host.partition(":")[0] in values["server.allowedHosts"]

    monkeypatch.setattr(st, "get_option", values.__getitem__)
    monkeypatch.setattr("dashboard.server.access.is_allowed_host", is_allowed)
    monkeypatch.setattr(addresses, "network_addresses", lambda: ("192.168.1.5", "10.0.0.7"))
    return values


def test_a_page_that_was_opened_by_a_name_keeps_it(settings: Settings) -> None:
    settings["browser.serverAddress"] = "photos.example.org"
    assert named_host("school.example:8501") == "school.example:8501"
    assert named_host("192.168.1.9") == "192.168.1.9"


@pytest.mark.parametrize("page_host", LOCAL)
def test_a_page_that_was_opened_as_localhost_has_the_named_address(settings: Settings, page_host: str) -> None:
    assert named_host(page_host) is None
    settings["browser.serverAddress"] = "named.example"
    assert named_host(page_host) == "named.example:8501"


@pytest.mark.parametrize(
    ("address", "expected"),
    [("localhost", False), ("127.0.0.1", False), ("0.0.0.0", True), ("", True), (None, True), ("::", True)],
)
def test_who_can_reach_the_program_is_known(settings: Settings, address: str | None, expected: bool) -> None:
    settings["server.address"] = address
    assert is_for_network() == expected


@pytest.mark.parametrize("page_host", LOCAL)
def test_the_addresses_in_the_network_are_found(settings: Settings, page_host: str) -> None:
    settings |= NETWORK
    assert found_hosts(page_host) == ("192.168.1.5:8501", "10.0.0.7:8501")


def test_allowed_names_come_instead_and_nothing_that_is_refused(settings: Settings) -> None:
    settings |= NETWORK
    settings["server.allowedHosts"] = ["localhost", "*.school.example", "photos.school.example", "192.168.1.5"]
    assert found_hosts("localhost:8501") == ("photos.school.example:8501", "192.168.1.5:8501")
    settings["server.allowedHosts"] = ["*.school.example"]  # which of them is for a person to say
    assert found_hosts("localhost:8501") == ()


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("192.168.178.20", "192.168.178.20:8501"),
        (" 192.168.178.20:80 ", "192.168.178.20:80"),
        ("http://teacher.local:8600/?class=ACDEFH", "teacher.local:8600"),
        ("teacher.local", "teacher.local:8501"),
    ],
)
def test_a_typed_host_gets_the_pages_port(settings: Settings, typed: str, host: str) -> None:
    settings |= NETWORK
    assert complete_host(typed, "localhost:8501") == host


@pytest.mark.parametrize("typed", ["", "  ", "my computer", "<b>", "localhost", "127.0.0.1", "a:b", "h:99999", "h:1:2"])
def test_what_is_no_host_is_refused(settings: Settings, typed: str) -> None:
    settings |= NETWORK
    with pytest.raises(ValueError, match=r"expected a name|Port"):
        complete_host(typed, "localhost:8501")


def test_a_host_that_the_program_does_not_answer_to_is_refused(settings: Settings) -> None:
    settings |= NETWORK
    settings["server.allowedHosts"] = ["192.168.1.5"]
    with pytest.raises(ValueError, match="expected a name"):
        complete_host("192.168.1.6", "localhost:8501")


def adapter(*numbers: str | tuple[str, int, int]) -> SimpleNamespace:
    return SimpleNamespace(ips=[ifaddr.IP(number, 24, "network") for number in numbers])


def test_only_addresses_that_others_reach_are_offered_and_the_usual_one_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        adapter("127.0.0.1", ("::1", 0, 0)),
        adapter("172.17.0.1"),
        adapter("192.168.1.5", ("fe80::1", 0, 2)),
        adapter("169.254.3.4", "192.168.1.5", "0.0.0.0"),
    ]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: found)
    monkeypatch.setattr(addresses, "_outgoing_address", lambda: "192.168.1.5")
    assert network_addresses() == ("192.168.1.5", "172.17.0.1")
    monkeypatch.setattr(addresses, "_outgoing_address", lambda: "")
    assert network_addresses() == ("172.17.0.1", "192.168.1.5")


def test_this_computers_own_are_numbers() -> None:
    for address in network_addresses():
        assert not ipaddress.ip_address(address).is_loopback
