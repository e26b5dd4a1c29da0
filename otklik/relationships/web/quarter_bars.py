"""Answers of a partner by quarter, as columns of detractors, passives and promoters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik.kit.charts.svg import SMALL, box, hatching, line, picture, tag, text
from otklik.relationships.web.forms import quarter_words

WIDTH, HEIGHT, TOP, BOTTOM = 420.0, 190.0, 22.0, 26.0
_FILLS = ("url(#review-detractor)", "passive", "promoter")
_INKS = ("text", "on-passive", "on-strong")
_LEAST = 14.0
"""Height from which a number stands within its part."""


def draw_quarters(quarters: Sequence[tuple[str, Sequence[int]]]) -> SafeString:
    """`quarters`: its name, and its detractors, passives and promoters."""
    most = max((sum(counts) for _name, counts in quarters), default=0) or 1
    step = WIDTH / max(len(quarters), 1)
    unit = (HEIGHT - TOP - BOTTOM) / most
    columns = [
        part
        for number, (name, counts) in enumerate(quarters)
        for part in _column(name, counts, number * step + step * 0.2, step * 0.6, unit)
    ]
    words = ", ".join(f"{name}: {'/'.join(map(str, counts))}" for name, counts in quarters)
    ground = line(0, HEIGHT - BOTTOM, WIDTH, HEIGHT - BOTTOM, "axis")
    pattern = tag("defs", hatching("review-detractor", "detractor", "surface", gap=6, thick=3))
    drawn = picture("quarters", _("Answers by quarter"), words, WIDTH, HEIGHT, pattern, ground, *columns)
    return mark_safe(drawn)  # noqa: S308 - every text went through escape


def _column(name: str, counts: Sequence[int], x: float, width: float, unit: float) -> Iterable[str]:
    """Promoters at the foot, detractors on top, where the eye falls first; n above."""
    y, middle = HEIGHT - BOTTOM, x + width / 2
    for fill, ink, count in reversed(list(zip(_FILLS, _INKS, counts, strict=True))):
        if not count:
            continue
        y -= count * unit
        yield box(x, y, width, count * unit, fill, tip=f"{name}: {count}")
        if count * unit >= _LEAST and ink != "text":
            yield text(str(count), middle, y + count * unit / 2 + 4, anchor="middle", size=SMALL, fill=ink)
    yield text(f"n={sum(counts)}", middle, y - 6, anchor="middle", size=SMALL, fill="muted")
    yield text(name, middle, HEIGHT - 8, anchor="middle", size=SMALL)


def quarters_of(trend: Iterable[Sequence[object]]) -> list[tuple[str, list[int]]]:
    """From the frozen figures of a review."""
    return [
        (quarter_words(date.fromisoformat(str(first))), [int(str(count)) for count in counts])
        for first, *counts in trend
    ]
