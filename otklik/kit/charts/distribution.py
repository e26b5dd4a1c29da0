"""How many answers each score 0..10 got, in the three kinds, told apart by colour, pattern and label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otklik.kit.charts.svg import SMALL, Scale, box, hatching, line, picture, tag, text, width_of
from otklik.stats.nps import HIGHEST_SCORE, LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE

KINDS = ("detractor", "passive", "promoter")
_LAST = (LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE, HIGHEST_SCORE)


@dataclass(frozen=True)
class KindWords:
    """The three kinds and how figures are written, in the reader's language."""

    title: str
    description: str
    detractors: str
    passives: str
    promoters: str
    number: Callable[[float], str]
    percent: Callable[[float], str]

    @property
    def kinds(self) -> tuple[str, str, str]:
        return self.detractors, self.passives, self.promoters


def kind_of(score: int) -> int:
    """0 detractor, 1 passive, 2 promoter."""
    return next(kind for kind, last in enumerate(_LAST) if score <= last)


def fills(key: str) -> tuple[str, tuple[str, str, str]]:
    """Pattern definitions and the fill of each kind: detractors hatched one way, passives plain, promoters
    the other.
    """
    definitions = tag(
        "defs", hatching(f"{key}-detractor", "detractor", "surface", gap=6, angle=45, thick=4.2)
    )
    return definitions, (f"url(#{key}-detractor)", "passive", "promoter")


def distribution(
    histogram: Sequence[int], words: KindWords, *, key: str, width: float = 760, height: float = 280
) -> str:
    """An SVG picture of 11 bars for the scores 0..10."""
    total = sum(histogram) or 1
    definitions, fill = fills(key)
    top, foot = 26.0, height - 62
    size = Scale(0, max(histogram) or 1, 0, foot - top)
    step = width / 11
    parts = [definitions, line(0, foot, width, foot, "axis")]
    for score, count in enumerate(histogram):
        x = step * score
        tall = size(count)
        share = words.percent(count / total)
        tip = f"{score}: {words.number(count)} ({share})"
        parts.append(
            box(x + step * 0.12, foot - tall, step * 0.76, tall, fill[kind_of(score)], round_=2, tip=tip)
        )
        parts.append(text(str(score), x + step / 2, foot + 18, anchor="middle", weight=600))
        above = words.number(count) if width_of(words.number(count), SMALL) < step else share
        parts.append(text(above, x + step / 2, foot - tall - 6, anchor="middle", size=SMALL, fill="muted"))
    parts += _groups(histogram, words, total, step, foot + 28)
    return picture(key, words.title, words.description, width, height, *parts)


def _groups(histogram: Sequence[int], words: KindWords, total: int, step: float, y: float) -> list[str]:
    """A line under the scores of each kind, with its name and share where there is room for all three."""
    parts, first = [], 0
    counts = [sum(histogram[:7]), sum(histogram[7:9]), sum(histogram[9:])]
    labels = [
        f"{name} {words.percent(count / total)}" for name, count in zip(words.kinds, counts, strict=True)
    ]
    is_roomy = all(width_of(label, SMALL) < step * 2.2 for label in labels[1:])
    for kind, last in enumerate(_LAST):
        left, right = step * first + step * 0.12, step * (last + 1) - step * 0.12
        parts.append(line(left, y, right, y, KINDS[kind], 3))
        label = labels[kind] if is_roomy else words.percent(counts[kind] / total)
        parts.append(text(label, (left + right) / 2, y + 18, anchor="middle", size=SMALL))
        first = last + 1
    return parts


def stacked(counts: tuple[int, int, int], words: KindWords, *, key: str, width: float = 760) -> str:
    """An SVG picture of one bar: detractors, passives, promoters as shares of all answers, labelled above and
    within.
    """
    total = sum(counts) or 1
    definitions, fill = fills(key)
    parts, x = [definitions], 0.0
    for kind, count in enumerate(counts):
        share = width * count / total
        label = words.percent(count / total)
        tip = f"{words.kinds[kind]}: {words.number(count)} ({label})"
        parts.append(box(x, 0, max(share - 2, 0), 40, fill[kind], tip=tip))
        if share > width_of(label, 15) + 12:
            parts.append(_plate(label, x + share / 2 - 1, kind))
        x += share
    parts += _legend(counts, words, total, fill, width)
    return picture(key, words.title, words.description, width, 68 if width >= 520 else 112, *parts)


def _plate(label: str, x: float, kind: int) -> str:
    """Figures on a pattern are read only on a ground of their own."""
    plate = (
        box(x - width_of(label, 15) / 2 - 4, 9, width_of(label, 15) + 8, 22, "surface", round_=4)
        if kind == 0
        else ""
    )
    ink = ("text", "on-passive", "on-strong")[kind]
    return plate + text(label, x, 25, anchor="middle", size=15, weight=600, fill=ink)


def _legend(
    counts: tuple[int, int, int], words: KindWords, total: int, fill: tuple[str, str, str], width: float
) -> list[str]:
    parts, x, y = [], 0.0, 60.0
    for kind, count in enumerate(counts):
        label = f"{words.kinds[kind]}: {words.number(count)} ({words.percent(count / total)})"
        parts += [box(x, y - 11, 14, 14, fill[kind], round_=2), text(label, x + 20, y, size=SMALL)]
        if width >= 520:
            x += width / 3
        else:
            y += 20
    return parts
