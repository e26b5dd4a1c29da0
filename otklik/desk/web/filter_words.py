"""A filter of the inbox in words: each part of it beside the same list without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk import labels
from otklik.desk.models import Topic
from otklik.desk.queries.inbox_filter import DaysTrouble, InboxFilter, Order, read_days
from otklik.desk.templatetags.desk_words import topic_name
from otklik.identity.public import Team, User, active_staff
from otklik.partners.public import visible_partners, visible_programs

_TROUBLES: Mapping[DaysTrouble, Promise] = {
    DaysTrouble.UNREADABLE: gettext_lazy("These dates cannot be read. Write them as 2026-02-28."),
    DaysTrouble.BACKWARD: gettext_lazy(
        "The last day lies before the first, so tickets of all days are here."
    ),
}
# What a part narrows by, and its words.
Part = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Chip:
    """``without``: the address of the list that is not narrowed by it."""

    words: str
    without: str


def chips_of(chosen: InboxFilter, user: User) -> list[Chip]:
    """Nothing but what narrows; the words one searches for stand in their field."""
    return [
        Chip(words, f"?{urlencode(chosen.without(*names).as_query())}")
        for names, words in _parts(chosen, user)
        if names not in (("order",), ("q",))
    ]


def words_of(chosen: InboxFilter, user: User) -> str:
    """ "All open · Status: new · Team: Finance"."""
    return " · ".join([str(labels.VIEW[chosen.view]), *(words for _, words in _parts(chosen, user))])


def days_trouble(given: Mapping[str, Any]) -> str:
    """What is wrong with the days of an address; "" where nothing is."""
    found = read_days(given)
    return str(_TROUBLES[found]) if isinstance(found, DaysTrouble) else ""


def _parts(chosen: InboxFilter, user: User) -> Iterator[Part]:
    if chosen.order is not Order.DUE:
        yield ("order",), str(labels.ORDER[chosen.order])
    if chosen.q:
        yield ("q",), f"“{chosen.q}”"
    if chosen.status:
        yield ("status",), labels.label(labels.STATUS, chosen.status)
    if chosen.priority:
        yield ("priority",), labels.label(labels.PRIORITY, chosen.priority)
    if chosen.channel:
        yield ("channel",), labels.label(labels.CHANNEL, chosen.channel)
    if chosen.language:
        yield ("language",), chosen.language
    if chosen.tag:
        yield ("tag",), f"#{chosen.tag}"
    if chosen.counted:
        yield ("counted",), _("closed, as figures count them")
    if chosen.broken:
        yield ("broken",), _("a promise was broken")
    if chosen.began_from is not None or chosen.began_to is not None:
        yield ("began_from", "began_to"), _began(chosen.began_from, chosen.began_to, utc=chosen.counted)
    yield from _named(chosen, user)


def _began(since: date | None, until: date | None, *, utc: bool) -> str:
    first, last = (formats.date_format(day, "DATE_FORMAT") if day else "" for day in (since, until))
    if not last:
        words = _("began on %(first)s or later") % {"first": first}
    elif not first:
        words = _("began on %(last)s or earlier") % {"last": last}
    else:
        words = _("began from %(first)s to %(last)s") % {"first": first, "last": last}
    return f"{words} (UTC)" if utc else words


def _named(chosen: InboxFilter, user: User) -> Iterator[Part]:
    """What has its name in the database."""
    if chosen.topic is not None:
        topic = Topic.objects.filter(pk=chosen.topic).first()
        yield ("topic",), topic_name(topic) if topic else _("No topic")
    if chosen.team is not None:
        team = Team.objects.values_list("name", flat=True).filter(pk=chosen.team).first()
        yield ("team",), team or _("No team")
    if chosen.owner is not None:
        owner = active_staff().values_list("name", flat=True).filter(pk=chosen.owner).first()
        yield ("owner",), owner or _("Nobody's yet")
    if chosen.partner is not None:
        partner = visible_partners(user).filter(pk=chosen.partner).first()
        yield ("partner",), partner.name if partner else f"#{chosen.partner}"
    if chosen.program is not None:
        program = visible_programs(user).filter(pk=chosen.program).first()
        yield ("program",), program.name if program else f"#{chosen.program}"
