"""An OpenID Connect provider on this computer that logs everyone in as one person, without a question."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

EMAIL = "teacher@school.example"
CLIENT_ID = "photographs"
METADATA = "/.well-known/openid-configuration"


class _Provider(BaseHTTPRequestHandler):
    key: ClassVar[RSAKey]
    nonces: ClassVar[dict[str, str]]  # by the code that the browser carries to the client

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == METADATA:
            self._send({
                "issuer": self._url(""),
                "authorization_endpoint": self._url("/authorize"),
                "token_endpoint": self._url("/token"),
                "jwks_uri": self._url("/keys"),
                "id_token_signing_alg_values_supported": ["RS256"],
            })  # fmt: skip
        elif parts.path == "/keys":
            self._send({"keys": [self.key.as_dict(private=False)]})
        else:  # the person agrees at once
            code = f"code-{len(self.nonces)}"
            self.nonces[code] = query["nonce"]
            self.send_response(302)
            self.send_header(
                "Location", f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"
            )
            self.end_headers()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        now = int(time.time())
        claims = {
            "iss": self._url(""),
            "aud": CLIENT_ID,
            "sub": "1",
            "email": EMAIL,
            "iat": now,
            "exp": now + 600,
            "nonce": self.nonces[form["code"][0]],
        }
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        self._send({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because pytest's output is about the tests."""

    def _url(self, path: str) -> str:
        return f"http://{self.headers['Host']}{path}"

    def _send(self, answer: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


@contextmanager
def oidc_provider() -> Iterator[str]:
    """The address of the provider's metadata."""
    key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Provider", (_Provider,), {"key": key, "nonces": {}}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{METADATA}"
    finally:
        server.shutdown()
        server.server_close()
