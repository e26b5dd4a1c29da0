"""What the frame of a portal page needs beside the page itself."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template.context import Context

from otklik.portal.labels import WAY
from otklik.portal.web.navigation import Entry, rooms_for

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_rooms(context: Context) -> Sequence[Entry]:
    request = context["request"]
    return rooms_for(request.person, request.path)


@register.filter
def way_label(way: str) -> str:
    return str(WAY.get(way, way))
