"""{% load map_words %}: words of the closed lists of the map, and scores.

{{ person.standing|map_word:"standing" }}   the word
{{ person.standing|standing_tone }}         the word in its colour
{{ view.score|hundred }}                    -1..1 as a figure of -100..100 with its sign
{{ view.interval|span }}                    the same for both ends of an interval
{{ review.quarter|quarter }}                Q1 2026, in the words of the language
{{ row.place|place_words }}               whether a wave asks them
{{ call.kind|what_of:call.what }}           what a wave showed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from otklik.dialogue.public import STANDINGS as PROMISE_STANDINGS
from otklik.feedback.public import HAND_REASONS, INVITATION_STATES, InvitationState, refusal_words
from otklik.kit.templatetags.otklik import interval_text, signed
from otklik.partners.public import AUTHORITY, INFLUENCE, ROLE
from otklik.relationships import labels
from otklik.relationships.labels import what_word
from otklik.relationships.queries.asking import Place
from otklik.relationships.rules.vocabulary import Standing
from otklik.relationships.web.forms import quarter_words
from otklik.stats.intervals import Interval

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "standing": labels.STANDINGS,
    "tie_kind": labels.TIE_KINDS,
    "tie_level": labels.TIE_LEVELS,
    "doubt": labels.DOUBTS,
    "title_doubt": labels.TITLE_DOUBTS,
    "influence_kind": labels.INFLUENCE_KINDS,
    "way": labels.WAYS,
    "why": labels.WHYS,
    "remark": labels.REMARKS,
    "step": labels.STEPS,
    "task": labels.TASKS,
    "certainty": labels.CERTAINTIES,
    "call_kind": labels.CALL_KINDS,
    "call_state": labels.CALL_STATES,
    "reason": labels.REASONS,
    "lean": labels.LEANS,
    "band": labels.BANDS,
    "risk": labels.RISKS,
    "silence": labels.SILENCES,
    "opening": labels.OPENINGS,
    "proof": labels.PROOFS,
    "obstacle": labels.OBSTACLES,
    "fault": labels.FAULTS,
    "remedy": labels.REMEDIES,
    "friendly": labels.FRIENDLY,
    "promise": PROMISE_STANDINGS,
    "hand_reason": HAND_REASONS,
    "authority": AUTHORITY,
    "influence": INFLUENCE,
    "role": ROLE,
}
_TONES = {
    Standing.PROMOTER: "good",
    Standing.PASSIVE: "care",
    Standing.DETRACTOR: "bad",
    Standing.SILENT_THIS_TIME: "main",
    Standing.NEVER_ANSWERED: "main",
}


@register.filter
def map_word(value: str, name: str) -> str:
    return str(_LISTS[name].get(value, value))


@register.filter
def standing_tone(value: Standing) -> SafeString:
    tone = _TONES.get(value)
    css = f"tone tone-{tone}" if tone else "tone"
    return format_html('<span class="{}">{}</span>', css, map_word(value, "standing"))


@register.filter
def hundred(value: float | None) -> str:
    return signed(None if value is None else 100 * value, 0)


@register.filter
def span(value: Interval | Sequence[float] | None) -> str:
    return "" if value is None else interval_text(100 * value[0], 100 * value[1], 0)


@register.filter
def move_word(what: str) -> str:
    return what_word("move", what)


@register.filter
def quarter(first: date | str) -> str:
    return quarter_words(first if isinstance(first, date) else date.fromisoformat(first))


@register.filter
def place_words(place: Place | None) -> str:
    """Whether a wave asks somebody, and if not, why."""
    if place is None:
        return _("not of the people this wave asks")
    if place.refusal:
        return refusal_words(place.refusal)
    return str(INVITATION_STATES[InvitationState(place.state)]) if place.state else _("is asked")


@register.filter
def what_of(kind: str, what: str) -> str:
    return what_word(kind, what)
