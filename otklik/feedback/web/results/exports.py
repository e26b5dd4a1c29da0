"""A survey's answers and figures as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import cast

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from otklik.feedback.access import scope_of, visible_surveys
from otklik.feedback.labels import DIMENSION_LABELS
from otklik.feedback.models import Survey
from otklik.feedback.queries.survey_results import SurveyResults, survey_results
from otklik.feedback.queries.survey_rows import AnswerTable, answer_table
from otklik.feedback.rules.results import Figure, Share, Weighted
from otklik.feedback.web.results.filters import asked_exactly
from otklik.feedback.web.results.pictures import point_name
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.tabular.export import csv_lines
from otklik.kit.tabular.xlsx_writer import CONTENT_TYPE, TooManyRows, write_xlsx
from otklik.stats.intervals import Interval

# Never translated, as a program may read them: the weighted figures have names of their own.
SUMMARY_COLUMNS = (
    "part",
    "value",
    "n",
    "detractors",
    "passives",
    "promoters",
    "score",
    "interval_from",
    "interval_to",
    "mean",
    "reached",
    "answered",
    "response_rate",
    "rate_from",
    "rate_to",
    "weighted_score",
    "weighted_from",
    "weighted_to",
    "weighted_n_effective",
    "left_out_people",
    "left_out_effect",
    "left_out_from",
    "left_out_to",
)


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def answers_csv(request: StaffRequest, survey_id: int) -> HttpResponseBase:
    survey, table = _table(request, survey_id)
    return StreamingHttpResponse(
        csv_lines(table.columns, table.rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="survey-{survey.pk}-answers.csv"'},
    )


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def answers_xlsx(request: StaffRequest, survey_id: int) -> HttpResponseBase:
    survey, table = _table(request, survey_id)
    try:
        return _workbook(table.columns, table.rows, f"survey-{survey.pk}-answers.xlsx")
    except TooManyRows:
        return redirect(f"{reverse('survey-answers-csv', args=[survey.pk])}?{request.GET.urlencode()}")


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def summary_csv(request: StaffRequest, survey_id: int) -> HttpResponseBase:
    survey, results = _results(request, survey_id)
    # Written before the response starts: the language of the request is gone while it streams.
    lines = list(csv_lines(SUMMARY_COLUMNS, _summary(results)))
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="survey-{survey.pk}-figures.csv"'},
    )


@require_safe
@needs(Right.SEE_FEEDBACK)
@needs(Right.EXPORT)
def summary_xlsx(request: StaffRequest, survey_id: int) -> HttpResponseBase:
    survey, results = _results(request, survey_id)
    return _workbook(SUMMARY_COLUMNS, _summary(results), f"survey-{survey.pk}-figures.xlsx")


def _workbook(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> HttpResponseBase:
    """Raises TooManyRows."""
    # A workbook is a zip, whose contents stand at its end. 100,000 rows make some 5 MB.
    file = BytesIO()
    write_xlsx(file, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _results(request: StaffRequest, survey_id: int) -> tuple[Survey, SurveyResults]:
    survey = get_object_or_404(visible_surveys(request.user), pk=survey_id)
    asked = asked_exactly(request.GET.dict(), survey)
    return survey, survey_results(scope_of(request.user), survey, asked)


def _table(request: StaffRequest, survey_id: int) -> tuple[Survey, AnswerTable]:
    survey = get_object_or_404(visible_surveys(request.user), pk=survey_id)
    asked = asked_exactly(request.GET.dict(), survey)
    return survey, answer_table(scope_of(request.user), survey, asked)


def _summary(results: SurveyResults) -> Iterator[list[object]]:
    total = [*_figure(results.figure), *_rate(results.rate), *_weighted(results.weighted)]
    yield [gettext("All answers"), results.survey.name, *total]
    for point in (*results.by_wave, *results.by_month):
        part = gettext("Wave") if point.wave else gettext("Month")
        yield [part, point_name(point), *_figure(point.figure)]
    for left in results.left_out_for_tickets:
        before = [gettext("Left out because of open tickets"), left.wave.name]
        empty = [""] * (len(SUMMARY_COLUMNS) - len(before) - 4)
        yield [*before, *empty, left.people, *_points(left.points, *(left.interval or (None, None)))]
    for cut in results.cuts:
        for row in cut.rows:
            label = str(DIMENSION_LABELS[cut.dimension])
            yield [label, row.name, *_figure(row.figure), *_rate(row.rate)]
    for question in results.questions:
        for option in question.options:
            share = option.share
            name = f"{question.label}: {option.label}"
            figures = ["", "", "", _rounded(share.share), *_limits(share.interval)]
            yield [gettext("Question"), name, share.hits, *figures]


def _figure(found: Figure) -> list[object]:
    kinds: tuple[object, ...] = ("", "", "")
    if found.summary is not None:
        kinds = (found.summary.detractors, found.summary.passives, found.summary.promoters)
    mean = "" if found.mean is None else round(found.mean, 3)
    return [found.n, *kinds, _rounded(found.score), *_limits(found.interval), mean]


def _rate(rate: Share) -> list[object]:
    return [rate.n, rate.hits, _rounded(rate.share), *_limits(rate.interval)]


def _weighted(found: Weighted | None) -> list[object]:
    if found is None or found.score is None:
        return ["", "", "", ""]
    size = cast(float, found.n_effective)
    return [_rounded(found.score), *_limits(found.interval), round(size, 1)]


def _points(*values: float | None) -> list[object]:
    return ["" if value is None else round(value, 4) for value in values]


def _limits(interval: Interval | None) -> tuple[object, object]:
    return ("", "") if interval is None else (_rounded(interval.low), _rounded(interval.high))


def _rounded(value: float | None) -> object:
    """NPS in points, shares in per cent, to four decimals."""
    return "" if value is None else round(value * 100, 4)
