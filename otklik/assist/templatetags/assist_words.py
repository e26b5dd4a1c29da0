"""{% load assist_words %}: the words of the closed lists, and shares with their intervals.

{{ answer.intent|assistword:"intent" }}    the word
{{ row.use.solved|share }}                 "87% (81 … 92%)", a dash where nothing was counted
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from otklik.assist import labels
from otklik.kit.templatetags.otklik import DASH, percent

register = template.Library()
_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "intent": labels.INTENTS,
    "channel": labels.CHANNELS,
    "outcome": labels.OUTCOMES,
    "outcome_reason": labels.OUTCOME_REASONS,
    "review": labels.REVIEWS,
    "notice": labels.NOTICES,
}


@register.filter
def assistword(value: str, of: str) -> str:
    return str(_LISTS[of].get(value, ""))


@register.filter
def share(value: tuple[float, float, float] | str | None) -> str:
    # A path that leads nowhere in a template is an empty text.
    if value is None or isinstance(value, str):
        return DASH
    return f"{percent(value[0])} ({percent(value[1])}\u00a0…\u00a0{percent(value[2])})"
