"""Voices as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otklik.feedback.labels import role_name
from otklik.feedback.queries.voice_stream import Voice
from otklik.feedback.rules.texts.sentiment import WISH
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.rules.voices.vocabulary import VoiceKind
from otklik.feedback.voice_labels import SENTIMENT_LABELS
from otklik.kit.registry import Text

_TONES = {1: "tone-good", 0: "tone-care", -1: "tone-bad", WISH: "", None: ""}


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """``score`` and ``scale`` only where one was given: a badge for 0 to 10, plain for the other scales."""

    kind: VoiceKind
    row: Any
    at: datetime
    text: str
    who: str
    score: int | None
    is_nps: bool
    sentiment: Text
    tone: str
    topics: tuple[str, ...]
    quotes: int = 0


def voice_lines(voices: Sequence[Voice], names: Mapping[str, str]) -> list[VoiceLine]:
    return [
        VoiceLine(
            kind=voice.kind,
            row=voice.row,
            at=voice.at,
            text=voice.text,
            who=_who(voice),
            score=getattr(voice.row, "score", None),
            is_nps=getattr(voice.row, "kind", SurveyKind.NPS) == SurveyKind.NPS,
            sentiment=SENTIMENT_LABELS[voice.sentiment] if voice.sentiment is not None else "",
            tone=_TONES[voice.sentiment],
            topics=tuple(names.get(key, key) for key in voice.topics),
            quotes=len(voice.row.quotes.all()) if voice.kind is VoiceKind.INTERVIEW else 0,
        )
        for voice in voices
    ]


def _who(voice: Voice) -> str:
    """The person, or for a mention the name it was signed with."""
    if voice.kind is VoiceKind.MENTION:
        return str(voice.row.author)
    name = voice.row.contact.name if voice.row.contact else ""
    role = role_name(voice.row.role) if voice.kind is VoiceKind.ANSWER else ""
    return " · ".join(part for part in (name, role) if part)
