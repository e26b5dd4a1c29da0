"""A letter as lines, each of them cheap to judge.

Two bounds keep the work proportional to what a person can have written: only the first ``MAX_LINES``
lines are judged (what follows goes where the last judged line went), and a line longer than ``MAX_WIDTH``
is never a candidate for a pattern.
"""

from __future__ import annotations

import re

MAX_LINES = 20_000
MAX_WIDTH = 400

# The Bat! puts the initials of the quoted person before the mark: "ИП> текст".
_QUOTED = re.compile(r"[ \t\xa0]{0,8}(?:[A-ZА-ЯЁ]{2,3})?>")
_QUOTE_MARKS = re.compile(r"[ \t\xa0]{0,8}(?:[A-ZА-ЯЁ]{2,3})?(?:> ?){1,40}")


def split_lines(text: str) -> tuple[list[str], str]:
    """Lines to judge, and the remainder in one piece. Line ends of every system become ``\\n``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n", MAX_LINES)
    return (lines[:MAX_LINES], lines[MAX_LINES]) if len(lines) > MAX_LINES else (lines, "")


def is_blank(line: str) -> bool:
    return not line or line.isspace()


def is_quoted(line: str) -> bool:
    return _QUOTED.match(line) is not None


def unquoted(line: str) -> str:
    """The line without its quote marks."""
    return _QUOTE_MARKS.sub("", line[:MAX_WIDTH], count=1)


def next_written(lines: list[str], start: int) -> int:
    """Index of the first non-blank line from `start`; ``len(lines)`` when there is none."""
    for index in range(start, len(lines)):
        if not is_blank(lines[index]):
            return index
    return len(lines)


def words_in(lines: list[str]) -> int:
    return sum(len(line.split(None, 30)) for line in lines)
