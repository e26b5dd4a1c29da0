"""What a subscription may rely on. Its effect, in these stories, is a row with a unique name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import transaction
from django_q.models import OrmQ

from otklik.events.actor import Actor, Subject
from otklik.events.models import Batch, Delivery, Event
from otklik.events.models.delivery import MAX_ATTEMPTS, NEVER_RETURNED
from otklik.events.operations.deliver import NotDelivered, deliver_again, deliver_batch
from otklik.events.operations.record import record, record_many
from otklik.events.operations.sweep import sweep_lost_batches
from otklik.events.subscriptions import ALL_ORIGINS, DeliveredEvent, on, on_many
from otklik.events.tests.support import AT, news
from otklik.jobs.models import Heartbeat, QuarantinedItem
from otklik.jobs.public import NobodyReplays, replay_item
from otklik.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


def leave_a_trace(event: DeliveredEvent) -> None:
    Heartbeat.objects.create(name=f"event {event.data['n']}", seen_at=AT)


def happen(count: int = 1, by: Actor | None = None) -> int:
    with transaction.atomic():
        first, *_rest = record_many(news(count), by=by or Actor.system(), at=AT)
    return batch_of(first)


def batch_of(event_id: int) -> int:
    batch_id = Event.objects.get(pk=event_id).batch_id
    assert batch_id is not None
    return batch_id


def test_a_subscription_gets_the_event_as_it_was_written() -> None:
    seen: list[DeliveredEvent] = []
    on("test.happened", name="test.looks")(seen.append)
    with transaction.atomic():
        event_id = record(
            "test.happened",
            by=Actor.person(7),
            at=AT,
            subjects=[Subject("partner", 3)],
            data={"n": 1},
            version=2,
        )
    deliver_batch(batch_of(event_id))
    (got,) = seen
    assert (got.id, got.version, got.happened_at, got.actor) == (event_id, 2, AT, Actor.person(7))
    assert got.subject("partner") == 3
    with pytest.raises(LookupError, match="has no contact"):
        got.subject("contact")


def test_a_job_that_runs_twice_has_its_effect_once() -> None:
    on("test.happened", name="test.trace")(leave_a_trace)
    batch = happen(3)
    deliver_batch(batch)
    Batch.objects.update(done_at=None)  # as if the worker died before it could say so
    deliver_batch(batch)
    assert Heartbeat.objects.count() == Delivery.objects.filter(handled_at__isnull=False).count() == 3


def test_effect_and_record_go_together() -> None:
    def half_way(event: DeliveredEvent) -> None:
        leave_a_trace(event)
        raise RuntimeError("the power went")

    on("test.happened", name="test.trace")(half_way)
    with pytest.raises(NotDelivered):
        deliver_batch(happen())
    assert not Heartbeat.objects.exists()
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.handled_at) == (1, None)
    assert "the power went" in delivery.last_error


def test_a_failing_subscription_does_not_stop_the_others() -> None:
    def fail(event: DeliveredEvent) -> None:
        raise RuntimeError("no")

    on("test.happened", name="test.a_fails")(fail)
    on("test.happened", name="test.b_works")(leave_a_trace)
    batch = happen(2)
    with pytest.raises(NotDelivered):
        deliver_batch(batch)
    assert Heartbeat.objects.count() == 2
    assert Batch.objects.get().done_at is None


def test_what_fails_too_often_is_put_aside_and_can_be_replayed() -> None:
    broken = True

    def sometimes(event: DeliveredEvent) -> None:
        if broken:
            raise RuntimeError("not today")
        leave_a_trace(event)

    on("test.happened", name="test.sometimes")(sometimes)
    batch = happen()
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(NotDelivered):
            deliver_batch(batch)
    deliver_batch(batch)  # the last attempt: put aside, so the job itself is done
    item = QuarantinedItem.objects.get()
    assert (item.attempts, item.reason) == (MAX_ATTEMPTS, "RuntimeError: not today")
    assert Batch.objects.get().done_at is not None

    broken = False
    OrmQ.objects.all().delete()
    replay_item(item_id=item.pk, at=AT)
    assert OrmQ.objects.count() == 1
    deliver_again(item.payload["event"], item.payload["subscription"])
    deliver_again(item.payload["event"], item.payload["subscription"])
    assert Heartbeat.objects.count() == 1


def test_a_replay_without_a_subscription_says_so() -> None:
    QuarantinedItem.objects.create(
        kind="delivery",
        key="1:test.gone",
        title="x",
        error="x",
        payload={"event": 1, "subscription": "test.gone"},
        first_failed_at=AT,
        last_failed_at=AT,
    )
    with pytest.raises(NobodyReplays):
        replay_item(item_id=QuarantinedItem.objects.get().pk, at=AT)
    assert QuarantinedItem.objects.get().is_waiting


def test_a_handler_that_kills_its_worker_runs_out_of_attempts_too() -> None:
    def kill(event: DeliveredEvent) -> None:
        raise SystemExit  # what a timeout raises; a kill -9 leaves the same rows

    on("test.happened", name="test.a_kills")(kill)
    on("test.happened", name="test.b_works")(leave_a_trace)
    batch = happen()
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(SystemExit):
            deliver_batch(batch)
    assert not Heartbeat.objects.exists()
    deliver_batch(batch)
    assert Heartbeat.objects.count() == 1
    assert QuarantinedItem.objects.get().error == NEVER_RETURNED


def test_live_only_subscriptions_do_not_see_imports_in_a_batch_that_others_listen_to() -> None:
    live: list[DeliveredEvent] = []
    every: list[DeliveredEvent] = []
    on("test.happened", name="test.live")(live.append)
    on("test.happened", name="test.all", origins=ALL_ORIGINS)(every.append)
    deliver_batch(happen(2, by=Actor.importer(9)))
    assert (len(live), len(every)) == (0, 2)


def test_a_bulk_subscription_gets_a_batch_at_once_and_one_by_one_after_a_failure() -> None:
    sizes: list[int] = []

    @on_many("test.happened", name="test.bulk")
    def count(events: Sequence[DeliveredEvent]) -> None:
        sizes.append(len(events))
        for event in events:
            if event.data["n"] == 1:
                raise RuntimeError("bad event")
            leave_a_trace(event)

    batch = happen(3)
    with pytest.raises(NotDelivered):
        deliver_batch(batch)
    assert (sizes, Heartbeat.objects.count()) == ([3], 0)
    with pytest.raises(NotDelivered):
        deliver_batch(batch)
    assert sizes == [3, 1, 1, 1]
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"event 0", "event 2"}


def test_a_batch_that_lost_its_job_is_found_and_queued_once() -> None:
    on("test.happened", name="test.trace")(leave_a_trace)
    batch = happen()
    OrmQ.objects.all().delete()
    grace = timedelta(minutes=12)
    assert sweep_lost_batches(at=AT + grace, grace=grace) == 0
    later = now() + timedelta(days=1)
    assert sweep_lost_batches(at=later, grace=grace) == 1
    OrmQ.objects.all().delete()
    assert sweep_lost_batches(at=later, grace=grace) == 0, "it was queued a moment ago"
    deliver_batch(batch)
    assert sweep_lost_batches(at=later + timedelta(days=1), grace=grace) == 0, "it is done"
    assert Heartbeat.objects.count() == 1


def test_a_queue_that_is_behind_has_lost_nothing() -> None:
    on("test.happened", name="test.trace")(leave_a_trace)
    happen()
    later = now() + timedelta(days=1)
    assert sweep_lost_batches(at=later, grace=timedelta(minutes=12)) == 0
    assert OrmQ.objects.count() == 1
    assert Event.objects.count() == 1
