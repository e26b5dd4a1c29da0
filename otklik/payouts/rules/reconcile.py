"""The partner's own figures against ours, to the cent, with every difference named.

All amounts of differences are theirs minus ours, so that they add up:

    sum of the differences = explained + unexplained = sum of theirs - sum of ours

where a sum takes the lines of the period in the currency of the comparison; of ours only those that count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from otklik.kit.money import smallest_unit
from otklik.payouts.rules.schedule import Period
from otklik.payouts.rules.vocabulary import DifferenceKind

ZERO = Decimal(0)

UNEXPLAINED = frozenset(
    {DifferenceKind.MISSING_HERE, DifferenceKind.MISSING_THERE, DifferenceKind.AMOUNT_DIFFERS}
)
"""Where they differ is known, and why is not: somebody has to look."""


_DOUBLED = frozenset({DifferenceKind.DOUBLED_THERE, DifferenceKind.DOUBLED_HERE})


class NoZone(Exception):
    """A time without a zone may be on either of two days."""


class Standing(StrEnum):
    COUNTED = "counted"
    REJECTED = "rejected"
    """Charged back, reversed, or never approved: given once, with what it was worth, without the line that
    took it back."""
    ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class OurLine:
    """Give the lines of some days around the period as well: one on another day is then no missing one."""

    key: str
    day: date
    amount: Decimal
    currency: str
    standing: Standing = Standing.COUNTED
    source: str = ""


@dataclass(frozen=True, slots=True)
class TheirLine:
    key: str
    """Empty where the report has only sums: then lines are compared by day and source."""
    when: date | datetime
    """A time has a zone; the day it is counted on is the one of that zone."""
    amount: Decimal
    currency: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    kind: DifferenceKind
    key: str
    """Of the line; "2026-09-30 newsletter" where sums by day and source are compared."""
    ours: Decimal
    theirs: Decimal
    amount: Decimal
    our_day: date | None = None
    their_day: date | None = None


class MetBy(StrEnum):
    """How lines of the two sides found each other."""

    KEY = "key"
    DAY_AND_SOURCE = "day_and_source"
    DAY = "day"


class KindTotal(NamedTuple):
    kind: DifferenceKind
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    lines: tuple[Difference, ...]
    """The largest first."""
    ours: Decimal
    theirs: Decimal
    explained: Decimal
    unexplained: Decimal
    agreed: int
    """Keys on which both sides say the same."""
    totals: tuple[KindTotal, ...]
    met_by: MetBy


@dataclass(slots=True)
class _Ours:
    line: OurLine
    is_counted: bool
    """In the sum: in the period, in the currency, and it stands."""


@dataclass(slots=True)
class _Theirs:
    line: TheirLine
    day: date
    is_counted: bool


@dataclass(slots=True)
class _Pair:
    """All that both sides say under one key."""

    ours: list[_Ours] = field(default_factory=list)
    theirs: list[_Theirs] = field(default_factory=list)


def reconcile(
    ours: Iterable[OurLine], theirs: Iterable[TheirLine], *, period: Period, currency: str, zone: tzinfo
) -> Reconciliation:
    """``zone``: the one our days are counted in; their times are put on our calendar to find the line that
    answers theirs. Raises `NoZone`, `UnknownCurrency`.

    Lines meet by key; if one of their lines has none, all are compared by day and source, or by day alone
    where no name of a source is known to both.
    """
    mine, other = list(ours), list(theirs)
    met_by = _met_by(mine, other)
    by_key, by_source = met_by is MetBy.KEY, met_by is not MetBy.DAY
    pairs: dict[str, _Pair] = defaultdict(_Pair)
    for our in mine:
        group = _group(our.day, our.source if by_source else "")
        pair = pairs[_known_as(our.key) if by_key and our.key else group]
        is_ours = our.currency == currency and our.standing is Standing.COUNTED
        pair.ours.append(_Ours(our, is_ours and _within(our.day, period)))
    for their in other:
        our_day = _day_in(their.when, zone)
        group = _group(our_day, their.source if by_source else "")
        pair = pairs[_known_as(their.key) if by_key else group]
        day = _day_there(their.when)
        pair.theirs.append(_Theirs(their, day, their.currency == currency and _within(day, period)))
    unit = smallest_unit(currency)
    found = {
        key: _differences(key, pair, period, currency, unit, by_key=by_key) for key, pair in pairs.items()
    }
    agreed = sum(not found[key] and _is_counted(pair) for key, pair in pairs.items())
    lines = sorted(
        (line for some in found.values() for line in some), key=lambda line: (-abs(line.amount), line.key)
    )
    return _summed(lines, pairs.values(), agreed, met_by)


def _met_by(ours: Iterable[OurLine], theirs: Sequence[TheirLine]) -> MetBy:
    if all(_known_as(line.key) for line in theirs):
        return MetBy.KEY
    names = {_known_as(line.source) for line in theirs} & {_known_as(line.source) for line in ours}
    return MetBy.DAY_AND_SOURCE if names - {""} else MetBy.DAY


def _summed(
    lines: Sequence[Difference], pairs: Iterable[_Pair], agreed: int, met_by: MetBy
) -> Reconciliation:
    ours = theirs = ZERO
    for pair in pairs:
        ours += _sum_ours(pair.ours)
        theirs += _sum_theirs(pair.theirs)
    unexplained = sum((line.amount for line in lines if line.kind in UNEXPLAINED), ZERO)
    explained = sum((line.amount for line in lines if line.kind not in UNEXPLAINED), ZERO)
    totals = []
    for kind in DifferenceKind:
        amounts = [line.amount for line in lines if line.kind is kind]
        if amounts:
            totals.append(KindTotal(kind, len(amounts), sum(amounts, ZERO)))
    return Reconciliation(tuple(lines), ours, theirs, explained, unexplained, agreed, tuple(totals), met_by)


def _differences(
    key: str, pair: _Pair, period: Period, currency: str, unit: Decimal, *, by_key: bool
) -> list[Difference]:
    """Of one key. Whatever is found is taken off; what is left in the end is the part nobody can explain."""
    whole = _Open(key, pair, _sum_theirs(pair.theirs) - _sum_ours(pair.ours))
    if by_key:
        # In sums by day two lines of the same amount are two conversions.
        whole.take_part(DifferenceKind.DOUBLED_THERE, _doubled(pair.theirs, pair.ours))
        whole.take_part(DifferenceKind.DOUBLED_HERE, -_doubled(pair.ours, pair.theirs))
    for kind, amount in _pools(pair, period, currency):
        if _is_counted(pair):
            whole.take_part(kind, amount)
        elif amount * whole.left > 0:
            whole.take(kind, min(amount, whole.left, key=abs))
    lines = max(len(pair.theirs), len(pair.ours))
    whole.take(_kind_of_rest(pair, whole, currency, unit * lines), whole.left)
    return whole.found


class _Open:
    """What of a key's difference is not explained yet."""

    def __init__(self, key: str, pair: _Pair, left: Decimal) -> None:
        self.key = key
        self.left = left
        self.found: list[Difference] = []
        self._pair = pair

    def take_part(self, kind: DifferenceKind, amount: Decimal) -> None:
        """Only if it is of the same sign and no more than what is left: else it is not the reason."""
        if amount * self.left > 0 and abs(amount) <= abs(self.left):
            self.take(kind, amount)

    def take(self, kind: DifferenceKind, amount: Decimal) -> None:
        if not amount:
            return
        pair = self._pair
        self.left -= amount
        self.found.append(
            Difference(
                kind=kind,
                key=self.key,
                ours=_sum_ours(pair.ours),
                theirs=_sum_theirs(pair.theirs),
                amount=amount,
                our_day=min((one.line.day for one in pair.ours), default=None),
                their_day=min((one.day for one in pair.theirs), default=None),
            )
        )


def _doubled(here: Sequence[_Ours | _Theirs], there: Sequence[_Ours | _Theirs]) -> Decimal:
    """Amounts that stand more than once under a key, and more often than on the other side."""
    seen = Counter(one.line.amount for one in there)
    counted = Counter(one.line.amount for one in here if one.is_counted)
    return sum((amount * max(0, count - max(1, seen[amount])) for amount, count in counted.items()), ZERO)


def _pools(pair: _Pair, period: Period, currency: str) -> list[tuple[DifferenceKind, Decimal]]:
    """What could explain a difference: amounts of this key that only one side counts, and why."""
    pools = {DifferenceKind.REJECTED: ZERO, DifferenceKind.ON_HOLD: ZERO, DifferenceKind.OTHER_DAY: ZERO}
    for one in pair.ours:
        line = one.line
        if line.currency != currency or one.is_counted:
            continue
        if line.standing is Standing.REJECTED:
            pools[DifferenceKind.REJECTED] += line.amount
        elif line.standing is Standing.ON_HOLD:
            pools[DifferenceKind.ON_HOLD] += line.amount
        else:
            pools[DifferenceKind.OTHER_DAY] += line.amount
    for other in pair.theirs:
        if other.line.currency == currency and not other.is_counted and not _within(other.day, period):
            pools[DifferenceKind.OTHER_DAY] -= other.line.amount
    return list(pools.items())


def _kind_of_rest(pair: _Pair, whole: _Open, currency: str, tolerance: Decimal) -> DifferenceKind:
    if _is_counted(pair) or any(line.kind not in _DOUBLED for line in whole.found):
        return DifferenceKind.ROUNDING if abs(whole.left) <= tolerance else DifferenceKind.AMOUNT_DIFFERS
    others = [one.line.currency for one in pair.ours] + [one.line.currency for one in pair.theirs]
    if pair.ours and pair.theirs and any(code != currency for code in others):
        return DifferenceKind.OTHER_CURRENCY
    there = any(one.is_counted for one in pair.theirs)
    return DifferenceKind.MISSING_HERE if there else DifferenceKind.MISSING_THERE


def _is_counted(pair: _Pair) -> bool:
    return any(one.is_counted for one in pair.ours) and any(one.is_counted for one in pair.theirs)


def _sum_ours(lines: Iterable[_Ours]) -> Decimal:
    return sum((one.line.amount for one in lines if one.is_counted), ZERO)


def _sum_theirs(lines: Iterable[_Theirs]) -> Decimal:
    return sum((one.line.amount for one in lines if one.is_counted), ZERO)


def _known_as(key: str) -> str:
    """Order numbers are copied by hand: ORD-17 is ord-17."""
    return key.strip().casefold()


def _group(day: date, source: str) -> str:
    return f"{day} {_known_as(source)}".rstrip()


def _within(day: date, period: Period) -> bool:
    return period.start <= day <= period.end


def _day_there(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _day_in(when: date | datetime, zone: tzinfo) -> date:
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        raise NoZone(when.isoformat())
    return when.astimezone(zone).date()
