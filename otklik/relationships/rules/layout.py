"""Where people stand on the map: columns by authority, rows by influence, nobody on top of anybody.

Units are those of the drawing's view box; y grows downwards, as in SVG. A person's place inside their cell
depends on nothing but how many stand before them in it, so whoever is added last moves nobody inside any
cell; cells move only where a column or a row has to grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from otklik.relationships.rules.segments import Cell
from otklik.relationships.rules.vocabulary import Authority, Influence, Role

COLUMNS = (Authority.NONE, Authority.SHARED, Authority.FINAL, Authority.UNKNOWN)
ROWS = (Influence.HIGH, Influence.MEDIUM, Influence.LOW, Influence.UNKNOWN)
"""From the left and from the top. What is unknown comes last, and only where there is somebody in it: nothing
else moves when it comes."""
CARDS_UP_TO = 40
MOST = 300
MOST_VACANT = 4
PLACES: Mapping[Role, Cell] = {
    Role.DECISION_MAKER: Cell(Authority.FINAL, Influence.HIGH),
    Role.INFLUENCER: Cell(Authority.NONE, Influence.HIGH),
    Role.END_USER: Cell(Authority.NONE, Influence.LOW),
}
"""Where somebody who is missing would stand."""
FEWEST_SLOTS = (2, 1)
"""Columns and rows of places an empty cell is drawn with."""
MARGIN = 12.0
HEADING = 28.0
"""Left above each cell for its counts."""
OURS_WIDTH, OURS_HEIGHT = 150.0, 44.0
GUTTER = 90.0
"""Between the map and our people: lines cross it."""


class Density(StrEnum):
    """CARDS: a name and a job title under each person. DOTS: initials only; the rest on hover and in the
    table."""

    CARDS = "cards"
    DOTS = "dots"


_SLOT = {Density.CARDS: (124.0, 92.0), Density.DOTS: (46.0, 46.0)}
_RADIUS = {
    Density.CARDS: {
        Influence.HIGH: 26.0,
        Influence.MEDIUM: 21.0,
        Influence.LOW: 16.0,
        Influence.UNKNOWN: 16.0,
    },
    Density.DOTS: {
        Influence.HIGH: 19.0,
        Influence.MEDIUM: 17.0,
        Influence.LOW: 13.0,
        Influence.UNKNOWN: 13.0,
    },
}
_CIRCLE_AT = {Density.CARDS: 30.0, Density.DOTS: 23.0}
"""Of the circle's middle below the top of its slot: a card has its words under it."""


class TooManyPeople(ValueError):
    """More people than a map can be read with; show the table."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What the layout needs of a person. `order`: who came first stands first, ties by id."""

    id: int
    authority: Authority
    influence: Influence
    order: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    id: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A place for somebody who is missing."""

    cell: Cell
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """From one of our people to the edge of a person's circle."""

    ours: int
    person: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    density: Density
    cells: Mapping[Cell, Box]
    spots: tuple[Spot, ...]
    ours: Mapping[int, Box]
    lines: tuple[Line, ...]
    vacancies: tuple[Vacancy, ...] = ()


def place(
    people: Iterable[Placed],
    *,
    ours: Sequence[int] = (),
    ties: Iterable[tuple[int, int]] = (),
    missing: Mapping[Cell, int] | None = None,
) -> Layout:
    """The map of up to `MOST` people. `ours`: our people, drawn at the right in this order; `ties`: (ours,
    person), those of strangers to the map are left out; `missing`: who is to be found for each cell, of whom
    up to `MOST_VACANT` have a place, behind the people. Raises TooManyPeople."""
    vacant = {cell: min(count, MOST_VACANT) for cell, count in (missing or {}).items()}
    by_cell: dict[Cell, list[Placed]] = {Cell(a, i): [] for a in COLUMNS for i in ROWS}
    for person in people:
        by_cell[Cell(person.authority, person.influence)].append(person)
    total = sum(len(those) for those in by_cell.values())
    if total > MOST:
        raise TooManyPeople(f"{total} people")
    density = Density.CARDS if total <= CARDS_UP_TO else Density.DOTS
    taken = {
        cell: len(those) + vacant.get(cell, 0) for cell, those in by_cell.items() if _is_drawn(cell, by_cell)
    }
    boxes = _boxes(taken, density)
    spots = tuple(spot for cell, box in boxes.items() for spot in _spots(cell, by_cell[cell], box, density))
    empty = tuple(
        one
        for cell, count in vacant.items()
        for one in _vacancies(cell, len(by_cell[cell]), count, boxes[cell], density)
    )
    right = max(box.right for box in boxes.values()) + MARGIN
    bottom = max(box.bottom for box in boxes.values()) + MARGIN
    desks = _desks(ours, right + GUTTER, bottom)
    width = right if not desks else right + GUTTER + OURS_WIDTH + MARGIN
    height = max([bottom, *(desk.bottom + MARGIN for desk in desks.values())])
    return Layout(width, height, density, boxes, spots, desks, tuple(_lines(ties, desks, spots)), empty)


def slot(number: int) -> tuple[int, int]:
    """(column, row) of the place with this number, from 0: squares around the corner, each filled before the
    next begins, so that the first n places are the same however many follow."""
    shell = int(number**0.5)
    while shell * shell > number:
        shell -= 1
    while (shell + 1) * (shell + 1) <= number:
        shell += 1
    into = number - shell * shell
    return (shell, into) if into < shell else (into - shell, shell)


def _is_drawn(cell: Cell, by_cell: Mapping[Cell, Sequence[Placed]]) -> bool:
    column = cell.authority is not Authority.UNKNOWN or any(by_cell[Cell(cell.authority, i)] for i in ROWS)
    row = cell.influence is not Influence.UNKNOWN or any(by_cell[Cell(a, cell.influence)] for a in COLUMNS)
    return column and row


def _extent(people: int) -> tuple[int, int]:
    """Columns and rows of places that so many people take."""
    taken = [slot(number) for number in range(people)]
    columns = max((column + 1 for column, _ in taken), default=0)
    rows = max((row + 1 for _, row in taken), default=0)
    return max(columns, FEWEST_SLOTS[0]), max(rows, FEWEST_SLOTS[1])


def _boxes(taken: Mapping[Cell, int], density: Density) -> dict[Cell, Box]:
    wide, high = _SLOT[density]
    extents = {cell: _extent(count) for cell, count in taken.items()}
    columns = [one for one in COLUMNS if any(cell.authority is one for cell in taken)]
    rows = [one for one in ROWS if any(cell.influence is one for cell in taken)]
    boxes: dict[Cell, Box] = {}
    x = MARGIN
    for authority in columns:
        width = wide * max(extents[Cell(authority, row)][0] for row in rows)
        y = MARGIN
        for influence in rows:
            height = HEADING + high * max(extents[Cell(column, influence)][1] for column in columns)
            boxes[Cell(authority, influence)] = Box(x, y, width, height)
            y += height + MARGIN
        x += width + MARGIN
    return boxes


def _spots(cell: Cell, people: Iterable[Placed], box: Box, density: Density) -> Iterable[Spot]:
    radius = _RADIUS[density][cell.influence]
    for number, person in enumerate(sorted(people, key=lambda one: (one.order, one.id))):
        yield Spot(person.id, *_middle(number, box, density), radius)


def _vacancies(cell: Cell, behind: int, count: int, box: Box, density: Density) -> Iterable[Vacancy]:
    for number in range(behind, behind + count):
        yield Vacancy(cell, *_middle(number, box, density), _RADIUS[density][cell.influence])


def _middle(number: int, box: Box, density: Density) -> tuple[float, float]:
    wide, high = _SLOT[density]
    column, row = slot(number)
    return box.x + (column + 0.5) * wide, box.y + HEADING + row * high + _CIRCLE_AT[density]


def _desks(ours: Sequence[int], x: float, bottom: float) -> dict[int, Box]:
    """Spread over the height of the map, so that lines cross as little as they can in this order."""
    step = max(OURS_HEIGHT + MARGIN, (bottom - MARGIN) / max(len(ours), 1))
    first = MARGIN + max(0.0, (step - OURS_HEIGHT - MARGIN) / 2)
    return {one: Box(x, first + n * step, OURS_WIDTH, OURS_HEIGHT) for n, one in enumerate(ours)}


def _lines(
    ties: Iterable[tuple[int, int]], desks: Mapping[int, Box], spots: Iterable[Spot]
) -> Iterable[Line]:
    at = {spot.id: spot for spot in spots}
    for one, person in ties:
        if one not in desks or person not in at:
            continue
        desk, spot = desks[one], at[person]
        x, y = desk.x, desk.y + desk.height / 2
        length = hypot(x - spot.x, y - spot.y)
        share = spot.radius / length
        yield Line(one, person, x, y, spot.x + (x - spot.x) * share, spot.y + (y - spot.y) * share)
