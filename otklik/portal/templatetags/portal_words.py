"""How long something takes, for people who plan by it."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django import template
from django.utils.translation import ngettext

from otklik.desk.public import CHANNEL, STATUS_FOR_PARTNER, Channel, PartnerWord, TicketStatus, topic_name

register = template.Library()
register.filter("topic_name", topic_name)
_WORDS = {
    PartnerWord.RECEIVED: TicketStatus.NEW,
    PartnerWord.IN_WORK: TicketStatus.OPEN,
    PartnerWord.WAITING_FOR_YOU: TicketStatus.WAITING,
    PartnerWord.SOLVED: TicketStatus.SOLVED,
    PartnerWord.CLOSED: TicketStatus.CLOSED,
}
_TONES = {
    PartnerWord.RECEIVED: "main",
    PartnerWord.IN_WORK: "main",
    PartnerWord.WAITING_FOR_YOU: "care",
    PartnerWord.SOLVED: "good",
    PartnerWord.CLOSED: "plain",
}


@register.filter
def status_word(word: PartnerWord) -> str:
    return str(STATUS_FOR_PARTNER[_WORDS[word]])


@register.filter
def status_tone(word: PartnerWord) -> str:
    return _TONES[word]


@register.filter
def channel_word(channel: Channel) -> str:
    return str(CHANNEL[channel])


@register.filter
def as_long_as(span: timedelta | int) -> str:
    """In minutes, hours or days, always rounded up: nobody is told a shorter wait than there is. ``span``: a
    number stands for minutes."""
    minutes = max(1, ceil((span.total_seconds() / 60) if isinstance(span, timedelta) else span))
    if minutes < 90:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = ceil(minutes / 60)
    if hours <= 48:
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    days = ceil(minutes / 1440)
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
