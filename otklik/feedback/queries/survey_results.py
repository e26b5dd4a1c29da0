"""The results of one survey: what its page, its exports, the API and the report all show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q

from otklik.analytics.public import NO_SCORES, Dimension, Scores
from otklik.feedback.access import Scope
from otklik.feedback.models import Survey, SurveyVersion, Wave
from otklik.feedback.queries.names import names_of_values
from otklik.feedback.queries.question_results import QuestionResult, forms_of, question_results
from otklik.feedback.queries.survey_counts import (
    BY,
    AnswerCounts,
    Chosen,
    Dated,
    InvitationCounts,
    added,
    answers_of,
    count_answers,
    count_by_month_and_wave,
    count_invitations,
)
from otklik.feedback.rules.periods import Period, month_number
from otklik.feedback.rules.results import Figure, Share, Weighted, figures, weigh
from otklik.feedback.rules.vocabulary import ResponseStatus, SurveyKind, WaveMode
from otklik.partners.public import Contact
from otklik.stats.nps import counts_from_histogram
from otklik.stats.verdicts import Comparison, League, Standing, compare_segments, league

# Months of the course over time: further back a survey is another one.
MOST_MONTHS = 36
# Waves of the course over time: the latest ones.
MOST_WAVES = 40


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """``wave_id`` and ``version`` (its number): None for all. ``weighs``: weighted to the roles' population
    as well."""

    survey_id: int
    wave_id: int | None = None
    version: int | None = None
    period: Period | None = None
    weighs: bool = False


class Point(NamedTuple):
    """One month (its first day) or one wave of the course over time."""

    start: date
    wave: Wave | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One value: its answers, its response rate, and for NPS its place (``stats.league``)."""

    value: str
    name: str
    figure: Figure
    rate: Share
    standing: Standing
    shrunk: float | None


@dataclass(frozen=True, slots=True)
class Cut:
    """One dimension. ``league``: of NPS only, and never where values may not be put in an order."""

    dimension: Dimension
    league: League | None
    rows: tuple[Row, ...]


class LeftOut(NamedTuple):
    """``effect`` of a wave (``queries/effect.py``): people it left out for open tickets, and by how many
    points the score comes out higher without them, or None where nobody can tell."""

    wave: Wave
    people: int
    share: float
    points: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """``figure``: of confirmed answers, late ones among them, and nothing else. ``rate``: of the people an
    invitation reached. ``unconfirmed``: who opened a score and did not confirm it, of all who came.
    ``without_invitation``: confirmed answers by a link or from elsewhere, in no response rate.

    ``waves``: all of the survey, newest first; ``by_wave`` those of mode WAVE that were answered, in time.
    ``change``: of the last of them against the one before, NPS only. ``flattered``: the waves in these
    figures that left people with open tickets out; their number is that of a whole program, and told only to
    those who see the program whole.
    """

    survey: Survey
    filter: ResultFilter
    versions: tuple[SurveyVersion, ...]
    waves: tuple[Wave, ...]
    figure: Figure
    late: int
    duplicates: int
    without_invitation: int
    invitations: InvitationCounts
    rate: Share
    unconfirmed: Share
    cuts: tuple[Cut, ...]
    by_month: tuple[Point, ...]
    by_wave: tuple[Point, ...]
    change: Comparison | None
    flattered: tuple[Wave, ...]
    questions: tuple[QuestionResult, ...]
    weighted: Weighted | None

    @property
    def wave(self) -> Wave | None:
        return next((wave for wave in self.waves if wave.pk == self.filter.wave_id), None)

    @property
    def left_out_for_tickets(self) -> tuple[LeftOut, ...]:
        return tuple(_left_out(wave, wave.effect) for wave in self.flattered if wave.effect)

    @property
    def is_empty(self) -> bool:
        return not (self.figure.n or self.duplicates or self.invitations.people)


def survey_results(scope: Scope, survey: Survey, asked: ResultFilter) -> SurveyResults:
    """A constant number of queries, whatever the number of people, waves and values."""
    kind = SurveyKind(survey.kind)
    versions = tuple(SurveyVersion.objects.filter(survey_id=survey.pk).order_by("-number"))
    waves = tuple(Wave.objects.filter(survey_id=survey.pk).order_by("-id"))
    chosen = chosen_of(asked, versions)
    answers = count_answers(scope, chosen)
    invited = count_invitations(scope, chosen)
    dated = count_by_month_and_wave(scope, chosen)
    confirmed = answers_of(scope, chosen).filter(status=ResponseStatus.COMPLETE)
    picked = [version for version in versions if version.pk in set(chosen.versions)]
    forms = forms_of(kind, picked)
    by_wave = _by_wave(kind, dated, waves)
    return SurveyResults(
        survey=survey,
        filter=asked,
        versions=versions,
        waves=waves,
        figure=figures(kind, [answers.scores])[0],
        late=answers.late,
        duplicates=answers.duplicates,
        without_invitation=sum(added(d for d in dated if d.wave_id is None)),
        invitations=invited,
        rate=Share(invited.answered, invited.reached),
        unconfirmed=Share(invited.unconfirmed, invited.came),
        cuts=_cuts(kind, answers, invited),
        by_month=_by_month(kind, dated),
        by_wave=by_wave,
        change=_change(kind, by_wave),
        flattered=_flattered(scope, asked, waves, invited),
        questions=tuple(question_results(confirmed, list(forms.items()))),
        weighted=_weighted(scope, survey, kind, answers) if asked.weighs else None,
    )


def chosen_of(asked: ResultFilter, versions: Sequence[SurveyVersion]) -> Chosen:
    ids = tuple(v.pk for v in versions if asked.version in (None, v.number))
    return Chosen(asked.survey_id, ids, asked.wave_id, asked.period)


def _cuts(kind: SurveyKind, answers: AnswerCounts, invited: InvitationCounts) -> tuple[Cut, ...]:
    seen = sorted({*answers.by_value, *invited.by_value})
    names = names_of_values(seen)
    cuts = []
    for dimension in BY:
        values = [value for value in seen if value[0] is dimension]
        scores = [answers.by_value.get(value, NO_SCORES) for value in values]
        found = figures(kind, scores)
        places = _league(kind, scores, found)
        rows = [
            Row(
                value[1],
                names[value],
                figure,
                Share(*invited.by_value.get(value, (0, 0))),
                places.standings[n] if places else Standing.NOT_SEPARABLE,
                places.summaries[n].shrunk if places else None,
            )
            for n, (value, figure) in enumerate(zip(values, found, strict=True))
        ]
        if places and places.ranked:
            order = [*places.order, *(n for n in range(len(rows)) if n not in set(places.order))]
            rows = [rows[n] for n in order]
        else:
            rows.sort(key=lambda row: (-row.figure.n, -row.rate.n, row.name))
        cuts.append(Cut(dimension, places, tuple(rows)))
    return tuple(cuts)


def _league(kind: SurveyKind, scores: Sequence[Scores], found: Sequence[Figure]) -> League | None:
    known = [figure.summary for figure in found if figure.summary is not None]
    if kind is not SurveyKind.NPS or len(known) < 2:
        return None
    return league(counts_from_histogram(list(scores)), known=known)


def _by_month(kind: SurveyKind, dated: Sequence[Dated]) -> tuple[Point, ...]:
    """Every month from the first answer to the last, those without one too."""
    if not dated:
        return ()
    last = max(month_number(row.month) for row in dated)
    first = max(min(month_number(row.month) for row in dated), last - MOST_MONTHS + 1)
    months = [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]
    scores = [added(row for row in dated if row.month == month) for month in months]
    return tuple(
        Point(month, None, figure) for month, figure in zip(months, figures(kind, scores), strict=True)
    )


def _by_wave(kind: SurveyKind, dated: Sequence[Dated], waves: Sequence[Wave]) -> tuple[Point, ...]:
    answered = {row.wave_id for row in dated}
    rounds = [wave for wave in waves if wave.mode == WaveMode.WAVE and wave.pk in answered]
    rounds = sorted(rounds, key=_started)[-MOST_WAVES:]
    scores = [added(row for row in dated if row.wave_id == wave.pk) for wave in rounds]
    return tuple(
        Point(_started(wave), wave, figure)
        for wave, figure in zip(rounds, figures(kind, scores) if rounds else [], strict=True)
    )


def _started(wave: Wave) -> date:
    return (wave.started_at or wave.starts_at or wave.created_at).date()


def _change(kind: SurveyKind, by_wave: Sequence[Point]) -> Comparison | None:
    if kind is not SurveyKind.NPS or len(by_wave) < 2:
        return None
    before, after = (counts_from_histogram([point.figure.scores]) for point in by_wave[-2:])
    return compare_segments(before, after)[0]


def _flattered(
    scope: Scope, asked: ResultFilter, waves: Sequence[Wave], invited: InvitationCounts
) -> tuple[Wave, ...]:
    inside = {asked.wave_id} if asked.wave_id is not None else set(invited.by_wave)
    return tuple(
        wave for wave in waves if wave.pk in inside and wave.effect and scope.covers(wave.program_id)
    )


def _left_out(wave: Wave, effect: Mapping[str, Any]) -> LeftOut:
    interval = effect["interval"]
    return LeftOut(
        wave,
        effect["people"],
        effect["share"],
        effect["points"],
        None if interval is None else (interval[0], interval[1]),
    )


def _weighted(scope: Scope, survey: Survey, kind: SurveyKind, answers: AnswerCounts) -> Weighted:
    scores = {value: found for (d, value), found in answers.by_value.items() if d is Dimension.ROLE}
    return weigh(kind, scores, people_by_role(scope, survey.program_id))


def people_by_role(scope: Scope, program_id: int) -> dict[str, int]:
    """Active people of the program's partners, as they are today; of own partners where one sees no others.
    One query."""
    people = Contact.objects.filter(partner__program_id=program_id, is_active=True, erased_at=None)
    if scope.programs is not None and program_id not in scope.programs:
        people = people.filter(
            Q(partner__manager_id=scope.manager) if scope.manager is not None else Q(pk__in=())
        )
    rows = people.order_by().values_list("role").annotate(n=Count("pk"))
    return dict(rows)
