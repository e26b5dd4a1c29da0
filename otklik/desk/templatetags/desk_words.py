"""{% load desk_words %}: words of the desk's closed lists, deadlines and names.

{{ ticket.status|deskword:"status" }}       the word
{{ ticket.status|desktoned:"status" }}      the word in its colour
{{ ticket.channel|channel_icon }}           name of the channel's icon
{% deadline ticket.due_at now %}            "in 25 min", "3 h overdue", with the moment in its title
{{ topic|topic_name }}                      a topic in the reader's language
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from otklik.desk import labels, reasons
from otklik.desk.models import Topic

register = template.Library()

_LISTS: Mapping[str, Mapping[Any, Any]] = {
    "status": labels.STATUS,
    "outcome": labels.OUTCOME,
    "priority": labels.PRIORITY,
    "channel": labels.CHANNEL,
    "side": labels.SIDE,
    "kind": labels.MESSAGE_KIND,
    "delivery": labels.DELIVERY,
    "verdict": labels.VERDICT,
    "clock": labels.CLOCK,
    "clock_state": labels.CLOCK_STATE,
    "link": labels.LINK,
    "sub_request": labels.SUB_REQUEST,
    "availability": labels.AVAILABILITY,
    "view": labels.VIEW,
    "order": labels.ORDER,
}
_TONES: Mapping[str, Mapping[Any, str]] = {
    "status": labels.STATUS_TONES,
    "priority": labels.PRIORITY_TONES,
    "delivery": labels.DELIVERY_TONES,
    "clock_state": labels.CLOCK_TONES,
    "sub_request": labels.SUB_REQUEST_TONES,
}


@register.filter
def deskword(value: str, of: str) -> str:
    return labels.label(_LISTS[of], value)


@register.filter
def desktoned(value: str, of: str) -> SafeString:
    tone = next((tone for known, tone in _TONES[of].items() if known == value), "plain")
    return format_html('<span class="tone tone-{}">{}</span>', tone, deskword(value, of))


@register.filter
def channel_icon(channel: str) -> str:
    return next((icon for known, icon in labels.CHANNEL_ICONS.items() if known == channel), "message")


@register.filter
def topic_name(topic: Topic | None) -> str:
    if topic is None:
        return ""
    return str(topic.names.get(get_language() or "en") or topic.names.get("en") or topic.key)


@register.filter
def warnings_at(conversation: Any, message_id: int) -> list[str]:
    return list(conversation.warnings.get(message_id, ())) if conversation else []


@register.filter
def own_links(text: str) -> SafeString:
    """Addresses of this installation as links; no others: a letter repeats what a stranger typed into a form,
    and must not make a link to elsewhere of it."""
    site = re.escape(escape(settings.OTKLIK.public_url))
    linked = re.sub(rf"{site}/[^\s<>]*", lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text))
    return mark_safe(linked)  # noqa: S308 - escaped above


@register.filter
def priority_reason(reason: Mapping[str, Any]) -> str:
    return reasons.priority_reason(reason)


@register.filter
def delivery_note(note: str) -> str:
    return reasons.delivery_note(note)


@register.filter
def aside(reason: str) -> str:
    return reasons.aside(reason)


@register.filter
def likeness(why: Any) -> str:
    return reasons.likeness(why)


@register.simple_tag
def deadline(due: datetime | None, now: datetime) -> SafeString:
    """How far a deadline is away, in the two largest units that matter; nothing where nothing is due."""
    if due is None:
        return SafeString("")
    minutes = int((due - now).total_seconds() // 60)
    tone = "bad" if minutes < 0 else "care" if minutes < 60 else "plain"
    if minutes < 0:
        text = gettext("%(time)s overdue") % {"time": _span(-minutes)}
    else:
        text = gettext("in %(time)s") % {"time": _span(minutes)}
    moment = timezone.localtime(due)
    return format_html(
        '<time class="tone tone-{}" datetime="{}" title="{}">{}</time>',
        tone,
        due.isoformat(),
        date_format(moment, "DATETIME_FORMAT"),
        text,
    )


def _span(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s h", "%(n)s h", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
