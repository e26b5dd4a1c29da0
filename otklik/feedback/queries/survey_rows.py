"""Every answer and every invitation without one, row by row, for files and programs.

The figures of the page are made of the rows whose status is "complete", and of no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language

from otklik.feedback.access import Scope
from otklik.feedback.models import Survey, SurveyVersion
from otklik.feedback.queries.question_results import forms_of
from otklik.feedback.queries.survey_counts import REACHED, Chosen, answers_of, invitations_of
from otklik.feedback.queries.survey_results import ResultFilter, chosen_of
from otklik.feedback.rules.forms import Form, Question
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind

CHUNK = 2000


class RowStatus(StrEnum):
    """Only COMPLETE counts. PROVISIONAL: a score was opened and never confirmed, by a person who left or by a
    mail scanner."""

    COMPLETE = "complete"
    DUPLICATE = "duplicate"
    PROVISIONAL = "provisional"
    NO_ANSWER = "no_answer"
    LEFT_OUT = "left_out"
    NOT_SENT = "not_sent"


# Never translated: programs read them, and `otklik analyze` knows "score" and "status".
COLUMNS = (
    "status",
    "late",
    "score",
    "responded_at",
    "comment",
    "may_contact",
    "language",
    "channel",
    "partner",
    "contact",
    "role",
    "segment",
    "tier",
    "country",
    "manager",
    "wave",
    "version",
    "invitation",
    "reason",
    "sent_at",
    "opened_at",
    "reminders",
    "provisional_score",
)
_FROZEN = ("partner__name", "contact__name", "role", "segment", "tier", "country", "manager__name")
_ASKED = ("wave__name", "version__number", "state", "reason", "sent_at", "opened_at", "reminders_sent")
_GIVEN = ("status", "is_late", "score", "responded_at", "comment", "may_contact", "language", "channel")


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """``rows``: cells in the order of ``columns``; text, whole numbers, or "" where there is nothing."""

    columns: tuple[str, ...]
    rows: Iterator[list[object]]


def answer_table(scope: Scope, survey: Survey, asked: ResultFilter) -> AnswerTable:
    """Three queries; the rows are never all in memory at once."""
    versions = tuple(SurveyVersion.objects.filter(survey_id=survey.pk).order_by("-number"))
    forms = forms_of(SurveyKind(survey.kind), versions)
    keys = tuple(dict.fromkeys(q.key for form in forms.values() for q in form.questions))
    chosen = chosen_of(asked, versions)
    # Read now: the language of the request is gone while a file is sent.
    languages = {pk: form.language_for(get_language() or "en") for pk, form in forms.items()}
    return AnswerTable(
        (*COLUMNS, *(f"q_{key}" for key in keys)), _rows(scope, chosen, forms, languages, keys)
    )


def _rows(
    scope: Scope,
    chosen: Chosen,
    forms: Mapping[int, Form],
    languages: Mapping[int, str],
    keys: Sequence[str],
) -> Iterator[list[object]]:
    asked = (f"invitation__{name}" for name in _ASKED if name != "version__number")
    answers = answers_of(scope, chosen).order_by("pk")
    for row in answers.values_list(
        "version_id", "answers", *_GIVEN, *_FROZEN, "version__number", *asked
    ).iterator(CHUNK):
        version, given, status, is_late, *more = row
        score, responded_at, comment, may_contact, language, channel, *frozen = more[:13]
        number, wave, *invited = more[13:]
        yield [
            status, _yes(is_late), score, _moment(responded_at), comment, _yes(may_contact), language,
            channel, *_texts(frozen), wave or "", number, *_invited(invited), "",
            *_answers(given, forms[version], languages[version], keys),
        ]  # fmt: skip
    silent = invitations_of(scope, chosen).filter(response__isnull=True).order_by("pk")
    columns = ("state", "provisional_score", "language", *_FROZEN, *_ASKED)
    for state, provisional, language, *more in silent.values_list(*columns).iterator(CHUNK):
        wave, number, *invited = more[len(_FROZEN) :]
        yield [
            _status(state, provisional), "", "", "", "", "", language, "", *_texts(more[: len(_FROZEN)]),
            wave, number, *_invited(invited), "" if provisional is None else provisional, *([""] * len(keys)),
        ]  # fmt: skip


def _status(state: str, provisional: int | None) -> RowStatus:
    if provisional is not None:
        return RowStatus.PROVISIONAL
    if state == InvitationState.LEFT_OUT:
        return RowStatus.LEFT_OUT
    sent = {*REACHED, InvitationState.BOUNCED}
    return RowStatus.NO_ANSWER if state in sent else RowStatus.NOT_SENT


def _invited(invited: Sequence[Any]) -> list[object]:
    state, reason, sent_at, opened_at, reminders = invited
    return [
        state or "",
        reason or "",
        _moment(sent_at),
        _moment(opened_at),
        "" if state is None else reminders,
    ]


def _answers(given: Mapping[str, Any], form: Form, language: str, keys: Sequence[str]) -> Iterator[object]:
    questions = {question.key: question for question in form.questions}
    for key in keys:
        yield _answer(questions.get(key), language, given.get(key))


def _answer(question: Question | None, language: str, value: Any) -> object:
    """The words of a choice, several joined by "; "; a number; a text."""
    if question is None or value is None:
        return ""
    labels = question.options.get(language, ())
    if not labels:
        return value if isinstance(value, int | str) else ""
    places = value if isinstance(value, list) else [value]
    return "; ".join(labels[one] for one in places if isinstance(one, int) and 0 <= one < len(labels))


def _texts(values: Sequence[str | None]) -> list[object]:
    return [value or "" for value in values]


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _moment(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).isoformat(timespec="seconds")
