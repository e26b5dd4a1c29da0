"""One ticket that turns out to be two matters."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.desk.models import MailCopy, MailReference, Message, Participant, Ticket
from otklik.desk.operations.clocks import choose_policies, refresh_clocks
from otklik.desk.operations.documents import message_documents, ticket_documents
from otklik.desk.operations.events import event_about
from otklik.desk.operations.linking import add_link
from otklik.desk.operations.locking import locked_ticket
from otklik.desk.queries.sides import family_ids
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import (
    TICKET_CREATED,
    TICKET_SPLIT,
    LinkKind,
    MessageKind,
    Side,
    TicketStatus,
    Verdict,
)
from otklik.events.public import Actor, record_many
from otklik.search.public import put


class NotInTicket(Exception):
    """Messages that are not of this ticket. ``args``: their ids."""


class NothingChosen(Exception):
    """No message was named."""


class NothingLeft(Exception):
    """All messages were chosen: that would be the same ticket under another number."""


@transaction.atomic
def split_ticket(
    *, ticket_id: int, message_ids: Sequence[int], subject: str, by: Actor, at: datetime
) -> Ticket:
    """A new ticket with these messages, their files and whoever outside could read them; nobody else comes
    in. Its promises count from when the oldest of them that still waits for an answer came.

    Answers to the mails that moved lead to the new ticket by their headers. Raises TicketGone,
    TicketMergedAway, NothingChosen, NotInTicket, NothingLeft.
    """
    ticket = locked_ticket(ticket_id)
    family = family_ids(ticket.pk)
    chosen = _chosen(family, message_ids)
    new = _opened(ticket, chosen, subject, at)
    Message.objects.filter(pk__in=[message.pk for message in chosen]).update(ticket=new)
    _move_references(family, chosen, new)
    _let_in(ticket, chosen, new, at)
    ticket.message_count = max(0, ticket.message_count - len(chosen))
    ticket.updated_at = at
    ticket.version += 1
    ticket.save(update_fields=["message_count", "updated_at", "version"])
    add_link(new.pk, ticket.pk, LinkKind.SPLIT, by=by, at=at)
    ids = [message.pk for message in chosen]
    record_many(
        [
            event_about(TICKET_CREATED, new, at=new.created_at, data=_creation(new, chosen)),
            event_about(TICKET_SPLIT, ticket, at=at, data={"into": new.pk, "messages": ids}),
        ],
        by=by,
        at=at,
    )
    put([*ticket_documents([new.pk]), *message_documents(ids)], at=at)
    refresh_clocks([ticket.pk, new.pk], at=at)
    return new


def _chosen(family: Sequence[int], message_ids: Sequence[int]) -> list[Message]:
    wanted = set(message_ids)
    if not wanted:
        raise NothingChosen
    rows = Message.objects.filter(ticket_id__in=family)
    found = list(rows.filter(pk__in=wanted).order_by("pk"))
    if missing := wanted - {message.pk for message in found}:
        raise NotInTicket(*sorted(missing))
    if not rows.exclude(pk__in=wanted).exists():
        raise NothingLeft(family[0])
    return found


def _opened(ticket: Ticket, chosen: Sequence[Message], subject: str, at: datetime) -> Ticket:
    asked = [m for m in chosen if m.kind == MessageKind.INCOMING and m.verdict == Verdict.PERSON]
    first = next((m for m in asked if m.side == Side.PARTNER), None)
    waiting = [
        m for m in asked if ticket.awaiting_us_since is not None and m.created_at >= ticket.awaiting_us_since
    ]
    new = Ticket(
        program_id=ticket.program_id,
        partner_id=ticket.partner_id,
        contact_id=first.contact_id if first is not None else ticket.contact_id,
        requester_name=first.from_name if first is not None else ticket.requester_name,
        requester_address=first.from_address.lower() if first is not None else ticket.requester_address,
        customer_id=ticket.customer_id if any(m.visible_to_customer for m in chosen) else None,
        is_private=ticket.is_private,
        subject=" ".join(subject.split())[:400] or ticket.subject,
        status=TicketStatus.OPEN,
        topic_id=ticket.topic_id,
        team_id=ticket.team_id,
        channel=chosen[0].channel,
        mailbox_id=ticket.mailbox_id,
        language=ticket.language,
        created_at=waiting[0].created_at if waiting else at,
        updated_at=at,
        awaiting_us_since=waiting[0].created_at if waiting else None,
        last_incoming_at=max((m.created_at for m in asked), default=None),
        message_count=len(chosen),
        public_key=secrets.token_urlsafe(24),
    )
    new.priority, new.priority_rank = ticket.priority, ticket.priority_rank
    new.priority_by_hand, new.priority_reasons = ticket.priority_by_hand, ticket.priority_reasons
    new.give_to(ticket.owner_id, at=at)
    new.policy = choose_policies([new])[0]
    new.save(force_insert=True)
    return new


def _move_references(family: Sequence[int], chosen: Sequence[Message], new: Ticket) -> None:
    ids = {message.message_id for message in chosen if message.message_id}
    copies = MailCopy.objects.filter(message__in=chosen).values_list("sent_id", "provider_id")
    ids |= {message_id for pair in copies for message_id in pair if message_id}
    digests = [digest_of(message_id) for message_id in ids]
    known = MailReference.objects.filter(ticket_id__in=family, digest__in=digests)
    moved = {bytes(digest) for digest in known.values_list("digest", flat=True)}
    known.delete()
    MailReference.objects.bulk_create(
        MailReference(ticket=new, digest=digest, is_own=True) for digest in sorted(moved)
    )


def _let_in(ticket: Ticket, chosen: Sequence[Message], new: Ticket, at: datetime) -> None:
    """Whoever could read what moved. A side that could not is not in the new ticket at all."""
    seen = {Side.PARTNER: False, Side.CUSTOMER: False}
    for message in chosen:
        seen[Side.PARTNER] |= message.visible_to_partner
        seen[Side.CUSTOMER] |= message.visible_to_customer
    people = Participant.objects.filter(
        ticket=ticket, side__in=[side for side in OUTSIDE if seen[side]]
    ).order_by("pk")
    Participant.objects.bulk_create(
        Participant(
            ticket=new,
            side=p.side,
            contact_id=p.contact_id,
            customer_id=p.customer_id,
            name=p.name,
            address=p.address,
            is_copied=p.is_copied,
            since=at,
        )
        for p in people
    )


def _creation(new: Ticket, chosen: Sequence[Message]) -> dict[str, object]:
    return {
        "channel": new.channel,
        "status": new.status,
        "priority": new.priority,
        "topic": new.topic_id,
        "team": new.team_id,
        "owner": new.owner_id,
        "sla_policy": new.policy_id,
        "follow_up_of": None,
        "message": chosen[0].pk,
        "side": chosen[0].side if new.awaiting_us_since is not None else Side.STAFF,
        "verdict": chosen[0].verdict,
    }
