"""A policy change as a picture: quarters before it came, a line, quarters under it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from otklik.impact.change_sentences import span_words
from otklik.impact.labels import OUTCOMES
from otklik.impact.pictures import Picture, drawn
from otklik.impact.rules.change_study import ChangeStudy, Span
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.words import answers_words, number, score, score_span
from otklik.kit import charts


def change_picture(study: ChangeStudy, outcome: Outcome) -> Picture:
    words = charts.DoseWords(
        title=_("Before it came, and under it"),
        description=_(
            "Left of the upright line: how far those it would reach were from the others, which should be "
            "nothing. Right of it: how far they are from what was to be expected without it. The columns: "
            "how many answers."
        ),
        axis=_("months before it came, and under it: %(outcome)s in points") % {"outcome": OUTCOMES[outcome]},
        effect=_("difference"),
        band=_("where the truth may lie"),
        monotone="",
        answers=_("Answers"),
        number=number,
    )
    points = _points((*study.before, *study.since))
    parted = len(study.before)
    return drawn(
        lambda key, width: charts.doses(points, words, key=key, width=width, parted=parted), "change"
    )


def _points(spans: Sequence[Span]) -> list[charts.DosePoint]:
    return [
        charts.DosePoint(
            _label(one),
            one.n,
            one.effect,
            one.low,
            one.high,
            tip=f"{span_words(one)} · {answers_words(one.n)} · {score(one.effect)} "
            f"({score_span(one.low, one.high) or _('cannot be told')})",
        )
        for one in spans
    ]


def _label(one: Span) -> str:
    """Short enough to stand below a column: 1–3, and −3…−1 before it came."""
    if one.first < 0:
        return f"\u2212{-one.first}…\u2212{-one.last}"
    return f"{one.first + 1}–{one.last + 1}"
