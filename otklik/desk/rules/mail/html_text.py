"""The text of an HTML mail, for searching, quoting and reply trimming.

Paragraphs are set apart, links keep their address, and what a mail client indented as a quotation gets "> "
before every line, as in a plain mail. Nothing here makes HTML safe to show.
"""

from __future__ import annotations

import re
from html import unescape

# Possessive: what does not fit is given up at once, whatever a sender wrote.
_TAG = re.compile(r"""</?([a-zA-Z][^\s/<>]{0,50}+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_NAME = re.compile(r"</?([a-zA-Z][^\s/<>]{0,50}+)")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*("[^"]*+"|'[^']*+'|[^\s"'>]++)""")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_BLANK_LINES = re.compile(r"\n(?:[> ]*\n){2,}")
_LINK = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)

_SILENT = frozenset(
    {"script", "style", "title", "template", "textarea", "noframes", "iframe", "object", "svg"}
)
_LINES = frozenset(
    {
        "address",
        "article",
        "aside",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "section",
        "select",
        "table",
        "tbody",
        "tr",
        "ul",
        "caption",
    }
)
_PARAGRAPHS = frozenset({"p", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
_QUOTES_DEPTH = 50
_ODD_TAGS = 200


def text_of_html(html: str) -> str:
    """Lines end in \\n; none at the end."""
    page = _Page()
    at = odd = 0
    last = html.rfind(">")
    while True:
        opening = html.find("<", at)
        if opening < 0 or opening > last:
            page.words(html[at:])
            return page.text()
        page.words(html[at:opening])
        if html.startswith("<!--", opening):
            at = html.find("-->", opening + 4) + 3
            if at < 3:
                return page.text()
            continue
        match = _TAG.match(html, opening) if odd < _ODD_TAGS else None
        if match is not None:
            name, attributes, at = match[1].lower(), match[2], match.end()
        else:
            odd += 1
            named = _NAME.match(html, opening)
            end = html.find(">", opening)
            if end < 0 or (named is None and html[opening + 1 : opening + 2] not in ("!", "?", "/")):
                page.words("<")
                at = opening + 1
                continue
            name, attributes, at = named[1].lower() if named else "", "", end + 1
        if html.startswith("</", opening):
            page.close(name)
        elif name in _SILENT:
            at = _end_of(html, name, at)
        else:
            page.open(name, attributes)


def _end_of(html: str, name: str, at: int) -> int:
    closing = re.compile(rf"</{name}[^>]*>?", re.IGNORECASE).search(html, at)
    return closing.end() if closing else len(html)


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._lists: list[int] = []
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def words(self, raw: str) -> None:
        if not raw:
            return
        text = unescape(raw) if "&" in raw else raw
        if self._pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._line.append(first)
            for line in others:
                self._end_line(always=True)
                self._line.append(line)
            return
        text = _SPACES.sub(" ", text)
        if text.startswith(" ") and (not self._line or self._line[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text:
            self._line.append(text)

    def open(self, name: str, attributes: str) -> None:
        if name == "br":
            self._end_line(always=True)
        elif name in ("td", "th"):
            if self._line:
                self._line.append(" ")
        elif name == "img":
            alt = _attribute(attributes, "alt").strip()
            if alt:
                self.words(alt if len(alt) <= 4 and not alt.isascii() else f"[{alt[:100]}]")
        elif name == "a":
            self._links.append((_attribute(attributes, "href").strip(), len(self._line)))
        elif name in _LINES or name in _PARAGRAPHS:
            self._end_line()
            if name in _PARAGRAPHS:
                self._blank_line()
            self._begin_block(name)

    def close(self, name: str) -> None:
        if name == "a" and self._links:
            self._end_link(*self._links.pop())
        elif name in _LINES or name in _PARAGRAPHS:
            self._end_line()
            if name == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            elif name == "pre":
                self._pre = max(0, self._pre - 1)
            elif name in ("ul", "ol") and self._lists:
                self._lists.pop()
            if name in _PARAGRAPHS:
                self._blank_line()

    def text(self) -> str:
        self._end_line()
        while self._lines and not self._lines[-1].strip("> "):
            self._lines.pop()
        return _BLANK_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def _begin_block(self, name: str) -> None:
        if name == "blockquote":
            self._quotes = min(_QUOTES_DEPTH, self._quotes + 1)
        elif name == "pre":
            self._pre += 1
        elif name in ("ul", "ol"):
            self._lists.append(1 if name == "ol" else 0)
        elif name == "hr":
            self._line.append("-" * 20)
            self._end_line()
        elif name == "li":
            number = self._lists[-1] if self._lists else 0
            self._line.append(f"{number}. " if number else "- ")
            if number:
                self._lists[-1] += 1

    def _end_link(self, address: str, begun: int) -> None:
        shown = "".join(self._line[begun:]).strip()
        if _LINK.match(address) and shown and address.split(":", 1)[1].strip("/") not in shown:
            self._line.append(f" <{address}>")

    def _end_line(self, *, always: bool = False) -> None:
        line = "".join(self._line).rstrip()
        self._line.clear()
        self._links = [(address, 0) for address, _ in self._links[-1:]]
        if line or always:
            self._lines.append("> " * self._quotes + line if line else self._margin())

    def _blank_line(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._margin())

    def _margin(self) -> str:
        return ("> " * self._quotes).rstrip()


def _attribute(attributes: str, name: str) -> str:
    for key, value in _ATTRIBUTE.findall(attributes):
        if key.lower() == name:
            return unescape(value.strip("\"'"))
    return ""
