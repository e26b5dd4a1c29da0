"""Amounts with their intervals around zero, on whatever scale: effects, shares. How sure each one is shows in
its shape and line, not in a colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import (
    SMALL,
    Scale,
    box,
    fitting,
    in_lines,
    labelled_ticks,
    line,
    picture,
    tag,
    text,
    width_of,
    with_tip,
)

_ROW, _NARROW_ROW, _HEADING, _FOOT = 32.0, 48.0, 30.0, 44.0
_LEGEND, _GAP = 20.0, 12.0
_NARROW = 520.0


class Sureness(Enum):
    """TOLD: a full dot on a full line. SMALL: an empty dot on a full line. UNSURE: an empty diamond, "
    "dashed."""

    TOLD = "told"
    SMALL = "small"
    UNSURE = "unsure"


@dataclass(frozen=True)
class EstimateRow:
    """``estimate`` None: nothing is drawn, and ``figures`` says why. Rows with one ``group`` stand together
    under its name; "" has no heading."""

    label: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    sureness: Sureness = Sureness.TOLD
    figures: str = ""
    tip: str = ""
    group: str = ""


@dataclass(frozen=True)
class EstimateWords:
    """Everything the chart says, in the reader's language. ``axis`` stands below the numbers; ``marks`` are
    the words of the legend, for those marks that are drawn."""

    title: str
    description: str
    axis: str
    marks: Mapping[Sureness, str]
    number: Callable[[float, int], str]


@dataclass(frozen=True)
class _Frame:
    width: float
    is_narrow: bool
    x: Scale
    label_room: float

    @property
    def row(self) -> float:
        return _NARROW_ROW if self.is_narrow else _ROW


def estimates(
    rows: Sequence[EstimateRow], words: EstimateWords, *, key: str, width: float = 760, reach: float = 0.0
) -> str:
    """An SVG picture, groups and rows in the order given. The scale holds zero, every estimate, the intervals
    of what is told, and ``reach`` to each side that has anything; an interval that goes on beyond ends in an
    arrow.
    """
    frame = _frame(rows, width, reach)
    legend = _legend(rows, words, width)
    top = _LEGEND * (legend[-1][1] + 1 if legend else 0) + _GAP
    places = list(_places(frame, rows, top))
    bottom = places[-1][1] + frame.row if places else top
    parts = [*_backdrop(frame, words, places[0][1] if places else top, bottom)]
    for x, number, mark in legend:
        parts += _legend_piece(mark, words.marks[mark], x, 14 + _LEGEND * number)
    named = ""
    for row, y in places:
        if row.group and row.group != named:
            parts.append(box(0, y - _HEADING + 4, width, 20, "surface"))
            parts.append(text(row.group, 0, y - 11, weight=600))
        named = row.group
        parts.append(_row(frame, row, y))
    return picture(key, words.title, words.description, width, bottom + _FOOT, *parts)


def _frame(rows: Sequence[EstimateRow], width: float, reach: float) -> _Frame:
    held = [row.estimate for row in rows if row.estimate is not None]
    for row in rows:
        if row.sureness is not Sureness.UNSURE:
            held += [end for end in (row.low, row.high) if end is not None]
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    low, high = min([0.0, *held]), max([0.0, *held])
    if min([0.0, *ends]) < 0:
        low = min(low, -reach)
    if max([0.0, *ends]) > 0:
        high = max(high, reach)
    if low == high:
        low, high = -1.0, 1.0
    room = (high - low) * 0.04
    low, high = (low - room if low < 0 else low), (high + room if high > 0 else high)
    if width < _NARROW:
        return _Frame(width, True, Scale(low, high, 12, width - 12), width)
    left = min(max([width_of(row.label) for row in rows] or [0]) + 20, width * 0.4)
    right = max([width_of(row.figures, SMALL) for row in rows] or [0]) + 14
    return _Frame(width, False, Scale(low, high, left, width - right - 8), left - 18)


def _places(frame: _Frame, rows: Sequence[EstimateRow], top: float) -> Iterator[tuple[EstimateRow, float]]:
    """The upper edge of every row; the first of a group leaves room for its name."""
    y, group = top, ""
    for row in rows:
        if row.group and row.group != group:
            y += _HEADING
        group = row.group
        yield row, y
        y += frame.row


def _backdrop(frame: _Frame, words: EstimateWords, top: float, bottom: float) -> list[str]:
    parts = []
    for value, written in labelled_ticks(
        frame.x.low, frame.x.high, 4 if frame.is_narrow else 7, words.number
    ):
        x, is_zero = frame.x(value), value == 0
        parts.append(line(x, top, x, bottom, "axis" if is_zero else "grid", 1.5 if is_zero else 1))
        parts.append(text(written, x, bottom + 17, anchor="middle", size=SMALL, fill="muted"))
    middle = (frame.x.start + frame.x.stop) / 2
    parts.append(text(words.axis, middle, bottom + 36, anchor="middle", size=SMALL, fill="muted"))
    return parts


def _row(frame: _Frame, row: EstimateRow, y: float) -> str:
    if frame.is_narrow:
        room = frame.width - 14 - width_of(row.figures, SMALL)
        words = (
            box(0, y + 2, frame.width, 18, "surface")
            + text(fitting(row.label, room), 0, y + 16)
            + text(row.figures, frame.width, y + 16, anchor="end", size=SMALL, fill="muted")
        )
        return words + with_tip(row.tip, *_marks(frame.x, row, y + 33))
    middle = y + _ROW / 2
    words = with_tip(row.label, text(fitting(row.label, frame.label_room), 0, middle + 4))
    words += text(row.figures, frame.width, middle + 4, anchor="end", size=SMALL, fill="muted")
    return words + with_tip(row.tip, *_marks(frame.x, row, middle))


def _marks(x: Scale, row: EstimateRow, y: float) -> list[str]:
    parts = []
    if row.low is not None and row.high is not None:
        low, high = x(row.low), x(row.high)
        dash = "4 4" if row.sureness is Sureness.UNSURE else None
        parts.append(line(low, y, high, y, "score", 2, dash))
        parts.append(_arrow(low, y, -1) if row.low < x.low else line(low, y - 5, low, y + 5, "score", 2))
        parts.append(_arrow(high, y, 1) if row.high > x.high else line(high, y - 5, high, y + 5, "score", 2))
    if row.estimate is not None:
        parts.append(_dot(x(row.estimate), y, row.sureness))
    return parts


def _arrow(x: float, y: float, way: int) -> str:
    corners = f"{x:.1f},{y:.1f} {x - 8 * way:.1f},{y - 5:.1f} {x - 8 * way:.1f},{y + 5:.1f}"
    return tag("polygon", points=corners, fill=colour("score"))


def _dot(x: float, y: float, sureness: Sureness) -> str:
    if sureness is Sureness.UNSURE:
        corners = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
        return tag(
            "polygon", points=corners, fill=colour("surface"), stroke=colour("score"), stroke_width=1.5
        )
    fill = "score" if sureness is Sureness.TOLD else "surface"
    return tag("circle", cx=x, cy=y, r=5.5, fill=colour(fill), stroke=colour("score"), stroke_width=2)


def _legend(
    rows: Sequence[EstimateRow], words: EstimateWords, width: float
) -> list[tuple[float, int, Sureness]]:
    """Place, line and mark; no legend of one mark."""
    drawn = {row.sureness for row in rows if row.estimate is not None}
    marks = [mark for mark in Sureness if mark in drawn] if len(drawn) > 1 else []
    places = in_lines([40 + width_of(words.marks[mark], SMALL) for mark in marks], width, 18)
    return [(*place, mark) for place, mark in zip(places, marks, strict=True)]


def _legend_piece(mark: Sureness, words: str, x: float, y: float) -> list[str]:
    dash = "4 4" if mark is Sureness.UNSURE else None
    drawn = line(x, y - 4, x + 30, y - 4, "score", 2, dash)
    return [drawn, _dot(x + 15, y - 4, mark), text(words, x + 38, y, size=SMALL)]
