"""Signs that a score was helped: what counts as one, and how often it comes about by chance.

A sign is a reason to ask, never an accusation: no answer is taken out of any figure because of one.
Formulas: docs/formulas/signs.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp, sqrt

from otklik.stats.intervals import Interval
from otklik.stats.share import newcombe
from otklik.stats.special import t_quantile

LOOKED_BACK = timedelta(days=90)
ADDRESS_WINDOW = timedelta(days=14)
FAST_SECONDS = 20
AGAIN = 2
FEWEST_PEOPLE = 5


class Sign(StrEnum):
    ADDRESS_CHANGED = "address_changed"
    OWN_DOMAIN = "own_domain"
    OWN_NETWORK = "own_network"
    ONE_DEVICE = "one_device"
    PICKED_BY_HAND = "picked_by_hand"
    LEFT_OUT_AGAIN = "left_out_again"
    ABOVE_ELSEWHERE = "above_elsewhere"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Spread:
    """Differences of so many people: their sum and the sum of their squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Spread) -> Spread:
        return Spread(self.n + other.n, self.total + other.total, self.squares + other.squares)

    def without(self, part: Spread) -> Spread:
        return Spread(self.n - part.n, self.total - part.total, self.squares - part.squares)

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        return max(0.0, (self.squares - self.total**2 / self.n) / (self.n - 1))


@dataclass(frozen=True, slots=True)
class Apart:
    """How much a difference is larger than that of everybody else, on the scale 0..1."""

    difference: float
    interval: Interval

    @property
    def is_above(self) -> bool:
        return self.interval.low > 0


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def is_own_domain(address: str, domains: Iterable[str]) -> bool:
    """Of one of the domains, or of a domain below it."""
    found = domain_of(address)
    own = [domain.strip().lower().lstrip("@.") for domain in domains]
    return any(found == domain or found.endswith(f".{domain}") for domain in own if domain)


def changed_shortly_before(changes: Iterable[datetime], sent_at: datetime) -> datetime | None:
    """The last change within ``ADDRESS_WINDOW`` before the send."""
    within = [moment for moment in changes if sent_at - ADDRESS_WINDOW <= moment <= sent_at]
    return max(within, default=None)


def expected_changes(changes: int, people: int, sends: int) -> float:
    """How many sends would have a change shortly before them if changes fell on any day and person alike."""
    return sends * changes / people * (ADDRESS_WINDOW / LOOKED_BACK) if people else 0.0


def expected_again(left_out: int, appearances: Mapping[int, int]) -> float:
    """People left out by hand ``AGAIN`` times or more if it fell on anybody alike. ``appearances``: how many
    people stood in a sample so many times; ``left_out``: how often somebody was left out, in all."""
    times = sum(times * people for times, people in appearances.items())
    if not times:
        return 0.0
    share = min(1.0, left_out / times)
    return sum(
        people * (1 - (1 - share) ** k - k * share * (1 - share) ** (k - 1))
        for k, people in appearances.items()
        if k >= AGAIN
    )


def chance_of(count: int, expected: float) -> float:
    """Of so many or more where so many are expected (Poisson). Stable up to some hundreds; beyond, what is
    not near the expectation has no chance to speak of."""
    if count == 0:
        return 1.0
    if expected > 700:
        return 1.0 if count <= expected else 0.0
    term = below = exp(-expected)
    for k in range(1, count):
        term *= expected / k
        below += term
    return max(0.0, 1.0 - below)


def share_difference(hits: int, n: int, other_hits: int, other_n: int) -> Apart | None:
    """One share less another, with Newcombe's interval of two independent shares (method 10: R. G. Newcombe,
    Statistics in Medicine 17, 1998, pp. 873-890). None under ``FEWEST_PEOPLE`` on either side."""
    interval = newcombe(hits, n, other_hits, other_n)
    if interval is None or min(n, other_n) < FEWEST_PEOPLE:
        return None
    return Apart(hits / n - other_hits / other_n, interval)


def above_rest(some: Spread, rest: Spread, *, looked_at: int = 1) -> Apart | None:
    """Welch's interval of the difference of two means, at the level 1 - 0.05 / ``looked_at`` (Bonferroni):
    whoever looks at twenty groups finds one by chance. None under ``FEWEST_PEOPLE`` on either side."""
    if min(some.n, rest.n) < FEWEST_PEOPLE:
        return None
    errors = some.variance / some.n, rest.variance / rest.n
    error, difference = sum(errors), some.mean - rest.mean
    if error == 0:
        return Apart(difference, Interval(difference, difference))
    freedom = error**2 / (errors[0] ** 2 / (some.n - 1) + errors[1] ** 2 / (rest.n - 1))
    half = t_quantile(1 - 0.025 / max(looked_at, 1), max(1, int(freedom))) * sqrt(error)
    return Apart(difference, Interval(difference - half, difference + half))


def differences(person: Mapping[int, float]) -> dict[int, float]:
    """One person's score in each survey (on 0..1) less the mean of theirs in all others."""
    total, n = sum(person.values()), len(person)
    return {survey: value - (total - value) / (n - 1) for survey, value in person.items()} if n > 1 else {}


def spread(values: Sequence[float]) -> Spread:
    return Spread(len(values), sum(values), sum(value * value for value in values))
