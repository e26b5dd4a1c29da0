"""{% load loop_words %}: the words of the closed lists of the loop.

{{ alert.state|loopword:"state" }}     the word
{{ line.lateness|looptoned:"late" }}   the word in its colour
{{ alert|alert_name }}                 whom it is about
{{ alert.reasons|because }}            why it was raised, a line each
{{ rule|asked_words }}                 what it asks for, in short
{{ cause|cause_name }}                 in the reader's language
{{ first.half|hours }}                 "5 h", "2 d 3 h"
{{ found.compared|concluded }}         what may be said of closed against not closed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from otklik.feedback.public import topic_names
from otklik.loop import labels
from otklik.loop.models import Alert, AlertRule, RootCause
from otklik.loop.rules.conditions import KEY_ROLES
from otklik.loop.rules.recovered import Compared
from otklik.loop.rules.vocabulary import Because, Movement
from otklik.partners.public import ROLE, STATUS, ContactRole, language_name

register = template.Library()
_SHOWN_WORDS = 4

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "state": labels.ALERT_STATES,
    "late": labels.LATENESS,
    "flow": labels.FLOWS,
    "kind": labels.RULE_KINDS,
    "letter": labels.LETTER_KINDS,
    "survey": labels.SURVEYS,
    "way": labels.WAYS,
    "outcome": labels.OUTCOMES,
    "owner": labels.OWNER_REASONS,
    "owner_way": labels.OWNER_WAYS,
    "guard": labels.GUARD_REASONS,
    "ask": labels.ASK_KINDS,
    "ask_state": labels.ASK_STATES,
    "consent": labels.CONSENT_SAID,
    "improvement": labels.IMPROVEMENT_STATES,
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
    ("ask_state", "asked"): "main",
    ("ask_state", "agreed"): "good",
    ("ask_state", "delivered"): "good",
    ("ask_state", "declined"): "care",
    ("ask_state", "withdrawn"): "bad",
    ("consent", "given"): "good",
    ("consent", "withdrawn"): "bad",
    ("improvement", "under_way"): "main",
    ("improvement", "planned"): "main",
    ("improvement", "done"): "good",
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
def alert_name(alert: Alert) -> str:
    """Whom it is about."""
    about = alert.contact or alert.partner
    return about.name if about is not None else _("A public mention")


@register.filter
def because(reasons: Sequence[Sequence[Any]]) -> list[str]:
    return [_reason(Because(why), value) for why, value in reasons]


def _reason(why: Because, value: Any) -> str:
    if why is Because.ROLE:
        value = ROLE.get(value, value)
    elif why is Because.TOPIC:
        value = topic_names().get(value, value)
    return str(labels.REASONS[why]) % {"value": value}


@register.filter
def asked_words(rule: AlertRule) -> list[str]:
    """What a rule asks for, in short."""
    asked = rule.asked
    roles = sorted(asked.roles or (KEY_ROLES if asked.only_key_people else ()))
    found = [
        (bool(asked.scores), _("scores %(list)s") % {"list": _runs(sorted(asked.scores))}),
        (asked.drop_by is not None, _("by %(n)s or more") % {"n": asked.drop_by}),
        (bool(asked.words), _listed(asked.words)),
        (bool(roles), ", ".join(str(ROLE[ContactRole(role)]) for role in roles)),
        (bool(asked.tiers), _("tiers %(list)s") % {"list": ", ".join(sorted(asked.tiers))}),
        (asked.renewal_days is not None, _("renewal within %(n)s days") % {"n": asked.renewal_days}),
        (asked.open_deal, str(labels.REASONS[Because.OPEN_DEAL])),
    ]
    return [text for holds, text in found if holds]


def _runs(scores: Sequence[int]) -> str:
    """Neighbours together: "0–6, 9"."""
    runs: list[list[int]] = []
    for score in scores:
        if runs and runs[-1][-1] == score - 1:
            runs[-1].append(score)
        else:
            runs.append([score])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(words[:_SHOWN_WORDS])
    return shown if len(words) <= _SHOWN_WORDS else f"{shown}…"


@register.filter
def cause_name(cause: RootCause) -> str:
    language = (get_language() or "en").partition("-")[0]
    return str(cause.names.get(language) or cause)


@register.filter
def statusword(status: str) -> str:
    """Of a partner."""
    return str(STATUS.get(status, status))  # type: ignore[call-overload]


@register.filter
def languageword(code: str) -> str:
    return str(language_name(code))


@register.filter
def concluded(found: Compared) -> str:
    """What may be said of closed against not closed, and what may not."""
    if found.credited is None:
        return _(
            "Nothing may be concluded yet: it takes 20 people on either side who began with a like score."
        )
    match found.movement:
        case Movement.BETTER:
            return _("Those whose alert was closed rose by more than those of the same score whose was not.")
        case Movement.WORSE:
            return _("Those whose alert was closed rose by less than those of the same score whose was not.")
    return _("It may have helped and it may not: a difference of none at all fits the figures as well.")


@register.filter
def hours(value: float | None) -> str:
    if value is None:
        return "–"
    days, rest = divmod(round(value), 24)
    if days and rest:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": rest}
    return _("%(days)d d") % {"days": days} if days else _("%(hours)d h") % {"hours": rest}
