"""Which column of a file is which field: by its header, and where that does not tell, by its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from otklik.kit.tabular import Cell, NoDate, NoScore, is_missing, read_date, read_score
from otklik.partners.imports.rules.values import Looks
from otklik.partners.rules.addresses import BadAddress, normalise_address
from otklik.partners.rules.vocabulary import AddressKind

_EXACT, _WITHIN, _BY_VALUES, _CONTRADICTED = 100.0, 60.0, 30.0, 20.0
_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?\Z")
_CAMEL = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")


class Guessable(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def synonyms(self) -> tuple[str, ...]: ...
    @property
    def looks(self) -> Looks | None: ...


def guess_mapping(
    columns: Sequence[str], sample: Sequence[Sequence[Cell]], fields: Sequence[Guessable]
) -> dict[str, str]:
    """Column name -> field name; a column that resembles nothing is left out, and no field is given twice.

    ``sample``: rows of cells, as wide as ``columns``. The best pair is fixed first, then the next best.
    """
    looks = [looks_of([row[at] for row in sample]) for at in range(len(columns))]
    alone = {kind for kind in Looks if looks.count(kind) == 1}
    pairs = []
    for at, column in enumerate(columns):
        for place, field in enumerate(fields):
            weight = _by_header(column, field)
            weight = _with_values(weight, field, looks[at], alone, has_values=any_value(sample, at))
            if weight > _CONTRADICTED:
                pairs.append((-weight, at, place))
    mapping: dict[str, str] = {}
    for _, at, place in sorted(pairs):
        if columns[at] not in mapping and fields[place].name not in mapping.values():
            mapping[columns[at]] = fields[place].name
    return mapping


def _by_header(column: str, field: Guessable) -> float:
    words = _words(column)
    best = 0.0
    for synonym in (field.name.replace("_", " "), *field.synonyms):
        wanted = _words(synonym)
        if words == wanted:
            return _EXACT
        if wanted and set(wanted) <= set(words):
            # "Partner country code" resembles "country" less than "partner country".
            best = max(best, _WITHIN * len(wanted) / len(words))
    return best


def _with_values(
    weight: float, field: Guessable, seen: Looks | None, alone: set[Looks], *, has_values: bool
) -> float:
    if field.looks is None:
        return weight
    if seen is field.looks:
        return weight + _BY_VALUES if weight or seen in alone else 0.0
    return min(weight, _CONTRADICTED) if weight < _EXACT and has_values else weight


def any_value(sample: Sequence[Sequence[Cell]], at: int) -> bool:
    return any(not is_missing(row[at]) for row in sample)


def looks_of(cells: Sequence[Cell]) -> Looks | None:
    """What at least four fifths of the values there look like; None for few or mixed ones."""
    values = [cell for cell in cells if not is_missing(cell)]
    if not values:
        return None
    enough = 0.8 * len(values)
    if sum(_is_email(cell) for cell in values) >= enough:
        return Looks.EMAIL
    if sum(not isinstance(read_score(cell), NoScore) for cell in values) >= enough:
        return Looks.SCORE
    dates = sum(not _is_number(cell) and not isinstance(read_date(cell), NoDate) for cell in values)
    return Looks.DATE if dates >= enough else None


def _is_email(cell: Cell) -> bool:
    try:
        return isinstance(cell, str) and bool(normalise_address(AddressKind.EMAIL, cell))
    except BadAddress:
        return False


def _is_number(cell: Cell) -> bool:
    """Also 45000 and 20250312: a column of such numbers is rather a column of ids than of dates."""
    return isinstance(cell, int | float) or (
        isinstance(cell, str) and _NUMBER.match(cell.strip()) is not None
    )


def _words(header: str) -> list[str]:
    spaced = _CAMEL.sub(" ", header).casefold().replace("ё", "е").replace("e-mail", "email")
    return _WORDS.findall(spaced)
