"""A wave that repeats, on its pages: when the next one comes, and how it is changed, skipped and stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from otklik.events.public import Actor
from otklik.feedback.models import AskingRules, Wave
from otklik.feedback.operations.series import Repeat
from otklik.feedback.operations.waves import start_wave
from otklik.feedback.rules.plans import read_plan
from otklik.feedback.rules.recurrence import Every
from otklik.feedback.tests.waves.people import draft, nps
from tests.world import NOW, World

BY = Actor.system()


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    world.anna.time_zone = "Europe/Moscow"
    world.anna.save()
    client.force_login(world.anna)
    return client


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def quarterly(world: World) -> Wave:
    wave = draft(
        nps(world), starts_at=NOW + timedelta(days=400), repeat=Repeat(Every.QUARTER, "Europe/Moscow")
    )
    return start_wave(wave_id=wave.pk, by=BY, at=NOW)


def test_what_was_chosen_in_the_plan_repeats_at_the_hour_of_who_chose_it(world: World, anna: Client) -> None:
    survey = nps(world).survey
    url = reverse("wave-new", args=[survey.pk]) + "?mode=wave"
    anna.post(url, {"name": "NPS", "starts_at": "2098-01-31T10:00", "repeats": "month", "spread_hours": "7"})
    wave = Wave.objects.get()
    assert wave.series is not None
    assert (wave.series.every, wave.series.zone) == ("month", "Europe/Moscow")
    assert '<option value="month" selected>' in page(anna, "wave-plan", wave.pk)
    assert "every month" in page(anna, "wave", wave.pk)
    anna.post(reverse("wave-start", args=[wave.pk]))
    following = Wave.objects.get(state="draft")
    assert following.name == "NPS · 2098-02-28"
    for name, number in (("wave", wave.pk), ("survey-waves", survey.pk)):
        assert "NPS · 2098-02-28" in page(anna, name, number)
    assert "starts by itself" in page(anna, "survey-waves", survey.pk)
    shown = page(anna, "wave", following.pk)
    assert "Starts by itself" in shown
    assert '<span class="tone">planned</span>' in shown
    # The surveys' list still names the wave that has begun, and results do not ask to start the other one.
    assert "· 2098-02-28" not in page(anna, "surveys")
    anna.post(reverse("wave-closing", args=[wave.pk]))
    Wave.objects.filter(pk=wave.pk).update(state="closed")
    nearby = page(anna, "survey", survey.pk)
    assert "look at its estimate and start it" not in nearby
    assert "Skip this wave" in shown
    assert "copied from the wave before" in shown


def test_the_next_wave_is_changed_skipped_and_the_series_stopped(world: World, anna: Client) -> None:
    wave = quarterly(world)
    following = Wave.objects.get(state="draft")
    typed = {"name": "Spring", "total": "5", "starts_at": "2098-05-01T10:00", "repeats": "quarter"}
    anna.post(reverse("wave-plan", args=[following.pk]), typed)
    following.refresh_from_db()
    assert (following.name, read_plan(following.plan).total, following.starts_itself) == ("Spring", 5, True)

    anna.post(reverse("wave-cancellation", args=[following.pk]))
    assert "the next one is planned" in page(anna, "wave", following.pk)
    assert Wave.objects.get(state="draft").turn == 2

    assert "Stop repeating" in page(anna, "wave", wave.pk)
    anna.post(reverse("wave-end-of-series", args=[wave.pk]))
    assert not Wave.objects.filter(state="draft").exists()
    shown = page(anna, "wave", wave.pk)
    assert "The repetition was stopped" in shown
    assert "Stop repeating" not in shown
    again = anna.post(reverse("wave-end-of-series", args=[wave.pk]), follow=True).content.decode()
    assert "does not repeat" in again


def test_a_cooldown_that_does_not_fit_between_two_waves_is_told(world: World, anna: Client) -> None:
    wave = quarterly(world)
    told = "weekends and holidays move mails"
    assert told in page(anna, "wave", wave.pk)
    AskingRules.objects.create(program=world.program, cooldown_days=75)
    assert told not in page(anna, "wave", wave.pk)


def test_the_pages_of_a_series_speak_russian(world: World, anna: Client) -> None:
    world.anna.language = "ru"
    world.anna.save()
    wave = quarterly(world)
    shown = page(anna, "wave", wave.pk)
    assert "каждый квартал" in shown
    assert "Больше не повторять" in shown
    assert "Пропустить эту волну" in page(anna, "wave", Wave.objects.get(state="draft").pk)
    with translation.override("ru"):
        assert "начнётся сама" in page(anna, "survey-waves", wave.survey_id)
