"""Two people, or two workers, at the same moment. SQLite lets one writer in at a time and its test database
in memory has one connection; the questions here are PostgreSQL's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.loop.models import Alert, AlertCause, FollowUp
from otklik.loop.operations.closing import close_alert
from otklik.loop.operations.owning import escalate_due
from otklik.loop.operations.raising import raise_for_answers
from otklik.loop.operations.working import Spoken, note_follow_up
from otklik.loop.rules.vocabulary import AlertState, Outcome, Way
from otklik.loop.tests.stories import AT, answered, by, called, cause, raised, rule
from tests.world import build_world

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _two_connections() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection")


def at_once(*doings: Callable[[], object]) -> list[str]:
    """What kind of thing each returned or raised, in order of name; all begin together."""
    gate, results = threading.Barrier(len(doings)), [""] * len(doings)

    def run(place: int, doing: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            results[place] = type(doing()).__name__
        except Exception as error:
            results[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(results)


def events(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def test_two_people_close_an_alert_and_one_of_them_did() -> None:
    world = build_world()
    alert, why = raised(world), cause(world)
    called(world, alert)
    close = partial(close_alert, alert_id=alert.pk, cause_ids=[why.pk], at=AT)
    found = at_once(
        partial(close, outcome=Outcome.MENDED, by=by(world.boris)),
        partial(close, outcome=Outcome.EXPLAINED, by=by(world.anna)),
    )
    assert found == ["Alert", "AlertClosed"]
    alert.refresh_from_db()
    assert (alert.closed_by == world.boris) == (alert.outcome == Outcome.MENDED)
    assert (AlertCause.objects.count(), events("alert.closed")) == (1, 1)


def test_two_first_words_are_both_kept_and_the_earlier_one_counts() -> None:
    world = build_world()
    alert = raised(world)
    spoken = [
        partial(note_follow_up, alert_id=alert.pk, spoken=Spoken(Way.CALL, AT), by=by(who), at=AT)
        for who in (world.boris, world.anna)
    ]
    assert at_once(*spoken, partial(escalate_due, by=Actor.system(), at=AT)) == [
        "FollowUp",
        "FollowUp",
        "int",
    ]
    alert.refresh_from_db()
    assert (alert.state, alert.first_contact_at, FollowUp.objects.count()) == (AlertState.CONTACTED, AT, 2)
    assert alert.version == 3, "neither wrote over the other"


def test_a_form_sent_twice_at_once_is_one_follow_up() -> None:
    world = build_world()
    alert = raised(world)
    note = partial(
        note_follow_up, alert_id=alert.pk, spoken=Spoken(Way.CALL, AT), key="k", by=by(world.boris), at=AT
    )
    assert at_once(note, note, note) == ["FollowUp"] * 3
    assert FollowUp.objects.count() == 1


def test_two_workers_hear_the_same_answers_and_one_alert_is_raised_for_each() -> None:
    world = build_world()
    rule(world)
    ids = [answered(world, score) for score in (1, 2, 3)]
    hear = [
        partial(raise_for_answers, response_ids=some, by=Actor.system(), at=AT)
        for some in (ids, ids[::-1], ids)
    ]
    assert at_once(*hear) == ["int"] * 3
    assert (Alert.objects.count(), events("alert.raised")) == (3, 3)
