"""One text and one HTML out of the pieces a mail consists of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import NamedTuple

from otklik.desk.rules.mail.charsets import decode_text
from otklik.desk.rules.mail.html_text import text_of_html
from otklik.desk.rules.mail.parsed import Defect
from otklik.desk.rules.mail.parts import Text

_META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)


class Body(NamedTuple):
    text: str
    html: str


class _Choice(NamedTuple):
    """What one group of alternatives says; plain text is "" where the group has only HTML."""

    plain: str
    html: str


def compose(texts: list[Text], defects: set[Defect]) -> Body:
    """Pieces in their order. Where a piece exists in one form only, the other form is made of it."""
    choices = [_choice(list(group), defects) for _, group in groupby(texts, key=lambda text: text.group)]
    has_html = any(choice.html for choice in choices)
    plain = _joined(choice.plain or text_of_html(choice.html) for choice in choices)
    if not has_html:
        return Body(plain, "")
    return Body(plain, "\n".join(choice.html or _as_html(choice.plain) for choice in choices))


def _choice(group: list[Text], defects: set[Defect]) -> _Choice:
    forms: dict[str, list[str]] = {"plain": [], "html": [], "other": []}
    for text in group:
        forms[text.kind].append(_decoded(text, defects))
    plain = forms["plain"] or ([] if forms["html"] else forms["other"])
    return _Choice(_joined(plain), "\n".join(forms["html"]))


def _decoded(text: Text, defects: set[Defect]) -> str:
    charset = text.charset
    if not charset and text.kind == "html" and (declared := _META.search(text.data[:2_000])):
        charset = declared[1].decode("ascii")
    decoded, defect = decode_text(text.data, charset)
    if defect:
        defects.add(defect)
    return decoded.replace("\r\n", "\n").replace("\r", "\n") if "\r" in decoded else decoded


def _joined(pieces: Iterable[str]) -> str:
    text = ""
    for piece in pieces:
        text += piece if not text or text.endswith("\n") else "\n" + piece
    return text


def _as_html(plain: str) -> str:
    return f'<div style="white-space: pre-wrap">{escape(plain)}</div>'
