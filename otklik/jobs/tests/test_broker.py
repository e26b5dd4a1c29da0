from __future__ import annotations

from datetime import timedelta

import pytest
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from otklik.jobs.broker import WORKER_DIED, Broker
from otklik.jobs.models import QuarantinedItem
from otklik.jobs.operations.later import queue_at
from otklik.jobs.operations.quarantine import replay_item
from otklik.jobs.rules.vocabulary import MAX_DELIVERIES
from otklik.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conf, "POLL", 0)


@pytest.fixture
def broker() -> Broker:
    broker = get_broker()
    assert isinstance(broker, Broker)
    return broker


def hand_out(broker: Broker) -> list[int]:
    return [row for row, _ in broker.dequeue() or []]


def let_the_locks_run_out() -> None:
    for row in OrmQ.objects.all():
        # As time would: the lock was set ``retry`` seconds ahead and lies behind now; so does the queueing.
        task = SignedPackage.loads(row.payload)
        task["started"] -= timedelta(seconds=Conf.RETRY + 1)
        row.payload = SignedPackage.dumps(task)
        row.lock -= timedelta(seconds=Conf.RETRY + 1)
        row.save()


def test_jobs_come_oldest_first_and_each_to_one_cluster(broker: Broker) -> None:
    for n in range(3):
        async_task("math.sqrt", n)
    assert hand_out(broker) == sorted(OrmQ.objects.values_list("pk", flat=True))
    assert hand_out(broker) == []


def test_a_job_that_never_comes_back_is_put_aside(broker: Broker) -> None:
    async_task("math.sqrt", 2)
    for _ in range(MAX_DELIVERIES):
        assert len(hand_out(broker)) == 1
        let_the_locks_run_out()
    assert hand_out(broker) == []
    assert not OrmQ.objects.exists()
    item = QuarantinedItem.objects.get()
    assert (item.title, item.error, item.attempts) == ("math.sqrt", WORKER_DIED, MAX_DELIVERIES)

    replay_item(item_id=item.pk, at=now())
    assert len(hand_out(broker)) == 1
    assert SignedPackage.loads(OrmQ.objects.get().payload)["args"] == (2,)


def test_the_reason_of_a_job_that_failed_is_kept(broker: Broker) -> None:
    task_id = async_task("math.sqrt", -1)
    at = now()
    Task.objects.create(
        id=task_id, name="n", func="f", started=at, stopped=at, success=False, result="math domain error"
    )
    for _ in range(MAX_DELIVERIES + 1):
        hand_out(broker)
        let_the_locks_run_out()
    assert QuarantinedItem.objects.get().error == "math domain error"


def test_a_long_wait_in_the_queue_is_not_held_against_a_job(broker: Broker) -> None:
    async_task("math.sqrt", 2)
    OrmQ.objects.update(lock=now() - timedelta(days=1))
    row = OrmQ.objects.get()
    task = SignedPackage.loads(row.payload)
    task["started"] = row.lock
    OrmQ.objects.update(payload=SignedPackage.dumps(task))
    assert len(hand_out(broker)) == 1
    assert not QuarantinedItem.objects.exists()


def test_a_job_for_later_is_not_handed_out_before_its_moment(broker: Broker) -> None:
    queue_at("math.sqrt", 2, at=now() + timedelta(minutes=5))
    assert hand_out(broker) == []
    OrmQ.objects.update(lock=now() - timedelta(seconds=1))
    assert len(hand_out(broker)) == 1


def test_the_wait_of_a_job_for_later_is_not_counted_as_a_delivery(broker: Broker) -> None:
    moment = now() - timedelta(seconds=1)
    queue_at("math.sqrt", 2, at=moment + timedelta(days=30))
    row = OrmQ.objects.get()
    task = SignedPackage.loads(row.payload)
    assert row.lock == task["started"] == moment + timedelta(days=30)
    # Thirty days later it was never handed out, and gets as many chances as any other job.
    OrmQ.objects.update(payload=SignedPackage.dumps({**task, "started": moment}), lock=moment)
    for _ in range(MAX_DELIVERIES):
        assert len(hand_out(broker)) == 1
        let_the_locks_run_out()
    assert hand_out(broker) == []
    assert QuarantinedItem.objects.get().attempts == MAX_DELIVERIES


def test_a_job_for_a_moment_that_has_passed_runs_at_once(broker: Broker) -> None:
    queue_at("math.sqrt", 2, at=now() - timedelta(days=1))
    assert len(hand_out(broker)) == 1
