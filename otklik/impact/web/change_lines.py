"""Policy changes as lines of a page."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.impact.change_sentences import change_sentence, span_words
from otklik.impact.labels import SIGNS, VERDICTS
from otklik.impact.models import PolicyChange
from otklik.impact.rules.change_study import ChangeStudy
from otklik.impact.web.asked import Asked
from otklik.impact.web.lines import TONES
from otklik.impact.words import score, score_span


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """``study`` None, and the words of it "": nothing was computed since it was recorded or corrected."""

    change: PolicyChange
    study: ChangeStudy | None
    sign: str
    verdict: str
    tone: str
    sentence: str
    effect: str
    interval: str


@dataclass(frozen=True, slots=True)
class SpanLine:
    name: str
    n: int
    effect: str
    interval: str
    is_before: bool


def change_line(change: PolicyChange, asked: Asked) -> ChangeLine:
    study = None if asked.report is None else asked.report.of_change(change.pk, change.version)
    if study is None:
        return ChangeLine(change, None, "", "", "", "", "", "")
    average = study.average
    return ChangeLine(
        change,
        study,
        sign=SIGNS[study.verdict],
        verdict=str(VERDICTS[study.verdict]),
        tone=TONES.get(study.verdict, "tone-care"),
        sentence=change_sentence(study, asked.outcome),
        effect="" if average is None else score(average.effect),
        interval="" if average is None else score_span(average.low, average.high),
    )


def span_lines(study: ChangeStudy) -> list[SpanLine]:
    return [
        SpanLine(span_words(one), one.n, score(one.effect), score_span(one.low, one.high), one.first < 0)
        for one in (*study.before, *study.since)
    ]
