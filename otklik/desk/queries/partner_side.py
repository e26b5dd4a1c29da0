"""The matters of a partner as its own people see them: lists, search and what was promised.

Colleagues at one partner are one side, so that each of them sees all of the company's matters, and none in
which their side may read nothing: what an end customer wrote to us alone, what we noted among ourselves.
A private matter is seen by who asked and by none of their colleagues: ``reader`` is the contact who looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from otklik.desk.models import Clock, Message, Participant, Ticket
from otklik.desk.queries.inbox import Cursor
from otklik.desk.queries.sides import people_of, readable
from otklik.desk.rules.statuses import PartnerWord, partner_word
from otklik.desk.rules.subjects import plain_subject
from otklik.desk.rules.vocabulary import ClockKind, ClockState, Side, TicketStatus
from otklik.kit.among import Among
from otklik.partners.public import AddressKind, Contact
from otklik.search.public import ids_among, newest_ids

PAGE_SIZE = 25
COUNT_CAP = 100
# Messages of the partner that a search looks at one by one; with hits of the whole index beside them a rare
# word is found however old it is.
_LOOKED_AT = 600
_MOST_HITS = 2_000
_MOST_COLLEAGUES = 200
_DUE = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
_OWED = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED)


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """``mine``: the contact whose own matters are wanted, those they asked in or read along in. ``is_open``
    None: both."""

    is_open: bool | None = None
    mine: int | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """What we owe in a matter. ``due_at`` None: nobody's time runs, because we wait for the partner."""

    kind: ClockKind
    due_at: datetime | None

    def is_late(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at < at


@dataclass(frozen=True, slots=True)
class Matter:
    """A row of a list. ``owner`` is "" while nobody has taken it."""

    id: int
    subject: str
    word: PartnerWord
    is_open: bool
    owner: str
    asked_by: str
    updated_at: datetime
    promised: Promised | None


@dataclass(frozen=True, slots=True)
class MatterPage:
    matters: list[Matter]
    next: Cursor | None


def matters_of(partner_id: int, *, reader: int | None = None) -> QuerySet[Ticket]:
    """Without those that were merged into another one of the same partner, where they are read on."""
    told = Exists(readable(Side.PARTNER).filter(ticket=OuterRef("pk")))
    rows = Ticket.objects.filter(Q(merged_into=None) | ~Q(merged_into__partner_id=partner_id))
    return rows.filter(_seen_by(reader), told, partner_id=partner_id)


def _seen_by(reader: int | None, prefix: str = "") -> Q:
    anybodys = Q(**{f"{prefix}is_private": False})
    return anybodys if reader is None else anybodys | Q(**{f"{prefix}contact_id": reader})


def matter_of(partner_id: int, ticket_id: int, *, reader: int | None = None) -> Ticket | None:
    """None for a ticket of anybody else, as for none at all. One that was merged is its survivor."""
    rows = Ticket.objects.select_related("owner", "contact", "partner", "topic")
    rows = rows.filter(_seen_by(reader), partner_id=partner_id)
    found = rows.filter(pk=ticket_id).first()
    seen: set[int] = set()
    while found is not None and found.merged_into_id is not None and found.pk not in seen:
        seen.add(found.pk)
        further = rows.filter(pk=found.merged_into_id).first()
        if further is None:
            break
        found = further
    if found is None:
        return None
    family = [found.pk, *_merged_into([found.pk], partner_id)]
    return found if readable(Side.PARTNER).filter(ticket_id__in=family).exists() else None


def matter_page(
    partner_id: int,
    chosen: MatterFilter,
    *,
    reader: int | None = None,
    after: Cursor | None = None,
    limit: int = PAGE_SIZE,
) -> MatterPage:
    """Newest activity first. The same number of queries whatever stands on it."""
    rows = _filtered(partner_id, chosen, reader)
    if after is not None:
        behind = Q(updated_at=after.moment, pk__lt=after.id)
        rows = rows.filter(Q(updated_at__lt=after.moment) | behind)
    columns = ("subject", "status", "is_open", "updated_at", "requester_name", "owner__name", "contact__name")
    rows = rows.select_related("owner", "contact").only(*columns, "partner_id", "customer_id")
    found = list(rows.order_by("-updated_at", "-pk")[: limit + 1])
    shown = found[:limit]
    more = Cursor(shown[-1].updated_at, shown[-1].pk) if len(found) > limit else None
    return MatterPage(_matters(shown), more)


def open_count(partner_id: int, *, reader: int | None = None) -> int:
    """At most COUNT_CAP."""
    return matters_of(partner_id, reader=reader).filter(is_open=True).values("pk")[:COUNT_CAP].count()


def promised_matters(partner_id: int, *, limit: int, reader: int | None = None) -> list[Matter]:
    """Where an answer or a solution is owed with a date, the nearest first: what is late leads."""
    rows = matters_of(partner_id, reader=reader)
    rows = rows.filter(is_open=True, clocks__kind__in=_DUE, clocks__state__in=_OWED)
    rows = rows.filter(clocks__due_at__isnull=False, clocks__ended_at=None)
    nearest = rows.annotate(owed=Min("clocks__due_at")).order_by("owed", "pk")
    return _matters(list(nearest.select_related("owner", "contact")[:limit]))


def waiting_matters(partner_id: int, *, limit: int, reader: int | None = None) -> list[Matter]:
    """We asked something and wait for their answer, the longest wait first."""
    rows = matters_of(partner_id, reader=reader).filter(is_open=True, status=TicketStatus.WAITING)
    return _matters(list(rows.select_related("owner", "contact").order_by("updated_at", "pk")[:limit]))


def promises_of(tickets: Iterable[int]) -> dict[int, list[Promised]]:
    """By ticket, the nearest first, what stands still last. One query. What another department owes us is our
    own business."""
    rows = Clock.objects.filter(ticket_id__in=list(tickets), kind__in=_DUE, state__in=_OWED, ended_at=None)
    found: dict[int, list[Promised]] = {}
    for ticket_id, kind, state, due in rows.order_by("due_at", "pk").values_list(
        "ticket_id", "kind", "state", "due_at"
    ):
        stands = state == ClockState.PAUSED
        found.setdefault(ticket_id, []).append(Promised(ClockKind(kind), None if stands else due))
    for owed in found.values():
        owed.sort(key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0.0))
    return found


def partner_subjects(tickets: Sequence[Ticket]) -> dict[int, str]:
    """``subject_for`` the partner's side of many, by ticket. Four queries."""
    ids = [ticket.pk for ticket in tickets]
    if not ids:
        return {}
    merged = _merged_of(tickets)
    begun = Message.objects.filter(ticket=OuterRef("pk")).order_by("pk").values("pk")[:1]
    firsts = Message.objects.filter(
        pk__in=list(
            Ticket.objects.filter(pk__in=ids).annotate(begun=Subquery(begun)).values_list("begun", flat=True)
        )
    ).values_list("ticket_id", "pk", "side")
    first = {ticket_id: (pk, side) for ticket_id, pk, side in firsts}
    own = Q(side=Side.PARTNER) | Q(pk__in=[pk for pk, _ in first.values()])
    told = readable(Side.PARTNER).filter(own, ticket_id__in=[*ids, *merged]).exclude(subject="")
    earliest = told.order_by().values("ticket_id").annotate(first=Min("pk")).values("first")
    known: dict[int, tuple[int, str]] = {}
    for pk, ticket_id, subject in Message.objects.filter(pk__in=earliest).values_list(
        "pk", "ticket_id", "subject"
    ):
        root = merged.get(ticket_id, ticket_id)
        if root not in known or pk < known[root][0]:
            known[root] = (pk, subject)
    return {ticket.pk: _subject(ticket, known, first) for ticket in tickets}


def colleagues_beside(ticket: Ticket) -> list[Contact]:
    """People of the partner with an address who do not read along yet, by name. Two or three queries."""
    if ticket.partner_id is None:
        return []
    there = people_of(Side.PARTNER, ticket)
    rows = Contact.objects.filter(partner_id=ticket.partner_id, addresses__kind=AddressKind.EMAIL)
    present = rows.filter(addresses__normalised__in=there)
    found = rows.filter(erased_at=None, is_active=True).exclude(pk__in=present.values("pk"))
    return list(found.distinct().order_by("name", "pk")[:_MOST_COLLEAGUES])


def _filtered(partner_id: int, chosen: MatterFilter, reader: int | None) -> QuerySet[Ticket]:
    rows = matters_of(partner_id, reader=reader)
    if chosen.is_open is not None:
        rows = rows.filter(is_open=chosen.is_open)
    if chosen.mine is not None:
        reads = Participant.objects.filter(ticket=OuterRef("pk"), contact_id=chosen.mine, is_copied=True)
        rows = rows.filter(Q(contact_id=chosen.mine) | Exists(reads))
    return rows.filter(_hit(partner_id, chosen.q, reader)) if chosen.q else rows


def _hit(partner_id: int, q: str, reader: int | None) -> Q:
    """By what the partner's side may read and nothing else: that a note holds a word must not be found out by
    searching for it."""
    number = q.lstrip("#№")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return Q(pk=int(number))
    own = readable(Side.PARTNER).filter(_seen_by(reader, "ticket__"), ticket__partner_id=partner_id)
    wide = own.filter(pk__in=Among(newest_ids(q, ("message",), limit=_MOST_HITS)["message"]))
    # The latest of this partner, whose hits may lie behind those of the whole desk.
    tickets = Ticket.objects.filter(_seen_by(reader), partner_id=partner_id).order_by("-updated_at", "-pk")
    lately = Among(tickets.values_list("pk", flat=True)[: _LOOKED_AT // 2])
    near = readable(Side.PARTNER).filter(ticket_id__in=lately).order_by("-pk")
    near_ids = list(near.values_list("pk", flat=True)[:_LOOKED_AT])
    hits = {*wide.values_list("pk", flat=True), *ids_among(q, "message", near_ids), *_by_subject(near, q)}
    said = Message.objects.filter(pk__in=Among(hits)).values_list("ticket_id", "ticket__merged_into_id")
    return Q(pk__in=Among({pk for row in said for pk in row if pk is not None}))


def _by_subject(near: QuerySet[Message], q: str) -> list[int]:
    """The index has no subjects of messages, and its subjects of tickets are in the words of staff."""
    words = q.casefold().split()
    told = near.filter(side=Side.PARTNER).exclude(subject="").values_list("pk", "subject")
    return [pk for pk, subject in told[:_LOOKED_AT] if all(word in subject.casefold() for word in words)]


def _matters(tickets: Sequence[Ticket]) -> list[Matter]:
    subjects = partner_subjects(tickets)
    promised = promises_of([ticket.pk for ticket in tickets if ticket.is_open])
    return [
        Matter(
            id=ticket.pk,
            subject=subjects[ticket.pk],
            word=partner_word(TicketStatus(ticket.status)),
            is_open=ticket.is_open,
            owner=ticket.owner.name if ticket.owner else "",
            asked_by=ticket.contact.name if ticket.contact else "",
            updated_at=ticket.updated_at,
            promised=next(iter(promised.get(ticket.pk, ())), None),
        )
        for ticket in tickets
    ]


def _merged_of(tickets: Sequence[Ticket]) -> Mapping[int, int]:
    """Where each ticket that was merged into one of these, by the same partner, lives on."""
    partners = {ticket.pk: ticket.partner_id for ticket in tickets}
    rows = Ticket.objects.filter(merged_into_id__in=list(partners), is_private=False)
    return {
        pk: root
        for pk, root, partner in rows.values_list("pk", "merged_into_id", "partner_id")
        if root is not None and partner == partners[root]
    }


def _merged_into(ids: Sequence[int], partner_id: int) -> list[int]:
    rows = Ticket.objects.filter(merged_into_id__in=ids, partner_id=partner_id, is_private=False)
    return list(rows.values_list("pk", flat=True))


def _subject(
    ticket: Ticket, known: Mapping[int, tuple[int, str]], first: Mapping[int, tuple[int, str]]
) -> str:
    if ticket.pk in known:
        subject = known[ticket.pk][1]
        return plain_subject(subject) or subject
    begun_by_customer = ticket.pk in first and first[ticket.pk][1] == Side.CUSTOMER
    return "" if begun_by_customer else ticket.subject
