"""The settings of the login, and what is open without one. tests/browser/test_login.py logs in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from colorizer import InvalidSetting
from dashboard.server import login
from tests.support.asgi import get

SECRET = "a secret of more than thirty-two characters"
SETTINGS = {
    "COLORIZER_LOGIN": "1",
    "COLORIZER_LOGIN_REDIRECT_URI": "https://photos.example/oauth2callback",
    "COLORIZER_LOGIN_COOKIE_SECRET": SECRET,
    "COLORIZER_LOGIN_CLIENT_ID": "client",
    "COLORIZER_LOGIN_CLIENT_SECRET": "secret",
    "COLORIZER_LOGIN_METADATA_URL": "https://login.example/.well-known/openid-configuration",
}
OPEN = ["/", "/static/js/index.js", "/_stcore/health", "/_stcore/host-config", "/auth/login", "/oauth2callback"]
CLOSED = ["/downloads/x", "/media/x.png", "/_stcore/upload_file/a/b", "/_stcore/bidi-components/a", "/nowhere", "//"]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The section [auth] of the secrets file, which a test may fill."""
    section = dict[str, Any]()
    monkeypatch.setattr("dashboard.server.login.read_auth_section", lambda: section)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    return section


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, secrets: dict[str, Any]) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    secrets.clear()


def test_it_is_off_by_default(secrets: dict[str, Any]) -> None:
    secrets.clear()
    assert not login.is_login_required()
    login.check_login()
    assert login.login_secrets() == {}


@pytest.mark.usefixtures("complete")
def test_the_environment_names_a_provider() -> None:
    login.check_login()
    assert login.list_providers() == ["default"]
    assert login.login_secrets()["auth"]["cookie_secret"] == SECRET


def test_the_secrets_file_names_providers(monkeypatch: pytest.MonkeyPatch, secrets: dict[str, Any]) -> None:
    monkeypatch.setenv("COLORIZER_LOGIN", "1")
    provider = {"client_id": "a", "client_secret": "b", "server_metadata_url": "https://c.example"}
    secrets.update(redirect_uri="https://photos.example/oauth2callback", cookie_secret=SECRET, school=provider)
    login.check_login()
    assert login.list_providers() == ["school"]


@pytest.mark.usefixtures("complete")
@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("COLORIZER_LOGIN", "yes", "expected COLORIZER_LOGIN to be 0 or 1, got 'yes'"),
        ("COLORIZER_LOGIN_CLIENT_ID", "", "expected a provider of the login"),
        ("COLORIZER_LOGIN_REDIRECT_URI", "https://photos.example/", "to end in /oauth2callback"),
        ("COLORIZER_LOGIN_COOKIE_SECRET", "short", "at least 32 characters"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_is(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSetting, match=message) as raised:
        login.check_login()
    assert SECRET not in str(raised.value)


@pytest.mark.usefixtures("complete")
def test_without_the_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.server.login.find_spec", lambda _name: None)
    with pytest.raises(InvalidSetting, match=r"pip install -r requirements-login\.txt"):
        login.check_login()


def cookie(monkeypatch: pytest.MonkeyPatch, *, secret: str = SECRET, **changed: object) -> dict[str, str]:
    """The header with the cookie that a login leaves."""
    monkeypatch.setattr("streamlit.auth_util.get_origin_from_redirect_uri", lambda: "https://photos.example")
    module = "streamlit.web.server.starlette.starlette_websocket"
    monkeypatch.setattr(f"{module}.get_cookie_secret", lambda: SECRET)
    user = {"is_logged_in": True, "origin": "https://photos.example", "email": "a@b.example", **changed}
    value = create_signed_value(secret, USER_COOKIE_NAME, json.dumps(user)).decode()
    return {"Cookie": f"{USER_COOKIE_NAME}={value}"}


def test_only_the_login_is_open_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = login.LOGIN_GATE
    app = gate.cls(PlainTextResponse("taken"), *gate.args, **gate.kwargs)
    wrong = [
        {},
        {"Cookie": f"{USER_COOKIE_NAME}=x"},
        cookie(monkeypatch, secret="another secret, as long as the first one"),
        cookie(monkeypatch, is_logged_in=False),
        cookie(monkeypatch, origin="https://other.example"),
    ]
    for headers in wrong:
        for path in OPEN:
            assert get(app, path, headers).status == 200
        for path in CLOSED:
            assert get(app, path, headers).status == 401
    for path in OPEN + CLOSED:
        assert get(app, path, cookie(monkeypatch)).status == 200
