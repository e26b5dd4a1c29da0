"""What became of the answers that were told: looked at every hour until 72 are over."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.answering import subjects_of
from otklik.assist.queries.understanding import learnt
from otklik.assist.rules.outcomes import QUIET, Since, outcome_of
from otklik.assist.rules.thresholds import best_guess
from otklik.assist.rules.vocabulary import ABOUT_MONEY, AnswerChannel, AnswerOutcome, Intent
from otklik.desk.public import (
    ChangedMeanwhile,
    Message,
    MessageKind,
    NotAllowed,
    Outcome,
    Side,
    Ticket,
    TicketGone,
    TicketMergedAway,
    TicketStatus,
    Verdict,
    change_status,
)
from otklik.events.public import Actor, record, timeline

log = logging.getLogger(__name__)
CHUNK = 500
_OPEN = (AnswerOutcome.TOLD, AnswerOutcome.HELPED)
_MOST_TICKETS = _MOST_CHANGES = 20


def settle_answers(*, at: datetime) -> int:
    """How many were settled. May run twice, or beside itself."""
    pending = AutomaticAnswer.objects.filter(outcome__in=_OPEN, settled_at=None).order_by("told_at")
    settled = 0
    for answer_id in list(pending.values_list("pk", flat=True)[:CHUNK]):
        try:
            settled += _settle(answer_id, at)
        except Exception:
            log.exception("what became of answer %s could not be told", answer_id)
    return settled


@transaction.atomic
def _settle(answer_id: int, at: datetime) -> bool:
    answer = AutomaticAnswer.objects.select_for_update(of=("self",)).get(pk=answer_id)
    if answer.outcome not in _OPEN or answer.settled_at is not None:
        return False
    before = answer.outcome
    found = outcome_of(_since(answer), at=at)
    if found is None:
        return False
    answer.settle(*found, at=at)
    answer.save(update_fields=["outcome", "outcome_reason", "settled_at"])
    if answer.outcome == before:
        return answer.settled_at is not None
    data = {"outcome": answer.outcome}
    record("answer.settled", by=Actor.system(), at=at, subjects=subjects_of(answer), data=data)
    if found[0] is AnswerOutcome.QUIET and answer.channel == AnswerChannel.MAIL and answer.ticket_id:
        _resolve(answer.ticket_id, answer.told_at, at)
    return True


def _resolve(ticket_id: int, told_at: datetime, at: datetime) -> None:
    """Solved by the answer, as the partner was told. One that somebody works on is theirs, and one where a
    word was said after the 72 hours, before this was looked at, is not solved."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None or ticket.status not in (TicketStatus.NEW, TicketStatus.OPEN):
        return
    heard = Q(kind=MessageKind.INCOMING, verdict=Verdict.PERSON)
    spoke = Q(kind__in=(MessageKind.REPLY, MessageKind.CALL))
    if Message.objects.filter(heard | spoke, ticket_id=ticket_id, created_at__gt=told_at).exists():
        return
    try:
        change_status(
            ticket_id=ticket_id,
            status=TicketStatus.SOLVED,
            outcome=Outcome.AUTO_RESOLVED,
            side=Side.SYSTEM,
            expected_version=ticket.version,
            by=Actor.system(),
            at=at,
        )
    except (NotAllowed, ChangedMeanwhile, TicketGone, TicketMergedAway):
        log.info("ticket %s changed while it was about to be resolved", ticket_id)


def _since(answer: AutomaticAnswer) -> Since:
    told_at, ticket = answer.told_at, answer.ticket
    said_at = told_at if answer.outcome == AnswerOutcome.HELPED else None
    if ticket is None:
        return Since(told_at, solved_at=said_at, new_ticket_at=_asked_again(answer))
    later = Message.objects.filter(ticket_id=ticket.pk, created_at__gt=told_at).order_by("pk")
    wrote = later.filter(kind=MessageKind.INCOMING, verdict=Verdict.PERSON).exclude(side=Side.STAFF)
    spoke = later.filter(kind__in=(MessageKind.REPLY, MessageKind.CALL))
    solved_at, ended_at = _ends(ticket.pk, told_at)
    answered_at = spoke.values_list("created_at", flat=True).first()
    return Since(
        told_at,
        solved_at=solved_at or said_at,
        wrote_at=wrote.values_list("created_at", flat=True).first(),
        agent_at=min(filter(None, (ended_at, answered_at)), default=None),
        new_ticket_at=_asked_again(answer),
    )


def _ends(ticket_id: int, told_at: datetime) -> tuple[datetime | None, datetime | None]:
    """When the partner said "solved", and when somebody of ours ended it."""
    lines = timeline("ticket", ticket_id, kinds=["ticket.status_changed"], limit=_MOST_CHANGES)
    ends = [
        line
        for line in reversed(lines)
        if line.happened_at > told_at and line.data.get("after") in (TicketStatus.SOLVED, TicketStatus.CLOSED)
    ]
    by_partner = [line.happened_at for line in ends if line.data.get("side") == Side.PARTNER]
    by_us = [line.happened_at for line in ends if line.data.get("side") != Side.PARTNER]
    return next(iter(by_partner), None), next(iter(by_us), None)


def _asked_again(answer: AutomaticAnswer) -> datetime | None:
    """When the same person began another ticket about the same: one whose likeliest intent it is, however
    unsure, or that is about money as well."""
    rows = Ticket.objects.filter(
        contact_id=answer.contact_id,
        created_at__gt=answer.told_at,
        created_at__lte=answer.told_at + QUIET,
    )
    if answer.ticket_id:
        rows = rows.exclude(pk=answer.ticket_id)
    model = learnt()
    for ticket in rows.order_by("pk")[:_MOST_TICKETS]:
        said = Message.objects.filter(ticket=ticket, side=Side.PARTNER).order_by("pk")
        text = said.values_list("text", flat=True).first() or ticket.subject
        if model is None or _is_about(Intent(answer.intent), best_guess(model.classifier, text)[0]):
            return ticket.created_at
    return None


def _is_about(intent: Intent, other: Intent) -> bool:
    return other is intent or (intent in ABOUT_MONEY and other in ABOUT_MONEY)
