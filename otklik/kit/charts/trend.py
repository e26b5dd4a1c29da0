"""Score over time: a line with its interval as a band, the number of answers below, gaps where one cannot
tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import (
    SMALL,
    Scale,
    box,
    hatching,
    line,
    picture,
    score_range,
    tag,
    text,
    ticks,
    width_of,
    with_tip,
)

_RIGHT, _TOP, _BARS = 12.0, 34.0, 40.0
_LEGEND_GAP = 18.0


@dataclass(frozen=True)
class TrendPoint:
    """One period on -100..100. `score` is None where it cannot be told; `tip` is shown when pointed at."""

    label: str
    n: int
    score: float | None
    low: float | None = None
    high: float | None = None
    tip: str = ""


@dataclass(frozen=True)
class TrendWords:
    """Everything the chart says, in the reader's language."""

    title: str
    description: str
    score: str
    interval: str
    answers: str
    cannot_tell: str
    number: Callable[[float], str]


@dataclass(frozen=True)
class Mark:
    """A place in time before point `at`, e.g. where the level changed."""

    at: int
    label: str


@dataclass
class _Plot:
    left: float
    width: float
    height: float
    count: int
    y: Scale
    bars: Scale
    parts: list[str] = field(default_factory=list)

    def x(self, position: float) -> float:
        room = self.width - self.left - _RIGHT
        return self.left + room * (position + 0.5) / self.count

    @property
    def step(self) -> float:
        return (self.width - self.left - _RIGHT) / self.count


def trend(
    points: Sequence[TrendPoint],
    words: TrendWords,
    *,
    key: str,
    marks: Sequence[Mark] = (),
    width: float = 760,
    height: float = 340,
) -> str:
    """An SVG picture. `key` must be unique on the page."""
    known = [value for point in points for value in (point.score, point.low, point.high) if value is not None]
    low, high = score_range(known)
    foot = height - 26
    plot = _Plot(
        max(width_of(words.answers, SMALL) + 12, 48.0),
        width,
        height,
        max(len(points), 1),
        Scale(low, high, foot - _BARS - 12, _TOP),
        Scale(0, max([point.n for point in points] or [1]) or 1, 0, _BARS - 14),
    )
    pattern = f"{key}-unknown"
    plot.parts.append(tag("defs", hatching(pattern, "unknown", "surface", gap=7)))
    _grid(plot, words)
    _gaps(plot, points, pattern)
    _answers(plot, points, words, foot)
    for run in _runs(points):
        _run(plot, points, run)
    _marks(plot, marks)
    _labels(plot, points)
    _legend(plot, words, pattern, any(point.score is None for point in points))
    return picture(key, words.title, words.description, width, height, *plot.parts)


def _grid(plot: _Plot, words: TrendWords) -> None:
    for value in ticks(plot.y.low, plot.y.high):
        y = plot.y(value)
        is_zero = value == 0
        plot.parts.append(line(plot.left, y, plot.width - _RIGHT, y, "axis" if is_zero else "grid"))
        plot.parts.append(
            text(words.number(value), plot.left - 8, y + 4, anchor="end", size=SMALL, fill="muted")
        )


def _gaps(plot: _Plot, points: Sequence[TrendPoint], pattern: str) -> None:
    top, bottom = plot.y(plot.y.high), plot.y(plot.y.low)
    for position, point in enumerate(points):
        if point.score is None:
            x = plot.x(position) - plot.step / 2
            plot.parts.append(box(x, top, plot.step, bottom - top, f"url(#{pattern})", tip=point.tip))


def _answers(plot: _Plot, points: Sequence[TrendPoint], words: TrendWords, foot: float) -> None:
    thick = min(plot.step * 0.7, 36)
    plot.parts.append(text(words.answers, plot.left - 8, foot - 4, anchor="end", size=SMALL, fill="muted"))
    for position, point in enumerate(points):
        size = plot.bars(point.n)
        x = plot.x(position)
        plot.parts.append(box(x - thick / 2, foot - size, thick, size, "passive", tip=point.tip))
        if plot.step > width_of(words.number(point.n), 11) + 2:
            plot.parts.append(
                text(words.number(point.n), x, foot - size - 3, anchor="middle", size=11, fill="muted")
            )
    plot.parts.append(line(plot.left, foot, plot.width - _RIGHT, foot, "axis"))


def _runs(points: Sequence[TrendPoint]) -> Iterator[range]:
    """Stretches of periods whose score is known."""
    start: int | None = None
    for position, point in enumerate([*points, TrendPoint("", 0, None)]):
        if point.score is not None:
            start = position if start is None else start
        elif start is not None:
            yield range(start, position)
            start = None


def _run(plot: _Plot, points: Sequence[TrendPoint], run: range) -> None:
    bounded = [at for at in run if points[at].low is not None and points[at].high is not None]
    if len(bounded) > 1:
        upper = [f"{plot.x(at):.1f},{plot.y(points[at].high or 0):.1f}" for at in bounded]
        lower = [f"{plot.x(at):.1f},{plot.y(points[at].low or 0):.1f}" for at in reversed(bounded)]
        plot.parts.append(tag("polygon", points=" ".join(upper + lower), fill=colour("band")))
    elif bounded:
        x, point = plot.x(bounded[0]), points[bounded[0]]
        y_high, y_low = plot.y(point.high or 0), plot.y(point.low or 0)
        plot.parts.append(box(x - 4, y_high, 8, y_low - y_high, "band", round_=2))
    way = " ".join(f"{plot.x(at):.1f},{plot.y(points[at].score or 0):.1f}" for at in run)
    plot.parts.append(
        tag(
            "polyline",
            points=way,
            fill="none",
            stroke=colour("score"),
            stroke_width=2.5,
            stroke_linejoin="round",
        )
    )
    radius = 4.0 if plot.step > 14 else 2.5
    for at in run:
        x, y = plot.x(at), plot.y(points[at].score or 0)
        dot = tag(
            "circle", cx=x, cy=y, r=radius, fill=colour("score"), stroke=colour("surface"), stroke_width=1.5
        )
        reach = tag("circle", cx=x, cy=y, r=max(plot.step / 2, 6.0), fill="transparent")
        plot.parts.append(with_tip(points[at].tip, reach, dot))


def _marks(plot: _Plot, marks: Sequence[Mark]) -> None:
    for mark in marks:
        x = plot.x(mark.at - 0.5)
        is_late = x > plot.width * 0.6
        top = plot.y(plot.y.high)
        plot.parts.append(line(x, top, x, plot.y(plot.y.low), "marker", 1.5, "5 4"))
        wide = width_of(mark.label, SMALL)
        anchor, start = ("end", x - wide - 8) if is_late else ("start", x + 4)
        plot.parts.append(box(start, top, wide + 6, 17, "surface"))
        plot.parts.append(text(mark.label, x + (-6 if is_late else 6), top + 12, anchor=anchor, size=SMALL))


def _labels(plot: _Plot, points: Sequence[TrendPoint]) -> None:
    longest = max([width_of(point.label, SMALL) for point in points] or [1]) + 10
    every = max(1, -(-int(longest) // max(int(plot.step), 1)))
    y = plot.height - 8
    for position in range(0, len(points), every):
        x = min(max(plot.x(position), longest / 2), plot.width - longest / 2 + 8)
        plot.parts.append(text(points[position].label, x, y, anchor="middle", size=SMALL, fill="muted"))


def _legend(plot: _Plot, words: TrendWords, pattern: str, has_gaps: bool) -> None:
    x, y = 2.0, 14.0
    plot.parts.append(line(x, y - 4, x + 22, y - 4, "score", 2.5))
    plot.parts.append(tag("circle", cx=x + 11, cy=y - 4, r=4, fill=colour("score")))
    x += 28
    for label, fill in (
        (words.score, None),
        (words.interval, "band"),
        (words.cannot_tell, f"url(#{pattern})"),
    ):
        if fill and (has_gaps or fill == "band"):
            plot.parts.append(box(x, y - 11, 18, 13, fill, round_=2))
            x += 24
        if fill is None or has_gaps or fill == "band":
            plot.parts.append(text(label, x, y, size=SMALL))
            x += width_of(label, SMALL) + _LEGEND_GAP
