"""One bar of shares that make a whole, each with its words below: patterns tell them apart, colours help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.kit.charts.svg import SMALL, box, hatching, picture, tag, text, width_of

_BAR, _LINE = 40.0, 22.0
_FILLS = ("score", "", "unknown")
_INKS = ("on-strong", "text", "text")


@dataclass(frozen=True)
class Part:
    """``share`` 0..1 of the whole, ``figure`` the same in words."""

    label: str
    share: float
    figure: str


def shares(parts: Sequence[Part], *, key: str, title: str, description: str, width: float = 760) -> str:
    """An SVG picture of up to three parts, in the order given."""
    pattern = f"{key}-hatched"
    drawn = [tag("defs", hatching(pattern, "marker", "surface"))]
    total = sum(part.share for part in parts) or 1.0
    x, y = 0.0, _BAR + _LINE
    for part, fill, ink in zip(parts, _FILLS, _INKS, strict=False):
        wide = width * part.share / total
        paint = fill or f"url(#{pattern})"
        drawn.append(box(x, 0, max(wide - 2, 1.0), _BAR, paint, tip=f"{part.label}: {part.figure}"))
        if wide > width_of(part.figure, 15) + 14:
            if not fill:
                plate = width_of(part.figure, 15) + 10
                drawn.append(box(x + (wide - plate) / 2, 9, plate, 22, "surface", round_=4))
            drawn.append(text(part.figure, x + wide / 2, 25, anchor="middle", size=15, weight=600, fill=ink))
        x += wide
        drawn += [
            box(0, y - 12, 16, 14, paint, round_=2),
            text(f"{part.label}: {part.figure}", 24, y, size=SMALL),
        ]
        y += _LINE
    return picture(key, title, description, width, y - 8, *drawn)
