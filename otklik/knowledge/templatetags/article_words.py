"""{% load article_words %}: the words of the closed lists, and names of languages and folders.

{{ article.state|artword:"state" }}      the word
{{ article.state|arttoned:"state" }}     the word in its colour
{{ text.language|language_named }}       what the reader calls a language
{{ folder|folder_name }}                 in the reader's language
{{ topic|topic_named }}                  in the reader's language
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from otklik.desk.public import Topic
from otklik.knowledge import labels
from otklik.knowledge.models import Folder
from otklik.partners.public import language_name

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "state": labels.STATES,
    "visibility": labels.VISIBILITIES,
    "text": labels.TEXT_STATES,
    "why": labels.WHY_NOT,
    "from": labels.CAME_FROM,
}
_TONES: Mapping[tuple[str, str], str] = {
    ("state", "draft"): "care",
    ("state", "published"): "good",
    ("text", "stale"): "care",
    ("text", "fresh"): "good",
    ("visibility", "public"): "main",
}


@register.filter
def artword(value: str, name: str) -> str:
    return str(_LISTS[name].get(value, value))


@register.filter
def arttoned(value: str, name: str) -> SafeString:
    tone = _TONES.get((name, value))
    css = f"tone tone-{tone}" if tone else "tone"
    return format_html('<span class="{}">{}</span>', css, artword(value, name))


@register.filter
def language_named(code: str) -> str:
    return language_name(code) or code


@register.filter
def folder_name(folder: Folder | None) -> str:
    return folder.name_in(get_language() or "en") if folder else ""


@register.filter
def topic_named(topic: Topic) -> str:
    return str(topic.names.get(get_language() or "en") or topic)
