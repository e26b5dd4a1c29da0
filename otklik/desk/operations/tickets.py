"""One change of a ticket each: what it is about, who has it, how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction

from otklik.desk.models import AgentProfile, Participant, Tag, Ticket, TicketTag, Topic
from otklik.desk.operations.changes import changed
from otklik.desk.operations.documents import ticket_documents
from otklik.desk.operations.linking import link_follow_up
from otklik.desk.operations.locking import locked_ticket
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.rows import clean_line
from otklik.desk.operations.shapes import NewFile, NewTicket, TicketFacts
from otklik.desk.operations.sides import WrongPartner, hide_from_partner
from otklik.desk.operations.stays import note_team
from otklik.desk.queries.priority import decide_again
from otklik.desk.rules.routing import Reason
from otklik.desk.rules.statuses import may_change
from otklik.desk.rules.vocabulary import (
    LANGUAGE_CHANGED,
    OWNER_CHANGED,
    PARTNER_SET,
    PRIORITY_CHANGED,
    STATUS_CHANGED,
    SUBJECT_CHANGED,
    TAGS_CHANGED,
    TEAM_CHANGED,
    TOPIC_CHANGED,
    Outcome,
    Priority,
    Side,
    TicketStatus,
)
from otklik.events.public import Actor, Subject
from otklik.identity.public import User
from otklik.partners.public import Contact, Partner
from otklik.search.public import put

__all__ = [
    "CannotOwn",
    "NewFile",
    "NewTicket",
    "NotAllowed",
    "add_tag",
    "assign",
    "change_status",
    "change_team",
    "create_ticket",
    "create_tickets_bulk",
    "mark_spam",
    "not_spam",
    "remove_tag",
    "set_language",
    "set_partner",
    "set_priority",
    "set_subject",
    "set_topic",
]


class NotAllowed(Exception):
    """The ticket cannot go from ``before`` to ``after``, or not by this side."""

    def __init__(self, before: TicketStatus, after: TicketStatus) -> None:
        super().__init__(before.value, after.value)
        self.before, self.after = before, after


class CannotOwn(Exception):
    """Nobody active on the staff has this id."""


@transaction.atomic
def create_ticket(*, by: Actor, at: datetime, **facts: Unpack[TicketFacts]) -> Ticket:
    """A ticket with its first message; the one there is where ``created_key`` was used before."""
    ticket = create_tickets_bulk([NewTicket(**facts)], by=by, at=at)[0].ticket
    link_follow_up(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def change_status(
    *,
    ticket_id: int,
    status: TicketStatus,
    outcome: Outcome = Outcome.NONE,
    side: Side = Side.STAFF,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Ticket:
    """``side``: whose wish it is; a partner may only say "solved" and "not solved". To the status it has:
    nothing happens. Raises NotAllowed and what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id, expected_version)
    before = TicketStatus(ticket.status)
    if status is before:
        return ticket
    if not may_change(before, status, side):
        raise NotAllowed(before, status)
    ticket.change_status(status, outcome=outcome, at=at)
    if side is Side.PARTNER and ticket.is_open:
        ticket.awaiting_us_since = at
    data = {"before": before, "after": status, "outcome": ticket.outcome, "side": side}
    return changed(ticket, STATUS_CHANGED, data, by=by, at=at)


@transaction.atomic
def mark_spam(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Closed, and nothing is owed. Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    before = TicketStatus(ticket.status)
    if ticket.outcome == Outcome.SPAM:
        return ticket
    ticket.change_status(TicketStatus.CLOSED, outcome=Outcome.SPAM, at=at)
    data = {"before": before, "after": TicketStatus.CLOSED, "outcome": Outcome.SPAM}
    return changed(ticket, STATUS_CHANGED, data, by=by, at=at)


@transaction.atomic
def not_spam(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Open again, and waiting for us if the partner spoke last. Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    if ticket.outcome != Outcome.SPAM:
        return ticket
    before = TicketStatus(ticket.status)
    ticket.change_status(TicketStatus.OPEN, at=at)
    asked, answered = ticket.last_incoming_at, ticket.last_outgoing_at
    ticket.awaiting_us_since = asked if asked and (answered is None or answered < asked) else None
    data = {"before": before, "after": TicketStatus.OPEN, "outcome": Outcome.NONE}
    return changed(ticket, STATUS_CHANGED, data, by=by, at=at)


@transaction.atomic
def assign(
    *,
    ticket_id: int,
    owner_id: int | None,
    reason: str = Reason.BY_HAND,
    facts: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Ticket:
    """None: back to the queue of its team. ``facts``: why, as ``RoutingDecision.as_event_data`` gives it.
    Raises CannotOwn and what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id, expected_version)
    before = ticket.owner_id
    if before == owner_id:
        return ticket
    if owner_id is not None:
        if not User.objects.filter(pk=owner_id, is_active=True).exists():
            raise CannotOwn(owner_id)
        AgentProfile.objects.filter(user_id=owner_id).update(last_assigned_at=at)
    ticket.give_to(owner_id, at=at)
    data = {"before": before, "after": owner_id, "reason": str(reason), **(facts or {})}
    return changed(ticket, OWNER_CHANGED, data, by=by, at=at)


@transaction.atomic
def change_team(*, ticket_id: int, team_id: int | None, by: Actor, at: datetime) -> Ticket:
    """The owner stays: whoever hands over to another team says to whom, or lets routing find somebody by
    assigning nobody. Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    before = ticket.team_id
    if before == team_id:
        return ticket
    note_team(ticket, team_id, at=at)
    ticket.team_id, ticket.updated_at = team_id, at
    return changed(ticket, TEAM_CHANGED, {"before": before, "after": team_id}, by=by, at=at)


@transaction.atomic
def set_priority(*, ticket_id: int, priority: Priority | None, by: Actor, at: datetime) -> Ticket:
    """None: by the rules again. Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    before, by_hand = Priority(ticket.priority), priority is not None
    reasons: list[dict[str, object]] = []
    if priority is None:
        decision = decide_again([ticket], at=at)[ticket.pk]
        priority, reasons = decision.priority, decision.as_event_data()
    if (before, ticket.priority_by_hand) == (priority, by_hand):
        return ticket
    ticket.set_priority(priority, reasons=reasons, by_hand=by_hand, at=at)
    data = {"before": before, "after": priority, "reasons": reasons, "by_hand": by_hand}
    return changed(ticket, PRIORITY_CHANGED, data, by=by, at=at)


@transaction.atomic
def set_topic(*, ticket_id: int, topic_id: int | None, by: Actor, at: datetime) -> Ticket:
    """A ticket that nobody moved by hand goes to the topic's team with it. Raises Topic.DoesNotExist and what
    ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    before, team = ticket.topic, ticket.team_id
    if ticket.topic_id == topic_id:
        return ticket
    topic = Topic.objects.get(pk=topic_id) if topic_id is not None else None
    follows = team is None or (before is not None and before.team_id == team)
    ticket.topic, ticket.updated_at = topic, at
    if follows and topic is not None and topic.team_id is not None:
        note_team(ticket, topic.team_id, at=at)
        ticket.team_id = topic.team_id
    changed(
        ticket,
        TOPIC_CHANGED,
        {"before": before.pk if before else None, "after": topic_id},
        by=by,
        at=at,
    )
    if ticket.team_id != team:
        changed(ticket, TEAM_CHANGED, {"before": team, "after": ticket.team_id}, by=by, at=at)
    return ticket


@transaction.atomic
def set_partner(
    *, ticket_id: int, partner_id: int | None, contact_id: int | None = None, by: Actor, at: datetime
) -> Ticket:
    """Whose matter it is. From one partner to another nothing said so far goes along: it is hidden from both
    outside sides, and nobody of the first stays in the ticket. Raises WrongPartner where the contact works
    elsewhere, Partner.DoesNotExist, and what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    before = (ticket.partner_id, ticket.contact_id)
    if before == (partner_id, contact_id):
        return ticket
    contact = Contact.objects.get(pk=contact_id) if contact_id is not None else None
    if contact is not None and contact.partner_id != partner_id:
        raise WrongPartner(contact.pk)
    if ticket.partner_id not in (None, partner_id):
        hide_from_partner(ticket)
        ticket.customer = None
    ticket.partner = Partner.objects.get(pk=partner_id) if partner_id is not None else None
    ticket.contact, ticket.updated_at = contact, at
    program_before = ticket.program_id
    if ticket.partner is not None:
        ticket.program_id = ticket.partner.program_id
    if contact is not None:
        _let_in(ticket, contact, at)
    data = {"before": before[0], "after": partner_id, "contact": contact_id}
    if ticket.program_id != program_before:
        data["program_before"] = program_before
    also = () if before[0] is None else (Subject("partner", before[0]),)
    changed(ticket, PARTNER_SET, data, by=by, at=at, also=also)
    put(ticket_documents([ticket.pk]), at=at)
    return ticket


def _let_in(ticket: Ticket, contact: Contact, at: datetime) -> None:
    """The contact gets the answers; where they wrote from another address so far, at that one."""
    written_from = Participant.objects.filter(ticket=ticket, address=ticket.requester_address)
    if ticket.requester_address and written_from.update(contact=contact):
        return
    address = contact.addresses.filter(kind="email").order_by("-is_primary", "pk").first()
    if address is not None:
        Participant.objects.update_or_create(
            ticket=ticket,
            address=address.normalised,
            defaults={"contact": contact, "name": contact.name, "since": at},
        )


@transaction.atomic
def set_subject(*, ticket_id: int, subject: str, by: Actor, at: datetime) -> Ticket:
    """An empty one changes nothing. Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    text = clean_line(subject, 400)
    if not text or text == ticket.subject:
        return ticket
    ticket.subject, ticket.updated_at = text, at
    changed(ticket, SUBJECT_CHANGED, {}, by=by, at=at)
    put(ticket_documents([ticket.pk]), at=at)
    return ticket


@transaction.atomic
def set_language(*, ticket_id: int, language: str, by: Actor, at: datetime) -> Ticket:
    """Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    before = ticket.language
    if before == language:
        return ticket
    ticket.language, ticket.updated_at = language, at
    return changed(ticket, LANGUAGE_CHANGED, {"before": before, "after": language}, by=by, at=at)


@transaction.atomic
def add_tag(*, ticket_id: int, name: str, by: Actor, at: datetime) -> Ticket:
    """Made where there is none of this name; an empty name adds nothing. Raises what ``locked_ticket``
    raises."""
    ticket = locked_ticket(ticket_id)
    plain = clean_line(name, 60).lower()
    if not plain:
        return ticket
    tag, _ = Tag.objects.get_or_create(name=plain)
    _, is_new = TicketTag.objects.get_or_create(ticket=ticket, tag=tag)
    return _tagged(ticket, {"added": [tag.pk], "removed": []}, by, at) if is_new else ticket


@transaction.atomic
def remove_tag(*, ticket_id: int, name: str, by: Actor, at: datetime) -> Ticket:
    """Raises what ``locked_ticket`` raises."""
    ticket = locked_ticket(ticket_id)
    found = TicketTag.objects.filter(ticket=ticket, tag__name=clean_line(name, 60).lower()).first()
    if found is None:
        return ticket
    found.delete()
    return _tagged(ticket, {"added": [], "removed": [found.tag_id]}, by, at)


def _tagged(ticket: Ticket, data: Mapping[str, Any], by: Actor, at: datetime) -> Ticket:
    ticket.updated_at = at
    changed(ticket, TAGS_CHANGED, data, by=by, at=at)
    put(ticket_documents([ticket.pk]), at=at)
    return ticket
