"""Whose pages may show a form inside."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MOST_HOSTS = 20
_LONGEST = 253
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")


class BadHost(ValueError):
    """``text`` is not the address of a site."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_hosts(text: str) -> list[str]:
    """One a line: "partner.example", or with a scheme, a port and even the address of a page, of which the
    origin is kept. It goes into a header, so that nothing else is let through. Raises BadHost."""
    found: list[str] = []
    for line in text.split():
        origin = _origin(line)
        if origin not in found:
            found.append(origin)
    if len(found) > MOST_HOSTS:
        raise BadHost(found[MOST_HOSTS])
    return found


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = parts.port
        name = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except ValueError as error:
        raise BadHost(text) from error
    if parts.scheme not in ("https", "http") or len(name) > _LONGEST or not _NAME.match(name):
        raise BadHost(text)
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}"
