"""Two at the same moment. SQLite's test database in memory has one connection; these are PostgreSQL's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from otklik.events.public import Actor
from otklik.feedback.models import Wave
from otklik.feedback.operations.waves import start_wave
from otklik.feedback.rules.plans import Plan, plan_row
from otklik.feedback.rules.vocabulary import HandReason
from otklik.loop.public import close_alert
from otklik.loop.rules.vocabulary import Outcome
from otklik.loop.tests.stories import called, cause, raised
from otklik.partners.operations.erase import erase_contact
from otklik.partners.operations.merge import merge_contacts
from otklik.relationships import jobs
from otklik.relationships.models import AccountPlan, CallToAction, ExpectedScore, PlanAction, Review, SignOff
from otklik.relationships.operations.alerts import follow_alerts
from otklik.relationships.operations.expected import ExpectationsLocked, enter_expected, sign_off
from otklik.relationships.operations.plans import add_action, save_plan
from otklik.relationships.operations.reviews import make_review
from otklik.relationships.rules.quarters import quarter_of
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, draft_of, version_of
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


@pytest.fixture(autouse=True)
def _two_connections() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection")


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each returned or raised; all begin together."""
    gate, results = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place: int, doing: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            results[place] = doing()
        except Exception as error:
            results[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def drafted(world: World) -> Wave:
    wave = draft_of(version_of(world))
    wave.plan = plan_row(Plan(seed="s"))
    wave.save()
    return wave


def test_a_score_and_a_sign_off_stand_before_the_start_or_are_refused_after_it() -> None:
    world = build_world()
    for _ in range(TIMES):
        wave = drafted(world)
        said = partial(
            enter_expected, wave_id=wave.pk, user_id=world.boris.pk, scores={world.vera.pk: 9},
            by=by(world.boris), at=AT,
        )  # fmt: skip
        signed = partial(
            sign_off, wave_id=wave.pk, partner_id=world.aurora.pk, dropped={world.gleb.pk: HandReason.AWAY},
            by=by(world.anna), at=AT,
        )  # fmt: skip
        entered, off, begun = at_once(
            said, signed, partial(start_wave, wave_id=wave.pk, by=by(world.anna), at=AT)
        )
        assert isinstance(begun, Wave), begun
        kept = ExpectedScore.objects.filter(wave=wave).count()
        assert (entered, kept) == (1, 1) or (isinstance(entered, ExpectationsLocked) and not kept)
        plan = Wave.objects.get(pk=wave.pk).plan
        out = [world.gleb.pk] if isinstance(off, SignOff) else []
        assert plan["taken_out"] == out
        assert isinstance(off, SignOff | ExpectationsLocked)


def test_two_scores_of_one_person_at_once_are_one() -> None:
    world = build_world()
    wave = drafted(world)
    expect = partial(enter_expected, wave_id=wave.pk, user_id=world.boris.pk, by=by(world.boris), at=AT)
    enter = [partial(expect, scores={world.vera.pk: score}) for score in range(6)]
    assert set(at_once(*enter)) == {1}


def test_a_closed_wave_raises_its_tasks_once_while_its_alert_ends_and_people_go() -> None:
    world = build_world()
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=30), world.vera, 9)
    asked(closed_wave(version, weeks_ago=30), world.gleb, 9)
    wave = closed_wave(version, weeks_ago=3)
    first = asked(wave, world.vera, 2)
    asked(wave, world.gleb, 3)
    alert = raised(world, version=version.pk)
    type(alert).objects.filter(pk=alert.pk).update(response=first.response)
    called(world, alert)
    reason = cause(world).pk
    end = partial(
        close_alert, alert_id=alert.pk, outcome=Outcome.MENDED, cause_ids=[reason], by=by(world.anna), at=AT
    )
    close = partial(jobs.raise_calls_now, wave.pk)
    results = at_once(
        close, close, end, partial(erase_contact, contact_id=world.gleb.pk, by=by(world.root), at=AT)
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    follow_alerts(alert_ids=[alert.pk], by=Actor.system(), at=AT)
    assert CallToAction.objects.get(contact=world.vera).state == "done"
    assert CallToAction.objects.filter(contact=world.gleb).count() <= 1


def test_two_people_become_one_while_somebody_expects_of_both() -> None:
    world = build_world()
    wave = drafted(world)
    enter = partial(
        enter_expected, wave_id=wave.pk, user_id=world.boris.pk,
        scores={world.vera.pk: 9, world.gleb.pk: 3}, by=by(world.boris), at=AT,
    )  # fmt: skip
    merge = partial(
        merge_contacts, source_id=world.gleb.pk, target_id=world.vera.pk, by=by(world.root), at=AT
    )
    _entered, merged = at_once(enter, merge)
    assert not isinstance(merged, Exception), merged
    assert not ExpectedScore.objects.filter(contact=world.gleb).exists()


def test_a_plan_an_action_and_a_review_begun_twice_are_one() -> None:
    world = build_world()
    action = partial(
        add_action, partner_id=world.aurora.pk, text="Call", due_on=TODAY, owner_id=world.boris.pk, key="k",
        by=by(world.boris), at=AT,
    )  # fmt: skip
    plan = partial(
        save_plan, partner_id=world.aurora.pk, text="Grow", next_review_on=None, expected_version=0,
        by=by(world.boris), at=AT,
    )  # fmt: skip
    review = partial(
        make_review, partner_id=world.aurora.pk, quarter=quarter_of(TODAY), words="", user=world.boris,
        today=TODAY, by=by(world.boris), at=AT,
    )  # fmt: skip
    at_once(action, action, plan, plan, review, review)
    assert AccountPlan.objects.count() == PlanAction.objects.count() == Review.objects.count() == 1
