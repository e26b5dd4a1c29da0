"""A survey's versions: made when something changed, never over somebody else's, archived only at rest."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.events.public import Actor
from otklik.feedback.models import Survey, SurveyVersion, Wave
from otklik.feedback.operations.surveys import (
    ChangedMeanwhile,
    NothingToChange,
    NoWording,
    SurveyArchived,
    SurveyNameTaken,
    WavesStillOpen,
    archive_survey,
    create_survey,
    restore_survey,
    version_survey,
)
from otklik.feedback.rules.forms import FormProblem, FormRefused
from otklik.feedback.rules.standard_forms import StandardForm, standard_form
from otklik.feedback.rules.vocabulary import SurveyKind, WaveMode, WaveState
from tests.world import World

BY = Actor.system()


def make(world: World, name: str = "Half-year") -> SurveyVersion:
    draft = standard_form(StandardForm.RELATIONAL)
    return create_survey(
        program_id=world.program.pk,
        name=name,
        kind=draft.kind,
        wording=draft.wording,
        questions=draft.questions,
        by=BY,
        at=world.now,
    )


def change(world: World, version: SurveyVersion, **what: Any) -> SurveyVersion:
    what = {"wording": version.wording} | what
    return version_survey(survey_id=version.survey_id, by=BY, at=world.now, **what)


def test_saving_the_same_form_makes_no_version(world: World) -> None:
    version = make(world)
    with pytest.raises(NothingToChange):
        change(world, version, questions=version.questions, asks_contact=True)
    reordered = dict(reversed(version.wording.items()))
    assert change(world, version, wording=reordered).number == 2, "the first language is whom nobody fits"


def test_questions_and_contact_make_a_version_and_the_old_one_stays(world: World) -> None:
    version = make(world)
    second = change(world, version, questions=[], asks_contact=False)
    assert (second.number, second.questions, second.asks_contact) == (2, [], False)
    version.refresh_from_db()
    assert (len(version.questions), version.asks_contact) == (1, True)
    third = change(world, version, wording={"en": {"question": "Would you?"}})
    assert (third.questions, third.asks_contact) == ([], False), "words alone change nothing else"


def test_whoever_edited_an_older_version_is_told_and_nothing_is_written(world: World) -> None:
    version = make(world)
    theirs = change(world, version, questions=[])
    with pytest.raises(ChangedMeanwhile) as told:
        change(world, version, wording={"en": {"question": "Mine"}}, expected=1)
    assert told.value.latest == theirs
    assert version.survey.versions.count() == 2


def test_a_form_nobody_can_answer_is_not_kept(world: World) -> None:
    version = make(world)
    with pytest.raises(FormRefused) as refused:
        change(world, version, wording={"en": {"question": "Fine", "subject": "Hello {nmae}"}})
    assert refused.value.problem is FormProblem.BROKEN_VARIABLE
    with pytest.raises(NoWording):
        change(world, version, wording={"en": {"low": "Never"}})
    with pytest.raises(SurveyNameTaken):
        make(world)
    assert SurveyVersion.objects.count() == 1


def test_a_survey_goes_to_the_archive_only_when_nobody_is_asked(world: World) -> None:
    survey = make(world).survey
    wave = Wave.objects.create(
        survey=survey,
        program=world.program,
        name="Spring",
        mode=WaveMode.WAVE,
        state=WaveState.RUNNING,
        created_at=world.now,
    )
    with pytest.raises(WavesStillOpen):
        archive_survey(survey_id=survey.pk, by=BY, at=world.now)
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED)
    archive_survey(survey_id=survey.pk, by=BY, at=world.now)
    archive_survey(survey_id=survey.pk, by=BY, at=world.now)
    with pytest.raises(SurveyArchived):
        version_survey(survey_id=survey.pk, wording={"en": {"question": "?"}}, by=BY, at=world.now)
    restore_survey(survey_id=survey.pk, by=BY, at=world.now)
    assert Survey.objects.get(pk=survey.pk).archived_at is None
    assert survey.kind == SurveyKind.NPS
