"""A company's OpenID Connect provider on loopback, which does what it is told, wrong things too."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

KEY, OTHER_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
Change = Callable[[dict[str, Any]], None]


@dataclass
class FakeProvider:
    """``claims``, ``head`` and ``about`` (itself) are changed by a test; ``answers`` replaces a whole answer
    by (status, body), by its path."""

    port: int
    client_id: str = "otklik"
    secret: str = "s3cret: with signs"
    claims: dict[str, Any] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=lambda: {"kid": "one"})
    about: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: Any = KEY
    algorithm: str = "ES256"
    shown_kid: str = "one"
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lets_in(self, address: str, email: str, **claims: Any) -> dict[str, str]:
        """Somebody signed in there: what the browser carries back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        at = int(time.time())
        self.claims = {
            "iss": self.issuer, "sub": "7", "aud": self.client_id, "iat": at, "exp": at + 300,
            "nonce": self.asked["nonce"], "email": email, "email_verified": True, **claims,
        }  # fmt: skip
        return {"code": "the-code", "state": self.asked["state"]}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        self.calls.append(path)
        if path in self.answers:
            return self.answers[path]
        said: dict[str, Any]
        if path == "/.well-known/openid-configuration":
            said = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                **self.about,
            }
        elif path == "/keys":
            shown = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))
            said = {"keys": [{**shown, "kid": self.shown_kid, "use": "sig"}]}
        elif path == "/userinfo":
            said = self.userinfo
        else:
            if not self._is_rightly_asked(form, authorization):
                return 400, b'{"error": "invalid_grant"}'
            token = jwt.encode(self.claims, self.key, algorithm=self.algorithm, headers=self.head)
            said = {"id_token": token, "access_token": "a", "token_type": "Bearer"}
        return 200, json.dumps(said).encode()

    def _is_rightly_asked(self, form: dict[str, str], authorization: str) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proves = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.asked["code_challenge"]
        basic = base64.b64encode(f"{self.client_id}:s3cret%3A%20with%20signs".encode()).decode()
        in_form = (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.secret)
        knows = authorization == f"Basic {basic}" or in_form
        same = form.get("redirect_uri") == self.asked["redirect_uri"]
        return proves and knows and same and form.get("code") == "the-code"


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            path = urlsplit(self.path).path
            status, body = provider.answer(path, form, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status in (301, 302):
                self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library looks for this name

        def log_message(self, *args: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = FakeProvider(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
