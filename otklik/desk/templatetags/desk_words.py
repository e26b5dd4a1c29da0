"""{% load desk_words %}: words of the desk's closed lists, deadlines and names.

{{ ticket.status|deskword:"status" }}       the word
{{ ticket.status|desktoned:"status" }}      the word in its colour
{{ ticket.channel|channel_icon }}           name of the channel's icon
{% deadline ticket.due_at now %}            "in 25 min", "3 h overdue", with the moment in its title
{{ span|long }}                             "2 h 5 min"
{{ topic|topic_name }}                      a topic in the reader's language
{% options page.choices.owner chosen %}     <option>s of (value, text) pairs
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from otklik.desk import labels, reasons
from otklik.desk.models import Topic
from otklik.kit.moments import moment_text

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
def long(span: timedelta) -> str:
    """Elapsed time, its two greatest parts."""
    minutes = int(span.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes % 60}
    return gettext("%(minutes)s min") % {"minutes": minutes}


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
    return "" if topic is None else named_topic(topic.key, topic.names)


def named_topic(key: str, names: Mapping[str, str]) -> str:
    return str(names.get(get_language() or "en") or names.get("en") or key)


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = None) -> SafeString:
    """The choices of a <select>, drawn at once: those of people are as many as there are staff, and stand
    twice on the inbox."""
    return mark_safe(  # noqa: S308 - escaped as it is put together
        "".join(
            f'<option value="{html.escape(str(value))}"{" selected" if value == chosen else ""}>'
            f"{html.escape(str(text))}</option>"
            for value, text in choices
        )
    )


@register.filter
def warnings_at(conversation: Any, message_id: int) -> list[str]:
    return list(conversation.warnings.get(message_id, ())) if conversation else []


@register.filter
def shows_history(conversation: Any, message: Any) -> bool:
    return bool(conversation and conversation.shows_history(message))


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
    title = html.escape(moment_text(timezone.localtime(due)))
    text = html.escape(_distance(minutes < 0, *_span(abs(minutes)), get_language()))
    return mark_safe(  # noqa: S308 - escaped above
        f'<time class="tone tone-{tone}" datetime="{due.isoformat()}" title="{title}">{text}</time>'
    )


def _span(minutes: int) -> tuple[int, str]:
    """How many, of the largest unit that still tells them apart."""
    if minutes < 60:
        return minutes, "min"
    return (minutes // 60, "h") if minutes < 48 * 60 else (minutes // (24 * 60), "day")


@lru_cache(maxsize=2048)
def _distance(is_over: bool, n: int, unit: str, language: str | None) -> str:
    """Few differ among the deadlines of a page. ``language`` is there to be remembered by."""
    match unit:
        case "min":
            time = ngettext("%(n)s min", "%(n)s min", n) % {"n": n}
        case "h":
            time = ngettext("%(n)s h", "%(n)s h", n) % {"n": n}
        case _:
            time = ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    return (gettext("%(time)s overdue") if is_over else gettext("in %(time)s")) % {"time": time}
