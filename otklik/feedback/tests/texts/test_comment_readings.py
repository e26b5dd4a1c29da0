"""Comments are read by jobs and written down, whatever happens beside that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django_q.models import OrmQ

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback import comment_jobs
from otklik.feedback.hooks import erasure
from otklik.feedback.models import CommentReading, CommentTopic, Response
from otklik.feedback.operations import comment_readings
from otklik.feedback.operations.comment_readings import read_comments, waiting_comments
from otklik.feedback.operations.comment_topics import save_comment_topic
from otklik.feedback.rules.texts.matching import BadEntry
from otklik.feedback.rules.texts.topics import Topic
from otklik.feedback.tests.answers import answer, nps_version, store
from tests.world import NOW, World

LATER = NOW + timedelta(hours=1)


def stored(world: World, *comments: str) -> list[int]:
    version = nps_version(world)
    return [
        one.response_id for one in store(*(answer(version, world.aurora, 3, comment=c) for c in comments))
    ]


def topic(words: str, key: str = "parking") -> Topic:
    return Topic(key, "Парковка", "Parking", words)


def save(made: Topic, program_id: int | None = None, **more: Any) -> CommentTopic:
    return save_comment_topic(
        made, **{"program_id": program_id, "is_active": True, "by": Actor.system(), "at": LATER} | more
    )


def test_a_comment_is_read_once_and_again_without_harm(world: World) -> None:
    (one,) = stored(world, "Выплаты задержали, но менеджер отличный")
    for _ in range(2):
        assert read_comments(response_ids=[one], at=NOW) == 1
    reading = CommentReading.objects.get()
    assert (reading.language, reading.response_id) == ("ru", one)
    assert {key: found["sentiment"] for key, found in reading.topics.items()} == {"payouts": -1, "manager": 1}
    assert reading.topics["payouts"]["places"] == [[0, 7]]


def test_what_waits_is_what_no_reading_of_today_stands_for(world: World) -> None:
    first, second, _ = stored(world, "Payouts are late", "...", "")
    assert waiting_comments(limit=10) == [second, first]
    comment_jobs.read_waiting()
    assert waiting_comments(limit=10) == []
    save(topic("payouts"))
    assert waiting_comments(limit=1) == [second]
    comment_jobs.read_waiting()
    assert "parking" in CommentReading.objects.get(response_id=first).topics


def test_a_topic_of_one_program_is_not_looked_for_in_others(world: World) -> None:
    (one,) = stored(world, "No parking")
    other = type(world.program).objects.create(name="Other", slug="other", created_at=NOW)
    save(topic("parking"), other.pk)
    read_comments(response_ids=[one], at=LATER)
    assert CommentReading.objects.get().topics == {}
    save(topic("parking"), world.program.pk)
    read_comments(response_ids=[one], at=LATER)
    assert set(CommentReading.objects.get().topics) == {"parking"}


def test_a_default_topic_can_be_edited_and_switched_off(world: World) -> None:
    (one,) = stored(world, "Payouts are late, the doubloons too")
    save(topic("doubloons", "payouts"))
    read_comments(response_ids=[one], at=LATER)
    reading = CommentReading.objects.get()
    assert reading.topics["payouts"]["places"] == [[22, 31]]
    save(topic("doubloons", "payouts"), is_active=False)
    read_comments(response_ids=[one], at=LATER)
    assert CommentReading.objects.get().topics == {}


def test_a_topic_with_a_bad_entry_is_not_saved(world: World) -> None:
    with pytest.raises(BadEntry):
        save(topic("parking, ***"))
    assert not CommentTopic.objects.exists()


def test_saving_a_topic_is_one_event_and_a_job(world: World) -> None:
    save(topic("parking"))
    event = Event.objects.get(kind="comment_topic.saved")
    assert event.data == {"key": "parking", "is_active": True, "is_new": True}
    assert OrmQ.objects.count() >= 1


def test_a_comment_changed_while_it_was_read_is_left_to_the_next_job(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = stored(world, "Payouts are late")

    def change(*args: Any) -> Any:
        Response.objects.filter(pk=one).update(comment="Great manager")
        return reading(*args)

    reading = comment_readings._reading
    monkeypatch.setattr(comment_readings, "_reading", change)
    assert read_comments(response_ids=[one], at=NOW) == 0
    assert not CommentReading.objects.exists()


def test_erasing_a_person_takes_what_was_read_with_it(world: World) -> None:
    version = nps_version(world)
    row = answer(version, world.aurora, 2, contact_id=world.vera.pk, comment="Payouts late, Vera")
    (one,) = store(row)
    read_comments(response_ids=[one.response_id], at=NOW)
    erasure.erase("contact", [world.vera.pk])
    assert not CommentReading.objects.exists()
    assert read_comments(response_ids=[one.response_id], at=NOW) == 0


def test_reading_many_costs_statements_by_the_chunk(world: World, django_assert_num_queries: Any) -> None:
    ids = stored(world, *["Payouts are late"] * 30)
    with django_assert_num_queries(6):
        read_comments(response_ids=ids[:10], at=NOW)
    with django_assert_num_queries(6):
        read_comments(response_ids=ids, at=NOW)
