"""A letter that came as HTML only, as text whose quotes carry their marks."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.desk.rules.mail.markup_tidy import Tree, tidy

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKS = _PARAGRAPHS | {
    *("div", "tr", "table", "ul", "ol", "li", "blockquote", "hr", "pre"),
    *("section", "article", "header", "footer", "dt", "dd", "center"),
}
MAX_MARKS = 20
"""Quote marks on one line: a thousand nested quotes must not make lines of a thousand marks."""


def plain_text(html: str) -> str:
    reader = _Reader()
    tidy(html, reader)
    return reader.written()


class _Reader:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._last_depth = 0

    def before(self, tag: str, given: Mapping[str, str], tree: Tree) -> None:
        if tag in _BREAKS:
            self._end_written()
            self._separate(tag)

    def attributes(self, tag: str, given: Mapping[str, str]) -> Mapping[str, str] | None:
        return {}

    def after_start(self, tag: str, given: Mapping[str, str], tree: Tree) -> None:
        if tag == "br":
            self._end_line()
        elif tag == "blockquote":
            self._depth += 1
        elif tag in {"td", "th"}:
            self._line.append(" ")
        elif tag == "hr":
            self._line.append("_" * 32)
            self._end_line()

    def text(self, text: str) -> None:
        words = " ".join(text.split())
        lead = " " if text[:1].isspace() else ""
        tail = " " if words and text[-1:].isspace() else ""
        self._line.append(f"{lead}{words}{tail}")

    def closed(self, tag: str, tree: Tree) -> None:
        if tag in _BREAKS:
            self._end_written()
        if tag == "blockquote":
            self._depth -= 1

    def written(self) -> str:
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
            self._lines.append(">" * min(self._depth, MAX_MARKS))

    def _end_written(self) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line = []

    def _end_line(self) -> None:
        marks = ">" * min(self._depth, MAX_MARKS)
        words = " ".join("".join(self._line).split())
        self._lines.append(f"{marks} {words}".strip())
        self._line = []
        self._last_depth = self._depth
