"""Markdown of ours and of partners, as HTML that is safe in our own pages.

Two walls: the renderer takes no HTML at all (what looks like a tag is shown as text), and what it gives is
cleaned once more by a short list of tags, attributes and schemes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    import nh3
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 200_000
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
# Pictures are ours only: one from elsewhere would tell its owner who reads the page and when.
_OWN = re.compile(r"/(?![/\\])[^\s\\]*")
_HEADING = re.compile(r"<(/?)h([1-6])>")
_BLANK_LINES = re.compile(r"\n{3,}")
# Lengths are bounded: brackets by the thousand that nobody closes would take minutes.
_MARKS = re.compile(
    r"!\[([^\]]{0,500})\]\([^)]{0,1000}\)|^#{1,6}\s+|(\*\*|__|~~|`)|^>\s?|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)",
    re.M,
)
_LINKS = re.compile(r"\[([^\]]{1,500})\]\(([^\s)]{1,1000})(?:\s+\"[^\"]{0,300}\")?\)")


def html_of(markdown: str, *, files: Mapping[str, str] | None = None) -> SafeString:
    """Headings begin at the second level: the first one is the page's own. A line break stays one.

    ``files``: addresses of the text's own files by the name it calls them by. Then no other picture is shown
    but in words."""
    renderer = _renderer()
    tokens = renderer.parse(markdown[:LONGEST])
    if files is not None:
        for token in tokens:
            token.children = _with_files(token.children or [], files)
    lowered = _HEADING.sub(_lowered, renderer.renderer.render(tokens, renderer.options, {}))
    return mark_safe(_cleaner().clean(lowered))  # noqa: S308 - cleaned in this very line


def text_of(markdown: str) -> str:
    """For a mail of plain text and for excerpts: without the marks; a link is its words and its address."""
    linked = _LINKS.sub(lambda found: _link(found[1], found[2]), markdown[:LONGEST])
    return _BLANK_LINES.sub("\n\n", _MARKS.sub(lambda found: found[1] or "", linked)).strip()


def _link(words: str, address: str) -> str:
    return words if words == address else f"{words} ({address})"


def _with_files(tokens: list[Token], files: Mapping[str, str]) -> list[Token]:
    kept = []
    for token in tokens:
        name = "src" if token.type == "image" else "href"
        address = files.get(unquote(str(token.attrGet(name) or "")))
        if token.type == "image" and address is None:
            kept += token.children or []
            continue
        if address is not None:
            token.attrSet(name, address)
        kept.append(token)
    return kept


def _lowered(found: re.Match[str]) -> str:
    return f"<{found[1]}h{min(int(found[2]) + 1, 6)}>"


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    # Only pages that show such a text need it.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed_value,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if _OWN.fullmatch(value) else None
    return value
