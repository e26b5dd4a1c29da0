"""Mails to those whose alerts they are, where the rule says so: new, due soon, overdue, escalated.

May run twice, or beside itself. What became so within an hour is one mail to a person, however much it was: a
wave that closes raises hundreds of alerts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otklik.identity.public import User, active_staff
from otklik.jobs.public import queue_mails
from otklik.kit.mail import Message
from otklik.kit.one_line import one_line
from otklik.loop.access import visible_alerts
from otklik.loop.models import Alert
from otklik.loop.rules.deadlines import SOON

# A worker that stood still so long tells of it all the same; what is older stands on the board.
_BACK = timedelta(hours=24)
_MOST_LINES = 20
_NEW, _YOURS, _SOON, _OVERDUE, _ESCALATED = "new", "yours", "soon", "overdue", "escalated"
_SAID: dict[str, str | Promise] = {
    _NEW: gettext_lazy("A new alert: %(who)s, to be spoken to by %(due)s"),
    _YOURS: gettext_lazy("An alert is yours now: %(who)s, to be spoken to by %(due)s"),
    _SOON: gettext_lazy("Nobody has spoken to them yet: %(who)s, the deadline is %(due)s"),
    _OVERDUE: gettext_lazy("Overdue: nobody has spoken to %(who)s, the deadline was %(due)s"),
    _ESCALATED: gettext_lazy("Escalated to you: nobody has spoken to %(who)s, the deadline was %(due)s"),
}


@dataclass(frozen=True, slots=True)
class _Piece:
    what: str
    user_id: int | None
    alert: Alert
    at: datetime


def tell_staff(*, at: datetime) -> int:
    """Of the hours that are over; how many mails were new."""
    if not settings.OTKLIK.mail_url:
        return 0
    end = at.replace(minute=0, second=0, microsecond=0)
    by_person: dict[int, list[_Piece]] = defaultdict(list)
    for piece in _pieces(end - _BACK, end, at):
        if piece.user_id is not None:
            by_person[piece.user_id].append(piece)
    mails: dict[str, Message] = {}
    for user in active_staff().filter(pk__in=list(by_person)).prefetch_related("grants"):
        if user.email:
            mails |= _mails(user, by_person[user.pk])
    return queue_mails(mails, at=at) if mails else 0


def _pieces(begin: datetime, end: datetime, at: datetime) -> Iterator[_Piece]:
    """Alerts that nobody has spoken about since, and that do not sleep."""
    rows = Alert.objects.filter(closed_at=None, first_contact_at=None, rule__by_mail=True)
    rows = rows.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at)).select_related("partner", "contact")
    for alert in rows.filter(opened_at__gte=begin, opened_at__lt=end):
        yield _Piece(_NEW, alert.owner_id, alert, alert.opened_at)
    for alert in rows.filter(given_at__gte=begin, given_at__lt=end):
        assert alert.given_at is not None
        yield _Piece(_YOURS, alert.owner_id, alert, alert.given_at)
    # One that was due within a day from the beginning was told of as new.
    soon = rows.filter(due_at__gte=begin + SOON, due_at__lt=end + SOON, due_at__gt=F("opened_at") + SOON)
    for alert in soon:
        yield _Piece(_SOON, alert.owner_id, alert, alert.due_at - SOON)
    for alert in rows.filter(due_at__gte=begin, due_at__lt=end):
        yield _Piece(_OVERDUE, alert.owner_id, alert, alert.due_at)
    for alert in rows.filter(escalated_at__gte=begin, escalated_at__lt=end):
        assert alert.escalated_at is not None
        yield _Piece(_ESCALATED, alert.escalated_to_id, alert, alert.escalated_at)


def _mails(user: User, pieces: list[_Piece]) -> Mapping[str, Message]:
    """By key: a mail for each hour in which something became so that they see."""
    seen = set(
        visible_alerts(user).filter(pk__in={one.alert.pk for one in pieces}).values_list("pk", flat=True)
    )
    by_hour: dict[datetime, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.alert.pk in seen:
            by_hour[piece.at.replace(minute=0, second=0, microsecond=0)].append(piece)
    return {f"loop:staff:{user.pk}:{hour:%Y%m%d%H}": _message(user, found) for hour, found in by_hour.items()}


def _message(user: User, pieces: Iterable[_Piece]) -> Message:
    order = sorted(pieces, key=lambda one: (one.alert.due_at, one.alert.pk))
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        said = [str(_SAID[one.what]) % _words(one.alert) for one in order[:_MOST_LINES]]
        lines = [f"{text}\n{_page(one.alert)}" for text, one in zip(said, order, strict=False)]
        if len(order) > _MOST_LINES:
            lines.append(_("And %(n)s more.") % {"n": len(order) - _MOST_LINES})
        several = ngettext("%(n)s alert waits for you", "%(n)s alerts wait for you", len(order))
        subject = said[0] if len(order) == 1 else several % {"n": len(order)}
        return Message(to=user.email, subject=subject[:200], text="\n\n".join(lines) + "\n")


def _words(alert: Alert) -> dict[str, str]:
    """Without what they said: mails to staff are read on other people's screens."""
    names = [one_line(row.name) for row in (alert.contact, alert.partner) if row is not None]
    due = date_format(timezone.localtime(alert.due_at), "SHORT_DATETIME_FORMAT")
    return {"who": ", ".join(names) or _("a public mention"), "due": due}


def _page(alert: Alert) -> str:
    return str(settings.OTKLIK.public_url) + reverse("alert", args=[alert.pk])
