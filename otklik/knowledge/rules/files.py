"""Which files an article may have, judged by their beginning and not by what they are called."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

LARGEST = 20 * 1024 * 1024
MOST = 50
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Shown in the page: a browser runs nothing in them. SVG is not among them: it holds scripts."""
_BEGINNINGS: tuple[tuple[bytes, str, frozenset[str]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", frozenset({"png"})),
    (b"\xff\xd8\xff", "image/jpeg", frozenset({"jpg", "jpeg"})),
    (b"GIF87a", "image/gif", frozenset({"gif"})),
    (b"GIF89a", "image/gif", frozenset({"gif"})),
    (b"%PDF-", "application/pdf", frozenset({"pdf"})),
    (b"PK\x03\x04", "application/zip", frozenset({"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"})),
)
_TEXTS = frozenset({"txt", "csv"})
_ODD = re.compile(r"[^\w .()+-]+")


class BadFile(ValueError):
    """Not one of the kinds of files that articles take."""


def file_kind(name: str, beginning: bytes) -> str:
    """Its content type, from its first bytes (16 at least, where it has as many) and the ending of its name,
    which have to agree. Raises BadFile."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP" and ending == "webp":
        return "image/webp"
    for start, kind, endings in _BEGINNINGS:
        if beginning.startswith(start) and ending in endings:
            return kind
    if ending in _TEXTS and b"\x00" not in beginning:
        return "text/plain"
    raise BadFile(name)


def tidy_name(name: str) -> str:
    """As texts of the article call it: one name, no folders, no signs that mean something to Markdown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = " ".join(_ODD.sub(" ", last).split()).lstrip(". ")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:100].strip()}{dot}{ending[:10]}" if dot and stem else kept[:110]
