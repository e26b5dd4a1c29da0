"""Surveys and the words people are asked with."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import Survey, SurveyVersion
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.rules.wording import Wording, standard_wording


class SurveyNameTaken(Exception):
    """The program has a survey of this name already."""


class NothingToChange(Exception):
    """The words are those of the latest version."""


class NoWording(Exception):
    """A survey needs its question in at least one language."""


def create_survey(
    *,
    program_id: int,
    name: str,
    kind: SurveyKind,
    by: Actor,
    at: datetime,
    wording: Wording | None = None,
) -> SurveyVersion:
    """A survey and its first version. ``wording``: question and follow-up by language, the standard ones by
    default.

    Raises SurveyNameTaken, NoWording.
    """
    with transaction.atomic():
        if Survey.objects.filter(program_id=program_id, name=name).exists():
            raise SurveyNameTaken(name)
        survey = Survey.objects.create(program_id=program_id, name=name, kind=kind, created_at=at)
        version = _add_version(survey, 1, wording or standard_wording(kind), at)
        record(
            "survey.created",
            by=by,
            at=at,
            subjects=[Subject("survey", survey.pk), Subject("program", program_id)],
            data={"kind": kind, "version": version.pk},
        )
    return version


def version_survey(*, survey_id: int, wording: Wording, by: Actor, at: datetime) -> SurveyVersion:
    """The same survey in new words. Raises Survey.DoesNotExist, NothingToChange, NoWording."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey_id)
        latest = survey.versions.order_by("-number").first()
        if latest is not None and latest.wording == _plain(wording):
            raise NothingToChange
        version = _add_version(survey, latest.number + 1 if latest else 1, wording, at)
        record(
            "survey.versioned",
            by=by,
            at=at,
            subjects=[Subject("survey", survey.pk), Subject("program", survey.program_id)],
            data={"version": version.pk, "number": version.number},
        )
    return version


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


def _add_version(survey: Survey, number: int, wording: Wording, at: datetime) -> SurveyVersion:
    if not any(words.get("question") for words in wording.values()):
        raise NoWording
    return SurveyVersion.objects.create(survey=survey, number=number, wording=_plain(wording), created_at=at)


def _plain(wording: Wording) -> dict[str, dict[str, str]]:
    return {language: dict(words) for language, words in wording.items()}
