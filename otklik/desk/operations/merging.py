"""Two tickets that turn out to be one matter.

The source keeps its messages and the ids its mails are found by (``queries.sides.family_ids`` says why):
staff read both as one conversation, a reply to either lands in the survivor, and no message becomes visible
to anybody who could not read it before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.desk.models import (
    Attachment,
    Callback,
    Clock,
    DepartmentStay,
    Draft,
    Follower,
    Mention,
    Message,
    Participant,
    SubRequest,
    Ticket,
    TicketTag,
)
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.documents import ticket_documents
from otklik.desk.operations.events import event_about, tell
from otklik.desk.operations.linking import add_link
from otklik.desk.operations.locking import locked_ticket, locked_tickets
from otklik.desk.operations.stays import note_answered, note_asked
from otklik.desk.queries.sides import family_ids, people_of
from otklik.desk.rules.vocabulary import (
    STATUS_CHANGED,
    TICKET_MERGED,
    ClockState,
    LinkKind,
    Outcome,
    Side,
    SubRequestState,
    TicketStatus,
)
from otklik.events.public import Actor, record_many
from otklik.search.public import put

_OWED = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)


class MergeWithItself(Exception):
    """A ticket into itself."""


class DifferentPrograms(Exception):
    """Tickets of two programs are answered by different people under different promises."""


class DifferentPartners(Exception):
    """One partner would read what another wrote."""


class PrivateMatter(Exception):
    """One of them is between who asked and us: the mails of the survivor go to everybody of both."""


class CustomersWouldRead(Exception):
    """End customers of one of the tickets would read messages of the other. Link the two instead."""


@transaction.atomic
def merge_tickets(*, source_id: int, target_id: int, by: Actor, at: datetime) -> Ticket:
    """The source ends, the target goes on for both; returns the survivor. Where only the source has a partner
    it is the source that goes on: the unknown writer of the other one holds a link to it, and would read by
    that link what the partner wrote.

    Raises MergeWithItself, TicketGone, TicketMergedAway, DifferentPrograms, DifferentPartners,
    PrivateMatter, CustomersWouldRead.
    """
    if source_id == target_id:
        raise MergeWithItself(source_id)
    # Both at once and in one order, so that two merges the other way round do not wait for each other.
    locked_tickets([source_id, target_id])
    source, target = locked_ticket(source_id), locked_ticket(target_id)
    _refuse_mixing(source, target)
    if target.partner_id is None and source.partner_id is not None:
        source, target = target, source
    owed = _owed_clocks(source)
    _invite_people(source, target, at)
    _let_colleagues_follow(source, target, at)
    _move_work(source, target, at)
    _take_over(source, target, by=by, at=at)
    _end(source, target, at)
    add_link(source.pk, target.pk, LinkKind.MERGED, by=by, at=at)
    data = {"into": target.pk}
    record_many(
        [
            event_about(TICKET_MERGED, source, at=at, data={**data, "role": "source", "other": target.pk}),
            event_about(
                TICKET_MERGED,
                target,
                at=at,
                data={**data, "role": "survivor", "other": source.pk, "clocks": owed},
            ),
        ],
        by=by,
        at=at,
    )
    put(ticket_documents([source.pk, target.pk]), at=at)
    refresh_clocks([source.pk, target.pk], at=at)
    return target


def may_merge(source: Ticket, target: Ticket) -> bool:
    """For a list of suggestions; the operation asks again."""
    try:
        _refuse_mixing(source, target)
    except (DifferentPrograms, DifferentPartners, PrivateMatter, CustomersWouldRead):
        return False
    return source.pk != target.pk and source.merged_into_id is None and target.merged_into_id is None


def _refuse_mixing(source: Ticket, target: Ticket) -> None:
    if source.program_id != target.program_id:
        raise DifferentPrograms(source.pk, target.pk)
    if None not in (source.partner_id, target.partner_id) and source.partner_id != target.partner_id:
        raise DifferentPartners(source.pk, target.pk)
    if source.is_private or target.is_private:
        is_of_one = source.is_private and target.is_private and source.contact_id == target.contact_id
        if not is_of_one or source.contact_id is None:
            raise PrivateMatter(source.pk, target.pk)
    if None not in (source.customer_id, target.customer_id) and source.customer_id != target.customer_id:
        raise CustomersWouldRead(source.pk, target.pk)
    theirs, ours = people_of(Side.CUSTOMER, source), people_of(Side.CUSTOMER, target)
    if (ours - theirs and _customers_read(source)) or (theirs - ours and _customers_read(target)):
        raise CustomersWouldRead(source.pk, target.pk)


def _customers_read(ticket: Ticket) -> bool:
    rows = Message.objects.filter(ticket_id__in=family_ids(ticket.pk), visible_to_customer=True)
    return rows.exists()


def _owed_clocks(source: Ticket) -> list[dict[str, Any]]:
    """What the source's partner was promised: of two promises of a kind the survivor keeps the earlier."""
    # One that was late when the source was solved has ended, and is owed no more.
    rows = Clock.objects.filter(ticket=source, state__in=_OWED, due_at__isnull=False, ended_at=None)
    return [
        {
            "kind": clock.kind,
            "key": clock.key,
            "started_at": clock.started_at.isoformat(),
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
        }
        for clock in rows.order_by("pk")
    ]


def _invite_people(source: Ticket, target: Ticket, at: datetime) -> None:
    """Everybody outside goes on in the survivor. Somebody of whom no partner is known is there, but is sent
    nothing until a colleague says so: they would read the partner's answers."""
    known = source.partner_id is not None and source.partner_id == target.partner_id
    there = people_of(Side.PARTNER, target) | people_of(Side.CUSTOMER, target)
    rows = {
        p.address: Participant(
            ticket=target,
            side=p.side,
            contact_id=p.contact_id,
            customer_id=p.customer_id,
            name=p.name,
            address=p.address,
            is_copied=p.is_copied and (known or p.side == Side.CUSTOMER),
            since=at,
        )
        for p in Participant.objects.filter(ticket=source)
    }
    for address in people_of(Side.PARTNER, source) - set(rows):
        rows[address] = Participant(
            ticket=target,
            side=Side.PARTNER,
            contact_id=source.contact_id,
            name=source.requester_name,
            address=address,
            is_copied=known,
            since=at,
        )
    Participant.objects.bulk_create(
        [row for address, row in rows.items() if address not in there], ignore_conflicts=True
    )


def _let_colleagues_follow(source: Ticket, target: Ticket, at: datetime) -> None:
    """Who saw the source because they followed it, were mentioned in it or had it, sees the survivor."""
    users = {
        *Follower.objects.filter(ticket=source).values_list("user_id", flat=True),
        *Mention.objects.filter(message__ticket=source).values_list("user_id", flat=True),
    }
    if source.owner_id is not None and source.owner_id != target.owner_id:
        users.add(source.owner_id)
    Follower.objects.bulk_create(
        [Follower(ticket=target, user_id=user_id, since=at) for user_id in sorted(users)],
        ignore_conflicts=True,
    )


def _move_work(source: Ticket, target: Ticket, at: datetime) -> None:
    """What is still to be done, and what somebody is writing at this moment."""
    for sub_request in SubRequest.objects.filter(ticket=source, state=SubRequestState.ASKED).order_by("pk"):
        note_answered(sub_request, at=at)
        sub_request.ticket = target
        sub_request.save(update_fields=["ticket"])
        note_asked(sub_request, at=at)
    DepartmentStay.objects.filter(ticket=source, left_at=None).update(left_at=at)
    Callback.objects.filter(ticket=source, done_at=None).update(ticket=target)
    tags = TicketTag.objects.filter(ticket=source).values_list("tag_id", flat=True)
    TicketTag.objects.bulk_create([TicketTag(ticket=target, tag_id=pk) for pk in tags], ignore_conflicts=True)
    _move_drafts(Draft.objects.filter(ticket=source), target)


def _move_drafts(drafts: Iterable[Draft], target: Ticket) -> None:
    there = {draft.user_id: draft for draft in Draft.objects.filter(ticket=target)}
    for draft in drafts:
        kept = there.get(draft.user_id)
        if kept is None:
            draft.ticket = target
            draft.save(update_fields=["ticket"])
            continue
        kept.text = "\n\n".join(text for text in (kept.text, draft.text) if text)
        # A note must not become a letter because it was put below one.
        kept.is_note = kept.is_note or draft.is_note
        kept.save(update_fields=["text", "is_note"])
        Attachment.objects.filter(draft=draft).update(draft=kept)
        draft.delete()


def _take_over(source: Ticket, target: Ticket, *, by: Actor, at: datetime) -> None:
    target.customer_id = target.customer_id or source.customer_id
    target.awaiting_us_since = _earliest(source.awaiting_us_since, target.awaiting_us_since)
    target.first_replied_at = target.first_replied_at or source.first_replied_at
    target.last_incoming_at = _latest(source.last_incoming_at, target.last_incoming_at)
    target.last_outgoing_at = _latest(source.last_outgoing_at, target.last_outgoing_at)
    target.message_count += source.message_count
    target.updated_at = at
    status = TicketStatus(target.status)
    if _has_to_go_on(source, target):
        target.change_status(TicketStatus.OPEN, at=at)
        data = {"before": status, "after": target.status, "outcome": target.outcome}
        tell(STATUS_CHANGED, target, by=by, at=at, **data)
    target.version += 1
    target.save()


def _has_to_go_on(source: Ticket, target: Ticket) -> bool:
    """An unanswered source wakes a survivor that has ended or waits for the partner."""
    if not source.is_open:
        return False
    waits = target.status == TicketStatus.WAITING and source.awaiting_us_since is not None
    return waits or not target.is_open


def _end(source: Ticket, target: Ticket, at: datetime) -> None:
    source.change_status(TicketStatus.CLOSED, outcome=Outcome.MERGED, at=at)
    source.merged_into = target
    source.version += 1
    source.save()
    # Chains stay one step long, whatever was merged before.
    Ticket.objects.filter(merged_into=source).update(merged_into=target)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
