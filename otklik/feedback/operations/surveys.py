"""Surveys and the words people are asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import Survey, SurveyVersion
from otklik.feedback.rules.forms import Form, question_row, read_form
from otklik.feedback.rules.vocabulary import SurveyKind, WaveMode, WaveState
from otklik.feedback.rules.wording import Wording, standard_wording


class SurveyNameTaken(Exception):
    """The program has a survey of this name already."""


class NothingToChange(Exception):
    """The form is that of the latest version."""


class NoWording(Exception):
    """A survey needs its question in at least one language."""


class ChangedMeanwhile(Exception):
    """Somebody else made a version after this one was opened for editing; ``latest`` is theirs."""

    def __init__(self, latest: SurveyVersion) -> None:
        super().__init__(str(latest))
        self.latest = latest


class SurveyArchived(Exception):
    """Nobody is asked with it any more; restore it first."""


class WavesStillOpen(Exception):
    """People are being asked with this survey: close its waves first."""


Questions = Sequence[Mapping[str, Any]]


def create_survey(
    *,
    program_id: int,
    name: str,
    kind: SurveyKind,
    by: Actor,
    at: datetime,
    wording: Wording | None = None,
    questions: Questions = (),
) -> SurveyVersion:
    """A survey and its first version. ``wording``: the form's words by language, the standard question and
    follow-up by default.

    Raises SurveyNameTaken, NoWording, FormRefused.
    """
    form = _read(kind, wording or standard_wording(kind), questions, asks_contact=True)
    with transaction.atomic():
        survey = _named(program_id, name, kind, at)
        version = _add_version(survey, 1, form, at)
        record(
            "survey.created",
            by=by,
            at=at,
            subjects=[Subject("survey", survey.pk), Subject("program", program_id)],
            data={"kind": kind, "version": version.pk},
        )
    return version


def _named(program_id: int, name: str, kind: SurveyKind, at: datetime) -> Survey:
    try:
        with transaction.atomic():
            return Survey.objects.create(program_id=program_id, name=name, kind=kind, created_at=at)
    except IntegrityError:
        if Survey.objects.filter(program_id=program_id, name=name).exists():
            raise SurveyNameTaken(name) from None
        raise


def version_survey(
    *,
    survey_id: int,
    wording: Wording,
    by: Actor,
    at: datetime,
    questions: Questions | None = None,
    asks_contact: bool | None = None,
    expected: int | None = None,
) -> SurveyVersion:
    """The same survey with another form. Questions, and whether people are asked for contact, stay as they
    are where None. ``expected``: the number of the version that was edited.

    Raises Survey.DoesNotExist, SurveyArchived, ChangedMeanwhile, NothingToChange, NoWording, FormRefused.
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey_id)
        if survey.archived_at is not None:
            raise SurveyArchived(survey.name)
        latest = survey.versions.order_by("-number").first()
        if latest is not None and expected is not None and latest.number != expected:
            raise ChangedMeanwhile(latest)
        form = _read(
            SurveyKind(survey.kind),
            wording,
            (latest.questions if latest else ()) if questions is None else questions,
            asks_contact=(latest.asks_contact if latest else True) if asks_contact is None else asks_contact,
        )
        if latest is not None and _is_same(latest, form):
            raise NothingToChange
        version = _add_version(survey, latest.number + 1 if latest else 1, form, at)
        record(
            "survey.versioned",
            by=by,
            at=at,
            subjects=[Subject("survey", survey.pk), Subject("program", survey.program_id)],
            data={"version": version.pk, "number": version.number},
        )
    return version


def archive_survey(*, survey_id: int, by: Actor, at: datetime) -> Survey:
    """Out of the lists; answers and figures stay. Raises Survey.DoesNotExist, WavesStillOpen."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey_id)
        if survey.archived_at is not None:
            return survey
        # Waves for single people and drafts ask nobody by themselves.
        if survey.waves.filter(state__in=_ASKING).exclude(mode=WaveMode.HAND).exists():
            raise WavesStillOpen(survey.name)
        _archived(survey, at)
        _tell("survey.archived", survey, by, at)
    return survey


def restore_survey(*, survey_id: int, by: Actor, at: datetime) -> Survey:
    """Raises Survey.DoesNotExist."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey_id)
        if survey.archived_at is None:
            return survey
        _archived(survey, None)
        _tell("survey.restored", survey, by, at)
    return survey


_ASKING = (WaveState.PLANNING, WaveState.RUNNING)


def _archived(survey: Survey, at: datetime | None) -> None:
    survey.archived_at = at
    survey.save(update_fields=["archived_at"])


def _tell(name: str, survey: Survey, by: Actor, at: datetime) -> None:
    subjects = [Subject("survey", survey.pk), Subject("program", survey.program_id)]
    record(name, by=by, at=at, subjects=subjects, data={})


def ensure_survey(*, program_id: int, name: str, kind: SurveyKind, by: Actor, at: datetime) -> SurveyVersion:
    """The latest version of the program's survey of this name; made in the standard words where there is
    none.

    For answers that come from elsewhere. Raises SurveyNameTaken where the name belongs to another kind.
    """
    with transaction.atomic():
        latest = (
            SurveyVersion.objects.filter(survey__program_id=program_id, survey__name=name)
            .select_related("survey")
            .order_by("-number")
            .first()
        )
        if latest is None:
            return create_survey(program_id=program_id, name=name, kind=kind, by=by, at=at)
        if latest.survey.kind != kind:
            raise SurveyNameTaken(name)
        return latest


def _read(kind: SurveyKind, wording: Wording, questions: Questions, *, asks_contact: bool) -> Form:
    if not any(words.get("question") for words in wording.values()):
        raise NoWording
    return read_form(kind, wording, questions, asks_contact=asks_contact, is_new=True)


def _add_version(survey: Survey, number: int, form: Form, at: datetime) -> SurveyVersion:
    return SurveyVersion.objects.create(
        survey=survey,
        number=number,
        wording=_words(form),
        questions=[question_row(question) for question in form.questions],
        asks_contact=form.asks_contact,
        created_at=at,
    )


def _is_same(version: SurveyVersion, form: Form) -> bool:
    questions = [question_row(question) for question in form.questions]
    same_words = list(version.wording.items()) == list(_words(form).items())
    return same_words and version.questions == questions and version.asks_contact == form.asks_contact


def _words(form: Form) -> dict[str, dict[str, str]]:
    return {language: dict(words) for language, words in form.words.items()}
