"""What may be taken as an answer, and what becomes of two answers of one person: without a database."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from otklik.feedback.rules.forms import LONGEST_TEXT
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind

LONGEST_COMMENT = LONGEST_TEXT


class Outcome(StrEnum):
    """What became of an answer. Those of KEPT stand in the database afterwards, the others left no trace."""

    RECORDED = "recorded"
    CHANGED = "changed"
    SAME = "same"
    SET_ASIDE = "set_aside"
    """A second answer at an anonymous link from what seems to be the same device: kept, not counted."""
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    OFF_SCALE = "off_scale"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    """Too many at one link from one network within an hour."""


KEPT = frozenset((Outcome.RECORDED, Outcome.CHANGED, Outcome.SAME, Outcome.SET_ASIDE))


def is_on_scale(kind: SurveyKind, score: int) -> bool:
    low, high = SCALES[kind]
    return low <= score <= high


def is_too_long(comment: str | None, answers: Mapping[str, Any] | None) -> bool:
    """Longer words are refused as a whole: nobody's text is cut without their knowing."""
    texts = [comment, *(answers or {}).values()]
    return any(isinstance(text, str) and len(text) > LONGEST_COMMENT for text in texts)


def clean_text(text: str) -> str:
    """Without what no database keeps: NUL, and halves of a pair that stand alone (a phone's keyboard sends
    them when an emoji is cut in two). The words stay as they are, from right to left and with markup too."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "").replace("\r\n", "\n").strip()
