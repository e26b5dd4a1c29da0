"""Segments side by side: a dot with its interval for each, and the score it shrinks to marked differently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import (
    SMALL,
    Scale,
    box,
    fitting,
    labelled_ticks,
    line,
    picture,
    score_range,
    tag,
    text,
    width_of,
    with_tip,
)

_ROW, _NARROW_ROW, _TOP, _FOOT = 30.0, 46.0, 44.0, 26.0
_NARROW = 520.0


@dataclass(frozen=True)
class ForestRow:
    """One segment on -100..100. `score` is None where there are too few answers; `figures` stands at the
    right.
    """

    label: str
    n: str
    score: float | None
    low: float | None = None
    high: float | None = None
    shrunk: float | None = None
    shrunk_low: float | None = None
    shrunk_high: float | None = None
    figures: str = ""
    tip: str = ""


@dataclass(frozen=True)
class ForestWords:
    """Everything the chart says, in the reader's language. ``number``: of a value and its decimals."""

    title: str
    description: str
    score: str
    shrunk: str
    overall: str
    answers: str
    number: Callable[[float, int], str]


@dataclass(frozen=True)
class _Frame:
    width: float
    is_narrow: bool
    x: Scale
    row: float
    label_room: float = 0

    def middle(self, position: int) -> float:
        return _TOP + self.row * position + (30 if self.is_narrow else self.row / 2)


def forest(
    rows: Sequence[ForestRow],
    words: ForestWords,
    *,
    key: str,
    overall: tuple[float, float, float] | None = None,
    width: float = 760,
    span: tuple[float, float] | None = None,
) -> str:
    """An SVG picture, rows in the order given. `overall`: (score, low, high) of all answers, drawn behind
    them. `span`: ends of the axis where it is no score.
    """
    frame = _frame(rows, overall, width, span)
    height = _TOP + frame.row * len(rows) + _FOOT
    has_shrunk = any(row.shrunk is not None for row in rows)
    parts = [
        *_backdrop(frame, words, overall, height),
        *_legend(frame, words, has_shrunk, overall is not None),
    ]
    for position, row in enumerate(rows):
        parts.append(_labels(frame, row, position))
        parts.append(with_tip(row.tip, *_marks(frame, row, frame.middle(position))))
    return picture(key, words.title, words.description, width, height, *parts)


def _frame(
    rows: Sequence[ForestRow],
    overall: tuple[float, float, float] | None,
    width: float,
    span: tuple[float, float] | None,
) -> _Frame:
    values = [
        value
        for row in rows
        for value in (row.score, row.low, row.high, row.shrunk, row.shrunk_low, row.shrunk_high)
        if value is not None
    ]
    low, high = span or score_range([*values, *(overall or ())])
    if width < _NARROW:
        return _Frame(width, True, Scale(low, high, 14, width - 14), _NARROW_ROW)
    left = min(max([width_of(row.label) for row in rows] or [0]) + 14, width * 0.32)
    answers = max([width_of(row.n, SMALL) for row in rows] or [0]) + 14
    right = max([width_of(row.figures, SMALL) for row in rows] or [0]) + 12
    return _Frame(width, False, Scale(low, high, left + answers + 10, width - right - 8), _ROW, left - 14)


def _backdrop(
    frame: _Frame, words: ForestWords, overall: tuple[float, float, float] | None, height: float
) -> list[str]:
    parts = []
    bottom = height - _FOOT
    if overall:
        score, low, high = (frame.x(value) for value in overall)
        parts.append(box(low, _TOP - 4, high - low, bottom - _TOP + 4, "grid"))
        parts.append(line(score, _TOP - 4, score, bottom, "axis", 1.5, "4 3"))
    for value, written in labelled_ticks(
        frame.x.low, frame.x.high, 5 if frame.is_narrow else 7, words.number
    ):
        x = frame.x(value)
        parts.append(line(x, _TOP - 4, x, bottom, "axis" if value == 0 else "grid"))
        parts.append(text(written, x, bottom + 17, anchor="middle", size=SMALL, fill="muted"))
    return parts


def _labels(frame: _Frame, row: ForestRow, position: int) -> str:
    y = frame.middle(position) + 4
    if frame.is_narrow:
        top = y - 20
        room = frame.width - 24 - width_of(row.figures, SMALL)
        label = text(fitting(f"{row.label} · {row.n}", room), 2, top)
        return (
            box(0, top - 13, frame.width, 17, "surface")
            + label
            + text(row.figures, frame.width - 2, top, anchor="end", size=SMALL, fill="muted")
        )
    return (
        with_tip(row.label, text(fitting(row.label, frame.label_room), 0, y))
        + text(row.n, frame.x.start - 14, y, anchor="end", size=SMALL, fill="muted")
        + text(row.figures, frame.width, y, anchor="end", size=SMALL, fill="muted")
    )


def _marks(frame: _Frame, row: ForestRow, y: float) -> list[str]:
    parts = []
    if row.low is not None and row.high is not None:
        low, high = frame.x(row.low), frame.x(row.high)
        parts.append(line(low, y, high, y, "score", 2))
        parts += [line(end, y - 5, end, y + 5, "score", 2) for end in (low, high)]
    if row.score is not None:
        parts.append(
            tag("circle", cx=frame.x(row.score), cy=y, r=5, fill=colour("score"), stroke=colour("surface"))
        )
    if row.shrunk is not None:
        lower = y + 8 if row.score is not None else y
        if row.shrunk_low is not None and row.shrunk_high is not None:
            parts.append(
                line(frame.x(row.shrunk_low), lower, frame.x(row.shrunk_high), lower, "shrunk", 1.5, "2 3")
            )
        parts.append(_diamond(frame.x(row.shrunk), lower))
    return parts


def _diamond(x: float, y: float, size: float = 4.5) -> str:
    corners = f"{x:.1f},{y - size:.1f} {x + size:.1f},{y:.1f} {x:.1f},{y + size:.1f} {x - size:.1f},{y:.1f}"
    return tag("polygon", points=corners, fill=colour("surface"), stroke=colour("shrunk"), stroke_width=2)


def _legend(frame: _Frame, words: ForestWords, has_shrunk: bool, has_overall: bool) -> list[str]:
    x, y, size = 2.0, 14.0, 11 if frame.is_narrow else SMALL
    parts = [
        line(x, y - 4, x + 22, y - 4, "score", 2),
        tag("circle", cx=x + 11, cy=y - 4, r=5, fill=colour("score")),
    ]
    x += 28
    parts.append(text(words.score, x, y, size=size))
    x += width_of(words.score, size) + 16
    if has_shrunk:
        parts += [_diamond(x + 5, y - 4), text(words.shrunk, x + 15, y, size=size)]
        x += width_of(words.shrunk, size) + 31
    if has_overall:
        if x + width_of(words.overall, size) + 26 > frame.width:
            x, y = 2.0, 31.0
        parts += [box(x, y - 11, 18, 13, "grid"), line(x + 9, y - 11, x + 9, y + 2, "axis", 1.5, "4 3")]
        parts.append(text(words.overall, x + 24, y, size=size))
    return parts
