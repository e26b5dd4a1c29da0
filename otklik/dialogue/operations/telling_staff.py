"""Mails to those who answer: somebody applied, an answer is late, an idea waits to be looked at.

May run twice, or beside itself. What became so within an hour is one mail to a person, however much it was:
the form of applications is open to anybody, and nobody's mailbox shall be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.dialogue.access import editable_ideas, visible_applications
from otklik.dialogue.models import Application, Idea
from otklik.dialogue.queries.applications import AWAITS_US
from otklik.dialogue.rules.vocabulary import Moderation
from otklik.identity.public import Right, User, active_staff
from otklik.jobs.public import queue_mails
from otklik.kit.mail import Message
from otklik.kit.one_line import one_line

_HOUR = timedelta(hours=1)
# A worker that stood still so long tells of it all the same; what is older stands on the first page.
_BACK = timedelta(hours=24)
_MOST_LINES = 20
_APPLIED, _LATE, _IDEA = "applied", "late", "idea"
_SAID: dict[str, str | Promise] = {
    _APPLIED: gettext_lazy("A new application: %(name)s"),
    _LATE: gettext_lazy("An application waits for its answer longer than we promised: %(name)s"),
    _IDEA: gettext_lazy("An idea to look at: %(name)s"),
}


@dataclass(frozen=True, slots=True)
class _Piece:
    what: str
    id: int
    name: str
    at: datetime

    @property
    def page(self) -> str:
        name = "idea" if self.what == _IDEA else "application"
        return settings.OTKLIK.public_url + reverse(name, args=[self.id])


def tell_staff(*, at: datetime) -> int:
    """Of the hours that are over; how many mails."""
    if not settings.OTKLIK.mail_url:
        return 0
    end = at.replace(minute=0, second=0, microsecond=0)
    pieces = list(_pieces(end - _BACK, end))
    if not pieces:
        return 0
    mails: dict[str, Message] = {}
    for user in active_staff().prefetch_related("grants"):
        if user.email and user.may(Right.RUN_DIALOGUE):
            mails |= _mails(user, pieces)
    return queue_mails(mails, at=at)


def _pieces(begin: datetime, end: datetime) -> Iterator[_Piece]:
    open_ones = Application.objects.filter(state__in=AWAITS_US).exclude(address="")
    for row in open_ones.filter(created_at__gte=begin, created_at__lt=end).order_by("pk"):
        yield _Piece(_APPLIED, row.pk, one_line(row.company), row.created_at)
    for row in open_ones.filter(due_at__gte=begin, due_at__lt=end).order_by("pk"):
        yield _Piece(_LATE, row.pk, one_line(row.company), row.due_at)
    ideas = Idea.objects.filter(moderation=Moderation.WAITING, merged_into=None)
    for idea in ideas.filter(created_at__gte=begin, created_at__lt=end).order_by("pk"):
        yield _Piece(_IDEA, idea.pk, one_line(idea.title), idea.created_at)


def _mails(user: User, pieces: Iterable[_Piece]) -> dict[str, Message]:
    """By key: a mail for each hour in which something became so that they see."""
    by_hour: dict[datetime, list[_Piece]] = defaultdict(list)
    for piece in _seen(user, list(pieces)):
        by_hour[piece.at.replace(minute=0, second=0, microsecond=0)].append(piece)
    return {
        f"dialogue:staff:{user.pk}:{hour:%Y%m%d%H}": _message(user, found) for hour, found in by_hour.items()
    }


def _seen(user: User, pieces: list[_Piece]) -> list[_Piece]:
    ideas = {piece.id for piece in pieces if piece.what == _IDEA}
    applications = {piece.id for piece in pieces if piece.what != _IDEA}
    own_ideas = set(editable_ideas(user).filter(pk__in=ideas).values_list("pk", flat=True))
    own = set(visible_applications(user).filter(pk__in=applications).values_list("pk", flat=True))
    return [piece for piece in pieces if piece.id in (own_ideas if piece.what == _IDEA else own)]


def _message(user: User, pieces: list[_Piece]) -> Message:
    with translation.override(user.language):
        lines = [f"{_SAID[one.what] % {'name': one.name}}\n{one.page}" for one in pieces[:_MOST_LINES]]
        if len(pieces) > _MOST_LINES:
            lines.append(_("And %(n)s more.") % {"n": len(pieces) - _MOST_LINES})
        subject = lines[0].partition("\n")[0] if len(pieces) == 1 else _("Partners wait for your word")
        return Message(to=user.email, subject=subject[:200], text="\n\n".join(lines) + "\n")
