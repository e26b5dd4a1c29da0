"""What the frame of a portal page needs beside the page itself, and words for its closed lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from otklik.portal.labels import ACCOUNT, WAY
from otklik.portal.queries.looks import Look, look_at_the_door, look_of
from otklik.portal.rules.colours import Accent
from otklik.portal.web.navigation import Entry, rooms_for

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_rooms(context: Context) -> Sequence[Entry]:
    request = context["request"]
    return rooms_for(request.person, request.path)


@register.simple_tag(takes_context=True)
def portal_look(context: Context) -> Look:
    request, language = context["request"], get_language() or "en"
    person = getattr(request, "person", None)
    if person is not None:
        return look_of(person.program, language)
    slug = request.GET.get("program", "")[:60]
    return look_at_the_door("" if "\0" in slug else slug, language)


@register.simple_tag
def accent_style(accent: Accent) -> SafeString:
    """Colours were read as #rrggbb and written anew: nothing else gets into the sheet."""
    light, dark = accent.light, accent.dark
    values = {
        "--tblr-primary": (light.fill, dark.fill),
        "--tblr-primary-darken": (light.pressed, dark.pressed),
        "--tblr-primary-lt": (light.tint, dark.tint),
        "--tblr-link-color": (light.link, dark.link),
        "--tblr-link-hover-color": (light.pressed, dark.link),
        "--tblr-focus-ring-color": (light.link, dark.link),
    }
    rules = "".join(f"{name}:light-dark({one},{two});" for name, (one, two) in values.items())
    where = ":root,[data-bs-theme=light],[data-bs-theme=dark]"
    return mark_safe(f"<style>{where}{{{rules}}}</style>")  # noqa: S308 - our own colours


@register.inclusion_tag("portal/staff/_sample.html")
def accent_sample(accent: Accent) -> dict[str, Any]:
    return {"accent": accent}


@register.filter
def way_label(way: str) -> str:
    return str(WAY.get(way, way))


@register.filter
def account_tone(state: str) -> SafeString:
    word, tone = ACCOUNT[state]
    return format_html('<span class="tone tone-{}">{}</span>', tone, word)
