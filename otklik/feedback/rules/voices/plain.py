"""Words out of somebody's HTML: nothing of the markup is kept, so nothing of it can run."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote|hr)\b[^<>]{0,200}>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n[ ]?(?:\n[ ]?)+")
# Signs that turn the direction of a line, hide in it, or that a database refuses.
_UNSEEN = dict.fromkeys(
    [*range(9), *range(0x0B, 0x20), 0x7F, *range(0x200B, 0x200D), 0x200E, 0x200F,
     *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, *range(0xD800, 0xE000)]
)  # fmt: skip


def plain_text(markup: str, longest: int) -> str:
    """At most ``longest`` characters; paragraphs stay apart, scripts and styles go with what is in them."""
    import nh3  # a compiled library that the web pages of voices never need

    # A tag costs characters too: what is cut here could hardly be read anyway.
    bounded = markup[: longest * 5]
    words = nh3.clean(_BREAK.sub(lambda match: match.group() + "\n", bounded), tags=set(), link_rel=None)
    return tidy_text(html.unescape(words), longest)


def tidy_text(text: str, longest: int) -> str:
    seen = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)
    lines = _EMPTY_LINES.sub("\n\n", _SPACES.sub(" ", seen)).strip()
    return lines if len(lines) <= longest else lines[: longest - 1].rstrip() + "…"


def one_line(text: str, longest: int) -> str:
    return tidy_text(" ".join(text.split()), longest)
