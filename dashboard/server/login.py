"""An optional login, by Streamlit's st.login (OpenID Connect): without it, nothing but the login page is answered.

It is off unless COLORIZER_LOGIN is 1. The provider is named in `.streamlit/secrets.toml`, as Streamlit documents, or in
environment variables. The login is a signed cookie of Streamlit's, which every request brings.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from http import HTTPStatus
from importlib.util import find_spec
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import Scope

from colorizer import InvalidSetting
from dashboard.server.access import Gate
from dashboard.server.streamlit_internals import is_login_cookie, read_auth_section

LOGIN_VARIABLE = "COLORIZER_LOGIN"
_VARIABLES = {  # of Streamlit's keys
    "redirect_uri": "COLORIZER_LOGIN_REDIRECT_URI",
    "cookie_secret": "COLORIZER_LOGIN_COOKIE_SECRET",
    "client_id": "COLORIZER_LOGIN_CLIENT_ID",
    "client_secret": "COLORIZER_LOGIN_CLIENT_SECRET",
    "server_metadata_url": "COLORIZER_LOGIN_METADATA_URL",
}
_PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
_CALLBACK = "/oauth2callback"  # Streamlit's route
_LEAST_SECRET = 32  # characters
DEFAULT_PROVIDER = "default"  # Streamlit's name of a provider without a name

# What a visitor needs in order to log in: the page, its script and style, and the login itself.
_OPEN_PATHS = {
    "/", "/favicon.png", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream",
    "/auth/login", "/auth/logout", _CALLBACK,
}  # fmt: skip
_OPEN_FOLDER = "/static/"


def is_login_required() -> bool:
    """Whether visitors must log in. Raises InvalidSetting unless the variable is 0 or 1."""
    text = os.environ.get(LOGIN_VARIABLE, "0")
    if text not in ("0", "1"):
        raise InvalidSetting(f"expected {LOGIN_VARIABLE} to be 0 or 1, got {text!r}")
    return text == "1"


def login_secrets() -> dict[str, Any]:
    """The provider that environment variables name, in the form of Streamlit's secrets; empty if they name none."""
    named = {key: os.environ[variable] for key, variable in _VARIABLES.items() if variable in os.environ}
    return {"auth": named} if named else {}


def check_login() -> None:
    """Raises InvalidSetting if a login is required and something is missing that it needs."""
    if not is_login_required():
        return
    for module in ("authlib", "httpx"):
        if find_spec(module) is None:
            raise InvalidSetting(
                f"expected the packages of the login, got none: {module} is missing. "
                "Run `pip install -r requirements-login.txt`"
            )
    section = _auth_section()
    if not list_providers():
        raise InvalidSetting(
            "expected a provider of the login in [auth] of .streamlit/secrets.toml, or in "
            f"{', '.join(_VARIABLES.values())}; got none"
        )
    if not str(section.get("redirect_uri", "")).endswith(_CALLBACK):
        raise InvalidSetting(f"expected redirect_uri of the login to end in {_CALLBACK}, got another address")
    if len(str(section.get("cookie_secret", ""))) < _LEAST_SECRET:
        raise InvalidSetting(f"expected cookie_secret of the login to have at least {_LEAST_SECRET} characters")


def list_providers() -> list[str]:
    """The names of the providers with all that they need; Streamlit calls one without a name "default"."""
    section = _auth_section()
    named = [name for name, values in section.items() if isinstance(values, Mapping) and _is_provider(values)]
    return [DEFAULT_PROVIDER, *named] if _is_provider(section) else named


def _auth_section() -> Mapping[str, Any]:
    return login_secrets().get("auth") or read_auth_section()


def _is_provider(values: Mapping[str, Any]) -> bool:
    return all(values.get(key) for key in _PROVIDER_KEYS)


def _is_open(scope: Scope) -> bool:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    path = scope["path"].removeprefix(f"/{base}") if base else scope["path"]
    is_public = path in _OPEN_PATHS or path.startswith(_OPEN_FOLDER)
    return is_public or is_login_cookie(HTTPConnection(scope).cookies)


LOGIN_GATE = Middleware(
    Gate, is_open=_is_open, status=HTTPStatus.UNAUTHORIZED, sentence="expected a visitor who has logged in, got another"
)
