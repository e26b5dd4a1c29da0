"""Who is told of a deadline, and in which words. One mail for each person, however many clocks: on a Monday
morning a weekend's deadlines come at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.desk.labels import CLOCK, label
from otklik.desk.models import Clock, SubRequest, Ticket
from otklik.desk.rules.sla_clock import NoticeKind
from otklik.desk.rules.vocabulary import ClockKind
from otklik.identity.public import Right, User, active_staff
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message


@dataclass(frozen=True, slots=True)
class Told:
    event_id: int
    clock: Clock
    ticket: Ticket


def mail_notices(told: Sequence[Told], kind: NoticeKind, *, at: datetime) -> None:
    """In the caller's transaction: queued exactly when the events are written."""
    if not told or not settings.OTKLIK.mail_url:
        return
    by_person: dict[int, list[Told]] = {}
    people = _People.of(told)
    for one in told:
        for user_id in people.of_clock(one, kind):
            by_person.setdefault(user_id, []).append(one)
    for user_id, lines in by_person.items():
        user = people.staff[user_id]
        queue_mail(key=f"sla:{lines[0].event_id}:{user_id}", message=_written(user, lines, kind), at=at)


@dataclass(frozen=True, slots=True)
class _People:
    staff: Mapping[int, User]
    teams: Mapping[int, set[int]]
    leads: frozenset[int]
    questions: Mapping[str, SubRequest]

    @classmethod
    def of(cls, told: Sequence[Told]) -> _People:
        """Five queries."""
        asked = [one.clock.key for one in told if one.clock.kind == ClockKind.SUB_REQUEST]
        questions = {
            str(row.pk): row for row in SubRequest.objects.filter(pk__in=[k for k in asked if k.isdigit()])
        }
        staff = {user.pk: user for user in active_staff().prefetch_related("grants", "teams")}
        teams: dict[int, set[int]] = {}
        for user in staff.values():
            for team in user.teams.all():
                teams.setdefault(team.pk, set()).add(user.pk)
        # Whoever looks after the desk as a whole: leads and heads.
        leads = {pk for pk, user in staff.items() if user.may(Right.MANAGE_DESK)}
        return cls(staff, teams, frozenset(leads), questions)

    def of_clock(self, one: Told, kind: NoticeKind) -> list[int]:
        """Who has it; else their team; else who looks after the desk. Of a breach also the team's lead and
        the partner's account manager."""
        ticket, question = one.ticket, self.questions.get(one.clock.key)
        owner, team = self._here(ticket.owner_id), self.teams.get(ticket.team_id or 0, set())
        found = owner or team or self.leads
        if one.clock.kind == ClockKind.SUB_REQUEST and question is not None:
            asked = self._here(question.owner_id) or self.teams.get(question.team_id, set())
            found = (asked | owner) or found
        if kind is NoticeKind.BREACH:
            manager = ticket.partner.manager_id if ticket.partner is not None else None
            found = found | (team & self.leads or self.leads) | self._here(manager)
        return sorted(found)

    def _here(self, user_id: int | None) -> set[int]:
        return {user_id} if user_id is not None and user_id in self.staff else set()


def _written(user: User, lines: Sequence[Told], kind: NoticeKind) -> Message:
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        return Message(
            to=user.email,
            subject=_subject(lines, kind),
            text=render_to_string(
                "desk/mail/sla_notice.txt",
                {"user": user, "late": kind is NoticeKind.BREACH, "lines": list(_shown(lines))},
            ),
        )


def _subject(lines: Sequence[Told], kind: NoticeKind) -> str:
    late = kind is NoticeKind.BREACH
    if len(lines) == 1:
        said = {"id": lines[0].ticket.pk, "clock": label(CLOCK, lines[0].clock.kind)}
        return (_("Overdue: %(clock)s, #%(id)s") if late else _("Soon overdue: %(clock)s, #%(id)s")) % said
    count = len(lines)
    if late:
        return ngettext("%(count)s deadline was missed", "%(count)s deadlines were missed", count) % {
            "count": count
        }
    return ngettext("%(count)s deadline is near", "%(count)s deadlines are near", count) % {"count": count}


def _shown(lines: Sequence[Told]) -> Iterable[dict[str, object]]:
    """Without the subject: it is a partner's text, and mails to staff are read on other people's screens."""
    for one in lines:
        yield {
            "id": one.ticket.pk,
            "clock": label(CLOCK, one.clock.kind),
            "due": one.clock.due_at,
            "url": f"{settings.OTKLIK.public_url}{reverse('ticket', args=[one.ticket.pk])}",
        }
