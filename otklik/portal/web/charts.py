"""Somebody's own scores over time, from 0 to 10: a line of their answers and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import SMALL, line, picture, tag, text, width_of, with_tip

_LEFT, _RIGHT, _TOP, _FOOT = 30.0, 14.0, 12.0, 26.0
_HEIGHT = 190.0
_HIGHEST = 10


@dataclass(frozen=True, slots=True)
class OwnScores:
    """Everything the chart says, in the reader's language."""

    title: str
    description: str
    number: Callable[[float], str]


def own_scores(points: Sequence[tuple[str, int]], words: OwnScores, *, width: float) -> str:
    """``points``: a label for the day and the score, the earliest first."""
    step = (width - _LEFT - _RIGHT) / max(len(points), 1)

    def x(position: int) -> float:
        return _LEFT + step * (position + 0.5)

    def y(score: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _FOOT) * (1 - score / _HIGHEST)

    parts = []
    for value in (0, 5, _HIGHEST):
        parts.append(line(_LEFT, y(value), width - _RIGHT, y(value), "axis" if value == 0 else "grid"))
        number = words.number(value)
        parts.append(text(number, _LEFT - 8, y(value) + 4, anchor="end", size=SMALL, fill="muted"))
    way = " ".join(f"{x(n):.1f},{y(score):.1f}" for n, (_, score) in enumerate(points))
    parts.append(tag("polyline", points=way, fill="none", stroke=colour("score"), stroke_width=2.5))
    longest = max((width_of(label, SMALL) for label, _ in points), default=1.0) + 10
    every = max(1, -(-int(longest) // max(int(step), 1)))
    for position, (label, score) in enumerate(points):
        dot = tag("circle", cx=x(position), cy=y(score), r=4.0, fill=colour("score"))
        parts.append(with_tip(f"{label}: {words.number(score)}", dot))
        if position % every == 0:
            at = min(max(x(position), longest / 2), width - longest / 2)
            parts.append(text(label, at, _HEIGHT - 8, anchor="middle", size=SMALL, fill="muted"))
    return picture(f"own-scores-{int(width)}", words.title, words.description, width, _HEIGHT, *parts)
