"""Articles as files: Markdown with some lines about it above, one file for each language.

    ---
    title: When payouts arrive
    folder: Payouts
    visibility: partners
    ---
    The text.

The name of the file is ``<address>.<language>.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from otklik.knowledge.rules.vocabulary import ArticleState, Visibility

LONGEST = 200_000
_NAME = re.compile(r"([a-z0-9][a-z0-9-]{0,79})\.([a-z]{2,3}(?:-[a-z0-9]{2,8})?)\.md")
_LINE = re.compile(r"([a-z_]+):(.*)")
_KNOWN = frozenset({"title", "folder", "visibility", "tiers", "topics", "state", "review_on", "source"})


class FileProblem(StrEnum):
    BAD_NAME = "bad_name"
    TOO_LONG = "too_long"
    NO_FRONT_MATTER = "no_front_matter"
    UNKNOWN_LINE = "unknown_line"
    NO_TITLE = "no_title"
    NO_TEXT = "no_text"
    BAD_VISIBILITY = "bad_visibility"
    NO_TIERS = "no_tiers"
    BAD_STATE = "bad_state"
    BAD_DAY = "bad_day"
    TWO_SOURCES = "two_sources"


class BadArticleFile(ValueError):
    """``line`` is the one that is wrong, 0 where it is the file as a whole."""

    def __init__(self, problem: FileProblem, line: int = 0) -> None:
        super().__init__(problem.value)
        self.problem, self.line = problem, line


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """``folder`` by its name in any language, ``topics`` by their keys."""

    slug: str
    language: str
    title: str
    body: str
    folder: str = ""
    visibility: Visibility = Visibility.PARTNERS
    tiers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    state: ArticleState = ArticleState.DRAFT
    review_on: date | None = None
    is_source: bool = False


@dataclass(slots=True)
class _Lines:
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.values.get(name, "").split(",") if one.strip())


def read_file(name: str, text: str) -> ArticleFile:
    """Raises BadArticleFile."""
    named = _NAME.fullmatch(name)
    if named is None:
        raise BadArticleFile(FileProblem.BAD_NAME)
    if len(text) > LONGEST:
        raise BadArticleFile(FileProblem.TOO_LONG)
    lines, body = _parted(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    visibility = _visibility(lines)
    return ArticleFile(
        slug=named[1],
        language=named[2],
        title=lines.values["title"],
        body=body,
        folder=lines.values.get("folder", ""),
        visibility=visibility,
        tiers=lines.many("tiers"),
        topics=lines.many("topics"),
        state=_state(lines),
        review_on=_day(lines),
        is_source=lines.values.get("source", "") in ("true", "yes"),
    )


def write_file(values: Mapping[str, str], body: str) -> str:
    """The opposite: lines without a value are left out, a line break in a value becomes a space."""
    lines = [f"{name}: {' '.join(value.split())}" for name, value in values.items() if value]
    return "\n".join(["---", *lines, "---", "", body, ""])


def _parted(text: str) -> tuple[_Lines, str]:
    lines = text.split("\n")
    if lines[0].strip() != "---":
        raise BadArticleFile(FileProblem.NO_FRONT_MATTER, 1)
    found = _Lines()
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            body = "\n".join(lines[number:]).strip("\n")
            if not found.values.get("title"):
                raise BadArticleFile(FileProblem.NO_TITLE)
            if not body.strip():
                raise BadArticleFile(FileProblem.NO_TEXT)
            return found, body
        said = _LINE.fullmatch(line.rstrip())
        if said is None or said[1] not in _KNOWN:
            raise BadArticleFile(FileProblem.UNKNOWN_LINE, number)
        found.values[said[1]], found.places[said[1]] = said[2].strip().strip("\"'"), number
    raise BadArticleFile(FileProblem.NO_FRONT_MATTER)


def _visibility(lines: _Lines) -> Visibility:
    said = lines.values.get("visibility") or Visibility.PARTNERS.value
    if said not in list(Visibility):
        raise BadArticleFile(FileProblem.BAD_VISIBILITY, lines.places["visibility"])
    if said == Visibility.TIER and not lines.many("tiers"):
        raise BadArticleFile(FileProblem.NO_TIERS, lines.places["visibility"])
    return Visibility(said)


def _state(lines: _Lines) -> ArticleState:
    said = lines.values.get("state") or ArticleState.DRAFT.value
    if said not in list(ArticleState):
        raise BadArticleFile(FileProblem.BAD_STATE, lines.places["state"])
    return ArticleState(said)


def _day(lines: _Lines) -> date | None:
    said = lines.values.get("review_on", "")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise BadArticleFile(FileProblem.BAD_DAY, lines.places["review_on"]) from error
