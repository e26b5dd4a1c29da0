"""{% load dialogue_words %}: markdown and the words of the closed lists.

{{ text.body|markdown }}              safe HTML
{{ goal.state|word:"goal" }}          the word
{{ line.standing|toned:"standing" }}  the word in its colour
{{ step.titles|in_own_language }}     of texts by language the reader's
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from otklik.dialogue import labels
from otklik.dialogue.rules.lists import in_language
from otklik.kit.markup import html_of
from otklik.partners.public import ROLE, language_name

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "news": labels.NEWS_KINDS,
    "news_state": labels.NEWS_STATES,
    "goal": labels.GOAL_STATES,
    "commitment": labels.PROMISE_STATES,
    "standing": labels.STANDINGS,
    "side": labels.SIDES,
    "idea": labels.IDEA_STATES,
    "moderation": labels.MODERATIONS,
    "application": labels.APPLICATION_STATES,
    "outcome": labels.VETTING_OUTCOMES,
    "reason": labels.REASONS,
    "step": labels.STEP_KINDS,
    "role": ROLE,
}
_TONES: Mapping[tuple[str, str], str] = {
    ("news", "outage"): "bad",
    ("news", "change"): "care",
    ("news", "question"): "main",
    ("news_state", "published"): "good",
    ("news_state", "draft"): "care",
    ("goal", "agreed"): "main",
    ("goal", "met"): "good",
    ("goal", "missed"): "bad",
    ("goal", "proposed"): "care",
    ("commitment", "agreed"): "main",
    ("commitment", "done"): "good",
    ("commitment", "proposed"): "care",
    ("standing", "soon"): "care",
    ("standing", "overdue"): "bad",
    ("standing", "kept"): "good",
    ("standing", "late"): "bad",
    ("idea", "planned"): "main",
    ("idea", "considered"): "main",
    ("idea", "done"): "good",
    ("moderation", "waiting"): "care",
    ("moderation", "hidden"): "bad",
    ("application", "new"): "care",
    ("application", "vetting"): "main",
    ("application", "more_wanted"): "care",
    ("application", "approved"): "good",
    ("application", "declined"): "bad",
    ("outcome", "passed"): "good",
    ("outcome", "failed"): "bad",
}


@register.filter
def markdown(text: str) -> SafeString:
    return html_of(text)


@register.filter
def word(value: str, name: str) -> str:
    return str(_LISTS[name].get(value, value))


@register.filter
def toned(value: str, name: str) -> SafeString:
    tone = _TONES.get((name, str(value)))
    css = f"tone tone-{tone}" if tone else "tone"
    return format_html('<span class="{}">{}</span>', css, word(value, name))


@register.filter
def in_own_language(texts: Mapping[str, str]) -> str:
    return in_language(texts, get_language() or "en")


@register.filter
def language_word(code: str) -> str:
    return language_name(code) if code else ""
