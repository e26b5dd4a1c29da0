"""A person's line as an SVG picture: answers over time, silences, and the band of what was usual before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import SMALL, Scale, box, line, picture, tag, text, with_tip
from otklik.relationships.queries.lines import Entry
from otklik.relationships.rules.lines import Band
from otklik.relationships.rules.vocabulary import Category, category_of

HEIGHT, LEFT, TOP, BOTTOM = 148.0, 28.0, 12.0, 24.0
MOST = 24
"""Entries drawn, the last ones; the table beside it holds them as well."""
_SHAPES = {Category.PROMOTER: "promoter", Category.PASSIVE: "passive", Category.DETRACTOR: "detractor"}


def draw_line(key: str, name: str, entries: Sequence[Entry], band: Band | None) -> SafeString:
    """`key` makes its ids unique on the page."""
    drawn = list(entries[-MOST:])
    width = max(260.0, LEFT + 40.0 * len(drawn) + 16)
    y = Scale(0, 10, HEIGHT - BOTTOM, TOP)
    x = Scale(0, max(len(drawn) - 1, 1), LEFT + 16, width - 20)
    spots = [
        (x(number), None if one.score is None else y(one.score), one) for number, one in enumerate(drawn)
    ]
    title = _("Answers of %(name)s over time") % {"name": name}
    inside = picture(
        key,
        title,
        ", ".join(entry_words(one) for one in drawn),
        width,
        HEIGHT,
        *_ground(y, width, band),
        *_strokes(spots),
        *(_dot(at_x, at_y, one, y) for at_x, at_y, one in spots),
    )
    return mark_safe(inside)  # noqa: S308 - every text went through escape


def entry_words(one: Entry) -> str:
    said = pgettext("a person asked", "no answer") if one.score is None else str(one.score)
    return f"{_day(one)}: {said}"


def _day(one: Entry) -> str:
    return date_format(localdate(one.at), "SHORT_DATE_FORMAT")


def _ground(y: Scale, width: float, band: Band | None) -> Iterable[str]:
    if band is not None:
        tip = _("Usual before the last answer: %(usual)s") % {"usual": f"{band.usual:g}"}
        yield box(LEFT, y(band.high), width - LEFT - 4, y(band.low) - y(band.high), "band", tip=tip)
    for score in (0, 6.5, 8.5, 10):
        dash = None if score in (0, 10) else "3 3"
        yield line(LEFT, y(score), width - 4, y(score), "grid", 1, dash)
    for score in (0, 10):
        yield text(str(score), LEFT - 6, y(score) + 4, anchor="end", size=SMALL, fill="muted")


def _strokes(spots: Sequence[tuple[float, float | None, Entry]]) -> Iterable[str]:
    """From answer to answer; across a silence dashed."""
    before: tuple[int, float, float] | None = None
    for number, (at_x, at_y, _one) in enumerate(spots):
        if at_y is None:
            continue
        if before is not None:
            dash = None if number - before[0] == 1 else "4 4"
            yield line(before[1], before[2], at_x, at_y, "axis", 1.6, dash)
        before = (number, at_x, at_y)


def _dot(at_x: float, at_y: float | None, one: Entry, y: Scale) -> str:
    """The score stands beside its dot: nothing here is told by colour alone."""
    if at_y is None or one.score is None:
        cross = text("–", at_x, HEIGHT - 6, anchor="middle", size=SMALL, fill="muted")
        return with_tip(entry_words(one), cross)
    circle = tag(
        "circle",
        cx=at_x,
        cy=at_y,
        r=5,
        fill=colour(_SHAPES[category_of(one.score)]),
        stroke=colour("surface"),
    )
    above = at_y - 9 if one.score < 10 else at_y + 18
    words = text(str(one.score), at_x, above, anchor="middle", size=SMALL, weight=600)
    return with_tip(entry_words(one), circle, words)
