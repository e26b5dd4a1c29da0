"""Promises and calendars as whoever runs the desk sets them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import BusinessCalendar, CalendarVersion, SlaPolicy, Ticket
from otklik.desk.operations.first_policy import begin_with_a_policy
from otklik.desk.operations.policies import refresh_open_tickets, save_calendar
from otklik.desk.operations.recompute import recompute_clocks
from otklik.desk.tests.clocks.promised import MOSCOW, a_calendar, a_policy, at, clock, now_of
from otklik.desk.tests.operations.stories import SYSTEM, asked
from otklik.events.public import Actor
from otklik.jobs.public import progress_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna)
    return client


def calendar_data(**changed: str) -> dict[str, str]:
    hours = {f"day-{day}": "09:00-13:00, 14:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri")}
    return {"name": "Moscow", "zone": "Europe/Moscow", "overrides": "", "country": "", **hours, **changed}


def test_a_calendar_is_written_as_rows_of_hours(anna: Client) -> None:
    days = "2026-12-30 09:00-13:00\n2026-12-31"
    given = calendar_data(overrides=days, country="RU", production_calendar="on")
    assert anna.post(reverse("calendar-new"), given).status_code == 302
    row = BusinessCalendar.objects.get()
    assert row.definition["weekly"]["fri"] == ["09:00-13:00", "14:00-18:00"]
    assert row.definition["overrides"] == {"2026-12-30": ["09:00-13:00"], "2026-12-31": []}
    assert (row.definition["holidays"], row.definition["production_calendar"]) == (["RU"], "RU")
    page = anna.get(reverse("calendar", args=[row.pk])).content.decode()
    assert page.count("<dt>") == 14
    assert "2026-12-30 09:00-13:00" in page
    anna.post(reverse("calendar", args=[row.pk]), {**given, "name": "Head office"})
    row.refresh_from_db()
    assert (row.name, row.version) == ("Head office", 1), "another name is no other calendar"


def test_what_is_wrong_is_said_at_its_field_in_the_readers_language(world: World, anna: Client) -> None:
    world.anna.language = "ru"
    world.anna.save()
    answer = anna.post(reverse("calendar-new"), calendar_data(**{"day-mon": "18:00-09:00"}))
    assert answer.status_code == 422
    assert "Понедельник: " in answer.content.decode()
    empty = {key: "" for key in calendar_data() if key.startswith("day-")}
    assert anna.post(reverse("calendar-new"), calendar_data(**empty)).status_code == 422
    assert not BusinessCalendar.objects.exists()


def test_a_preview_stores_nothing(anna: Client) -> None:
    page = anna.post(reverse("calendar-new"), {**calendar_data(), "preview": "1"}).content.decode()
    assert "09:00–13:00, 14:00–18:00" in page
    assert not BusinessCalendar.objects.exists()


def test_case_70_a_calendar_changed_on_its_page_moves_the_rest_of_every_ticket(world: World) -> None:
    a_policy(a_calendar())
    ticket = asked(world, at=at(2, "09:00"))
    longer = {**MOSCOW, "weekly": {"mon-fri": ["09:00-21:00"]}}
    row = BusinessCalendar.objects.get()
    saved = save_calendar(calendar_id=row.pk, name=row.name, definition=longer, by=SYSTEM, at=at(2, "17:00"))
    assert saved.version == CalendarVersion.objects.count() == 2
    assert refresh_open_tickets() == 1
    assert clock(ticket, "resolution").due_at == at(3, "13:00")
    progress = progress_of("desk.refresh_clocks")
    assert progress is not None
    assert (progress.done, progress.total, str(progress.state)) == (1, 1, "finished")
    assert recompute_clocks(repair=False, by=SYSTEM, at=at(3)).differing == 0


def policy_data(calendar: BusinessCalendar, **changed: Any) -> dict[str, Any]:
    return {
        "name": "Gold",
        "calendar": calendar.pk,
        "tiers": "Gold, Platinum",
        "warn_percent": 75,
        "reopen_grace_minutes": 60,
        "close_after_days": 10,
        "return_after_minutes": 0,
        "is_active": "on",
        "target-first_response-any": "4",
        "target-first_response-urgent": "0:30",
        **changed,
    }


def test_a_policy_promises_by_kind_and_priority(world: World, anna: Client) -> None:
    calendar = a_calendar()
    assert anna.post(reverse("sla-policy-new"), policy_data(calendar)).status_code == 302
    policy = SlaPolicy.objects.get()
    assert policy.tiers == ["Gold", "Platinum"]
    assert {(t.kind, t.priority, t.minutes, t.warn_percent) for t in policy.targets.all()} == {
        ("first_response", "", 240, 75),
        ("first_response", "urgent", 30, 75),
    }
    assert 'value="0:30"' in anna.get(reverse("sla-policy", args=[policy.pk])).content.decode()
    wrong = policy_data(calendar, **{"target-resolution-any": "soon"})
    assert anna.post(reverse("sla-policy-new"), wrong).status_code == 422
    again = anna.post(reverse("sla-policy-new"), policy_data(calendar))
    assert again.status_code == 422


def test_policies_change_places(anna: Client) -> None:
    calendar = a_calendar()
    names = ["A", "B", "C"]
    rows = [a_policy(calendar, name=name, position=5) for name in names]
    anna.post(reverse("sla-policy-place", args=[rows[2].pk]), {"way": "up"})
    anna.post(reverse("sla-policy-place", args=[rows[0].pk]), {"way": "up"})
    assert [policy.name for policy in SlaPolicy.objects.all()] == ["A", "C", "B"]
    page = anna.get(reverse("sla-policies")).content.decode()
    assert page.index(">A<") < page.index(">C<") < page.index(">B<")


def test_an_agent_does_not_change_promises(world: World, client: Client) -> None:
    client.force_login(world.dmitri)
    for name in ("sla-policies", "sla-policy-new", "calendars", "calendar-new"):
        assert client.get(reverse(name)).status_code == 403


def test_a_fresh_desk_promises_something_from_its_first_program(world: World) -> None:
    world.anna.language, world.anna.time_zone = "ru", "Europe/Moscow"
    world.anna.save()
    before = asked(world, at=at(2, "10:00"))
    policy = begin_with_a_policy(by=Actor.person(world.anna.pk), at=at(2, "10:01"))
    assert policy is not None
    assert policy.calendar.definition["production_calendar"] == "RU"
    assert begin_with_a_policy(by=Actor.person(world.anna.pk), at=at(2, "10:02")) is None
    ticket = asked(world, at=at(2, "10:05"))
    assert now_of(ticket).next_due_kind == "first_response"
    refresh_open_tickets()
    assert Ticket.objects.filter(policy=policy).count() == 2
    assert now_of(before).due_at is not None
