"""What was answered to the questions behind the score."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from otklik.analytics.public import SCORES
from otklik.feedback.models import Response, SurveyVersion
from otklik.feedback.rules.forms import Form, Question, QuestionKind, read_form
from otklik.feedback.rules.results import Figure, Share, figure_of
from otklik.feedback.rules.vocabulary import SurveyKind

_SCALES = {QuestionKind.CSAT: SurveyKind.CSAT, QuestionKind.CES: SurveyKind.CES}


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    share: Share


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """``shown``: confirmed answers whose score opened the question; ``answered`` of them answered it.

    ``options``: of those who answered, each with its share (several may be chosen, then the shares are more
    than one together). ``figure``: of a scale. A text has neither: how many wrote something is ``answered``.
    """

    key: str
    kind: QuestionKind
    label: str
    shown: int
    answered: int
    options: tuple[Option, ...] = ()
    figure: Figure | None = None


@dataclass(slots=True)
class _Sums:
    question: Question
    label: str
    shown: int = 0
    answered: int = 0
    options: Counter[str] = field(default_factory=Counter)
    scores: list[int] = field(default_factory=lambda: [0] * SCORES)


def forms_of(kind: SurveyKind, versions: Iterable[SurveyVersion]) -> dict[int, Form]:
    return {
        version.pk: read_form(kind, version.wording, version.questions, asks_contact=version.asks_contact)
        for version in versions
    }


def question_results(rows: QuerySet[Response], forms: Sequence[tuple[int, Form]]) -> list[QuestionResult]:
    """Of these (confirmed) answers; one query. ``forms`` by version, newest first: the newest words stand for
    a question that kept its key, and options are the same where they are called the same."""
    sums: dict[tuple[str, QuestionKind], _Sums] = {}
    languages = {version: form.language_for(get_language() or "en") for version, form in forms}
    for version, form in forms:
        for question in form.questions:
            language = languages[version]
            found = sums.setdefault((question.key, question.kind), _Sums(question, question.labels[language]))
            for label in question.options.get(language, ()):
                found.options.setdefault(label, 0)
    if not sums:
        return []
    keys = sorted({key for key, _ in sums})
    known = dict(forms)
    for version, score, *given, amount in _grouped(rows, forms, keys):
        for question in known[version].questions:
            if question.is_for(score):
                one = sums[question.key, question.kind]
                one.shown += amount
                _count(one, question, languages[version], given[keys.index(question.key)], amount)
    return [_result(one) for one in sums.values()]


def _grouped(
    rows: QuerySet[Response], forms: Sequence[tuple[int, Form]], keys: Sequence[str]
) -> Iterable[tuple[Any, ...]]:
    """A text is told apart only from none: every text is different."""
    texts = {q.key for _, form in forms for q in form.questions if q.kind is QuestionKind.TEXT}
    columns: dict[str, Any] = {}
    for place, key in enumerate(keys):
        value = KeyTextTransform(key, "answers", output_field=CharField())
        if key in texts:
            columns[f"given{place}"] = Case(
                When(**{f"answers__{key}__isnull": True}, then=Value("")), default=Value('"text"')
            )
        else:
            columns[f"given{place}"] = value
    grouped = rows.order_by().annotate(**columns).values_list("version_id", "score", *columns)
    return grouped.annotate(n=Count(F("pk")))


def _count(one: _Sums, question: Question, language: str, given: str | int | None, amount: int) -> None:
    # SQLite hands a number out as one, PostgreSQL everything as text.
    value = json.loads(given) if isinstance(given, str) and given else given
    if value is None or value == "":
        return
    one.answered += amount
    if question.kind in _SCALES and isinstance(value, int) and 0 <= value < SCORES:
        one.scores[value] += amount
    labels = question.options.get(language, ())
    places = value if isinstance(value, list) else [value]
    # Two options may be called the same: whoever chose both gave one answer.
    for label in {labels[n] for n in places if isinstance(n, int) and 0 <= n < len(labels)}:
        one.options[label] += amount


def _result(one: _Sums) -> QuestionResult:
    kind = one.question.kind
    return QuestionResult(
        one.question.key,
        kind,
        one.label,
        one.shown,
        one.answered,
        tuple(Option(label, Share(hits, one.answered)) for label, hits in one.options.items()),
        figure_of(_SCALES[kind], one.scores) if kind in _SCALES else None,
    )
