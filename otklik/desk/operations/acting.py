"""One action of a rule or a macro on one ticket, and why it cannot be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from otklik.desk.models import CannedAnswer, Ticket, Topic
from otklik.desk.operations import tickets
from otklik.desk.operations.automatic import write_automatically
from otklik.desk.operations.locking import locked_ticket
from otklik.desk.operations.messages import NobodyToWriteTo, TicketClosed, reply, write_note
from otklik.desk.operations.routing import route_ticket
from otklik.desk.operations.sub_requests import SameDepartment, ask_department
from otklik.desk.queries.automation import people_to_tell
from otklik.desk.queries.canned import variable_values
from otklik.desk.rules.auto_reply import Refused
from otklik.desk.rules.automation import ROUTE, Action, ActionKind
from otklik.desk.rules.canned import BrokenBraces, NoText, UnknownVariable, render_for
from otklik.events.public import Actor, ActorKind
from otklik.identity.public import Team, User
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message as Mail

# A person who runs a macro may take the answer in it back, as any other.
HOLD_SECONDS = 10


class Why(StrEnum):
    NOT_ALLOWED = "not_allowed"
    """The ticket's status does not lead there, or it is closed."""
    GONE = "gone"
    """The topic, team, person or canned answer it names is no longer there."""
    NOBODY = "nobody"
    """Nobody to write to."""
    MISSING = "missing"
    """A variable of the canned answer has no value for this ticket."""
    NOT_ANSWERED_BY_MACHINES = "not_answered_by_machines"
    """The budget of automatic answers, or a sender that no machine may answer."""
    ASKED_ALREADY = "asked_already"


class CannotAct(Exception):
    def __init__(self, kind: ActionKind, why: Why) -> None:
        super().__init__(kind, why)
        self.kind, self.why = kind, why


@dataclass(frozen=True, slots=True)
class Doing:
    """``key`` names the occasion: mails of the same occasion go out once. ``name``: of the rule or macro."""

    name: str
    key: str
    by: Actor
    at: datetime


def carry_out(ticket_id: int, action: Action, doing: Doing) -> None:
    """Inside a transaction. Raises CannotAct and what ``locked_ticket`` raises."""
    by: Any = {"by": doing.by, "at": doing.at}
    value = action.value
    try:
        match action.kind:
            case ActionKind.SET_STATUS:
                tickets.change_status(ticket_id=ticket_id, status=value, **by)
            case ActionKind.SET_PRIORITY:
                tickets.set_priority(ticket_id=ticket_id, priority=value, **by)
            case ActionKind.SET_TOPIC:
                tickets.set_topic(ticket_id=ticket_id, topic_id=value, **by)
            case ActionKind.SET_TEAM:
                tickets.change_team(ticket_id=ticket_id, team_id=_team(value), **by)
            case ActionKind.ASSIGN:
                _assign(ticket_id, value, by)
            case ActionKind.ADD_TAG:
                tickets.add_tag(ticket_id=ticket_id, name=value, **by)
            case ActionKind.NOTIFY:
                _notify(ticket_id, value, doing)
            case ActionKind.SEND_CANNED:
                _send_canned(ticket_id, value, doing)
            case ActionKind.ADD_NOTE:
                write_note(ticket_id=ticket_id, text=value, **by)
            case ActionKind.ASK_DEPARTMENT:
                team, text, minutes = _team(value["team"]), value["text"], value["minutes"]
                ask_department(ticket_id=ticket_id, team_id=team, question=text, minutes=minutes, **by)
    except _Obstacle as found:
        raise CannotAct(action.kind, found.why) from found
    except (tickets.NotAllowed, TicketClosed) as found:
        raise CannotAct(action.kind, Why.NOT_ALLOWED) from found
    except (tickets.CannotOwn, Topic.DoesNotExist) as found:
        raise CannotAct(action.kind, Why.GONE) from found
    except NobodyToWriteTo as found:
        raise CannotAct(action.kind, Why.NOBODY) from found
    except SameDepartment as found:
        raise CannotAct(action.kind, Why.ASKED_ALREADY) from found


class _Obstacle(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def _team(team_id: int) -> int:
    if not Team.objects.filter(pk=team_id).exists():
        raise _Obstacle(Why.GONE)
    return team_id


def _assign(ticket_id: int, value: int | str, by: Any) -> None:
    """Routing gives a ticket to somebody where nobody has it; whoever has it keeps it."""
    if value == ROUTE:
        route_ticket(ticket_id=ticket_id, **by)
    else:
        tickets.assign(ticket_id=ticket_id, owner_id=int(value), **by)


def _notify(ticket_id: int, whom: str, doing: Doing) -> None:
    ticket = _with_everything(ticket_id)
    people = people_to_tell(ticket, whom)
    if not people:
        raise _Obstacle(Why.NOBODY)
    for person in people:
        queue_mail(key=f"desk:{doing.key}:{person.pk}", message=_notice(ticket, person, doing), at=doing.at)


def _notice(ticket: Ticket, person: User, doing: Doing) -> Mail:
    link = settings.OTKLIK.public_url + reverse("ticket", args=[ticket.pk])
    with translation.override(person.language):
        named = {"number": ticket.pk, "subject": ticket.subject}
        subject = _("Look at ticket #%(number)s: %(subject)s") % named
        why = _("The rule “%(name)s” asks you to look at this ticket.") % {"name": doing.name}
    return Mail(to=person.email, subject=subject, text=f"{why}\n\n#{ticket.pk} {ticket.subject}\n{link}\n")


def _send_canned(ticket_id: int, canned_id: int, doing: Doing) -> None:
    """By a person it is their answer; by a rule an automatic one, with the budget of those."""
    canned = CannedAnswer.objects.filter(pk=canned_id, is_active=True).first()
    if canned is None:
        raise _Obstacle(Why.GONE)
    ticket = _with_everything(ticket_id)
    is_person = doing.by.kind is ActorKind.PERSON
    agent = User.objects.filter(pk=doing.by.id or 0).first() if is_person else ticket.owner
    text = _rendered(canned, ticket, agent, doing.at)
    if is_person:
        reply(ticket_id=ticket_id, text=text, hold_seconds=HOLD_SECONDS, by=doing.by, at=doing.at)
    else:
        locked = locked_ticket(ticket_id)
        sent = write_automatically(locked, text=text, key=f"desk:{doing.key}", by=doing.by, at=doing.at)
        if isinstance(sent, Refused):
            raise _Obstacle(Why.NOT_ANSWERED_BY_MACHINES)
    CannedAnswer.objects.filter(pk=canned_id).update(used_count=F("used_count") + 1)


def _rendered(canned: CannedAnswer, ticket: Ticket, agent: User | None, at: datetime) -> str:
    language = ticket.language or (ticket.mailbox.language if ticket.mailbox else "") or "en"
    values = variable_values(ticket, agent, language=language, now=at)
    try:
        rendered = render_for(canned.texts, values, wanted=language, fallback="en")
    except (NoText, UnknownVariable, BrokenBraces) as broken:
        raise _Obstacle(Why.GONE) from broken
    if rendered.missing:
        raise _Obstacle(Why.MISSING)
    return rendered.text


def _with_everything(ticket_id: int) -> Ticket:
    related = ("partner__manager", "contact", "customer", "owner", "team", "topic", "program", "mailbox")
    return Ticket.objects.select_related(*related).get(pk=ticket_id)
