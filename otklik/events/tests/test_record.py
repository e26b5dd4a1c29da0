from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from otklik.events.actor import Actor, Origin, Subject
from otklik.events.models import Batch, Event, EventSubject
from otklik.events.models.event import AppendOnly
from otklik.events.operations.record import CHUNK, NotInTransaction, record, record_many, supposed
from otklik.events.queries import timeline
from otklik.events.subscriptions import ALL_ORIGINS, on
from otklik.events.tests.support import AT, news


class ChangedMyMind(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction):
        record("test.happened", by=Actor.system(), at=AT, subjects=[])
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_neither_event_nor_job() -> None:
    on("test.happened", name="test.listens")(lambda event: None)

    def write_and_think_again() -> None:
        with transaction.atomic():
            record("test.happened", by=Actor.system(), at=AT, subjects=[Subject("partner", 1)])
            assert OrmQ.objects.count() == 1
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        write_and_think_again()
    assert (Event.objects.count(), Batch.objects.count(), OrmQ.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_nobody_listening_means_no_job() -> None:
    record("test.unheard", by=Actor.system(), at=AT, subjects=[Subject("partner", 1)])
    assert Event.objects.get().batch is None
    assert not OrmQ.objects.exists()


@pytest.mark.django_db
def test_imported_and_demo_events_make_no_job_for_those_who_listen_to_live_ones() -> None:
    on("test.happened", name="test.sends_mail")(lambda event: None)
    for actor in (Actor.importer(1), Actor.demo()):
        record("test.happened", by=actor, at=AT, subjects=[])
    assert not OrmQ.objects.exists()
    on("test.happened", name="test.counts", origins=ALL_ORIGINS)(lambda event: None)
    record("test.happened", by=Actor.importer(1), at=AT, subjects=[])
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db
def test_queries_per_chunk_do_not_grow_with_the_events_in_it() -> None:
    on("test.happened", name="test.listens")(lambda event: None)
    counts = []
    for size in (20, 80):
        with CaptureQueriesContext(connection) as queries:
            record_many(news(size), by=Actor.system(), at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_many_events_are_handed_out_in_chunks() -> None:
    on("test.happened", name="test.listens")(lambda event: None)
    ids = record_many((event for event in news(CHUNK + 1)), by=Actor.system(), at=AT)
    assert len(set(ids)) == CHUNK + 1
    assert [batch.events.count() for batch in Batch.objects.order_by("pk")] == [CHUNK, 1]
    assert OrmQ.objects.count() == 2


@pytest.mark.django_db
def test_ids_come_back_in_the_order_of_the_events_with_their_subjects() -> None:
    ids = record_many(news(5), by=Actor.importer(4), at=AT)
    for n, event_id in enumerate(ids):
        event = Event.objects.get(pk=event_id)
        assert (event.data, event.happened_at, event.recorded_at, event.batch) == ({"n": n}, AT, AT, None)
        assert (event.origin, event.actor_kind, event.actor_id) == ("import", "import", 4)
        subjects = event.subjects.order_by("pk").values_list("noun", "object_id", "happened_at")
        assert list(subjects) == [("partner", n, AT), ("contact", n, AT)]


@pytest.mark.django_db
def test_a_timeline_is_read_newest_first() -> None:
    record_many(news(3), by=Actor.person(5), at=AT)
    record("test.rare", by=Actor.system(), at=AT - timedelta(days=1), subjects=[Subject("partner", 2)])
    (rare,) = timeline("partner", 2, limit=1, kinds=["test.rare"])
    assert rare.kind == "test.rare"
    (line,) = timeline("partner", 2, limit=1)
    assert (line.kind, line.actor_kind, line.actor_id, line.data) == ("test.happened", "person", 5, {"n": 2})


@pytest.mark.django_db
def test_the_model_refuses_to_change_or_delete_an_event() -> None:
    event = Event.objects.get(
        pk=record("test.happened", by=Actor.system(), at=AT, subjects=[Subject("partner", 1)])
    )
    event.kind = "test.other"
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        EventSubject.objects.all().delete,
        lambda: Event.objects.update(kind="test.other"),
        lambda: Event.objects.filter(pk=event.pk).update(kind="test.other"),
        lambda: Event.objects.bulk_update([event], ["kind"]),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert Event.objects.get().kind == "test.happened"


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["events_event", "events_eventsubject"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000"])
def test_the_database_refuses_it_too(table: str, change: str) -> None:
    record("test.happened", by=Actor.system(), at=AT, subjects=[Subject("partner", 1)])
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))
    assert Event.objects.count() == EventSubject.objects.count() == 1


@pytest.mark.django_db
def test_in_a_demo_nobody_acts_in_earnest() -> None:
    with transaction.atomic():
        with supposed(Origin.DEMO):
            record("partner.created", by=Actor.contact(5), at=AT, subjects=[Subject("partner", 1)])
        record("partner.created", by=Actor.contact(5), at=AT, subjects=[Subject("partner", 1)])

    assert list(Event.objects.order_by("pk").values_list("origin", "actor_kind")) == [
        ("demo", "contact"),
        ("live", "contact"),
    ]
