"""{% load loop_words %}: the words of the closed lists of the loop.

{{ alert.state|loopword:"state" }}     the word
{{ line.lateness|looptoned:"late" }}   the word in its colour
{{ alert.reasons|because }}            why it was raised, a line each
{{ cause|cause_name }}                 in the reader's language
{{ first.half|hours }}                 "5 h", "2 d 3 h"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from otklik.loop import labels
from otklik.loop.models import RootCause
from otklik.loop.rules.vocabulary import Because
from otklik.partners.public import ROLE

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "state": labels.ALERT_STATES,
    "late": labels.LATENESS,
    "flow": labels.FLOWS,
    "kind": labels.RULE_KINDS,
    "way": labels.WAYS,
    "outcome": labels.OUTCOMES,
    "owner": labels.OWNER_REASONS,
    "movement": labels.MOVEMENTS,
    "not_told": labels.NOT_TOLD,
}
_TONES: Mapping[tuple[str, str], str] = {
    ("late", "soon"): "care",
    ("late", "overdue"): "bad",
    ("late", "escalated"): "bad",
    ("late", "done"): "good",
    ("flow", "detractor"): "bad",
    ("flow", "passive"): "care",
    ("flow", "promoter"): "good",
    ("flow", "mention"): "bad",
    ("state", "contacted"): "main",
    ("state", "waiting"): "care",
    ("state", "closed"): "good",
    ("movement", "better"): "good",
    ("movement", "worse"): "bad",
}


@register.filter
def loopword(value: str, name: str) -> str:
    return str(_LISTS[name].get(value, value))


@register.filter
def looptoned(value: str, name: str) -> SafeString:
    tone = _TONES.get((name, str(value)))
    css = f"tone tone-{tone}" if tone else "tone"
    return format_html('<span class="{}">{}</span>', css, loopword(value, name))


@register.filter
def because(reasons: Sequence[Sequence[Any]]) -> list[str]:
    return [_reason(Because(why), value) for why, value in reasons]


def _reason(why: Because, value: Any) -> str:
    if why is Because.ROLE:
        value = ROLE.get(value, value)
    return str(labels.REASONS[why]) % {"value": value}


@register.filter
def cause_name(cause: RootCause) -> str:
    language = (get_language() or "en").partition("-")[0]
    return str(cause.names.get(language) or cause)


@register.filter
def hours(value: float | None) -> str:
    if value is None:
        return "–"
    days, rest = divmod(round(value), 24)
    if days and rest:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": rest}
    return _("%(days)d d") % {"days": days} if days else _("%(hours)d h") % {"hours": rest}
