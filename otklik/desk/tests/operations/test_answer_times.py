"""What partners are told about how soon which question is answered, by whom and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import AnswerTime, Ticket, Topic
from otklik.desk.operations.answer_times import LEAST, LOOKED_BACK, count_answer_times
from otklik.desk.operations.policies import NewTarget, save_calendar, save_policy
from otklik.desk.queries.directory import (
    answer_expected,
    directory_for,
    hours_of,
    in_language,
    questions_of,
)
from otklik.desk.rules.vocabulary import Channel, ClockKind, Outcome
from otklik.events.public import Actor
from otklik.kit.calendar import around_the_clock, read_calendar
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
OFFICE = {"zone": "Europe/Moscow", "weekly": {"mon-fri": ["10:00-19:00"]}}


def tickets(world: World, waits: list[int | None], **facts: object) -> None:
    """One for each number of minutes to its first answer, begun an hour ago."""
    begun = NOW - timedelta(hours=1)
    given = {"program": world.program, "partner": world.aurora, "channel": Channel.EMAIL, **facts}
    Ticket.objects.bulk_create(
        Ticket(
            **{"created_at": begun, "updated_at": begun, **given},
            subject="x",
            public_key=f"{Ticket.objects.count()}-{n}",
            first_replied_at=None if wait is None else begun + timedelta(minutes=wait),
        )
        for n, wait in enumerate(waits)
    )


def a_topic(**facts: object) -> Topic:
    return Topic.objects.create(**{"key": "payouts", "names": {"en": "Payouts", "ru": "Выплаты"}, **facts})


def figure(topic: Topic | None, channel: str = "") -> AnswerTime:
    return AnswerTime.objects.get(topic=topic, channel=channel)


def test_the_figures_are_those_of_the_last_thirty_days_with_their_number(world: World) -> None:
    topic = a_topic()
    tickets(world, list(range(1, 11)), topic=topic)
    tickets(world, [50] * 3, channel=Channel.PORTAL)
    tickets(world, [1] * 20, channel=Channel.STAFF)
    tickets(world, [1], outcome=Outcome.SPAM, is_open=False)
    old = NOW - LOOKED_BACK - timedelta(days=1)
    tickets(world, [1], created_at=old)
    for _ in range(2):
        count_answer_times(at=NOW)
    ours = figure(topic, "email")
    assert (ours.answered, ours.p50_seconds, ours.p90_seconds) == (10, 5 * 60, 9 * 60)
    assert figure(None).answered == 13
    few = figure(None, "portal")
    assert (few.answered, few.p50_seconds) == (3, None), f"under {LEAST} nothing is said"


def test_what_is_not_answered_yet_makes_the_figures_longer_and_what_needs_no_answer_none(
    world: World,
) -> None:
    tickets(world, [10] * 12 + [None] * 12)
    tickets(world, [None] * 5, is_open=False)
    count_answer_times(at=NOW)
    row = figure(None)
    assert (row.answered, row.unanswered, row.p50_seconds, row.p90_seconds) == (12, 12, 600, None)


def promise(world: World, minutes: int = 120) -> None:
    by = Actor.person(world.anna.pk)
    calendar = save_calendar(calendar_id=None, name="Office", definition=OFFICE, by=by, at=NOW)
    save_policy(
        policy_id=None,
        fields={"name": "All", "calendar": calendar, "position": 1, "is_active": True},
        topics=[],
        targets=[NewTarget(ClockKind.FIRST_RESPONSE, "", minutes, 80)],
        by=by,
        at=NOW,
    )


def test_the_directory_tells_who_answers_when_and_how_soon_in_the_readers_zone(world: World) -> None:
    topic = a_topic(owner=world.dmitri, notes={"ru": "Про деньги"})
    a_topic(key="hidden", is_offered=False)
    a_topic(key="gone", is_active=False)
    promise(world)
    tickets(world, list(range(1, 11)), topic=topic)
    count_answer_times(at=NOW)
    zone = ZoneInfo("Asia/Almaty")
    with CaptureQueriesContext(
        connection,
    ) as taken:
        found = directory_for(world.aurora, language="en", zone=zone, at=NOW)
    assert len(taken) == 3
    (room,) = found.rooms
    assert (room.topic, room.owner, room.note, room.promised) == (topic, "Dmitri Agent", "Про деньги", 120)
    assert room.overall is not None
    assert room.overall.half == timedelta(minutes=5)
    assert room.hours is not None
    assert room.hours.openings[0].begins == datetime(2026, 3, 2, 12, 0, tzinfo=zone), "10:00 in Moscow"


def test_the_expected_answer_counts_our_hours(world: World) -> None:
    assert answer_expected(world.aurora, world.vera, None, at=NOW) is None, "nothing is promised"
    promise(world)
    due = answer_expected(world.aurora, world.vera, a_topic(), text="Where?", at=NOW)
    assert due == NOW + timedelta(minutes=120), "12:00 in Moscow on a Monday, two hours"
    night = datetime(2026, 3, 2, 20, 0, tzinfo=ZoneInfo("Europe/Moscow"))
    due = answer_expected(world.aurora, world.vera, None, at=night)
    assert due == datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


def test_hours_know_always_never_and_the_change_of_clocks() -> None:
    zone = ZoneInfo("Europe/Berlin")
    always = hours_of(around_the_clock("UTC"), zone, NOW)
    assert always is not None
    assert (always.is_always, always.is_open) == (True, True)
    past = read_calendar({"zone": "UTC", "overrides": {"2020-01-01": ["10:00-11:00"]}})
    assert hours_of(past, zone, NOW) is None
    office = read_calendar(OFFICE)
    spring = hours_of(office, zone, datetime(2026, 3, 27, 23, 0, tzinfo=zone))
    assert spring is not None
    assert [(one.begins.weekday(), one.begins.hour) for one in spring.openings][:2] == [(0, 9), (1, 9)]


def test_texts_come_in_the_readers_language_or_in_whichever_there_is() -> None:
    assert in_language({"ru": "да", "en": " "}, "en") == "да"
    topic = Topic(questions={"en": "Payout number\n\n  Month  \n"})
    assert questions_of(topic, "ru") == ["Payout number", "Month"]
    assert questions_of(None, "en") == []
