"""What a page sends, by script or as a plain form: read whole, or refused with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from otklik.feedback.rules.vocabulary import Gesture

# Twenty thousand characters of emoji, and some questions behind the score.
LARGEST = 256 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
# A language or a gesture: nothing that a column of ten does not take, NUL least of all.
_WORD = re.compile(r"[A-Za-z0-9-]{1,10}\Z")
_MOST_FIELDS = 200
_LONGEST_SCREEN = 40
# A form's fields for the questions behind the score.
QUESTION = "q-"


class Unreadable(Exception):
    """No score, or nothing that our page sends."""


@dataclass(frozen=True, slots=True)
class Posted:
    """None: not said. ``client_key`` is what a link's answers are told apart by; ``screen`` helps to tell
    two devices apart; ``seconds`` since the page was opened."""

    score: int
    comment: str | None = None
    answers: Mapping[str, Any] | None = None
    may_contact: bool | None = None
    language: str = ""
    gesture: str = Gesture.SUBMIT
    client_key: str = ""
    version_id: int | None = None
    screen: str = ""
    seconds: int | None = None


def read_script(body: bytes) -> Posted:
    """JSON as ``page.js`` sends it, with what the person did. Raises Unreadable."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(said, dict):
        raise Unreadable
    # A page that is only open says nothing.
    gesture = _word(said.get("gesture"))
    if gesture not in set(Gesture):
        raise Unreadable
    comment, answers, may = said.get("comment"), said.get("answers"), said.get("may_contact")
    if not (_is(comment, str) and _is(answers, dict) and _is(may, bool)):
        raise Unreadable
    return Posted(
        score=_score(said.get("score")),
        comment=comment,
        answers=answers,
        may_contact=may,
        language=_word(said.get("language")),
        gesture=gesture,
        client_key=_client_key(said.get("key")),
        version_id=_number(said.get("version")),
        screen=str(said.get("screen") or "")[:_LONGEST_SCREEN],
        seconds=_number(said.get("seconds")),
    )


def read_plain(body: bytes) -> Posted | None:
    """A form sent by the browser itself; None where a script pressed its button (our script takes ``plain``
    out of the page, so that only a browser without scripts sends it). Raises Unreadable."""
    try:
        fields = parse_qs(
            body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise Unreadable from error
    if "plain" not in fields:
        return None
    one = {name: values[-1] for name, values in fields.items()}
    answers: dict[str, Sequence[str]] = {}
    for name, values in fields.items():
        if name.startswith(QUESTION):
            answers[name.removeprefix(QUESTION)] = values
    return Posted(
        score=_score(one.get("score")),
        comment=one.get("comment"),
        answers={key: values if len(values) > 1 else values[0] for key, values in answers.items()},
        may_contact={"yes": True, "no": False}.get(one.get("contact", "")),
        language=_word(one.get("language")),
        client_key=_client_key(one.get("key")),
        version_id=_number(one.get("version")),
    )


def _is(value: Any, kind: type) -> bool:
    return value is None or isinstance(value, kind)


def _score(value: Any) -> int:
    found = _number(value)
    if found is None:
        raise Unreadable
    return found


def _number(value: Any) -> int | None:
    """A number that databases take; "007" too, for forms send texts."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and abs(value) < 10**18 else None


def _word(value: Any) -> str:
    return value if isinstance(value, str) and _WORD.match(value) else ""


def _client_key(value: Any) -> str:
    return value if isinstance(value, str) and _KEY.match(value) else ""
