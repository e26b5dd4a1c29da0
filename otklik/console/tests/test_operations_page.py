from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.events.models import Event
from otklik.identity.models import RoleGrant, User
from otklik.identity.rules.roles import Role
from otklik.jobs.models import QuarantinedItem
from otklik.jobs.operations.beat import beat
from otklik.jobs.public import ReplayHandler, quarantine, replay_handlers, start_progress
from otklik.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    return _signed_in(client, Role.ADMINISTRATOR)


@pytest.fixture
def replayed() -> Iterator[list[object]]:
    seen: list[object] = []
    replay_handlers.add(ReplayHandler("test", "A test", seen.append))
    yield seen
    del replay_handlers._entries["test"]


def _signed_in(client: Client, role: Role) -> Client:
    user = User.objects.create(email=f"{role}@example.com", name=role, created_at=now())
    RoleGrant.objects.create(user=user, role=role, granted_at=now())
    client.force_login(user)
    return client


def put_aside(key: str = "1", kind: str = "test") -> QuarantinedItem:
    return quarantine(
        kind=kind,
        key=key,
        title=f"job {key}",
        error="Traceback\nOops: bad",
        payload={"n": 1},
        attempts=6,
        at=now(),
    )


def test_an_empty_page_says_what_would_be_here(administrator: Client) -> None:
    page = administrator.get(reverse("operations")).content.decode()
    assert "Nothing is put aside" in page
    assert "No worker has answered yet" in page


def test_it_shows_a_living_worker_progress_and_the_reason_of_a_failure(administrator: Client) -> None:
    beat(at=now())
    start_progress(key="import:1", label="Import of partners.csv", total=10, done=4, at=now())
    put_aside()
    page = administrator.get(reverse("operations")).content.decode()
    for text in ("at work", "Import of partners.csv", 'aria-valuenow="40"', "job 1", "Oops: bad"):
        assert text in page


def test_trying_again_runs_the_handler_once_and_tells_the_log(
    administrator: Client, replayed: list[object]
) -> None:
    item = put_aside()
    for _ in range(2):
        answer = administrator.post(reverse("quarantine_replay", args=[item.pk]), follow=True)
    assert replayed == [{"n": 1}]
    assert "Somebody has dealt with this already" in answer.content.decode()
    assert list(Event.objects.values_list("kind", flat=True)) == ["quarantine.replayed"]


def test_what_nobody_can_try_again_can_be_dismissed(administrator: Client) -> None:
    item = put_aside(kind="unknown")
    assert (
        reverse("quarantine_replay", args=[item.pk]) not in administrator.get("/operations/").content.decode()
    )
    answer = administrator.post(reverse("quarantine_replay", args=[item.pk]), follow=True)
    assert "Dismiss it" in answer.content.decode()
    administrator.post(reverse("quarantine_dismissal", args=[item.pk]))
    assert "job 1" not in administrator.get("/operations/").content.decode()


def test_only_who_may_see_operations_gets_in(client: Client) -> None:
    agent = _signed_in(client, Role.AGENT)
    item = put_aside()
    assert agent.get(reverse("operations")).status_code == 403
    assert agent.get(reverse("operations_state")).status_code == 403
    assert agent.post(reverse("quarantine_replay", args=[item.pk])).status_code == 403
    assert agent.post(reverse("quarantine_dismissal", args=[item.pk])).status_code == 403
    assert QuarantinedItem.objects.get().is_waiting
    client.logout()
    assert client.get(reverse("operations")).status_code == 302


def test_queries_do_not_grow_with_what_is_shown(administrator: Client) -> None:
    administrator.get(reverse("operations"))  # the first page of a process asks some things once
    counts = []
    for size in (2, 6):
        for n in range(size):
            put_aside(key=f"{size}-{n}")
            start_progress(key=f"{size}-{n}", label="work", at=now())
        with CaptureQueriesContext(connection) as queries:
            administrator.get(reverse("operations"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
