"""What was decided about a chunk of mails, written in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from otklik.desk.access import answerable_tickets
from otklik.desk.models import InboundMail, TicketLink
from otklik.desk.operations.attaching import store_blobs
from otklik.desk.operations.bounces import place_bounces
from otklik.desk.operations.kept_aside import KeptBecause, tell_kept
from otklik.desk.operations.messages import reply
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.placing import Action, Plan
from otklik.desk.operations.presence import sides_present
from otklik.desk.operations.receiving import receive_messages_bulk
from otklik.desk.operations.replying import NobodyToWriteTo, TicketClosed
from otklik.desk.operations.rows import update
from otklik.desk.operations.shapes import NewFile, NewMessage, NewTicket
from otklik.desk.queries.threading import Facts
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import FLAGGED, Channel, LinkKind, MessageKind, Side, Verdict
from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.identity.public import User

_State = InboundMail.State
_SETTLED = ("state", "verdict", "reason", "message", "free_at", "is_automatic", "sender_proof")


def write_plans(plans: Sequence[Plan], facts: Facts, *, by: Actor, at: datetime) -> None:
    """The number of statements does not grow with the mails, but for what colleagues and bounces write."""
    blobs = store_blobs((blob for plan in plans for blob in plan.letter.blobs), at=at)
    place_bounces(plans, by=by, at=at)
    _open([plan for plan in plans if plan.action is Action.OPEN], blobs, by=by, at=at)
    _resolve(plans)
    _receive([plan for plan in plans if plan.action is Action.RECEIVE], blobs, by=by, at=at)
    for plan in plans:
        if plan.action is Action.STAFF_ANSWER:
            _answer(plan, facts, blobs, by=by, at=at)
    _flag(plans, by=by, at=at)
    _tell_kept(plans, at=at)
    _settle(plans)


def _open(plans: Sequence[Plan], blobs: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    if not plans:
        return
    opened = create_tickets_bulk([_new_ticket(plan, blobs) for plan in plans], by=by, at=at)
    links = []
    for plan, one in zip(plans, opened, strict=True):
        plan.ticket_id, plan.message_pk = one.ticket.pk, one.message_id
        if plan.follow_up_of is not None:
            links.append(
                TicketLink(source=one.ticket, target_id=plan.follow_up_of, kind=LinkKind.FOLLOW_UP, at=at)
            )
    TicketLink.objects.bulk_create(links, ignore_conflicts=True)


def _resolve(plans: Iterable[Plan]) -> None:
    """Numbers below zero become those of the tickets just opened."""
    numbers = {plan.opens: plan.ticket_id for plan in plans if plan.opens is not None}
    for plan in plans:
        if plan.ticket_id is not None and plan.ticket_id < 0:
            plan.ticket_id = numbers[plan.ticket_id]


def _receive(plans: Sequence[Plan], blobs: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    if not plans:
        return
    received = receive_messages_bulk([_new_message(plan, blobs) for plan in plans], by=by, at=at)
    late = []
    for plan, one in zip(plans, received, strict=True):
        if one.message_id is None:
            # It ended since this was decided, or is gone: what was said is not lost.
            plan.follow_up_of = one.ticket_id if one.is_over else None
            late.append(plan)
        plan.ticket_id, plan.message_pk = one.ticket_id, one.message_id
    _open(late, blobs, by=by, at=at)


def _answer(plan: Plan, facts: Facts, blobs: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    """By a colleague from their own mail program. Where the partner was written to as well, it is only kept;
    otherwise it goes out from here. What cannot go out, or was written by somebody who may not answer any
    more, is kept as a note."""
    assert plan.ticket_id is not None
    assert plan.person.user_id is not None
    colleague = Actor.person(plan.person.user_id)
    ticket = facts.tickets.get(plan.ticket_id)
    outside = ticket.partner_addresses | ticket.customer_addresses if ticket else frozenset()
    if any(person.address.lower() in outside for person in plan.letter.copied):
        _receive([plan], blobs, by=colleague, at=at)
        return
    why = _refused(plan.person.user_id, plan.ticket_id)
    if why is not None:
        _keep(plan, why, blobs, by=by, at=at)
        return
    try:
        message = reply(
            ticket_id=plan.ticket_id,
            text=plan.letter.split.reply,
            files=_files(plan, blobs),
            anyway=True,
            channel=Channel.EMAIL,
            key=_key(plan),
            by=colleague,
            at=at,
        )
    except TicketClosed:
        _keep(plan, KeptBecause.CLOSED, blobs, by=by, at=at)
    except NobodyToWriteTo:
        _keep(plan, KeptBecause.NOBODY, blobs, by=by, at=at)
    else:
        plan.message_pk = message.pk


def _keep(plan: Plan, why: KeptBecause, blobs: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    plan.is_note, plan.kept_because = True, why
    _receive([plan], blobs, by=by, at=at)


def _refused(user_id: int, ticket_id: int) -> KeptBecause | None:
    """A token outlives the rights of whom it was given to. And where an end customer takes part by now,
    nobody said for whom the answer is."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    ticket = answerable_tickets(user).filter(pk=ticket_id).first() if user else None
    if ticket is None:
        return KeptBecause.NOT_ALLOWED
    return KeptBecause.THIRD_SIDE if len(sides_present(ticket)) == len(OUTSIDE) else None


def _tell_kept(plans: Iterable[Plan], *, at: datetime) -> None:
    for plan in plans:
        if plan.kept_because is None or plan.person.user_id is None or plan.ticket_id is None:
            continue
        tell_kept(
            user_id=plan.person.user_id,
            ticket_id=plan.ticket_id,
            mail_id=plan.letter.row.pk,
            why=plan.kept_because,
            at=at,
        )


def _new_ticket(plan: Plan, blobs: Mapping[str, int]) -> NewTicket:
    letter, mail, person = plan.letter, plan.letter.mail, plan.person
    is_customer = plan.side is Side.CUSTOMER
    return NewTicket(
        program_id=person.program_id or letter.mailbox.program_id,
        subject=mail.subject,
        channel=Channel.EMAIL,
        side=plan.side if plan.side in (Side.PARTNER, Side.CUSTOMER) else Side.PARTNER,
        text=letter.split.reply,
        html=mail.html,
        quote=letter.split.quote,
        signature=letter.split.signature,
        partner_id=person.partner_id,
        contact_id=None if is_customer else person.contact_id,
        customer_id=person.customer_id if is_customer else None,
        requester_name=letter.writer.name,
        requester_address="" if plan.by_mailbox else letter.writer.address,
        mailbox_id=letter.mailbox.pk,
        files=_files(plan, blobs),
        created_key=_key(plan),
        follow_up_of_id=plan.follow_up_of,
        message_id=mail.message_id,
        references=letter.refers_to,
        verdict=mail.verdict,
        happened_at=mail.date,
        to=mail.to,
        cc=mail.cc,
    )


def _new_message(plan: Plan, blobs: Mapping[str, int]) -> NewMessage:
    letter, mail, person = plan.letter, plan.letter.mail, plan.person
    kind = MessageKind.AUTO if plan.is_auto else MessageKind.NOTE if plan.is_note else MessageKind.INCOMING
    assert plan.ticket_id is not None
    return NewMessage(
        ticket_id=plan.ticket_id,
        side=plan.side,
        channel=Channel.EMAIL,
        kind=kind,
        text=letter.split.reply,
        html=mail.html,
        quote=letter.split.quote,
        signature=letter.split.signature,
        contact_id=person.contact_id if plan.side is Side.PARTNER else None,
        customer_id=person.customer_id if plan.side is Side.CUSTOMER else None,
        from_name=letter.writer.name,
        from_address="" if plan.by_mailbox else letter.writer.address,
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        message_id=mail.message_id,
        references=letter.refers_to,
        verdict=mail.verdict,
        files=_files(plan, blobs),
        key=_key(plan),
        happened_at=mail.date,
    )


def _files(plan: Plan, blobs: Mapping[str, int]) -> list[NewFile]:
    return [
        NewFile(file.filename, file.content_type, blobs[file.sha256], file.content_id, file.is_inline)
        for file in plan.letter.mail.attachments
    ]


def _key(plan: Plan) -> str:
    return f"mail:{plan.letter.row.pk}"


def _flag(plans: Iterable[Plan], *, by: Actor, at: datetime) -> None:
    events = []
    for plan in plans:
        if plan.ticket_id is None:
            continue
        subjects = [Subject("ticket", plan.ticket_id)]
        told: list[dict[str, object]] = [{"flag": flag} for flag in plan.flags]
        if plan.suggestion:
            told.append({"flag": "same_matter", "tickets": list(plan.suggestion)})
        events += [NewEvent(FLAGGED, at, subjects, {**data, "message": plan.message_pk}) for data in told]
    record_many(events, by=by, at=at)


def _settle(plans: Iterable[Plan]) -> None:
    rows = []
    for plan in plans:
        row, mail = plan.letter.row, plan.letter.mail
        parked = plan.action is Action.PARK
        row.settle(
            _State.PARKED if parked else _State.TAKEN,
            verdict=Verdict.OWN if plan.letter.is_own else mail.verdict,
            reason=plan.reason,
        )
        row.message_id = plan.twin_of.message_pk if plan.twin_of else plan.message_pk or plan.twin_pk
        row.is_automatic, row.free_at = plan.letter.is_automatic, None
        row.sender_proof = plan.letter.proof or ""
        rows.append(row)
    update(rows, _SETTLED)
