"""{% load partner_words %}: words of the partner CRM's closed lists, as text or as a coloured tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from otklik.partners import labels, queries

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "status": labels.STATUS,
    "authority": labels.AUTHORITY,
    "influence": labels.INFLUENCE,
    "role": labels.ROLE,
    "address": labels.ADDRESS_KINDS,
    "consent": labels.CONSENT,
    "channel": labels.CHANNEL,
    "field": labels.FIELDS,
}
_TONES: Mapping[str, Mapping[Any, str]] = {"status": labels.STATUS_TONES, "role": labels.ROLE_TONES}


@register.filter
def word(value: str, of: str) -> str:
    """{{ contact.influence|word:"influence" }}; a value that is not in the list stays as it is."""
    return labels.label(_LISTS[of], value)


@register.filter
def toned(value: str, of: str) -> SafeString:
    """{{ partner.status|toned:"status" }}: the word in its colour."""
    tone = next((tone for known, tone in _TONES[of].items() if known == value), "plain")
    return format_html('<span class="tone tone-{}">{}</span>', tone, word(value, of))


@register.filter
def country(code: str) -> str:
    return queries.country_name(code) if code else ""


@register.filter
def language(code: str) -> str:
    return queries.language_name(code) if code else ""


@register.filter
def languages(codes: list[str]) -> str:
    return ", ".join(queries.language_name(code) for code in codes)
