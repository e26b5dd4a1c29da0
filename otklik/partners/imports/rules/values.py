"""What a cell says, for each kind of field: a value, nothing, or a reason why it cannot be understood."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from otklik.kit.tabular import (
    Cell,
    NoDate,
    NoNumber,
    Order,
    day_of,
    is_missing,
    read_date,
    read_number,
    restored,
)
from otklik.partners.rules.addresses import LONGEST, BadAddress, normalise_address
from otklik.partners.rules.hours import BadHours, normalise_hours
from otklik.partners.rules.names import name_key
from otklik.partners.rules.places import UnknownPlace, country_code, language_code, zone_name
from otklik.partners.rules.vocabulary import AddressKind


class BadValue(Exception):
    """The cell cannot be understood. ``code`` names a sentence, ``params`` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)


class Looks(StrEnum):
    """What values of a column look like, whatever its header says."""

    EMAIL = "email"
    DATE = "date"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Hints:
    """What the whole column told about its values: how 03/04/2025 is read, whether the comma in "1,234"
    is decimal, and the zone of times that name none.
    """

    order: Order = Order.DAY_FIRST
    decimal: str | None = None
    zone: str = "UTC"


Parser = Callable[[Cell, Hints], Any]

_LIST = re.compile(r"\s*[;,|/\n]\s*")


def as_text(cell: Cell) -> str:
    """The cell as a person would read it; "" where it is blank.

    An apostrophe that our own exports put before a formula is taken off again, so that rows downloaded as
    failed come back as they were.
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == dt.time(0) else "%Y-%m-%d %H:%M:%S")
    return restored(str(cell).strip())


def text(longest: int) -> Parser:
    """Words as they stand; "NA" and the like are kept, for they may be a name."""

    def parse(cell: Cell, hints: Hints) -> str | None:
        value = " ".join(as_text(cell).split())
        if len(value) > longest:
            raise BadValue("too_long", longest=longest, length=len(value))
        return value or None

    return parse


def comment(longest: int) -> Parser:
    """Free text with its line breaks; the usual words for nothing are nothing."""

    def parse(cell: Cell, hints: Hints) -> str | None:
        if is_missing(cell):
            return None
        value = as_text(cell)
        if len(value) > longest:
            raise BadValue("too_long", longest=longest, length=len(value))
        return value or None

    return parse


def address(kind: AddressKind) -> Parser:
    """Several in one cell are several addresses: "a@x.com; b@x.com"."""

    def parse(cell: Cell, hints: Hints) -> list[str] | None:
        parts: list[str] | None = several(LONGEST)(cell, hints)
        for part in parts or ():
            try:
                normalise_address(kind, part)
            except BadAddress:
                raise BadValue(f"not_{kind.value}") from None
        return parts

    return parse


def moment(cell: Cell, hints: Hints) -> dt.datetime | None:
    """An instant, aware. A day without a time is noon UTC: the same calendar day in every zone where
    people work.
    """
    found = _date(cell, hints)
    if found is None:
        return None
    if not isinstance(found, dt.datetime):
        return dt.datetime.combine(found, dt.time(12), tzinfo=dt.UTC)
    return (found if found.tzinfo else found.replace(tzinfo=zoneinfo.ZoneInfo(hints.zone))).astimezone(dt.UTC)


def day(cell: Cell, hints: Hints) -> dt.date | None:
    found = _date(cell, hints)
    return None if found is None else day_of(found)


def _date(cell: Cell, hints: Hints) -> dt.date | None:
    found = read_date(cell, hints.order)
    if found is NoDate.MISSING:
        return None
    if isinstance(found, NoDate):
        raise BadValue(f"date_{found.value}")
    return found


def amount(cell: Cell, hints: Hints) -> Decimal | None:
    found = read_number(cell, decimal=hints.decimal)
    if found is NoNumber.MISSING:
        return None
    if isinstance(found, NoNumber):
        raise BadValue(f"number_{found.value}")
    if abs(found) >= 10**14:
        raise BadValue("number_too_large")
    return Decimal(str(round(found, 2)))


def several(longest: int) -> Parser:
    """A list within one cell: "shop; marketplace"."""

    def parse(cell: Cell, hints: Hints) -> list[str] | None:
        if is_missing(cell):
            return None
        parts = [" ".join(part.split()) for part in _LIST.split(as_text(cell))]
        if any(len(part) > longest for part in parts):
            raise BadValue("too_long", longest=longest, length=max(map(len, parts)))
        return list(dict.fromkeys(part for part in parts if part)) or None

    return parse


def choice(words: Mapping[str, str]) -> Parser:
    """One of a closed list, by any of the words people write for it (in small letters)."""

    def parse(cell: Cell, hints: Hints) -> str | None:
        if is_missing(cell):
            return None
        found = words.get(name_key(as_text(cell)))
        if found is None:
            raise BadValue("not_in_list", allowed=", ".join(dict.fromkeys(words.values())))
        return found

    return parse


def country(cell: Cell, hints: Hints) -> str | None:
    """Two letters by ISO 3166, from the code or the name in Russian or English."""
    value = as_text(cell)
    # Not is_missing: NA is Namibia.
    if is_missing(cell) and value.upper() != "NA":
        return None
    return _place(country_code, value, "no_such_country")


def language(cell: Cell, hints: Hints) -> str | None:
    return None if is_missing(cell) else _place(language_code, as_text(cell), "no_such_language")


def languages(cell: Cell, hints: Hints) -> list[str] | None:
    parts = several(40)(cell, hints)
    if parts is None:
        return None
    return list(dict.fromkeys(_place(language_code, part, "no_such_language") for part in parts))


def time_zone(cell: Cell, hints: Hints) -> str | None:
    return None if is_missing(cell) else _place(zone_name, as_text(cell), "no_such_zone")


def hours(cell: Cell, hints: Hints) -> str | None:
    if is_missing(cell):
        return None
    try:
        return normalise_hours(as_text(cell))
    except BadHours:
        raise BadValue("not_hours") from None


def _place(read: Callable[[str], str], value: str, code: str) -> str:
    try:
        return read(value)
    except UnknownPlace:
        raise BadValue(code) from None
