"""Another system tells of a payout, and the person is asked about it once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import Invitation, SurveyVersion, Wave
from otklik.feedback.public import SurveyKind, ensure_survey
from otklik.kit.clock import now
from tests.world import NOW, World

ApiAs = Callable[..., Client]


@pytest.fixture
def waiting(world: World) -> Wave:
    version = SurveyVersion.objects.get(
        pk=ensure_survey(
            program_id=world.program.pk, name="Payouts", kind=SurveyKind.CSAT, by=Actor.system(), at=NOW
        ).pk
    )
    return Wave.objects.create(
        survey=version.survey, version=version, program=world.program, name="After a payout", mode="event",
        state="running", plan={"event": "payout.paid", "seed": "a"}, created_at=NOW, started_at=NOW,
    )  # fmt: skip


def tell(client: Client, **extra: Any) -> Any:
    body = {
        "program": "north",
        "name": "payout.paid",
        "key": "P-17",
        "happened_at": (now() - timedelta(days=1)).isoformat(),
        **extra,
    }
    return client.post("/api/v1/occasions", body, "application/json")


def test_a_payout_told_twice_asks_once(world: World, api_as: ApiAs, waiting: Wave) -> None:
    client = api_as(world.root)
    assert tell(client, contact_id=world.vera.pk).json() == {"surveys": 1}
    assert tell(client, email="Vera@Aurora.example").json() == {"surveys": 0}
    assert Invitation.objects.get().contact == world.vera


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({}, 422),
        ({"email": "nobody@aurora.example"}, 404),
        ({"contact_id": 2**40}, 404),
        ({"email": "vera@aurora.example", "name": "Payout Paid"}, 422),
        ({"email": "vera@aurora.example", "name": "ticket.solved"}, 422),
        ({"email": "vera@aurora.example", "key": "x" * 51}, 422),
        ({"email": "vera@aurora.example", "happened_at": "2199-01-01T00:00:00+00:00"}, 422),
        ({"email": "vera@aurora.example", "happened_at": "yesterday"}, 422),
        ({"email": "vera@aurora.example", "program": "south"}, 404),
    ],
)
def test_what_is_told_badly_is_refused(
    world: World, api_as: ApiAs, waiting: Wave, extra: dict[str, Any], status: int
) -> None:
    assert tell(api_as(world.root), **extra).status_code == status
    assert not Invitation.objects.exists()


def test_a_payout_of_years_ago_is_kept_and_asks_nobody(world: World, api_as: ApiAs, waiting: Wave) -> None:
    answer = tell(api_as(world.root), contact_id=world.vera.pk, happened_at="2019-02-10T10:00:00+00:00")
    assert answer.json() == {"surveys": 0}
    assert Event.objects.get(kind="occasion.noted").happened_at.year == 2019
    left_out = Invitation.objects.get()
    assert (left_out.state, left_out.reason) == ("left_out", "old_occasion")


def test_an_address_of_two_people_asks_neither(world: World, api_as: ApiAs, waiting: Wave) -> None:
    world.gleb.addresses.update(normalised="vera@aurora.example")
    assert tell(api_as(world.root), email="vera@aurora.example").status_code == 409
