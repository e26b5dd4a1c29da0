"""Payouts of another system over REST: whole or not at all, once, and forward only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from otklik.api.rules.scopes import Scope
from otklik.identity.public import User
from otklik.identity.rules.roles import Role
from otklik.payouts.models import Balance, Entry, Payout
from tests.world import World, make_user

ApiAs = Callable[..., Client]


@pytest.fixture
def faina(world: World) -> User:
    return make_user("faina@example.com", "Faina Books", Role.FINANCE)


def row(
    partner_id: int, key: str, amount: str = "40.00", state: str = "planned", **more: Any
) -> dict[str, Any]:
    known = {"source_key": key, "partner_id": partner_id, "amount": amount, "currency": "EUR", "state": state}
    return {**known, "expected_on": "2026-02-25", **more}


def post(client: Client, path: str, payload: dict[str, Any]) -> tuple[int, Any]:
    answer = client.post(f"/api/v1/{path}", payload, content_type="application/json")
    return answer.status_code, answer.json()


def test_payouts_come_in_once_move_on_and_add_up(world: World, api_as: ApiAs, faina: User) -> None:
    client, pk = api_as(faina), world.aurora.pk
    planned = {"program": "north", "rows": [row(pk, "p-1"), row(pk, "p-2", "1234.50")]}
    out = {"recorded": 2, "changed": 0, "known": 0, "totals": {"EUR": "1274.50"}}
    assert post(client, "payouts", {**planned, "totals": {"EUR": "1274.50"}}) == (200, out)
    again = {"recorded": 0, "changed": 0, "known": 2, "totals": {"EUR": "1274.50"}}
    assert post(client, "payouts", planned) == (200, again)
    sent = {
        "program": "north",
        "rows": [row(pk, "p-1", state="sent", sent_on="2026-02-24"), planned["rows"][1]],
    }
    assert post(client, "payouts", sent)[1]["changed"] == 1
    assert Balance.objects.get().total == -40
    assert Entry.objects.count() == 1


def test_one_wrong_payout_refuses_all_with_what_to_do(world: World, api_as: ApiAs, faina: User) -> None:
    client, pk = api_as(faina), world.aurora.pk
    rows = [row(pk, "a"), row(2**40, "b"), row(pk, "a"), row(pk, "c", "-1"), row(pk, "d", "1.005")]
    rows.append(row(pk, "e", state="gone"))
    status, said = post(client, "payouts", {"program": "north", "rows": rows})
    assert status == 422
    assert [(one["row"], one["field"], one["problem"]) for one in said["lines"]] == [
        (1, "partner_id", "unknown_partner"),
        (2, "source_key", "doubled_key"),
        (3, "amount", "wrong_sign"),
        (4, "amount", "too_many_digits"),
        (5, "state", "unknown_state"),
    ]
    assert all(one["message"] for one in said["lines"])
    status, said = post(
        client, "payouts", {"program": "north", "rows": [row(pk, "a")], "totals": {"EUR": "41"}}
    )
    assert (status, said["lines"][0]["row"], said["where"]) == (422, None, "rows")
    assert not Payout.objects.exists()


def test_a_state_is_told_once_and_only_forward(world: World, api_as: ApiAs, faina: User) -> None:
    client, pk = api_as(faina), world.aurora.pk
    post(client, "payouts", {"program": "north", "rows": [row(pk, "p", state="sent", sent_on="2026-02-24")]})
    path = f"payouts/{Payout.objects.get().pk}/state"
    paid = {"state": "paid", "on": "2026-02-25", "reference": "TR-7"}
    for _ in range(2):
        status, said = post(client, path, paid)
        assert (status, said["state"], said["paid_on"], said["reference"]) == (
            200,
            "paid",
            "2026-02-25",
            "TR-7",
        )
    assert post(client, path, {"state": "sent"})[0] == 409
    assert post(client, path, {"state": "returned"})[0] == 422
    assert (
        post(client, path, {"state": "returned", "problem": "account_closed", "on": "2999-01-01"})[0] == 422
    )
    for _ in range(2):
        assert post(client, path, {"state": "returned", "problem": "account_closed"})[0] == 200
    assert Balance.objects.get().total == 0
    assert post(client, path, {"state": "lost"})[0] == 422
    assert post(client, "payouts/999999/state", {"state": "paid"})[0] == 404


def test_who_only_reads_money_moves_none(world: World, api_as: ApiAs, faina: User) -> None:
    post(api_as(faina), "payouts", {"program": "north", "rows": [row(world.aurora.pk, "p")]})
    payout = Payout.objects.get()
    for client in (api_as(world.boris), api_as(faina, Scope.MONEY_READ)):
        assert post(client, f"payouts/{payout.pk}/state", {"state": "sent"})[0] == 403
        assert post(client, "payouts", {"program": "north", "rows": [row(world.aurora.pk, "q")]})[0] == 403
