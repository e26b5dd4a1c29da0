"""Whom we could ask for something, who is left in peace and why, and what came of what was asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.identity.public import Right, User
from otklik.loop.access import visible_asks
from otklik.loop.models import Ask, Referral
from otklik.loop.queries.guarding import relations
from otklik.loop.queries.owning import house
from otklik.loop.rules.asking import Past, rested_on, too_soon
from otklik.loop.rules.guard import RECENT_DAYS, refusals
from otklik.loop.rules.vocabulary import AskKind, AskState, GuardReason
from otklik.partners.public import (
    Contact,
    Partner,
    PartnerStatus,
    may_see_revenue,
    visible_partners,
    visible_programs,
)
from otklik.stats.nps import LAST_PASSIVE_SCORE

# Of the promoters those who answered last: nobody reads further down.
MOST_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Promoter:
    """Somebody whose last answer is a fresh 9 or 10. ``reasons``: why they are left in peace; empty: they may
    be asked. ``rested_on``: when they may be asked again after the last time, None: never asked."""

    contact: Contact
    score: int
    said_at: datetime
    reasons: tuple[GuardReason, ...]
    rested_on: date | None


@dataclass(frozen=True, slots=True)
class Promoters:
    """``is_cut``: there are more, who answered longer ago."""

    free: Sequence[Promoter]
    guarded: Sequence[Promoter]
    is_cut: bool


def promoters(user: User, *, program_id: int | None, on: date, at: datetime) -> Promoters:
    """The latest answer first. Seven queries, and one for each program."""
    rows = _last_answers(user, program_id, at)
    lines = [
        Promoter(contact, score, said, reasons, rested_on(past))
        for contact, score, said, reasons, past in _judged(rows[:MOST_LOOKED_AT], on, at)
    ]
    return Promoters(
        free=[line for line in lines if not line.reasons],
        guarded=[line for line in lines if line.reasons],
        is_cut=len(rows) > MOST_LOOKED_AT,
    )


def why_not(
    contact_id: int, *, kind: AskKind | None = None, but: int | None = None, on: date, at: datetime
) -> tuple[GuardReason, ...]:
    """Why this person is asked for nothing (or not for this) now; empty: they may be. ``but``: an ask that
    does not count, because it is the one in question. Raises Contact.DoesNotExist."""
    found = relations([contact_id], at=at).get(contact_id)
    if found is None:
        raise Contact.DoesNotExist(contact_id)
    past = [one.past for one in Ask.objects.filter(contact_id=contact_id).exclude(pk=but or 0)]
    return (*refusals(found), *too_soon(past, on, kind))


def able_to_speak(partner: Partner) -> frozenset[int]:
    """Who follows up and sees this partner. Five queries."""
    staff = house(())
    if partner.program_id in staff.open_programs:
        return staff.able
    return staff.see_all | (staff.able & {partner.manager_id or 0})


def _last_answers(user: User, program_id: int | None, at: datetime) -> list[tuple[int, int, datetime]]:
    """contact, score, when; one more than are looked at. A query for each program: its answers by time are
    read from an index until there are enough."""
    programs = visible_programs(user)
    if program_id is not None:
        programs = programs.filter(pk=program_id)
    found: list[tuple[int, int, datetime]] = []
    for program in list(programs.values_list("pk", flat=True)):
        found += _of_program(user, program, at)
    return sorted(found, key=lambda row: (row[2], row[0]), reverse=True)[: MOST_LOOKED_AT + 1]


def _of_program(user: User, program_id: int, at: datetime) -> list[tuple[int, int, datetime]]:
    answers = Response.objects.filter(kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE)
    later = answers.filter(
        Q(responded_at__gt=OuterRef("responded_at"))
        | Q(responded_at=OuterRef("responded_at"), pk__gt=OuterRef("pk")),
        contact_id=OuterRef("contact_id"),
    )
    rows = answers.filter(
        program_id=program_id,
        score__gt=LAST_PASSIVE_SCORE,
        responded_at__gte=at - timedelta(days=RECENT_DAYS),
        contact__is_active=True,
        contact__erased_at=None,
    ).exclude(contact__partner__status=PartnerStatus.LEFT)
    if not user.may(Right.SEE_ALL_PARTNERS):
        rows = rows.filter(contact__partner__in=visible_partners(user))
    last = rows.filter(~Exists(later)).order_by("-responded_at", "-pk")[: MOST_LOOKED_AT + 1]
    return [
        (contact, score, said)
        for contact, score, said in last.values_list("contact_id", "score", "responded_at")
        if contact is not None
    ]


def _judged(
    rows: Sequence[tuple[int, int, datetime]], on: date, at: datetime
) -> list[tuple[Contact, int, datetime, tuple[GuardReason, ...], list[Past]]]:
    ids = [contact for contact, _, _ in rows]
    people = Contact.objects.select_related("partner").in_bulk(ids)
    standing = relations(ids, at=at)
    past: dict[int, list[Past]] = defaultdict(list)
    for ask in Ask.objects.filter(contact_id__in=ids):
        past[ask.contact_id].append(ask.past)
    return [
        (people[pk], score, said, (*refusals(standing[pk]), *too_soon(past[pk], on)), past[pk])
        for pk, score, said in rows
        if pk in people
    ]


@dataclass(frozen=True, slots=True)
class KindLine:
    """``asked``: heard of it, whatever they said since; ``agreed``: said yes, whatever became of it."""

    kind: AskKind
    asked: int
    agreed: int
    declined: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Results:
    """``referred``: partners that came of referrals; ``active`` and ``revenue`` are theirs today, the revenue
    None where none is known or the reader does not see it."""

    kinds: Sequence[KindLine]
    referred: int
    active: int
    revenue: Decimal | None


def results(user: User, *, program_id: int | None) -> Results:
    """Of everything this person sees. Three queries."""
    asks = visible_asks(user)
    if program_id is not None:
        asks = asks.filter(program_id=program_id)
    # Dropped after it was asked counts as asked; the moment tells.
    asked: Counter[str] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for kind, state, heard in asks.values_list("kind", "state", "asked_at"):
        asked[kind] += heard is not None
        counts[kind, state] += 1
    kinds = [_kind_line(kind, asked, counts) for kind in AskKind if asked[kind]]
    came = Referral.objects.filter(ask__in=asks).values("partner_id")
    partners = list(
        Partner.objects.filter(pk__in=came, erased_at=None).values_list("pk", "status", "revenue")
    )
    seen = set(visible_partners(user).filter(pk__in=came).values_list("pk", flat=True))
    money = [
        amount for pk, _, amount in partners if amount is not None and pk in seen and may_see_revenue(user)
    ]
    return Results(
        kinds=kinds,
        referred=len(partners),
        active=sum(status == PartnerStatus.ACTIVE for _, status, _ in partners),
        revenue=sum(money, Decimal(0)) if money else None,
    )


def _kind_line(kind: AskKind, asked: Mapping[str, int], counts: Mapping[tuple[str, str], int]) -> KindLine:
    def number(*states: AskState) -> int:
        return sum(counts.get((kind, state), 0) for state in states)

    return KindLine(
        kind=kind,
        asked=asked[kind],
        agreed=number(AskState.AGREED, AskState.DELIVERED, AskState.WITHDRAWN),
        declined=number(AskState.DECLINED),
        delivered=number(AskState.DELIVERED),
    )
