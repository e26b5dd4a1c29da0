"""From which day a policy change holds for whom: by tier, and by a list of partners that somebody pasted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from otklik.kit.tabular import DateOrder, NoDate, day_of, read_date

MOST_LINES = 5000
_SEPARATORS = ";\t,"
_NAMES_OF_DAYS = frozenset({"date", "day", "from", "since", "start", "дата", "день", "с", "начало"})


class NobodyReached(ValueError):
    """A change has a day for one partner at least."""


class Wrong(StrEnum):
    """What is wrong with a line of the list."""

    NO_PARTNER = "no_partner"
    NO_DATE = "no_date"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    TWO_WAYS = "two_ways"
    """03/04/2026 is a day in March or in April, and no other line tells."""
    UNKNOWN = "unknown"
    SEVERAL = "several"
    """More partners than one have this name."""
    TWICE = "twice"
    TOO_MANY = "too_many"
    """Lines from here on are more than a list may have."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """``text``: the part of the line that is wrong."""

    line: int
    wrong: Wrong
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    partner: str
    day: date


@dataclass(frozen=True, slots=True)
class Start:
    """``tier`` is what the partner was in, whether the day came by it or by the list (``is_listed``)."""

    partner: int
    day: date
    tier: str
    is_listed: bool


_SAID = {
    NoDate.MISSING: Wrong.NO_DATE,
    NoDate.IMPOSSIBLE: Wrong.NO_SUCH_DAY,
    NoDate.OUT_OF_RANGE: Wrong.NO_SUCH_DAY,
    NoDate.TEXT: Wrong.NOT_A_DATE,
}


def read_list(text: str) -> tuple[list[Line], list[Mistake]]:
    """Lines of a partner and a date, parted by the last semicolon, tab or comma. Blank ones count for
    nothing, and so does a first one that names the columns."""
    cells = [(number, *_parted(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if cells and cells[0][2].casefold() in _NAMES_OF_DAYS:
        del cells[0]
    order = DateOrder()
    for _, _, day in cells:
        order.see(day)
    found = [_read(number, partner, day, order) for number, partner, day in cells[:MOST_LINES]]
    lines = [one for one in found if isinstance(one, Line)]
    mistakes = [one for one in found if isinstance(one, Mistake)]
    mistakes += [Mistake(number, Wrong.TOO_MANY, partner) for number, partner, _ in cells[MOST_LINES:][:1]]
    return lines, mistakes


def match(lines: Sequence[Line], known: Mapping[str, Sequence[int]]) -> tuple[dict[int, date], list[Mistake]]:
    """Day by partner. ``known``: whom a text of a line names."""
    days: dict[int, date] = {}
    mistakes = []
    for line in lines:
        found = known.get(line.partner, ())
        if len(found) != 1:
            mistakes.append(Mistake(line.number, Wrong.SEVERAL if found else Wrong.UNKNOWN, line.partner))
        elif days.setdefault(found[0], line.day) != line.day:
            mistakes.append(Mistake(line.number, Wrong.TWICE, line.partner))
    return days, mistakes


def starts_for(
    by_tier: Mapping[str, date],
    members: Mapping[str, Collection[int]],
    listed: Mapping[int, date],
    tiers: Mapping[int, str],
) -> list[Start]:
    """By partner. What stands in the list goes before the tier. ``tiers``: of those in the list. Raises
    NobodyReached."""
    found = {
        partner: Start(partner, day, tier, is_listed=False)
        for tier, day in by_tier.items()
        for partner in members.get(tier, ())
    }
    for partner, day in listed.items():
        found[partner] = Start(partner, day, tiers.get(partner, ""), is_listed=True)
    if not found:
        raise NobodyReached
    return [found[partner] for partner in sorted(found)]


def _parted(line: str) -> tuple[str, str]:
    at = max(line.rfind(sign) for sign in _SEPARATORS)
    if at < 0:
        return _bare(line), ""
    return _bare(line[:at]), _bare(line[at + 1 :])


def _bare(cell: str) -> str:
    """Without the quotes that a spreadsheet puts around a name with a comma."""
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"').strip()
    return cell


def _read(number: int, partner: str, day: str, order: DateOrder) -> Line | Mistake:
    if not partner:
        return Mistake(number, Wrong.NO_PARTNER, day)
    found = read_date(day, order.order)
    if isinstance(found, NoDate):
        return Mistake(number, _SAID[found], day or partner)
    if order.is_ambiguous and _is_either(day):
        return Mistake(number, Wrong.TWO_WAYS, day)
    return Line(number, partner, day_of(found))


def _is_either(day: str) -> bool:
    alone = DateOrder()
    alone.see(day)
    return alone.either > 0
