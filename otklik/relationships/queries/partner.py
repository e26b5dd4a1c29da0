"""All the map of one partner needs, in eleven queries, however many people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from otklik.desk.public import Ticket
from otklik.identity.public import User
from otklik.partners.public import Contact, Partner
from otklik.relationships.models import CoverageContract, InfluenceLine, Tie
from otklik.relationships.queries.heard import Whose, answers_of, log_of, ties_of
from otklik.relationships.queries.lines import Answers, Entry
from otklik.relationships.queries.priors import priors_of
from otklik.relationships.queries.reach import reachable_at
from otklik.relationships.rules.coverage import STANDARD, BlindSpots, Contract, Known, Wanted, check_coverage
from otklik.relationships.rules.freshness import Dated, Stale, TitleDoubt, stale_of
from otklik.relationships.rules.log import Dealings
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
from otklik.relationships.rules.ties import Contacts, Doubt, Evidence, evidence_of, tie_of
from otklik.relationships.rules.ties import Tie as JudgedTie
from otklik.relationships.rules.vocabulary import Authority, Influence, Role, Standing, TieLevel

DAYS_A_MONTH = 30.44
LINE_LENGTH = 8
"""Last entries of a person's line shown on the card."""


@dataclass(frozen=True, slots=True)
class TieLine:
    """``contacts``: of these two in the last year, by the log."""

    row: Tie
    judged: JudgedTie
    contacts: Contacts


class Drawn(Protocol):
    """A person of today, or of a review."""

    @property
    def id(self) -> int: ...
    @property
    def row(self) -> Contact: ...
    @property
    def member(self) -> Member: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def ties(self) -> tuple[TieLine, ...]: ...


@dataclass(frozen=True, slots=True)
class Person:
    """``member.score`` and ``comment`` are of the time looked at, ``line`` holds all, the oldest first."""

    row: Contact
    member: Member
    standing: Standing
    line: tuple[Entry, ...]
    comment: str
    ties: tuple[TieLine, ...]
    evidence: Evidence
    dealings: Dealings
    open_tickets: tuple[Ticket, ...]
    title_doubt: TitleDoubt | None = None
    is_place_old: bool = False

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
    stale: Stale

    @property
    def stale_ties(self) -> int:
        return sum(Doubt.STALE in tie.judged.doubts for one in self.people for tie in one.ties)

    @property
    def missing(self) -> dict[Role, int]:
        """How many of each role the contract wants and nobody knows."""
        short = {cover.role: cover.wanted.known - cover.known for cover in self.blind_spots.roles}
        return {role: count for role, count in short.items() if count > 0}


def partner_map(partner: Partner, *, user: User, since: datetime | None, at: datetime) -> PartnerMap:
    """``partner`` comes from ``access.map_partners``."""
    contacts = list(
        Contact.objects.filter(partner=partner, erased_at=None, is_active=True).order_by("name_key", "pk")
    )
    whose = Whose(partner)
    answers, ties = answers_of(whose, user, at), ties_of(whose)
    dealings, tickets = log_of(whose, user, at)
    stale = stale_of(dated(one, at) for one in contacts)
    people = tuple(
        person_of(
            one,
            answers,
            ties.get(one.pk, []),
            dealings.get(one.pk, Dealings()),
            tickets,
            stale,
            since=since,
            at=at,
        )
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
        three_ways(members, priors=priors_of(partner, since=since, at=at)),
        check_coverage(_known(people, answers, at), contract),
        contract,
        lines,
        _ours(partner, ties),
        _last_stated(contacts, ties, lines),
        stale,
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


def _lines(partner: Partner) -> tuple[InfluenceLine, ...]:
    theirs = Contact.objects.filter(partner=partner, **_THERE).values("pk")
    rows = InfluenceLine.objects.filter(source__in=theirs, target__in=theirs)
    # Sorted here: asked for in this order, SQLite reads all lines there are in it.
    found = rows.select_related("source", "target").order_by()
    return tuple(sorted(found, key=lambda line: line.pk))


_THERE = {"erased_at": None, "is_active": True}


def person_of(
    row: Contact,
    answers: Answers,
    ties: Sequence[Tie],
    dealings: Dealings,
    tickets: Mapping[int, list[Ticket]],
    stale: Stale,
    *,
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
        tuple(_tie_line(tie, dealings, at) for tie in ties),
        evidence_of(dealings.all),
        dealings,
        tuple(tickets.get(row.pk, ())),
        stale.titles.get(row.pk),
        row.pk in stale.places,
    )


def _tie_line(tie: Tie, dealings: Dealings, at: datetime) -> TieLine:
    complaint = dealings.last_complaint
    contacts = dealings.ours.get(tie.user_id, Contacts())
    judged = tie_of(
        TieLevel(tie.level),
        contacts,
        stated_days_ago=_days(tie.stated_at, at),
        complaint_days_ago=_days(complaint, at),
    )
    return TieLine(tie, judged, contacts)


def _days(moment: datetime | None, at: datetime) -> float | None:
    return None if moment is None else (at - moment).total_seconds() / 86_400


def dated(one: Contact, at: datetime) -> Dated:
    placed = [moment for moment in (one.authority_set_at, one.influence_set_at) if moment]
    return Dated(
        one.pk,
        _days(one.job_title_at, at) if one.job_title else None,
        _days(one.job_title_imported_at, at) if one.job_title else None,
        _days(min(placed, default=None), at) if one.role != Role.UNKNOWN else None,
    )


def _known(people: Sequence[Person], answers: Answers, at: datetime) -> Iterable[Known]:
    reachable = reachable_at([one.row.partner_id for one in people[:1]])
    for one in people:
        asked = answers.asked_at.get(one.id)
        days = None if asked is None else max(0, (at - asked).days)
        yield Known(one.id, one.member.role, days, one.member.answered_ever, one.id in reachable)


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
