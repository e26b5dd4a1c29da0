"""Facts for the rules of risk, coverage and data, of some partners at a time, in fourteen queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from otklik.desk.public import Priority, Ticket
from otklik.dialogue.public import Commitment, PromiseState, Side
from otklik.feedback.public import Invitation, Response, ResponseStatus, SurveyKind
from otklik.partners.public import Contact, Partner
from otklik.payouts.public import Entry, EntryKind, Hold, HoldReason, HoldState
from otklik.relationships.models import CallToAction, CoverageContract, SignOff
from otklik.relationships.queries.partner import read_contract
from otklik.relationships.queries.reach import reachable_at
from otklik.relationships.queries.waves import REACHED
from otklik.relationships.rules.coverage import BlindSpots, Contract, Known, check_coverage
from otklik.relationships.rules.moves import MoveKind
from otklik.relationships.rules.renewals import Account
from otklik.relationships.rules.silence import Silence
from otklik.relationships.rules.vocabulary import Category, Role, category_of

HALF_YEAR = timedelta(days=183)
"""Answers older than that say little of a renewal; revenue is compared with the half-year before."""
_EARNINGS = (EntryKind.EARNED, EntryKind.BONUS, EntryKind.CHARGEBACK, EntryKind.REVERSAL)


@dataclass(slots=True)
class Reached:
    """People there; who was asked and who answered in the half-year; of those who had answered before it, or
    before they were left out of a wave by a sign-off (``known``), how many were promoters, and the same of
    those among them who were asked and not left out since."""

    people: int = 0
    asked: int = 0
    answered: int = 0
    known: int = 0
    known_promoters: int = 0
    known_asked: int = 0
    known_asked_promoters: int = 0


@dataclass(slots=True)
class _People:
    deciders: list[Category] = field(default_factory=list)
    others: list[Category] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    reached: Reached = field(default_factory=Reached)


@dataclass(frozen=True, slots=True)
class Facts:
    account: Account
    spots: BlindSpots
    reached: Reached


def accounts_of(partners: Sequence[Partner], *, with_revenue: bool, at: datetime) -> dict[int, Account]:
    """By partner. ``with_revenue``: whoever asks may see it; its trend is a reason that would tell it."""
    found = facts_of(partners, at=at)
    if with_revenue:
        return {pk: one.account for pk, one in found.items()}
    return {pk: replace(one.account, revenue_trend=None) for pk, one in found.items()}


def facts_of(partners: Sequence[Partner], *, at: datetime) -> dict[int, Facts]:
    """By partner, all of them, with the trend of revenue."""
    ids = [one.pk for one in partners]
    people = _people(ids, at)
    contracts = _contracts(partners)
    critical, touched = _tickets(ids)
    held = Hold.objects.filter(partner__in=ids, state=HoldState.OPEN, reason=HoldReason.DISPUTE)
    disputes = set(held.values_list("partner_id", flat=True))
    broken = _broken_promises(ids, at.date())
    fell, silent = _last_wave(ids)
    trends = _trends(ids, at.date())
    found = {}
    for one in partners:
        theirs = people.get(one.pk) or _People()
        missing = check_coverage(theirs.known, contracts[one.pk])
        account = Account(
            one.pk,
            None if one.renewal_on is None else (one.renewal_on - at.date()).days,
            theirs.deciders,
            theirs.others,
            any(known.role is Role.DECISION_MAKER for known in theirs.known),
            fell[one.pk],
            silent[one.pk],
            sum(max(0, role.wanted.known - role.known) for role in missing.roles),
            critical.get(one.pk, 0),
            one.pk in disputes,
            broken.get(one.pk, 0),
            trends.get(one.pk),
            (at - touched[one.pk]).days if one.pk in touched else None,
        )
        found[one.pk] = Facts(account, missing, theirs.reached)
    return found


def _people(ids: Sequence[int], at: datetime) -> dict[int, _People]:
    there = Contact.objects.filter(partner__in=ids, erased_at=None, is_active=True)
    begun = at - HALF_YEAR
    before, last = _answers(ids, begun)
    sent = Invitation.objects.filter(REACHED, partner__in=ids, version__survey__kind=SurveyKind.NPS)
    asked = dict(sent.order_by().values_list("contact_id").annotate(last=Max("planned_at")))
    reachable, left_out = reachable_at(ids), _left_out(ids, begun)
    found: dict[int, _People] = defaultdict(_People)
    for pk, partner, word in there.values_list("pk", "partner_id", "role"):
        role, theirs = Role(word), found[partner]
        when, score = last.get(pk, (None, None))
        moment = max((one for one in (when, asked.get(pk)) if one), default=None)
        days = None if moment is None else max(0, (at - moment).days)
        theirs.known.append(Known(pk, role, days, when is not None, pk in reachable))
        if when is not None and score is not None and when >= begun:
            heard = theirs.deciders if role is Role.DECISION_MAKER else theirs.others
            heard.append(category_of(score))
        reached = moment is not None and moment >= begun
        _count(theirs.reached, reached, when is not None and when >= begun)
        if pk in left_out and (moment is None or moment < left_out[pk]):
            _count_known(theirs.reached, score, asked=False)
        else:
            _count_known(theirs.reached, before.get(pk), asked=reached)
    return found


def _left_out(ids: Sequence[int], begun: datetime) -> dict[int, datetime]:
    """When the last wave began that somebody leading left them out of."""
    rows = SignOff.objects.filter(partner__in=ids, wave__started_at__gte=begun).exclude(dropped={})
    dropped = rows.order_by("wave__started_at").values_list("wave__started_at", "dropped")
    return {int(pk): moment for moment, people in dropped if moment for pk in people}


def _answers(
    ids: Sequence[int], begun: datetime
) -> tuple[dict[int, int], dict[int, tuple[datetime, int | None]]]:
    """Of each person: the last score before that moment, and the last answer of all."""
    nps = {"partner__in": ids, "contact__isnull": False, "kind": SurveyKind.NPS}
    given = Response.objects.filter(**nps, status=ResponseStatus.COMPLETE).order_by("responded_at", "pk")
    before: dict[int, int] = {}
    last: dict[int, tuple[datetime, int | None]] = {}
    for pk, when, score in given.values_list("contact_id", "responded_at", "score"):
        last[pk] = (when, score)
        if when < begun and score is not None:
            before[pk] = score
    return before, last


def _count(reached: Reached, asked: bool, answered: bool) -> None:
    reached.people += 1
    reached.asked += asked
    reached.answered += answered


def _count_known(reached: Reached, before: int | None, *, asked: bool) -> None:
    if before is None:
        return
    promoter = category_of(before) is Category.PROMOTER
    reached.known += 1
    reached.known_promoters += promoter
    reached.known_asked += asked
    reached.known_asked_promoters += asked and promoter


def _contracts(partners: Sequence[Partner]) -> dict[int, Contract]:
    programs = {one.program_id for one in partners}
    rows = {(row.program_id, row.tier): row for row in CoverageContract.objects.filter(program__in=programs)}
    read = {key: read_contract(row) for key, row in rows.items()}
    standard = read_contract(None)
    return {
        one.pk: read.get((one.program_id, one.tier)) or read.get((one.program_id, "")) or standard
        for one in partners
    }


def _tickets(ids: Sequence[int]) -> tuple[dict[int, int], dict[int, datetime]]:
    """Open ones that are urgent, counted, and when anything was last written either way."""
    rows = Ticket.objects.filter(partner__in=ids).order_by().values_list("partner_id")
    urgent = Q(is_open=True, priority=Priority.URGENT)
    critical, touched = {}, {}
    for partner, count, came, went in rows.annotate(
        urgent=Count("pk", filter=urgent), came=Max("last_incoming_at"), went=Max("last_outgoing_at")
    ):
        critical[partner] = count
        if moments := [moment for moment in (came, went) if moment]:
            touched[partner] = max(moments)
    return critical, touched


def _broken_promises(ids: Sequence[int], today: date) -> dict[int, int]:
    late = Commitment.objects.filter(
        partner__in=ids, side=Side.OURS, state=PromiseState.AGREED, due_on__lt=today
    )
    return dict(late.order_by().values_list("partner_id").annotate(count=Count("pk")))


def _last_wave(ids: Sequence[int]) -> tuple[Counter[int], Counter[int]]:
    """Of the last wave that raised anything at each partner: who fell, and the silent regulars. A drop-out
    that was beyond the usual is one of these: it has no second task as a silence."""
    rows = CallToAction.objects.filter(partner__in=ids).order_by("-raised_at", "-wave_id")
    last: dict[int, int] = {}
    fell: Counter[int] = Counter()
    silent: Counter[int] = Counter()
    regular = (MoveKind.DROPPED_OUT, Silence.REGULAR)
    for partner, wave, what in rows.values_list("partner_id", "wave_id", "what"):
        if last.setdefault(partner, wave) != wave:
            continue
        fell[partner] += what == MoveKind.FELL
        silent[partner] += what in regular
    return fell, silent


def _trends(ids: Sequence[int], today: date) -> dict[int, float]:
    """Earnings of the last half-year against those of the one before, in the currency with most of them;
    nothing where there were none before."""
    since = today - HALF_YEAR
    rows = Entry.objects.filter(
        partner__in=ids, kind__in=_EARNINGS, earned_on__gt=since - HALF_YEAR, earned_on__lte=today
    )
    sums = (
        rows.order_by()
        .values_list("partner_id", "currency")
        .annotate(
            now=Sum("amount", filter=Q(earned_on__gt=since)),
            before=Sum("amount", filter=Q(earned_on__lte=since)),
        )
    )
    return dict(_shares(sums))


def _shares(sums: Iterable[tuple[int, str, Decimal | None, Decimal | None]]) -> Iterable[tuple[int, float]]:
    nothing = (Decimal(0), Decimal(0))
    found: dict[int, tuple[Decimal, Decimal]] = {}
    for partner, _, recent, earlier in sums:
        pair = (recent or Decimal(0), earlier or Decimal(0))
        if sum(pair) > sum(found.get(partner, nothing)):
            found[partner] = pair
    for partner, (recent_sum, before) in found.items():
        if before > 0:
            yield partner, float(recent_sum / before) - 1
