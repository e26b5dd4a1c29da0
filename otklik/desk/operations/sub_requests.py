"""Questions to other departments. The ticket keeps its owner: one person answers to the partner."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.desk.models import Clock, SubRequest, Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import TicketGone, locked_ticket
from otklik.desk.operations.rows import clean_text
from otklik.desk.operations.stays import note_answered, note_asked
from otklik.desk.rules.statuses import may_change
from otklik.desk.rules.vocabulary import (
    STATUS_CHANGED,
    SUB_REQUEST_ANSWERED,
    SUB_REQUEST_ASKED,
    SUB_REQUEST_CANCELLED,
    ClockKind,
    Side,
    SubRequestState,
    TicketStatus,
)
from otklik.events.public import Actor, ActorKind


class AlreadySettled(Exception):
    """The question was answered or taken back by somebody else."""

    def __init__(self, sub_request: SubRequest) -> None:
        super().__init__(sub_request.pk)
        self.sub_request = sub_request


class SameDepartment(Exception):
    """The department has an open question in this ticket already, or the ticket is its own."""


class NothingSaid(Exception):
    """A question or an answer without words."""


@transaction.atomic
def ask_department(
    *,
    ticket_id: int,
    team_id: int,
    question: str,
    minutes: int | None = None,
    put_on_hold: bool = False,
    by: Actor,
    at: datetime,
) -> SubRequest:
    """``minutes`` of business time until the answer is due; None: what the ticket's policy promises.

    Raises TicketGone, TicketMergedAway, SameDepartment, NothingSaid.
    """
    ticket = locked_ticket(ticket_id)
    asked = SubRequest.objects.filter(ticket=ticket, team_id=team_id, state=SubRequestState.ASKED)
    if ticket.team_id == team_id or asked.exists():
        raise SameDepartment(team_id)
    sub_request = SubRequest.objects.create(
        ticket=ticket,
        team_id=team_id,
        question=_said(question),
        minutes=minutes,
        asked_by_id=_person(by),
        asked_at=at,
    )
    note_asked(sub_request, at=at)
    tell(
        SUB_REQUEST_ASKED,
        ticket,
        by=by,
        at=at,
        sub_request=sub_request.pk,
        team=team_id,
        due_minutes=minutes,
    )
    if put_on_hold:
        _change_status(ticket, TicketStatus.ON_HOLD, by=by, at=at)
    _finish(ticket, sub_request, at)
    return sub_request


@transaction.atomic
def answer_sub_request(*, sub_request_id: int, answer: str, by: Actor, at: datetime) -> SubRequest:
    """A ticket that was on hold for it is in work again once nothing else is asked.

    Raises TicketGone, AlreadySettled, NothingSaid."""
    ticket, sub_request = _locked(sub_request_id)
    sub_request.answer = _said(answer)
    _settle(ticket, sub_request, SubRequestState.ANSWERED, by=by, at=at)
    _finish(ticket, sub_request, at)
    return sub_request


@transaction.atomic
def cancel_sub_request(*, sub_request_id: int, by: Actor, at: datetime) -> SubRequest:
    """Nobody needs the answer any more. Raises TicketGone, AlreadySettled."""
    ticket, sub_request = _locked(sub_request_id)
    _settle(ticket, sub_request, SubRequestState.CANCELLED, by=by, at=at)
    _finish(ticket, sub_request, at)
    return sub_request


@transaction.atomic
def hand_on_sub_request(
    *, sub_request_id: int, team_id: int, remark: str, by: Actor, at: datetime
) -> SubRequest:
    """The asked department says who knows better: its part ends with the remark, the question goes on there.

    Raises as ``answer_sub_request`` and ``ask_department``."""
    ticket, sub_request = _locked(sub_request_id)
    sub_request.answer = _said(remark)
    was_on_hold = ticket.status == TicketStatus.ON_HOLD
    _settle(ticket, sub_request, SubRequestState.ANSWERED, by=by, at=at)
    return ask_department(
        ticket_id=ticket.pk,
        team_id=team_id,
        question=sub_request.question,
        minutes=sub_request.minutes,
        put_on_hold=was_on_hold,
        by=by,
        at=at,
    )


def _locked(sub_request_id: int) -> tuple[Ticket, SubRequest]:
    """The ticket first, as everybody locks it; a merge may have moved the question meanwhile."""
    ticket_id = SubRequest.objects.values_list("ticket_id", flat=True).filter(pk=sub_request_id).first()
    if ticket_id is None:
        raise TicketGone(sub_request_id)
    ticket = locked_ticket(ticket_id)
    sub_request = SubRequest.objects.select_for_update(of=("self",)).get(pk=sub_request_id)
    if sub_request.state != SubRequestState.ASKED:
        raise AlreadySettled(sub_request)
    return ticket, sub_request


def _settle(
    ticket: Ticket, sub_request: SubRequest, state: SubRequestState, *, by: Actor, at: datetime
) -> None:
    sub_request.state = state
    sub_request.answered_by_id, sub_request.answered_at = _person(by), at
    sub_request.save()
    note_answered(sub_request, at=at)
    kind = SUB_REQUEST_ANSWERED if state is SubRequestState.ANSWERED else SUB_REQUEST_CANCELLED
    tell(kind, ticket, by=by, at=at, sub_request=sub_request.pk, team=sub_request.team_id)
    still_asked = SubRequest.objects.filter(ticket=ticket, state=SubRequestState.ASKED).exists()
    if ticket.status == TicketStatus.ON_HOLD and not still_asked:
        _change_status(ticket, TicketStatus.OPEN, by=by, at=at)


def _change_status(ticket: Ticket, status: TicketStatus, *, by: Actor, at: datetime) -> None:
    before = TicketStatus(ticket.status)
    if before is status or not may_change(before, status, Side.STAFF):
        return
    ticket.change_status(status, at=at)
    tell(STATUS_CHANGED, ticket, by=by, at=at, before=before, after=status, outcome=ticket.outcome)


def _finish(ticket: Ticket, sub_request: SubRequest, at: datetime) -> None:
    ticket.updated_at = at
    ticket.version += 1
    ticket.save()
    refresh_clocks([ticket.pk], at=at)
    clock = Clock.objects.filter(ticket=ticket, kind=ClockKind.SUB_REQUEST, key=str(sub_request.pk)).first()
    if clock is not None and clock.due_at != sub_request.due_at:
        sub_request.due_at = clock.due_at
        sub_request.save(update_fields=["due_at"])


def _said(text: str) -> str:
    if not text.strip():
        raise NothingSaid
    return clean_text(text.strip())


def _person(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None
