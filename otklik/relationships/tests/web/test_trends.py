"""Everybody's line: on the person's page, and in a list of a wave or a partner."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.feedback.models import Wave
from otklik.partners.models import Contact
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships.models import ExpectedScore
from otklik.relationships.operations.calls import raise_calls
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, draft_of, version_of
from tests.world import NOW, World, make_contact

TRENDS = "/map/trends/"


@pytest.fixture
def last(world: World) -> Wave:
    """Vera: 9, 9, 8, silent, 2; Boris had expected an 8."""
    version = version_of(world)
    for weeks, score in ((90, 9), (70, 9), (50, 8), (30, None)):
        asked(closed_wave(version, weeks_ago=weeks), world.vera, score)
    wave = closed_wave(version, weeks_ago=3)
    asked(wave, world.vera, 2)
    ExpectedScore.objects.create(wave=wave, contact=world.vera, user=world.boris, score=8, entered_at=NOW)
    raise_calls(wave_id=wave.pk, today=TODAY, by=by(world.root), at=AT)
    return wave


def test_a_persons_page_shows_answers_moves_and_what_was_expected_after_the_lock(
    client: Client, world: World, last: Wave
) -> None:
    draft = draft_of(last.version)
    ExpectedScore.objects.create(wave=draft, contact=world.vera, user=world.boris, score=1, entered_at=NOW)
    client.force_login(world.boris)
    html = client.get(f"/contacts/{world.vera.pk}/").content.decode()
    assert "Before the last one, 3 answers, usually 9.0; the band runs from 8.0 to 10.0." in html
    assert ": no answer, " in html
    assert f"{world.boris.name}: 8" in html
    assert f"{world.boris.name}: 1" not in html
    assert "8 → 2" in html
    assert "Nobody has asked" in client.get(f"/contacts/{world.gleb.pk}/").content.decode()


def test_lines_are_listed_by_wave_and_by_partner_and_only_of_ones_own(
    client: Client, world: World, last: Wave
) -> None:
    zoya = make_contact(world.borealis, "Zoya", "z@b.example", Authority.FINAL, Influence.HIGH)
    asked(last, zoya, 10)
    client.force_login(world.boris)
    html = client.get(TRENDS).content.decode()
    assert world.vera.name in html
    assert world.gleb.name not in html, "nobody asked him in that wave"
    assert "Zoya" not in html
    html = client.get(TRENDS, {"partner": world.aurora.pk}).content.decode()
    assert world.gleb.name in html
    for odd in ("x", "9" * 30, str(world.borealis.pk)):
        assert "Zoya" not in client.get(TRENDS, {"partner": odd, "wave": odd}).content.decode()
    client.force_login(world.anna)
    assert "Zoya" in client.get(TRENDS).content.decode()


def test_a_name_is_text_in_the_picture(client: Client, world: World, last: Wave) -> None:
    Contact.objects.filter(pk=world.vera.pk).update(name="<script>alert(1)</script>")
    client.force_login(world.boris)
    assert "<script>alert(1)" not in client.get(TRENDS).content.decode()


def test_the_list_asks_no_more_for_more_people(client: Client, world: World, last: Wave) -> None:
    client.force_login(world.anna)
    client.get(TRENDS)
    with CaptureQueriesContext(connection) as few:
        client.get(TRENDS)
    for number in range(4):
        person = make_contact(
            world.aurora, f"P{number}", f"p{number}@a.example", Authority.NONE, Influence.LOW
        )
        asked(last, person, number)
    with CaptureQueriesContext(connection) as many:
        client.get(TRENDS)
    assert len(many) == len(few)
