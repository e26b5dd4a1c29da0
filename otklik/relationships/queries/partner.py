"""All the map of one partner needs, in ten queries, however many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from otklik.desk.public import Delivery, Direction, Message, MessageKind, Ticket, visible_tickets
from otklik.identity.public import User
from otklik.partners.public import Contact, Partner
from otklik.relationships.models import CoverageContract, InfluenceLine, Tie
from otklik.relationships.queries.lines import Answers, Entry, answers_of
from otklik.relationships.rules.coverage import STANDARD, BlindSpots, Contract, Known, Wanted, check_coverage
from otklik.relationships.rules.log import Dealings, Said, count_dealings, is_complaint
from otklik.relationships.rules.segments import (
    Cell,
    Coverage,
    Member,
    Segment,
    View,
    coverage_of,
    segments,
    standing_of,
    three_ways,
)
from otklik.relationships.rules.ties import Contacts, Evidence, evidence_of, tie_of
from otklik.relationships.rules.ties import Tie as JudgedTie
from otklik.relationships.rules.vocabulary import Authority, Influence, Role, Standing, TieLevel

LOG_DAYS = 365
DAYS_A_MONTH = 30.44
LINE_LENGTH = 8
"""Last entries of a person's line shown on the card."""


@dataclass(frozen=True, slots=True)
class TieLine:
    row: Tie
    judged: JudgedTie


@dataclass(frozen=True, slots=True)
class Person:
    """``score`` and ``comment`` are of the time looked at, ``line`` holds all, the oldest first."""

    row: Contact
    member: Member
    standing: Standing
    line: tuple[Entry, ...]
    comment: str
    ties: tuple[TieLine, ...]
    evidence: Evidence
    dealings: Dealings
    open_tickets: tuple[Ticket, ...]

    @property
    def id(self) -> int:
        return self.row.pk

    @property
    def recent(self) -> str:
        """As it is shown: a template that walks through the entries of 300 people takes 40 ms."""
        return " ".join("–" if one.score is None else str(one.score) for one in self.line[-LINE_LENGTH:])


@dataclass(frozen=True, slots=True)
class PartnerMap:
    """Answers since ``since``; None: of all time."""

    partner: Partner
    since: datetime | None
    people: tuple[Person, ...]
    segments: Mapping[Cell, Segment]
    coverage: Coverage
    views: tuple[View, View, View]
    blind_spots: BlindSpots
    contract: Contract
    lines: tuple[InfluenceLine, ...]
    ours: Mapping[int, str]
    """Our people with a tie here, by id, the manager first."""
    stated_at: datetime | None
    """When anybody last stated a role, tie or line: an old map says so."""


def partner_map(partner: Partner, *, user: User, since: datetime | None, at: datetime) -> PartnerMap:
    """``partner`` comes from ``access.map_partners``."""
    contacts = list(
        Contact.objects.filter(partner=partner, erased_at=None, is_active=True).order_by("name_key", "pk")
    )
    answers = answers_of({"partner": partner}, user=user, at=at)
    ties = _ties(partner)
    dealings, tickets = _log(partner, user, at)
    people = tuple(
        _person(one, answers, ties.get(one.pk, []), dealings.get(one.pk, Dealings()), tickets, since, at)
        for one in contacts
    )
    members = [one.member for one in people]
    contract = contract_of(partner)
    lines = _lines(partner)
    return PartnerMap(
        partner,
        since,
        people,
        segments(members),
        coverage_of(members),
        three_ways(members),
        check_coverage(_known(people, answers, at), contract),
        contract,
        lines,
        _ours(partner, ties),
        _last_stated(contacts, ties, lines),
    )


def contract_of(partner: Partner) -> Contract:
    """Of the partner's tier, else of all tiers, else the standard one. One query."""
    found = CoverageContract.objects.filter(program_id=partner.program_id, tier__in=(partner.tier, ""))
    rows = {row.tier: row for row in found}
    return read_contract(rows.get(partner.tier) or rows.get(""))


def read_contract(row: CoverageContract | None) -> Contract:
    if row is None:
        return STANDARD
    wanted = {Role(role): Wanted(*numbers) for role, numbers in row.needs.items()}
    order = [role for role in Role if role in wanted]
    return Contract({role: wanted[role] for role in order}, round(row.months * DAYS_A_MONTH))


def _ties(partner: Partner) -> dict[int, list[Tie]]:
    found: dict[int, list[Tie]] = defaultdict(list)
    rows = Tie.objects.filter(contact__partner=partner).select_related("user", "stated_by")
    for row in rows.order_by("pk"):
        found[row.contact_id].append(row)
    return found


def _lines(partner: Partner) -> tuple[InfluenceLine, ...]:
    both = {f"{end}__{name}": value for end in ("source", "target") for name, value in _THERE.items()}
    rows = InfluenceLine.objects.filter(source__partner=partner, target__partner=partner, **both)
    return tuple(rows.select_related("source", "target").order_by("pk"))


_THERE = {"erased_at": None, "is_active": True}


class _Matter(NamedTuple):
    person: int
    is_complaint: bool


def _log(partner: Partner, user: User, at: datetime) -> tuple[dict[int, Dealings], dict[int, list[Ticket]]]:
    """Contacts of the last year, counted from every ticket of the partner; open tickets only as far as this
    person sees them."""
    begun = at - timedelta(days=LOG_DAYS)
    theirs = Ticket.objects.filter(partner=partner, contact__isnull=False, updated_at__gte=begun)
    rows = theirs.values_list("pk", "contact_id", "priority_reasons", "rating__value")
    matters = {pk: _Matter(person, is_complaint(reasons, rating)) for pk, person, reasons, rating in rows}
    open_tickets: dict[int, list[Ticket]] = defaultdict(list)
    seen = visible_tickets(user).filter(partner=partner, contact__isnull=False, is_open=True)
    for ticket in seen.order_by("priority_rank", "pk"):
        if ticket.contact_id is not None:
            open_tickets[ticket.contact_id].append(ticket)
    return count_dealings(_said(theirs, matters, begun), at=at), open_tickets


def _said(tickets: QuerySet[Ticket], matters: Mapping[int, _Matter], begun: datetime) -> Iterable[Said]:
    told = Q(kind__in=(MessageKind.INCOMING, MessageKind.REPLY, MessageKind.CALL))
    rows = Message.objects.filter(told, ticket__in=tickets.values("pk"), happened_at__gte=begun).exclude(
        delivery__in=(Delivery.TAKEN_BACK, Delivery.FAILED, Delivery.BOUNCED)
    )
    columns = ("ticket_id", "happened_at", "kind", "author_id", "call", "contact_id")
    for ticket, moment, kind, author, call, contact in rows.order_by("pk").values_list(*columns):
        matter = matters[ticket]
        theirs = kind == MessageKind.INCOMING or (call or {}).get("direction") == Direction.INCOMING
        by = None if theirs else author
        if by is None and not theirs:
            continue
        person = (contact or matter.person) if theirs else matter.person
        yield Said(ticket, person, moment, by, matter.is_complaint)


def _person(
    row: Contact,
    answers: Answers,
    ties: Sequence[Tie],
    dealings: Dealings,
    tickets: Mapping[int, list[Ticket]],
    since: datetime | None,
    at: datetime,
) -> Person:
    line = tuple(answers.lines.get(row.pk, ()))
    lately = [one for one in line if since is None or one.at >= since]
    given = [one for one in lately if one.score is not None]
    last_asked = answers.asked_at.get(row.pk)
    member = Member(
        row.pk,
        Authority(row.authority),
        Influence(row.influence),
        Role(row.role),
        given[-1].score if given else None,
        asked=last_asked is not None and (since is None or last_asked >= since),
        asked_ever=last_asked is not None,
        answered_ever=any(one.score is not None for one in line),
    )
    return Person(
        row,
        member,
        standing_of(member),
        line,
        next((one.comment for one in reversed(given) if one.comment), ""),
        tuple(TieLine(tie, _judged(tie, dealings, at)) for tie in ties),
        evidence_of(dealings.all),
        dealings,
        tuple(tickets.get(row.pk, ())),
    )


def _judged(tie: Tie, dealings: Dealings, at: datetime) -> JudgedTie:
    days = (at - tie.stated_at).total_seconds() / 86_400
    complaint = dealings.last_complaint
    return tie_of(
        TieLevel(tie.level),
        dealings.ours.get(tie.user_id, Contacts()),
        stated_days_ago=days,
        complaint_days_ago=None if complaint is None else (at - complaint).total_seconds() / 86_400,
    )


def _known(people: Iterable[Person], answers: Answers, at: datetime) -> Iterable[Known]:
    for one in people:
        asked = answers.asked_at.get(one.id)
        days = None if asked is None else max(0, (at - asked).days)
        yield Known(one.id, one.member.role, days, one.member.answered_ever)


def _ours(partner: Partner, ties: Mapping[int, Sequence[Tie]]) -> dict[int, str]:
    found = {}
    if partner.manager is not None:
        found[partner.manager.pk] = partner.manager.name
    users = {tie.user_id: tie.user.name for rows in ties.values() for tie in rows}
    return found | dict(sorted(users.items() - found.items(), key=lambda one: one[1]))


def _last_stated(
    contacts: Sequence[Contact], ties: Mapping[int, Sequence[Tie]], lines: Sequence[InfluenceLine]
) -> datetime | None:
    moments = [one.authority_set_at for one in contacts] + [one.influence_set_at for one in contacts]
    moments += [tie.stated_at for rows in ties.values() for tie in rows]
    moments += [line.stated_at for line in lines]
    return max((moment for moment in moments if moment), default=None)
