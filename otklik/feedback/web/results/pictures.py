"""A survey's results as pictures: NPS in points, the other scores as shares in per cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from otklik.feedback.charts import BROAD, HALF, MOST_ROWS, NARROW, WIDE, Picture, kind_words
from otklik.feedback.queries.survey_results import Cut, Point
from otklik.feedback.result_words import SCORE_NAMES, limits_words, score_words
from otklik.feedback.rules.forms import Band, band_of
from otklik.feedback.rules.periods import Step
from otklik.feedback.rules.results import Figure, Share
from otklik.feedback.rules.vocabulary import SCALES
from otklik.feedback.words import answers_text, bucket_text, speech
from otklik.kit import charts
from otklik.kit.templatetags.otklik import figure as number
from otklik.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a short scale: its share of all answers in whole per cent, for the width of the bar."""

    score: int
    share: Share
    band: Band

    @property
    def width(self) -> int:
        return round((self.share.share or 0) * 100)


def course_picture(points: Sequence[Point]) -> Picture:
    """Of months, or of waves."""
    kind = points[0].figure.kind
    rows = [
        charts.TrendPoint(
            point_name(point, short=True),
            point.figure.n,
            _percent(point.figure.score),
            *_limits(point.figure.interval),
            tip=_tip(point_name(point), point.figure),
        )
        for point in points
    ]
    words = charts.TrendWords(
        title=gettext("The score over time"),
        description=gettext(
            "A line of the score with its interval as a band and the number of answers below."
        ),
        score=str(SCORE_NAMES[kind]),
        interval=gettext("95% interval"),
        answers=gettext("Answers"),
        cannot_tell=gettext("Too few answers"),
        number=_number,
    )
    return Picture(
        _safe(charts.trend(rows, words, key="course", width=WIDE)),
        _safe(charts.trend(rows, words, key="course-narrow", width=NARROW, height=300)),
    )


def scores_picture(found: Figure) -> Picture:
    """Of NPS: its eleven scores."""
    words = kind_words(gettext("How many answers each score got"))
    return Picture(
        _safe(charts.distribution(found.scores, words, key="scores", width=BROAD)),
        _safe(charts.distribution(found.scores, words, key="scores-narrow", width=NARROW)),
    )


def bars(found: Figure) -> list[Bar]:
    """Of a short scale, the best score first."""
    low, high = SCALES[found.kind]
    return [
        Bar(score, Share(found.scores[score], found.n), band_of(found.kind, score))
        for score in range(high, low - 1, -1)
    ]


def cut_picture(cut: Cut, overall: Figure) -> Picture:
    """The values with answers, at most ``MOST_ROWS``; the table beside it has them all."""
    rows = [
        charts.ForestRow(
            label=row.name,
            n=number(row.figure.n),
            score=_percent(row.figure.score),
            low=_limits(row.figure.interval)[0],
            high=_limits(row.figure.interval)[1],
            shrunk=_percent(row.shrunk),
            figures=score_words(overall.kind, row.figure.score),
            tip=_tip(row.name, row.figure),
        )
        for row in cut.rows
        if row.figure.n
    ][:MOST_ROWS]
    words = charts.ForestWords(
        title=gettext("Scores with their intervals"),
        description=gettext("One line each: the score, its interval, and the shrunk value."),
        score=gettext("Score and interval") if overall.summary else gettext("Share and interval"),
        shrunk=gettext("Shrunk value"),
        overall=gettext("All together"),
        answers=gettext("Answers"),
        number=_number,
    )
    band = None
    if overall.score is not None and overall.interval is not None:
        band = (overall.score * 100, overall.interval.low * 100, overall.interval.high * 100)
    key = f"by-{cut.dimension}"
    return Picture(
        _safe(charts.forest(rows, words, key=key, overall=band, width=HALF)),
        _safe(charts.forest(rows, words, key=f"{key}-narrow", overall=band, width=NARROW)),
    )


def point_name(point: Point, *, short: bool = False) -> str:
    if point.wave is None:
        return bucket_text(point.start, Step.MONTH, short=short)
    name = point.wave.name
    return f"{name[:13]}…" if short and len(name) > 14 else name


def _tip(name: str, found: Figure) -> str:
    parts = [name, answers_text(found.n)]
    if found.score is not None:
        limits = limits_words(found.kind, found.interval)
        parts.append(f"{SCORE_NAMES[found.kind]}: {score_words(found.kind, found.score)} ({limits})")
    return " · ".join(parts)


def _percent(score: float | None) -> float | None:
    return None if score is None else score * 100


def _limits(interval: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if interval is None else (interval.low * 100, interval.high * 100)


def _number(value: float, decimals: int = 0) -> str:
    return speech().number(value, decimals)


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (drawn by our own code, which escapes every text)
