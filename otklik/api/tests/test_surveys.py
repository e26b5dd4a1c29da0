"""Results of a survey are asked for by wave and version; one that is not there is an error, not a nought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from otklik.events.public import Actor
from otklik.feedback.models import SurveyVersion, Wave
from otklik.feedback.public import SurveyKind, ensure_survey
from tests.world import NOW, World

ApiAs = Callable[..., Client]


def survey(world: World, name: str) -> SurveyVersion:
    return ensure_survey(
        program_id=world.program.pk, name=name, kind=SurveyKind.NPS, by=Actor.system(), at=NOW
    )


def wave(version: SurveyVersion) -> Wave:
    return Wave.objects.create(
        survey_id=version.survey_id, version=version, program_id=version.survey.program_id, name="October",
        mode="wave", state="running", created_at=NOW, started_at=NOW,
    )  # fmt: skip


def test_a_wave_of_no_or_another_survey_is_told_and_counts_nobody(world: World, api_as: ApiAs) -> None:
    client = api_as(world.root)
    asked, other = survey(world, "Autumn"), survey(world, "Spring")
    own, foreign = wave(asked), wave(other)

    def get(**query: Any) -> Any:
        return client.get(f"/api/v1/surveys/{asked.survey_id}/results", query)

    assert get(wave_id=own.pk).status_code == 200
    assert get(version=1).status_code == 200
    for query, said in (
        ({"wave_id": foreign.pk}, f"wave_id: this survey has no wave {foreign.pk}."),
        ({"wave_id": 2**40}, f"wave_id: this survey has no wave {2**40}."),
        ({"version": 2}, "version: this survey has no version 2."),
    ):
        answer = get(**query)
        assert answer.status_code == 422
        assert said in str(answer.json())
