"""Outcome by the dose: each bin against the lowest, with a band that holds the whole curve, and below it how
many answers each bin has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import (
    FONT,
    SMALL,
    Scale,
    box,
    in_lines,
    labelled_ticks,
    line,
    picture,
    tag,
    text,
    width_of,
    with_tip,
)

_RIGHT, _BARS, _FOOT, _LEGEND = 14.0, 46.0, 46.0, 20.0


@dataclass(frozen=True)
class DosePoint:
    """One bin. ``effect``: difference from the lowest bin, which is 0 itself; None where it cannot be "
    "told."""

    label: str
    n: int
    effect: float | None
    low: float | None = None
    high: float | None = None
    monotone: float | None = None
    tip: str = ""


@dataclass(frozen=True)
class DoseWords:
    """Everything the chart says, in the reader's language. ``axis`` stands below the doses; ``monotone`` ""
    where no point has one."""

    title: str
    description: str
    axis: str
    effect: str
    band: str
    monotone: str
    answers: str
    number: Callable[[float, int], str]


@dataclass(frozen=True)
class _Plot:
    left: float
    width: float
    top: float
    foot: float
    count: int
    y: Scale
    bars: Scale

    @property
    def step(self) -> float:
        return (self.width - self.left - _RIGHT) / self.count

    def x(self, position: float) -> float:
        return self.left + self.step * (position + 0.5)

    def way(self, points: Sequence[tuple[int, float]]) -> str:
        return " ".join(f"{self.x(at):.1f},{self.y(value):.1f}" for at, value in points)


def doses(
    points: Sequence[DosePoint],
    words: DoseWords,
    *,
    key: str,
    width: float = 760,
    height: float = 360,
    parted: int = 0,
) -> str:
    """An SVG picture of bins, lowest dose first, at equal distances: their labels say how far apart they
    are. From the point ``parted`` on it is another curve, beyond an upright line: nothing joins the two."""
    legend = _legend(words, width)
    plot = _plot(points, words, width, height, _LEGEND * (legend[-1][1] + 1) + 10)
    parts = [*_grid(plot, words), *_counts(plot, points, words)]
    numbered = list(enumerate(points))
    curves = [some for some in (numbered[:parted], numbered[parted:]) if some]
    parts += [piece for some in curves for piece in _band(plot, some)]
    parts.append(line(plot.left, plot.y(0), plot.width - _RIGHT, plot.y(0), "axis", 1.5))
    if len(curves) > 1:
        x = plot.x(parted - 0.5)
        parts.append(line(x, plot.top, x, plot.foot, "marker", 1.5, "6 4"))
    parts += [piece for some in curves for piece in _lines(plot, some)]
    parts += _dots(plot, points)
    parts += _labels(plot, points, words)
    for x, row, mark, label in legend:
        parts += _legend_piece(mark, label, x, 14 + _LEGEND * row)
    return picture(key, words.title, words.description, width, height, *parts)


def _plot(points: Sequence[DosePoint], words: DoseWords, width: float, height: float, top: float) -> _Plot:
    known = [
        value
        for point in points
        for value in (point.effect, point.low, point.high, point.monotone)
        if value is not None
    ]
    low, high = min([0.0, *known]), max([0.0, *known])
    if low == high:
        low, high = -1.0, 1.0
    room = (high - low) * 0.05
    marks = labelled_ticks(low, high, 6, words.number)
    left = max(width_of(one, SMALL) for one in (*(written for _, written in marks), words.answers)) + 14
    foot = height - _FOOT
    most = max([point.n for point in points] or [1]) or 1
    return _Plot(
        min(left, width * 0.24),
        width,
        top,
        foot,
        max(len(points), 1),
        Scale(low - room, high + room, foot - _BARS - 10, top),
        Scale(0, most, 0, _BARS - 18),
    )


def _grid(plot: _Plot, words: DoseWords) -> list[str]:
    parts = []
    for value, written in labelled_ticks(plot.y.low, plot.y.high, 6, words.number):
        y = plot.y(value)
        parts.append(line(plot.left, y, plot.width - _RIGHT, y, "grid"))
        parts.append(text(written, plot.left - 8, y + 4, anchor="end", size=SMALL, fill="muted"))
    return parts


def _counts(plot: _Plot, points: Sequence[DosePoint], words: DoseWords) -> list[str]:
    thick = min(plot.step * 0.6, 44)
    parts = [text(words.answers, plot.left - 8, plot.foot - 4, anchor="end", size=SMALL, fill="muted")]
    for at, point in enumerate(points):
        size = plot.bars(point.n)
        parts.append(box(plot.x(at) - thick / 2, plot.foot - size, thick, size, "passive", tip=point.tip))
        label = words.number(point.n, 0)
        if plot.step > width_of(label, 11):
            parts.append(
                text(label, plot.x(at), plot.foot - size - 4, anchor="middle", size=11, fill="muted")
            )
    return [*parts, line(plot.left, plot.foot, plot.width - _RIGHT, plot.foot, "axis")]


def _band(plot: _Plot, points: Sequence[tuple[int, DosePoint]]) -> list[str]:
    """From the lowest bin, which everything is compared with, as far as the bins follow each other."""
    upper: list[tuple[int, float]] = []
    lower: list[tuple[int, float]] = []
    for at, point in points:
        if point.low is not None and point.high is not None:
            upper.append((at, point.high))
            lower.append((at, point.low))
        elif at == 0 and point.effect is not None:
            upper.append((0, point.effect))
            lower.append((0, point.effect))
    if not upper or upper == lower:
        return []
    if len(upper) == 1:
        ((at, high),), ((_, low),) = upper, lower
        return [box(plot.x(at) - 8, plot.y(high), 16, plot.y(low) - plot.y(high), "band")]
    return [tag("polygon", points=plot.way([*upper, *reversed(lower)]), fill=colour("band"))]


def _lines(plot: _Plot, points: Sequence[tuple[int, DosePoint]]) -> list[str]:
    told = [(at, point.effect) for at, point in points if point.effect is not None]
    smooth = [(at, point.monotone) for at, point in points if point.monotone is not None]
    parts = []
    if len(told) > 1:
        parts.append(
            tag("polyline", points=plot.way(told), fill="none", stroke=colour("score"), stroke_width=2)
        )
    if len(smooth) > 1:
        parts.append(
            tag(
                "polyline",
                points=plot.way(smooth),
                fill="none",
                stroke=colour("shrunk"),
                stroke_width=2,
                stroke_dasharray="6 4",
            )
        )
    return parts


def _dots(plot: _Plot, points: Sequence[DosePoint]) -> list[str]:
    parts = []
    for at, point in enumerate(points):
        if point.effect is None:
            continue
        x, y = plot.x(at), plot.y(point.effect)
        dot = tag("circle", cx=x, cy=y, r=5, fill=colour("score"), stroke=colour("surface"), stroke_width=1.5)
        reach = tag("circle", cx=x, cy=y, r=14, fill="transparent")
        parts.append(with_tip(point.tip, reach, dot))
    return parts


def _labels(plot: _Plot, points: Sequence[DosePoint], words: DoseWords) -> list[str]:
    longest = max([width_of(point.label, SMALL) for point in points] or [1.0])
    every = max(1, -(-int(longest + 4) // max(int(plot.step), 1)))
    parts = [
        text(points[at].label, plot.x(at), plot.foot + 18, anchor="middle", size=SMALL, fill="muted")
        for at in range(0, len(points), every)
    ]
    middle = (plot.left + plot.width - _RIGHT) / 2
    room = min(middle, plot.width - middle) * 2
    size = FONT if width_of(words.axis) <= room else SMALL
    return [*parts, text(words.axis, middle, plot.foot + 38, anchor="middle", size=size, fill="muted")]


def _legend(words: DoseWords, width: float) -> list[tuple[float, int, str, str]]:
    """Place, line, mark and words of each."""
    marks = [("score", words.effect), ("band", words.band), ("shrunk", words.monotone)]
    marks = marks if words.monotone else marks[:2]
    places = in_lines([34 + width_of(label, SMALL) for _, label in marks], width, 14)
    return [(*place, *mark) for place, mark in zip(places, marks, strict=True)]


def _legend_piece(mark: str, label: str, x: float, y: float) -> list[str]:
    if mark == "band":
        drawn = box(x, y - 11, 24, 13, "band", round_=2)
    else:
        drawn = line(x, y - 4, x + 26, y - 4, mark, 2, "6 4" if mark == "shrunk" else None)
    return [drawn, text(label, x + 32, y, size=SMALL)]
