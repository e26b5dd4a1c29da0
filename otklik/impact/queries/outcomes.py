"""What became of partners afterwards, as far as the data have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from otklik.analytics.public import columns_of, facts, rows_of
from otklik.impact.rules.outcomes import (
    SCORE_DAYS,
    Cases,
    Heard,
    Later,
    Outcome,
    Split,
    Standing,
    compare,
    contracts,
    divided,
    growth,
    staying,
)
from otklik.loop.public import Ask, AskKind
from otklik.partners.public import Partner, PartnerStatus
from otklik.stats.grouping import codes
from otklik.stats.intervals import Interval
from otklik.stats.nps import Floats, Integers
from otklik.stats.share import wilson

LOOKED_BACK = timedelta(days=730)
_EPOCH = date(1970, 1, 1).toordinal()
SETTLED_AFTER = timedelta(days=90)
"""So long after its day a contract of which nothing is recorded counts as open."""


@dataclass(frozen=True, slots=True)
class Case:
    """What became of a partner after a day: 0 or 1, or the change of earnings."""

    partner_id: int
    day: date
    result: float


@dataclass(frozen=True, slots=True)
class Referred:
    """Promoters asked for a referral; ``brought``: through whom a partner came."""

    asked: int
    brought: int

    @property
    def interval(self) -> Interval | None:
        return wilson(self.brought, self.asked)


@dataclass(frozen=True, slots=True)
class After:
    """``open_contracts``: their day is long over, and nobody recorded what became of them. ``earnings`` of a
    program that pays partners here; else the data have no sales."""

    outcomes: tuple[Outcome, ...]
    open_contracts: int
    referred: Referred
    has_earnings: bool


def after(program_id: int, *, until: date) -> After:
    """Of the two years before ``until``. Three queries to the facts and four to the database, whatever the
    partners."""
    heard, changes = _heard(program_id, until), _changes(program_id)
    cases = {later: _cases(later, program_id, heard, changes, until) for later in Later}
    return After(
        outcomes=tuple(compare(later, split, cases[later], heard) for later in Later for split in Split),
        open_contracts=_open_contracts(program_id, until),
        referred=_referred(program_id),
        has_earnings=len(cases[Later.EARNED].partner) > 0,
    )


def cases_of_side(program_id: int, later: Later, split: Split, *, good: bool, until: date) -> list[Case]:
    """What stands behind one figure of ``after``: the latest first."""
    heard = _heard(program_id, until)
    changes = [] if later is Later.EARNED else _changes(program_id)
    cases = _cases(later, program_id, heard, changes, until)
    on_good, on_bad, _known = divided(later, split, cases, heard)
    places = np.flatnonzero(on_good if good else on_bad)
    order = places[np.lexsort((cases.partner[places], -cases.day[places]))]
    return [
        Case(int(cases.partner[at]), date.fromordinal(int(cases.day[at])), float(cases.result[at]))
        for at in order
    ]


def _cases(later: Later, program_id: int, heard: Heard, changes: Sequence[Standing], until: date) -> Cases:
    since = until - LOOKED_BACK
    match later:
        case Later.RENEWED:
            return contracts(changes, _with_contract(program_id), since)
        case Later.STAYED:
            return staying(changes, heard, _gone(program_id), until)
        case Later.EARNED:
            return _quarters(program_id, since, until)


def _heard(program_id: int, until: date) -> Heard:
    import ibis
    from ibis import _

    since = until - LOOKED_BACK - timedelta(days=SCORE_DAYS)
    day = _.day.delta(ibis.date("1970-01-01"), unit="day")
    rows = (
        facts("exposures")
        .filter(_.kind == "nps", _.program == program_id, _.day.between(since, until))
        .select(_.partner, _.score, _.breaches, day=day)
        .order_by("partner", "day")
    )
    found = columns_of(rows)
    partner, day, score, broken = (
        np.ma.getdata(found[name]).astype(np.int64) for name in ("partner", "day", "score", "breaches")
    )
    return Heard(partner, day + _EPOCH, score, broken)


def _changes(program_id: int) -> list[Standing]:
    from ibis import _

    rows = (
        facts("standings")
        .filter(_.program == program_id)
        .order_by("happened_at", "id")
        .select("partner", "day", "renewal_before", "renewal_after", "status_before", "status_after")
    )
    left = PartnerStatus.LEFT.value
    return [
        Standing(partner, day, before, then, left=status == left, came_back=was == left)
        for partner, day, before, then, was, status in rows_of(rows)
    ]


def _quarters(program_id: int, since: date, until: date) -> Cases:
    """At each quarter's beginning: earnings of that quarter against those of the one before, of quarters that
    are over, in the currency that the partner earned most in."""
    from ibis import _

    first, last = _quarter(since), _quarter(until)
    rows = (
        facts("earnings")
        .filter(
            _.program == program_id, _.day.between(_first_day(first), _first_day(last) - timedelta(days=1))
        )
        .group_by(_.partner, _.currency, quarter=_.day.year() * 4 + _.day.quarter() - 1)
        .agg(amount=_.amount.sum().cast("float64"))
    )
    found = columns_of(rows)
    if not len(found["partner"]):
        return Cases(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    partner, quarter = (np.ma.getdata(found[name]).astype(np.int64) for name in ("partner", "quarter"))
    amount = np.ma.getdata(found["amount"]).astype(np.float64)
    main = _main_currency(partner, codes(np.ma.getdata(found["currency"]).astype(str)), amount)
    partners = np.unique(partner[main])
    table = np.zeros((len(partners), last - first))
    table[np.searchsorted(partners, partner[main]), quarter[main] - first] = amount[main]
    changes = growth(table[:, :-1], table[:, 1:])
    begins = [_first_day(one).toordinal() for one in range(first + 1, last)]
    return Cases(np.repeat(partners, len(begins)), np.tile(begins, len(partners)), changes.reshape(-1))


def _main_currency(partner: Integers, currency: Integers, amount: Floats) -> Integers:
    """Places of the rows in it."""
    both = codes(partner * (int(currency.max()) + 1) + currency)
    total = np.bincount(both, np.abs(amount))
    order = np.lexsort((-total[both], partner))
    best = dict(zip(partner[order][::-1].tolist(), both[order][::-1].tolist(), strict=True))
    return np.flatnonzero(both == np.array([best[one] for one in partner.tolist()]))


def _with_contract(program_id: int) -> frozenset[int]:
    """Of those who left: whose contract had a day."""
    rows = Partner.objects.filter(program_id=program_id, status=PartnerStatus.LEFT, renewal_on__isnull=False)
    return frozenset(rows.values_list("pk", flat=True))


def _gone(program_id: int) -> frozenset[int]:
    rows = Partner.objects.filter(program_id=program_id, status=PartnerStatus.LEFT)
    return frozenset(rows.values_list("pk", flat=True))


def _open_contracts(program_id: int, until: date) -> int:
    rows = Partner.objects.filter(program_id=program_id, erased_at=None, renewal_on__lt=until - SETTLED_AFTER)
    return rows.exclude(status=PartnerStatus.LEFT).count()


def _referred(program_id: int) -> Referred:
    asks = Ask.objects.filter(program_id=program_id, kind=AskKind.REFERRAL, asked_at__isnull=False)
    people = asks.values_list("contact_id", "referrals__partner_id").distinct()
    brought: dict[int, bool] = {}
    for contact, partner in people:
        brought[contact] = brought.get(contact, False) or partner is not None
    return Referred(len(brought), sum(brought.values()))


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _first_day(quarter: int) -> date:
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)
