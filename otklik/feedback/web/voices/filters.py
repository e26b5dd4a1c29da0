"""The stream's filter in the address; what cannot be read is taken as not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.feedback.queries.voice_stream import Place, VoiceFilter
from otklik.feedback.rules.voices.vocabulary import VoiceKind
from otklik.feedback.voice_labels import KIND_LABELS, SENTIMENT_LABELS, SENTIMENT_WORDS
from otklik.kit.clock import read_moment
from otklik.kit.registry import Text

PERIODS: dict[str, tuple[int, Promise]] = {
    "30": (30, _("Last 30 days")),
    "90": (90, _("Last 90 days")),
    "365": (365, _("Last 365 days")),
}
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """``words``: as the address says them, for the form."""

    filter: VoiceFilter
    words: Mapping[str, str]
    before: Place | None

    @property
    def is_narrowed(self) -> bool:
        return any(self.words.values())


def read_filter(query: QueryDict, kind: VoiceKind | None, at: datetime) -> Chosen:
    """``kind``: of a page that shows one kind only."""
    asked = query.get("kind", "")
    sentiment = query.get("sentiment", "")
    days = query.get("days", "")
    topic = query.get("topic", "")[:40]
    words = {
        "kind": asked if asked in set(VoiceKind) and kind is None else "",
        "name": query.get("name", "").strip()[:200],
        "partner": query.get("partner", "")[:20],
        "sentiment": sentiment if sentiment in SENTIMENT_WORDS else "",
        "topic": topic if topic.replace("_", "").replace("-", "").isalnum() and topic.isascii() else "",
        "days": days if days in PERIODS else "",
    }
    if (partner_id := whole_number(words["partner"])) is None:
        words["partner"] = ""
    chosen = VoiceFilter(
        kind=kind or (VoiceKind(words["kind"]) if words["kind"] else None),
        partner_id=partner_id,
        name=words["name"],
        sentiment=(SENTIMENT_WORDS[words["sentiment"]],) if words["sentiment"] else (),
        topic=words["topic"],
        since=at - timedelta(days=PERIODS[words["days"]][0]) if words["days"] else None,
    )
    return Chosen(chosen, words, read_place(query.get("before", "")))


def kind_choices(chosen: Chosen) -> Sequence[Choice]:
    return [Choice(kind.value, KIND_LABELS[kind], kind == chosen.words["kind"]) for kind in VoiceKind]


def sentiment_choices(chosen: Chosen) -> Sequence[Choice]:
    return [
        Choice(word, SENTIMENT_LABELS[value], word == chosen.words["sentiment"])
        for word, value in SENTIMENT_WORDS.items()
    ]


def period_choices(chosen: Chosen) -> Sequence[Choice]:
    return [Choice(days, name, days == chosen.words["days"]) for days, (_n, name) in PERIODS.items()]


def topic_choices(chosen: Chosen, names: Mapping[str, str]) -> Sequence[Choice]:
    by_name = sorted(names.items(), key=lambda one: one[1])
    return [Choice(key, name, key == chosen.words["topic"]) for key, name in by_name]


def place_text(place: Place | None) -> str:
    return "" if place is None else f"{place[0].isoformat()}/{place[1]}/{place[2]}"


def read_place(text: str) -> Place | None:
    """What ``place_text`` wrote; None for anything else."""
    moment, _slash, rest = text.partition("/")
    rank, _slash, number = rest.partition("/")
    found = whole_number(rank), whole_number(number)
    try:
        return None if None in found else (read_moment(moment), found[0] or 0, found[1] or 0)
    except ValueError:
        return None


def whole_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return number if (number := int(text)) <= _LARGEST_ID else None
