"""Tasks, expected scores and contracts on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from otklik.feedback.models import Response, Wave
from otklik.feedback.rules.vocabulary import WaveState
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.relationships.models import CallToAction, CoverageContract, ExpectedScore, SignOff
from otklik.relationships.operations.calls import raise_calls
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, draft_of, version_of
from tests.world import NOW, World, make_contact

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def boris(client: Client, world: World) -> Client:
    client.force_login(world.boris)
    return client


@pytest.fixture
def fallen(world: World) -> CallToAction:
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=30), world.vera, 9)
    wave = closed_wave(version, weeks_ago=3)
    asked(wave, world.vera, 2)
    raise_calls(wave_id=wave.pk, today=TODAY, by=by(world.root), at=AT)
    return CallToAction.objects.get()


def test_a_task_is_listed_closed_with_a_word_and_gone_from_the_list(
    boris: Client, fallen: CallToAction
) -> None:
    html = boris.get("/map/tasks/", {"mine": "1", "kind": "move"}).content.decode()
    assert "fell: 9 → 2" in html
    assert "Call in time" in html
    page = f"/map/tasks/{fallen.pk}/"
    assert boris.post(f"{page}close/", {"state": "dropped", "note": ""}).status_code == 422
    boris.post(f"{page}close/", {"state": "done", "note": f"Called {SCRIPT}"})
    assert SCRIPT not in boris.get(page).content.decode()
    assert "fell: 9" not in boris.get("/map/tasks/").content.decode()
    assert "fell: 9" in boris.get("/map/tasks/", {"show": "closed"}).content.decode()


def test_tasks_of_others_are_not_found_and_an_agent_closes_none(
    client: Client, world: World, fallen: CallToAction
) -> None:
    client.force_login(world.clara)
    assert client.get(f"/map/tasks/{fallen.pk}/").status_code == 404
    client.force_login(world.dmitri)
    assert client.get(f"/map/tasks/{fallen.pk}/").status_code == 200
    assert client.post(f"/map/tasks/{fallen.pk}/close/", {"state": "done"}).status_code == 404


def test_a_task_is_given_to_a_colleague_with_a_day(boris: Client, world: World, fallen: CallToAction) -> None:
    path = f"/map/tasks/{fallen.pk}/assign/"
    assert boris.post(path, {"owner": world.anna.pk, "due_on": "soon"}).status_code == 422
    boris.post(path, {"owner": world.anna.pk, "due_on": "2026-04-01"})
    fallen.refresh_from_db()
    assert (fallen.owner_id, fallen.due_on.isoformat()) == (world.anna.pk, "2026-04-01")


def test_what_one_expects_nobody_else_reads_until_the_wave_begins(client: Client, world: World) -> None:
    wave = draft_of(version_of(world))
    path = f"/map/expected/{wave.pk}/{world.aurora.pk}/"
    client.force_login(world.boris)
    client.post(path, {f"score-{world.vera.pk}": "9", f"score-{world.gleb.pk}": ""})
    assert ExpectedScore.objects.get().score == 9
    assert 'value="9"' in client.get(path).content.decode()
    client.force_login(world.anna)
    assert 'value="9"' not in client.get(path).content.decode()
    client.post(f"{path}sign-off/", {f"why-{world.gleb.pk}": "because"})
    assert not SignOff.objects.exists()
    client.post(f"{path}sign-off/", {f"why-{world.gleb.pk}": "away"})
    assert SignOff.objects.get().by == world.anna
    html = client.get(path).content.decode()
    assert "taken out by hand: they are away" in html
    assert "1 of 2 people known are asked." in html
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.RUNNING, started_at=NOW)
    html = client.get(path).content.decode()
    assert "Boris Manager: 9" in html
    assert "<input class=" not in html.partition("<table")[2].partition("</table>")[0]
    client.post(path, {f"score-{world.vera.pk}": "1"})
    assert ExpectedScore.objects.get().score == 9


def test_an_answer_that_does_not_count_stands_beside_no_expectation(boris: Client, world: World) -> None:
    wave = closed_wave(version_of(world), weeks_ago=3)
    asked(wave, world.vera, 7)
    path = f"/map/expected/{wave.pk}/{world.aurora.pk}/"
    cells = boris.get(path).content.decode().partition("<tbody")[2].partition("</tbody>")[0]
    Response.objects.update(status="provisional")
    others = boris.get(path).content.decode().partition("<tbody")[2].partition("</tbody>")[0]
    assert ">7<" in cells
    assert ">7<" not in others


@pytest.mark.parametrize("typed", ["11", "-1", "9.5", "٩", "9" * 40, "ten"])
def test_a_score_off_the_scale_saves_nothing(boris: Client, world: World, typed: str) -> None:
    wave = draft_of(version_of(world))
    boris.post(f"/map/expected/{wave.pk}/{world.aurora.pk}/", {f"score-{world.vera.pk}": typed})
    assert not ExpectedScore.objects.exists()


def test_expectations_are_of_ones_own_partners(boris: Client, world: World) -> None:
    wave = draft_of(version_of(world))
    path = f"/map/expected/{wave.pk}/"
    html = boris.get(path).content.decode()
    assert "Aurora" in html
    assert "Borealis" not in html
    assert wave.name in boris.get("/map/expected/").content.decode()
    for method in (boris.get, boris.post):
        assert method(f"{path}{world.borealis.pk}/").status_code == 404
    assert boris.post(f"{path}{world.aurora.pk}/sign-off/").status_code == 404


def test_after_the_close_the_wave_shows_its_surprises_each_with_owner_and_day(
    boris: Client, world: World
) -> None:
    wave = closed_wave(version_of(world), weeks_ago=3)
    for contact, expected in ((world.vera, 9), (world.gleb, 3)):
        asked(wave, contact, 3)
        ExpectedScore.objects.create(
            wave=wave, contact=contact, user=world.boris, score=expected, entered_at=NOW
        )
    path = f"/map/expected/{wave.pk}/"
    assert "No surprise" in boris.get(path).content.decode()
    raise_calls(wave_id=wave.pk, today=TODAY, by=by(world.root), at=AT)
    html = boris.get(path).content.decode()
    assert "worse than expected: expected 9.0" in html
    assert html.count(world.gleb.name) == 0
    assert world.boris.name in html.partition("Surprises")[2]
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.RUNNING)
    CallToAction.objects.all().delete()
    assert "Surprises come up when the wave closes" in boris.get(path).content.decode()


def test_a_contract_is_set_for_a_tier_and_dropped_again(client: Client, world: World) -> None:
    client.force_login(world.anna)
    roles = ("decision_maker", "influencer", "end_user")
    said = {f"{role}_{what}": 1 for role in roles for what in ("known", "asked")}
    said |= {"program": world.program.pk, "months": 6}
    assert client.post("/map/coverage/", {**said, "tier": "gold", "influencer_asked": 2}).status_code == 422
    client.post("/map/coverage/", {**said, "tier": "gold"})
    contract = CoverageContract.objects.get()
    assert contract.needs == {role: [1, 1] for role in roles}
    assert "gold" in client.get("/map/coverage/").content.decode()
    client.force_login(world.boris)
    assert client.post(f"/map/coverage/{contract.pk}/drop/").status_code == 403
    client.force_login(world.anna)
    client.post(f"/map/coverage/{contract.pk}/drop/")
    assert not CoverageContract.objects.exists()


def test_team_and_answers_stand_side_by_side_from_eight_people_on(client: Client, world: World) -> None:
    wave = closed_wave(version_of(world), weeks_ago=3)
    for number in range(8):
        person = make_contact(world.aurora, f"P{number}", f"p{number}@a.ex", Authority.NONE, Influence.LOW)
        asked(wave, person, 6 + number % 2)
        for user, score in ((world.boris, 9), (world.anna, 10)):
            ExpectedScore.objects.create(
                wave=wave, contact=person, user=user, score=score, entered_at=NOW - timedelta(weeks=4)
            )
    client.force_login(world.boris)
    html = client.get("/map/team-and-answers/").content.decode()
    assert "the team expects more than comes" in html
    assert "+3" in html
    client.force_login(world.clara)
    assert "Nothing was expected" in client.get("/map/team-and-answers/").content.decode()
