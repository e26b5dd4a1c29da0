"""What is wrong with the data a map is drawn from: roles, people who left, duplicates, whom we did not ask.

Formulas: docs/formulas/relationships.md. None of it proves that anybody picked; it says where to look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import Any, NamedTuple

import numpy as np

from otklik.relationships.rules.vocabulary import Category, Role
from otklik.stats.special import log_gamma

Array = np.ndarray[Any, np.dtype[np.float64]]

ROLE_STALE_AFTER_DAYS = 365
SUSPICIOUS_BELOW = 0.05
FEWEST_KNOWN = 8
"""People with an earlier answer on both sides together; below it there is no test."""


EXACT_UP_TO = 1000
"""People, above which the chance is reckoned by logarithms."""


class Fault(StrEnum):
    ROLE_UNKNOWN = "role_unknown"
    ROLE_STALE = "role_stale"
    """Stated more than a year ago, or never by anybody."""
    LEFT = "left"
    """Said to have left, and still on the map."""
    UNREACHABLE = "unreachable"
    """Mail comes back: perhaps left."""
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as recorded. `role_stated_days_ago`: None where nobody stated it; `phones`: digits only."""

    id: int
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    role: Role = Role.UNKNOWN
    role_stated_days_ago: float | None = None
    left: bool = False
    bounced: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`others`: of a duplicate, whom they are suspected to be; `value`: days, where it is about days."""

    fault: Fault
    person: int
    others: tuple[int, ...] = ()
    value: float | None = None


def find_faults(entries: Iterable[Entry]) -> list[Finding]:
    """In the order of `Fault`, then by id."""
    everybody = sorted(entries, key=lambda one: one.id)
    found = [finding for one in everybody for finding in _faults(one)]
    found += _duplicates([one for one in everybody if not one.left])
    order = list(Fault)
    return sorted(found, key=lambda one: (order.index(one.fault), one.person))


def _faults(one: Entry) -> Iterable[Finding]:
    if one.left:
        yield Finding(Fault.LEFT, one.id)
        return
    days = one.role_stated_days_ago
    if one.role is Role.UNKNOWN:
        yield Finding(Fault.ROLE_UNKNOWN, one.id)
    elif days is None or days > ROLE_STALE_AFTER_DAYS:
        yield Finding(Fault.ROLE_STALE, one.id, value=days)
    if one.bounced:
        yield Finding(Fault.UNREACHABLE, one.id)


def _duplicates(entries: Sequence[Entry]) -> list[Finding]:
    """People who share an address, a phone number or a name, whatever the order of its words. Each group
    once, at its lowest id."""
    first: dict[str, int] = {}
    group: dict[int, int] = {one.id: one.id for one in entries}

    def head(person: int) -> int:
        while group[person] != person:
            person = group[person]
        return person

    for one in entries:
        for key in _keys(one):
            other = first.setdefault(key, one.id)
            low, high = sorted((head(other), head(one.id)))
            group[high] = low
    members: dict[int, list[int]] = {}
    for one in entries:
        members.setdefault(head(one.id), []).append(one.id)
    return [
        Finding(Fault.DUPLICATE, person, tuple(those[1:]))
        for person, those in members.items()
        if len(those) > 1
    ]


def _keys(one: Entry) -> Iterable[str]:
    yield from (f"mail:{address.strip().casefold()}" for address in one.emails if address.strip())
    yield from (f"phone:{phone[-10:]}" for phone in one.phones if len(phone) >= 10)
    words = name_words(one.name)
    # One word alone is a first name or a function, shared by strangers.
    if len(words) > 1:
        yield "name:" + " ".join(sorted(words))


def name_words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return re.findall(r"\w+", plain)


class Doubt(StrEnum):
    ONLY_FRIENDLY = "only_friendly"
    """Whoever was asked liked us before, more than chance would have it."""
    NOTHING_SEEN = "nothing_seen"
    TOO_FEW_KNOWN = "too_few_known"
    ALL_ASKED = "all_asked"
    NOBODY_ASKED = "nobody_asked"


class Asked(NamedTuple):
    """A person who might have been asked: their category last time (None: never answered), asked now?"""

    before: Category | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Friendly:
    """Promoters of earlier waves among those asked, and among all who might have been. `p_value`: the chance
    of so many or more had people been drawn blindly (hypergeometric, Fisher's exact test, one side)."""

    verdict: Doubt
    asked: int
    asked_promoters: int
    known: int
    known_promoters: int
    p_value: float | None


def friendly_only(people: Iterable[Asked], *, suspicious_below: float = SUSPICIOUS_BELOW) -> Friendly:
    """Were only the friendly asked? Looks at people with an earlier answer."""
    known = [one for one in people if one.before is not None]
    asked = [one for one in known if one.asked]
    promoters = sum(one.before is Category.PROMOTER for one in known)
    among = sum(one.before is Category.PROMOTER for one in asked)
    return friendly_of(len(asked), among, len(known), promoters, suspicious_below=suspicious_below)


def friendly_of(
    asked: int,
    asked_promoters: int,
    known: int,
    known_promoters: int,
    *,
    suspicious_below: float = SUSPICIOUS_BELOW,
) -> Friendly:
    """The same from counts."""
    verdict, p_value = Doubt.NOTHING_SEEN, None
    if not asked:
        verdict = Doubt.NOBODY_ASKED
    elif asked == known:
        verdict = Doubt.ALL_ASKED
    elif known < FEWEST_KNOWN:
        verdict = Doubt.TOO_FEW_KNOWN
    else:
        p_value = at_least(asked_promoters, drawn=asked, marked=known_promoters, total=known)
        if p_value < suspicious_below:
            verdict = Doubt.ONLY_FRIENDLY
    return Friendly(verdict, asked, asked_promoters, known, known_promoters, p_value)


def at_least(count: int, *, drawn: int, marked: int, total: int) -> float:
    """Chance of `count` marked ones or more among `drawn` of `total`, `marked` of whom are marked."""
    first, most = max(count, 0, drawn + marked - total), min(drawn, marked)
    if first > most:
        return 0.0
    if total > EXACT_UP_TO:
        return _at_least_many(first, most, drawn, marked, total)
    ways = sum(comb(marked, k) * comb(total - marked, drawn - k) for k in range(first, most + 1))
    return ways / comb(total, drawn)


def _at_least_many(first: int, most: int, drawn: int, marked: int, total: int) -> float:
    """By logarithms: the numbers of ways have thousands of digits."""
    k = np.arange(first, most + 1, dtype=np.float64)

    def ways(n: int, of: Array) -> Array:
        return log_gamma(np.full_like(of, n + 1.0)) - log_gamma(of + 1) - log_gamma(n - of + 1)

    whole = ways(total, np.array([float(drawn)]))[0]
    return min(1.0, float(np.exp(ways(marked, k) + ways(total - marked, drawn - k) - whole).sum()))


class Behind(NamedTuple):
    """Revenue of a partner's units (projects, products) that somebody asked, or answering, belongs to."""

    total: float
    asked: float
    answered: float

    @property
    def asked_share(self) -> float | None:
        return self.asked / self.total if self.total > 0 else None

    @property
    def answered_share(self) -> float | None:
        return self.answered / self.total if self.total > 0 else None
