"""People at their browsers and programs with their tokens, as far as HTTP goes."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.parse import urlencode

from tests.world import PASSWORD


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    location: str = ""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def asked(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> Answer:
    try:
        with opener.open(request, timeout=90) as found:
            return Answer(found.status, found.read().decode())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read().decode(), refused.headers.get("Location") or "")


class Person:
    def __init__(self, base: str) -> None:
        self.base = base
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self._cookies))

    def get(self, path: str) -> Answer:
        return asked(self._opener, urllib.request.Request(self.base + path))

    def post(self, path: str, base: str = "", **fields: str | list[str]) -> Answer:
        """``base``: another web process of the same installation."""
        token = next(cookie.value for cookie in self._cookies if cookie.name == "otklik_csrf")
        body = urlencode({**fields, "csrfmiddlewaretoken": token or ""}, doseq=True).encode()
        return asked(self._opener, urllib.request.Request((base or self.base) + path, body))

    def sign_in(self, name: str, *, language: str = "en") -> Person:
        self.get("/account/login/")
        self.post("/i18n/setlang/", language=language)
        done = self.post("/account/login/", login=f"{name}@example.com", password=PASSWORD)
        assert done.status == 302, done.text
        return self


def hidden(page: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text
    return found[1]


def program(base: str, token: str, path: str, body: Mapping[str, Any], key: str) -> Answer:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    request = urllib.request.Request(f"{base}/api/v1{path}", json.dumps(body).encode(), headers)
    return asked(urllib.request.build_opener(_Stay), request)
