"""The list of surveys: who sees it, and what it says."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.public import Actor
from otklik.feedback.models import Survey, Wave
from otklik.feedback.operations.surveys import create_survey
from otklik.feedback.rules.vocabulary import SurveyKind, WaveMode, WaveState
from tests.world import World


def make(world: World, name: str) -> Survey:
    return create_survey(
        program_id=world.program.pk, name=name, kind=SurveyKind.NPS, by=Actor.system(), at=world.now
    ).survey


def test_readers_of_answers_see_the_surveys_and_nobody_else(client: Client, world: World) -> None:
    make(world, "Every half-year")
    for person in (world.anna, world.boris, world.dmitri):
        client.force_login(person)
        assert "Every half-year" in client.get("/surveys/").content.decode()
    client.force_login(world.stranger)
    assert client.get("/surveys/").status_code == 403


def test_an_empty_list_says_what_to_do_first(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert "No surveys yet" in client.get("/surveys/").content.decode()


def test_a_line_tells_the_last_wave(client: Client, world: World) -> None:
    survey = make(world, "Every half-year")
    for name, state in (("Spring", WaveState.CLOSED), ("Autumn", WaveState.RUNNING)):
        Wave.objects.create(
            survey=survey,
            program=world.program,
            name=name,
            mode=WaveMode.WAVE,
            state=state,
            created_at=world.now,
        )
    client.force_login(world.anna)
    page = client.get("/surveys/").content.decode()
    assert "Autumn" in page
    assert "running" in page
    assert "Spring" not in page


def test_many_surveys_cost_no_more_statements_than_few(client: Client, world: World) -> None:
    client.force_login(world.anna)
    for number in range(4):
        make(world, f"Survey {number}")
    client.get("/surveys/")
    with CaptureQueriesContext(connection) as few:
        client.get("/surveys/")
    for number in range(4, 16):
        make(world, f"Survey {number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/surveys/")
    assert len(many) == len(few)
