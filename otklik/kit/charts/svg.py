"""The few pieces of SVG every chart is made of. Everything that is text is escaped here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape

from otklik.kit.charts.palette import colour

FONT = 13
SMALL = 12
_MOST_DECIMALS = 6
_WIDTH_OF_LETTER = 0.6  # of the font size, on average; there are no font metrics on the server


def tag(name: str, *children: str, **attributes: object) -> str:
    """An element. `_` in attribute names becomes `-` (a trailing one is dropped); None leaves an attribute
    out.
    """
    written = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            written += (_opening(key), _value(value), '"')
    return f"{''.join(written)}>{''.join(children)}</{name}>" if children else f"{''.join(written)}/>"


@cache
def _opening(key: str) -> str:
    """A page of charts writes ten thousand attributes under some thirty names."""
    return f' {key.rstrip("_").replace("_", "-")}="'


def _value(value: object) -> str:
    """Numbers hold nothing to escape, and most of what is written here is numbers."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value) if isinstance(value, int) else _escaped(str(value))


# Colours, anchors and patterns come again and again; labels pass through once.
_escaped = lru_cache(maxsize=512)(escape)


def text(
    words: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    size: float = FONT,
    fill: str = "text",
    weight: int | None = None,
) -> str:
    return tag(
        "text",
        escape(words),
        x=float(x),
        y=float(y),
        text_anchor=anchor,
        font_size=size,
        font_weight=weight,
        fill=colour(fill),
    )


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1, dash: str | None = None
) -> str:
    return tag(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        stroke=colour(stroke),
        stroke_width=width,
        stroke_dasharray=dash,
    )


def box(
    x: float, y: float, width: float, height: float, fill: str, *, round_: float = 0, tip: str = ""
) -> str:
    """A rectangle; `fill` is a colour name or a `url(#...)` of a pattern. `tip` shows when pointed at."""
    return tag(
        "rect",
        *([tag("title", escape(tip))] if tip else []),
        x=float(x),
        y=float(y),
        width=max(float(width), 0.0),
        height=max(float(height), 0.0),
        rx=round_ or None,
        fill=fill if fill.startswith("url(") else colour(fill),
    )


def with_tip(tip: str, *children: str) -> str:
    """A group whose `tip` shows when it is pointed at."""
    return tag("g", tag("title", escape(tip)), *children) if tip else "".join(children)


def fitting(words: str, room: float, size: float = FONT) -> str:
    """The words, cut with an ellipsis to what fits into `room` units."""
    letters = int(room / (size * _WIDTH_OF_LETTER))
    return words if len(words) <= letters else words[: max(letters - 1, 1)].rstrip() + "…"


def width_of(words: str, size: float = FONT) -> float:
    return len(words) * size * _WIDTH_OF_LETTER


def picture(key: str, title: str, description: str, width: float, height: float, *children: str) -> str:
    """The whole chart. `key` makes its ids unique on the page; the caller puts a table of the figures beside
    it.
    """
    return tag(
        "svg",
        tag("title", escape(title), id=f"{key}-title"),
        tag("desc", escape(description), id=f"{key}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_value(float(width))} {_value(float(height))}",
        width="100%",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        font_family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    )


def hatching(
    identity: str, stroke: str, ground: str, *, gap: float = 6, angle: float = 45, thick: float = 2
) -> str:
    """A pattern of lines, to be filled with `url(#identity)`."""
    return tag(
        "pattern",
        tag("rect", width=gap, height=gap, fill=colour(ground)),
        tag("rect", width=thick, height=gap, fill=colour(stroke)),
        id=identity,
        width=gap,
        height=gap,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle:g})",
    )


@dataclass(frozen=True)
class Scale:
    """Values to units along one axis; may run backwards."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        value = min(max(value, self.low), self.high)
        return self.start + (value - self.low) / (self.high - self.low) * (self.stop - self.start)


def score_range(values: Sequence[float], *, least: float = 40) -> tuple[float, float]:
    """A range in steps of 10 on -100..100 that holds all values and is at least `least` wide."""
    if not values:
        return -100.0, 100.0
    low, high = min(values) // 10 * 10, -(-max(values) // 10) * 10
    while high - low < least:
        low, high = max(low - 10, -100), min(high + 10, 100)
    return float(max(low, -100)), float(min(high, 100))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values from low to high, at most `most` of them."""
    step = next(step for step in (5, 10, 20, 25, 50, 100) if (high - low) / step <= most - 1 or step == 100)
    first = -(-low // step) * step
    return [first + step * number for number in range(int((high - first) / step) + 1)]


def round_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values from low to high on any scale, at most `most` of them, zero exact."""
    rough = (high - low) / max(most - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * by for by in (1, 2, 2.5, 5, 10) if size * by >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def labelled_ticks(
    low: float, high: float, most: int, number: Callable[[float, int], str]
) -> list[tuple[float, str]]:
    """Round values with their words, all with as many decimals."""
    values = round_ticks(low, high, most)
    decimals = decimals_of(values)
    return [(value, number(value, decimals)) for value in values]


def in_lines(rooms: Sequence[float], width: float, gap: float) -> list[tuple[float, int]]:
    """Left end and line of pieces that stand beside each other as long as there is room."""
    places, x, row = [], 0.0, 0
    for room in rooms:
        if x and x + room > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += room + gap
    return places


def decimals_of(values: Sequence[float]) -> int:
    """As many as it takes to write every tick as it is: rounded, ticks a quarter apart read 0 0 0 1 1 1."""
    needed = (places for places in range(_MOST_DECIMALS) if all(_is_exact(one, places) for one in values))
    return next(needed, _MOST_DECIMALS)


def _is_exact(value: float, places: int) -> bool:
    return abs(round(value, places) - value) <= 1e-9 * max(abs(value), 10.0**-places)
