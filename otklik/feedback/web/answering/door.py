"""The way in for answers that our page's script sends: before Django, because a thousand of them a second may
come when a mailing has gone out.

Everything else goes on to Django, plain forms too. Checks, storing and words are those of the Django view
(``receiving.py``); what is left out is what an answer has no use for: sessions, cookies, templates.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.http.request import split_domain_port, validate_host

from otklik.feedback.operations.answering import GivenAnswer, Taken, take_answers
from otklik.feedback.web.answering.group import GroupCommit
from otklik.feedback.web.answering.reading import LARGEST
from otklik.feedback.web.answering.receiving import (
    HEADER,
    Place,
    Reply,
    Take,
    broken,
    known_place,
    place_of_slug,
    place_of_token,
    receive,
    too_large,
)
from otklik.kit.clock import now
from otklik.kit.page_threads import Runs

log = logging.getLogger(__name__)
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_PATH = re.compile(r"/([as])/([A-Za-z0-9_-]{1,64})/\Z")
_REASONS = {
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 410: "Gone",
    413: "Content Too Large", 422: "Unprocessable Content", 429: "Too Many Requests",
    500: "Internal Server Error", 503: "Service Unavailable", 507: "Insufficient Storage",
}  # fmt: skip
# What each answer of ours carries; a test compares it with what Django's middleware adds.
_HEADERS = (
    ("Content-Type", "application/json"),
    ("Cache-Control", "private, no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex, nofollow"),
)


class AnswerDoor:
    """``pages`` runs what asks the database: Django, and the look for a link. Storing has a thread of its
    own; the many threads that come in here wait for one or the other."""

    def __init__(self, application: Application, *, pages: Runs, take: Take | None = None) -> None:
        self._application = application
        self._pages = pages
        self._take = take or GroupCommit[GivenAnswer, Taken](stored).take

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = _PATH.match(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "POST" else None
        if found is None or HEADER not in environ or not _is_our_host(environ):
            return self._pages.run(self._application, environ, start_response)
        reply = self._reply(environ, found[1], found[2])
        body = json.dumps(reply.body).encode()
        headers = [*_HEADERS, ("Content-Length", str(len(body)))]
        if reply.status >= 500:
            headers.append(("Retry-After", "5"))
        start_response(f"{reply.status} {_REASONS[reply.status]}", headers)
        return [body]

    def _reply(self, environ: Environ, kind: str, key: str) -> Reply:
        try:
            body = _body(environ)
            if body is None:
                return too_large()
            return receive(environ, body, self._place(kind, key), self._take, at=now())
        except Exception as error:
            known = broken(error)
            if known is None:
                log.exception("an answer was not stored")
            return known or Reply(500, {"code": "broken"})

    def _place(self, kind: str, key: str) -> Place | None:
        if kind == "a":
            return place_of_token(key)
        return known_place(key) or self._pages.run(_looked_up, key)


def _looked_up(slug: str) -> Place | None:
    close_old_connections()
    return place_of_slug(slug)


def stored(given: Sequence[GivenAnswer]) -> list[Taken]:
    close_old_connections()
    return take_answers(given)


def _body(environ: Environ) -> bytes | None:
    """None where there is more than any answer needs; no more than that is read."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > LARGEST:
        return None
    body: bytes = environ["wsgi.input"].read(LARGEST + 1)
    return None if len(body) > LARGEST else body


def _is_our_host(environ: Environ) -> bool:
    """Else Django refuses it, in its own words."""
    domain, _port = split_domain_port(environ.get("HTTP_HOST", ""))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
