"""A letter that came as HTML only, as text whose quotes carry their marks."""

from __future__ import annotations

from html.parser import HTMLParser

import nh3

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKS = _PARAGRAPHS | {
    *("div", "tr", "table", "ul", "ol", "li", "blockquote", "hr", "pre"),
    *("section", "article", "header", "footer"),
}
_KEPT = _BREAKS | {"br", "td", "a", "img"}
MAX_DEPTH = 20
"""Quote marks on one line: a thousand nested quotes must not make lines of a thousand marks."""


def plain_text(html: str) -> str:
    """nh3 goes first: it repairs any markup in linear time, which the standard parser does not promise."""
    if not html.strip():
        return ""
    reader = _Reader()
    reader.feed(nh3.clean(html, tags=_KEPT, attributes={}, link_rel=None))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._last_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._end_line()
        elif tag == "td":
            self._line.append(" ")
        elif tag in _BREAKS:
            self._end_written()
            self._separate(tag)
        if tag == "blockquote":
            self._depth += 1
        elif tag == "hr":
            self._line.append("_" * 32)
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self._end_written()
        if tag == "blockquote":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            lead = " " if data[0].isspace() else ""
            tail = " " if data[-1].isspace() else ""
            self._line.append(f"{lead}{words}{tail}")

    def text(self) -> str:
        self._end_written()
        return "\n".join(self._lines)

    def _separate(self, tag: str) -> None:
        """One empty line between paragraphs of one depth."""
        if (
            tag in _PARAGRAPHS
            and self._lines
            and self._lines[-1].rstrip("> ")
            and self._depth == self._last_depth
        ):
            self._lines.append(">" * min(self._depth, MAX_DEPTH))

    def _end_written(self) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line = []

    def _end_line(self) -> None:
        marks = ">" * min(self._depth, MAX_DEPTH)
        words = " ".join("".join(self._line).split())
        self._lines.append(f"{marks} {words}".strip())
        self._line = []
        self._last_depth = self._depth
