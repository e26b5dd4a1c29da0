"""Partners by the date of renewal and by risk, and where there is an opening to sell more.

Risk is a sum of points, each with its reason and the value it rests on; it is no probability and is not
called one. Points and their order: docs/formulas/relationships.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from otklik.relationships.rules.vocabulary import Category, Points, weightiest

HIGH_FROM, MEDIUM_FROM = 50.0, 25.0
LONG_SILENCE_DAYS = 90


class RiskReason(StrEnum):
    DETRACTOR_DECIDES = "detractor_decides"
    DETRACTORS = "detractors"
    FELL = "fell"
    """People who fell into a lower category in the last wave."""
    SILENT_REGULARS = "silent_regulars"
    NO_DECIDER_HEARD = "no_decider_heard"
    COVERAGE_MISSING = "coverage_missing"
    CRITICAL_TICKETS = "critical_tickets"
    DISPUTE = "dispute"
    BROKEN_PROMISES = "broken_promises"
    REVENUE_FALLS = "revenue_falls"
    NO_CONTACT = "no_contact"
    PROMOTER_DECIDES = "promoter_decides"
    """Takes points off."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a partner. Categories are those of the last answers; `renewal_in_days` below 0:
    overdue; `revenue_trend`: this half-year / the one before it - 1; None: not known."""

    id: int
    renewal_in_days: int | None = None
    deciders: Sequence[Category] = ()
    others: Sequence[Category] = ()
    decider_known: bool = False
    fell: int = 0
    silent_regulars: int = 0
    missing_people: int = 0
    critical_tickets: int = 0
    dispute: bool = False
    broken_promises: int = 0
    revenue_trend: float | None = None
    days_since_contact: int | None = None


class Band(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"
    """Nobody has answered and nothing else is known: no sign of risk is no sign of safety."""


@dataclass(frozen=True, slots=True)
class Risk:
    account: int
    renewal_in_days: int | None
    points: float
    band: Band
    reasons: tuple[Points, ...]


def risk_of(account: Account) -> Risk:
    """Points are added and never go below 0; a worse fact never gives fewer."""
    reasons = weightiest([*_people(account), *_dealings(account)])
    points = max(0.0, sum(one.points for one in reasons))
    return Risk(account.id, account.renewal_in_days, points, _band(account, points), reasons)


def _people(account: Account) -> Iterable[Points]:
    detractors = sum(one is Category.DETRACTOR for one in account.deciders)
    yield Points(RiskReason.DETRACTOR_DECIDES, 30.0 if detractors else 0.0, detractors)
    promoters = sum(one is Category.PROMOTER for one in account.deciders)
    yield Points(RiskReason.PROMOTER_DECIDES, -10.0 if promoters and not detractors else 0.0, promoters)
    unhappy = sum(one is Category.DETRACTOR for one in account.others)
    yield Points(RiskReason.DETRACTORS, min(15.0, 5.0 * unhappy), unhappy)
    yield Points(RiskReason.FELL, min(15.0, 7.5 * account.fell), account.fell)
    yield Points(
        RiskReason.SILENT_REGULARS, min(15.0, 7.5 * account.silent_regulars), account.silent_regulars
    )
    yield Points(RiskReason.NO_DECIDER_HEARD, 0.0 if account.deciders else 10.0, account.decider_known)
    yield Points(RiskReason.COVERAGE_MISSING, min(6.0, 2.0 * account.missing_people), account.missing_people)


def _dealings(account: Account) -> Iterable[Points]:
    yield Points(
        RiskReason.CRITICAL_TICKETS, min(15.0, 10.0 * account.critical_tickets), account.critical_tickets
    )
    yield Points(RiskReason.DISPUTE, 15.0 if account.dispute else 0.0)
    yield Points(
        RiskReason.BROKEN_PROMISES, min(15.0, 7.5 * account.broken_promises), account.broken_promises
    )
    fall = -min(0.0, account.revenue_trend or 0.0)
    yield Points(RiskReason.REVENUE_FALLS, min(20.0, 50.0 * fall), account.revenue_trend)
    days = account.days_since_contact
    quiet = days is not None and days > LONG_SILENCE_DAYS
    yield Points(RiskReason.NO_CONTACT, 8.0 if quiet else 0.0, days)


def _band(account: Account, points: float) -> Band:
    if points >= HIGH_FROM:
        return Band.HIGH
    if points >= MEDIUM_FROM:
        return Band.MEDIUM
    heard = account.deciders or account.others
    return Band.LOW if heard or account.revenue_trend is not None else Band.UNKNOWN


class Due(StrEnum):
    """Columns of the list: when the contract ends."""

    OVERDUE = "overdue"
    WITHIN_30 = "within_30"
    WITHIN_90 = "within_90"
    WITHIN_180 = "within_180"
    LATER = "later"
    NO_DATE = "no_date"


def due_of(days: int | None) -> Due:
    if days is None:
        return Due.NO_DATE
    if days < 0:
        return Due.OVERDUE
    steps = ((30, Due.WITHIN_30), (90, Due.WITHIN_90), (180, Due.WITHIN_180))
    return next((step for within, step in steps if days <= within), Due.LATER)


def renewal_list(accounts: Iterable[Account]) -> list[Risk]:
    """By the time left, and within each step by risk; those without a date last, none dropped."""
    order = list(Due)
    found = [risk_of(account) for account in accounts]
    return sorted(
        found,
        key=lambda one: (
            order.index(due_of(one.renewal_in_days)),
            -one.points,
            one.renewal_in_days if one.renewal_in_days is not None else 0,
            one.account,
        ),
    )


class Opening(StrEnum):
    UPSELL = "upsell"
    """More of what they have."""
    CROSS_SELL = "cross_sell"
    """Something they do not have."""


class Proof(StrEnum):
    PROMOTER_DECIDES = "promoter_decides"
    PROMOTERS = "promoters"
    REVENUE_GROWS = "revenue_grows"
    OTHERS_SELL_IT = "others_sell_it"
    """Many partners of the same kind have what this one has not."""
    NAMED_IT = "named_it"
    """Somebody there spoke of it, in an interview or beside a score."""
    GOAL_SHARED = "goal_shared"
    ASKED_FOR_IT = "asked_for_it"
    """A need they stated, or a question in a ticket or comment, that something not held would meet."""
    DEAL_OPEN = "deal_open"


class Obstacle(StrEnum):
    """While there is one, nothing is offered: whoever waits for help is not sold to."""

    DISPUTE = "dispute"
    HOLD = "hold"
    CRITICAL_TICKET = "critical_ticket"
    DETRACTOR_DECIDES = "detractor_decides"


@dataclass(frozen=True, slots=True)
class Prospect:
    id: int
    deciders: Sequence[Category] = ()
    others: Sequence[Category] = ()
    revenue_trend: float | None = None
    held: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    """Products that would meet what they said they need."""
    named: frozenset[str] = frozenset()
    """Products somebody there spoke of."""
    usual: Mapping[str, float] = field(default_factory=dict)
    """Products and the share of partners of the same kind that have them."""
    open_deal: bool = False
    goals: int = 0
    dispute: bool = False
    hold: bool = False
    critical_tickets: int = 0


@dataclass(frozen=True, slots=True)
class Chance:
    """An opening with its evidence; `blocked_by` says what has to be settled first."""

    prospect: int
    opening: Opening
    products: tuple[str, ...]
    points: float
    proofs: tuple[Points, ...]
    blocked_by: tuple[Obstacle, ...]


LEAST_PROOF = 20.0
USUAL_FROM = 0.3
"""Share of partners of the same kind from which a product is what one would expect to find."""


def openings(prospect: Prospect) -> list[Chance]:
    """What there is evidence for, blocked or not; nothing rests on goodwill alone: a product needs somebody
    who asked for it or spoke of it, or that others like them have it; more of the same needs revenue that
    grows or a deal that is open."""
    blocked = tuple(_obstacles(prospect))
    deal = Points(Proof.DEAL_OPEN, 15.0 if prospect.open_deal else 0.0)
    goal = Points(Proof.GOAL_SHARED, 10.0 if prospect.goals else 0.0, prospect.goals)
    around = [deal, goal, *_goodwill(prospect)]
    found = []
    if products := _not_held(prospect):
        proofs = [*_of_products(prospect), *around]
        found.append(_chance(prospect, Opening.CROSS_SELL, products, proofs, blocked))
    trend = max(0.0, prospect.revenue_trend or 0.0)
    growth = Points(Proof.REVENUE_GROWS, min(20.0, 100.0 * trend), prospect.revenue_trend)
    if growth.points or deal.points:
        held = tuple(sorted(prospect.held))
        found.append(_chance(prospect, Opening.UPSELL, held, [growth, *around], blocked))
    return [one for one in found if one.points >= LEAST_PROOF]


def _not_held(prospect: Prospect) -> tuple[str, ...]:
    """Asked for first, then spoken of, then what others have, the commonest first."""
    usual = {name: share for name, share in prospect.usual.items() if share >= USUAL_FROM}
    names = (prospect.needs | prospect.named | usual.keys()) - prospect.held
    return tuple(
        sorted(
            names,
            key=lambda one: (one not in prospect.needs, one not in prospect.named, -usual.get(one, 0), one),
        )
    )


def _of_products(prospect: Prospect) -> Iterable[Points]:
    wanted, named = prospect.needs - prospect.held, prospect.named - prospect.held
    yield Points(Proof.ASKED_FOR_IT, 20.0 if wanted else 0.0, ", ".join(sorted(wanted)))
    yield Points(Proof.NAMED_IT, 12.0 if named else 0.0, ", ".join(sorted(named)))
    shares = [share for name, share in prospect.usual.items() if name not in prospect.held]
    most = max(shares, default=0.0)
    yield Points(Proof.OTHERS_SELL_IT, 20.0 * most if most >= USUAL_FROM else 0.0, round(most, 4))


def _goodwill(prospect: Prospect) -> list[Points]:
    deciders = sum(one is Category.PROMOTER for one in prospect.deciders)
    others = sum(one is Category.PROMOTER for one in prospect.others)
    return [
        Points(Proof.PROMOTER_DECIDES, 15.0 if deciders else 0.0, deciders),
        Points(Proof.PROMOTERS, min(10.0, 2.5 * others), others),
    ]


def _obstacles(prospect: Prospect) -> Iterable[Obstacle]:
    if prospect.dispute:
        yield Obstacle.DISPUTE
    if prospect.hold:
        yield Obstacle.HOLD
    if prospect.critical_tickets:
        yield Obstacle.CRITICAL_TICKET
    if Category.DETRACTOR in prospect.deciders:
        yield Obstacle.DETRACTOR_DECIDES


def _chance(
    prospect: Prospect,
    opening: Opening,
    products: tuple[str, ...],
    proofs: list[Points],
    blocked: tuple[Obstacle, ...],
) -> Chance:
    found = weightiest(proofs)
    return Chance(prospect.id, opening, products, sum(one.points for one in found), found, blocked)
