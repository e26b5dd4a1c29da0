"""Where the loop asks what a task asks, there is one thing to do and not two."""

from __future__ import annotations

import pytest
from django.test import Client

from otklik.events.models import Event
from otklik.events.operations.deliver import deliver_batch
from otklik.feedback.models import Response
from otklik.loop.models import Alert
from otklik.loop.public import Outcome, assign_alert, close_alert, raise_for_answers, reopen_alert
from otklik.loop.tests.stories import called, cause, rule
from otklik.relationships import jobs
from otklik.relationships.models import CallToAction, ExpectedScore
from otklik.relationships.operations.alerts import follow_alerts
from otklik.relationships.operations.calls import CallFollowsAlert, close_call
from otklik.relationships.rules.vocabulary import CallState
from otklik.relationships.tests.stories import AT, asked, by, closed_wave, version_of
from tests.world import NOW, World


def fell(world: World) -> int:
    """Vera fell from 9 to 2, and Boris had expected a 9; the wave's id."""
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=30), world.vera, 9)
    wave = closed_wave(version, weeks_ago=3)
    asked(wave, world.vera, 2)
    ExpectedScore.objects.create(wave=wave, contact=world.vera, user=world.boris, score=9, entered_at=NOW)
    return wave.pk


def alert_of(world: World) -> Alert:
    rule(world)
    ids = list(Response.objects.filter(score=2).values_list("pk", flat=True))
    raise_for_answers(response_ids=ids, by=by(world.root), at=AT)
    return Alert.objects.get()


def end(world: World, alert: Alert) -> None:
    called(world, alert)
    close_alert(
        alert_id=alert.pk, outcome=Outcome.MENDED, cause_ids=[cause(world).pk], by=by(world.anna), at=AT
    )


def deliver() -> None:
    for batch_id in Event.objects.exclude(batch=None).values_list("batch_id", flat=True).distinct():
        deliver_batch(batch_id)


def states() -> dict[str, str]:
    return dict(CallToAction.objects.values_list("kind", "state"))


def test_a_task_points_to_the_alert_about_the_same_answer_and_ends_and_comes_back_with_it(
    world: World,
) -> None:
    wave_id = fell(world)
    alert = alert_of(world)
    for _ in range(2):
        jobs.raise_calls_now(wave_id)
    move, surprise = CallToAction.objects.order_by("kind")
    assert (move.alert_id, move.owner_id, move.due_on) == (alert.pk, alert.owner_id, alert.due_at.date())
    assert surprise.alert_id is None, "why we did not see it coming is another question"
    with pytest.raises(CallFollowsAlert):
        close_call(call_id=move.pk, state=CallState.DONE, note="", by=by(world.boris), at=AT)
    assign_alert(alert_id=alert.pk, user_id=world.anna.pk, by=by(world.anna), at=AT)
    end(world, alert)
    deliver()
    assert states() == {"move": "done", "surprise": "open"}
    move.refresh_from_db()
    assert (move.owner_id, move.closed_by_id) == (world.anna.pk, world.anna.pk)
    told = Event.objects.filter(kind="call_to_action.done").count()
    follow_alerts(alert_ids=[alert.pk], by=by(world.root), at=AT)
    assert Event.objects.filter(kind="call_to_action.done").count() == told == 1
    reopen_alert(alert_id=alert.pk, by=by(world.anna), at=AT)
    deliver()
    assert states()["move"] == "open"


def test_an_alert_that_comes_after_the_task_takes_it_up_and_one_that_ended_before_ends_it(
    world: World,
) -> None:
    wave_id = fell(world)
    jobs.raise_calls_now(wave_id)
    assert not CallToAction.objects.exclude(alert=None).exists()
    alert = alert_of(world)
    deliver()
    assert CallToAction.objects.get(kind="move").alert_id == alert.pk
    CallToAction.objects.all().delete()
    end(world, alert)
    jobs.raise_calls_now(wave_id)
    assert states()["move"] == "done"


def test_an_alert_about_another_wave_takes_nothing_up(world: World) -> None:
    wave_id = fell(world)
    alert_of(world)
    later = closed_wave(version_of(world), weeks_ago=1)
    asked(later, world.vera, 0)
    jobs.raise_calls_now(later.pk)
    jobs.raise_calls_now(wave_id)
    moves = CallToAction.objects.filter(kind="move").values_list("wave_id", "alert__score")
    assert dict(moves) == {wave_id: 2, later.pk: None}


def test_the_page_sends_whoever_opens_the_task_to_the_alert(client: Client, world: World) -> None:
    wave_id = fell(world)
    alert = alert_of(world)
    jobs.raise_calls_now(wave_id)
    client.force_login(world.boris)
    page = f"/map/tasks/{CallToAction.objects.get(kind='move').pk}/"
    for path in (page, "/map/tasks/"):
        assert f"/loop/alerts/{alert.pk}/" in client.get(path).content.decode()
    assert "close/" not in client.get(page).content.decode()
    client.post(f"{page}close/", {"state": "done", "note": ""})
    client.post(f"{page}assign/", {"owner": world.boris.pk, "due_on": "2026-12-01"})
    move = CallToAction.objects.get(kind="move")
    assert (move.state, move.due_on) == ("open", alert.due_at.date())
