"""Money over REST: exact texts, one's own partners only, and lines that are stored once or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from otklik.api.rules.scopes import Scope
from otklik.events.public import Actor
from otklik.identity.public import User
from otklik.identity.rules.roles import Role
from otklik.payouts.models import Balance, Entry, Hand
from otklik.payouts.public import (
    HoldReason,
    HoldTerms,
    PayMethod,
    calculate_batch,
    confirm_details,
    issue_statements,
    open_hold,
    propose_details,
)
from tests.world import NOW, World, make_user

ApiAs = Callable[..., Client]


@pytest.fixture
def faina(world: World) -> User:
    return make_user("faina@example.com", "Faina Books", Role.FINANCE)


def row(partner_id: int, key: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "source_key": key,
        "partner_id": partner_id,
        "amount": amount,
        "currency": "EUR",
        "earned_on": "2026-02-01",
        **more,
    }


def post(client: Client, world: World, *rows: dict[str, Any]) -> tuple[int, Any]:
    payload = {"program": world.program.slug, "rows": rows}
    answer = client.post("/api/v1/entries", payload, content_type="application/json")
    return answer.status_code, answer.json()


def test_lines_sent_again_are_stored_once(world: World, api_as: ApiAs, faina: User) -> None:
    client = api_as(faina)
    rows = [row(world.aurora.pk, "c-1", "10.50"), row(world.aurora.pk, "c-2", "-0.5", kind="chargeback")]
    assert post(client, world, *rows) == (200, {"recorded": 2, "known": 0})
    assert post(client, world, *rows) == (200, {"recorded": 0, "known": 2})
    assert Balance.objects.get().total == 10
    # Whoever owns the token does not approve the batch that pays it out.
    assert Hand.objects.get().user == faina


def test_one_wrong_line_refuses_all_and_each_wrong_one_is_named(
    world: World, api_as: ApiAs, faina: User
) -> None:
    pk, client = world.aurora.pk, api_as(faina)
    status, said = post(
        client,
        world,
        row(pk, "a", "1"),
        row(2**40, "b", "1"),
        row(pk, "c", "1", kind="gift"),
        row(pk, "d", "1", earned_on="2999-01-01"),
    )
    assert status == 422
    assert [(one["row"], one["problem"]) for one in said["lines"]] == [
        (1, "unknown_partner"),
        (2, "unknown_kind"),
        (3, "in_the_future"),
    ]
    assert said["lines"][2]["message"].startswith("This day is still to come")
    for wrong, problem in (
        (row(pk, "e", "-1"), "wrong_sign"),
        (row(pk, "e", "0"), "zero"),
        (row(pk, "e", "-0.00"), "zero"),
        (row(pk, "e", "1000000000000"), "too_large"),
        (row(pk, "e", "1", currency="XQX"), "unknown_currency"),
        (row(pk, "e", "1", kind="payout"), "unknown_kind"),
        (row(pk, "a", "2"), "doubled_key"),
    ):
        status, said = post(client, world, row(pk, "a", "1"), wrong)
        assert (status, [(one["row"], one["problem"]) for one in said["lines"]]) == (422, [(1, problem)])
    for odd in (10.5, "1,5", "1e3", "NaN", "Infinity", "１２", "1 000", "1.234,50", "1" * 40):
        assert post(client, world, row(pk, "a", odd))[0] == 422  # type: ignore[arg-type]
    assert not Entry.objects.exists()


def test_what_was_recorded_held_planned_and_stated_is_read(world: World, api_as: ApiAs, faina: User) -> None:
    client, by = api_as(faina), Actor.person(faina.pk)
    post(client, world, row(world.aurora.pk, "c-1", "100"), row(world.borealis.pk, "c-2", "7.0005"))
    terms = HoldTerms(Decimal(30), HoldReason.DISPUTE, "Figures of March", date(2026, 4, 1))
    open_hold(partner_id=world.aurora.pk, currency="EUR", terms=terms, by=by, at=NOW)
    partner_id, account = world.aurora.pk, "pay@example.com"
    details = propose_details(
        partner_id=partner_id, method=PayMethod.WALLET, holder="Aurora", account=account, by=by, at=NOW
    )
    confirm_details(details_id=details.pk, by=Actor.person(world.anna.pk), at=NOW)
    calculate_batch(
        program_id=world.program.pk,
        currency="EUR",
        pay_on=date(2026, 3, 16),
        earned_until=date(2026, 2, 28),
        by=by,
        at=NOW,
    )
    issue_statements(program_id=world.program.pk, on=date(2026, 3, 2), by=by, at=NOW)

    def get(path: str, **query: Any) -> Any:
        return client.get(f"/api/v1/{path}", {"partner_id": world.aurora.pk, **query}).json()["items"]

    assert [(one["total"], one["held"], one["planned"]) for one in get("balances")] == [
        ("100.00", "30.00", "70.00")
    ]
    assert [(one["amount"], one["state"], one["expected_on"]) for one in get("payouts")] == [
        ("70.00", "planned", "2026-03-16")
    ]
    assert [(one["amount"], one["reason"], one["decide_by"]) for one in get("holds")] == [
        ("30.00", "dispute", "2026-04-01")
    ]
    assert [(one["opening"], one["closing"]) for one in get("statements")] == [("0.00", "100.00")]
    assert get("payouts", state="paid") == []
    assert get("holds", program="elsewhere") == []
    whole = client.get("/api/v1/balances", {"limit": 1}).json()
    rest = client.get("/api/v1/balances", {"after": whole["next"]}).json()
    assert [one["total"] for one in rest["items"]] == ["7.0005"]


@pytest.mark.parametrize("path", ["balances", "payouts", "holds", "statements"])
def test_money_needs_the_scope_and_the_right(world: World, api_as: ApiAs, faina: User, path: str) -> None:
    assert api_as(faina, Scope.PARTNERS_READ).get(f"/api/v1/{path}").status_code == 403
    assert api_as(world.dmitri).get(f"/api/v1/{path}").status_code == 403
    assert api_as(faina, Scope.MONEY_READ).get(f"/api/v1/{path}").status_code == 200


def test_lines_are_written_by_those_who_change_money(world: World, api_as: ApiAs, faina: User) -> None:
    line = row(world.aurora.pk, "c-1", "1")
    assert post(api_as(faina, Scope.MONEY_READ), world, line)[0] == 403
    assert post(api_as(world.boris), world, line)[0] == 403
    assert post(api_as(world.anna, Scope.MONEY_WRITE), world, line)[0] == 200


def test_a_balance_does_not_get_larger_than_the_ledger_can_hold(
    world: World, api_as: ApiAs, faina: User
) -> None:
    pk, client = world.aurora.pk, api_as(faina)
    Balance.objects.create(partner=world.aurora, currency="EUR", total=Decimal(9 * 10**14 - 900))
    status, said = post(client, world, row(pk, "ok", "900"), row(pk, "much", "1"), row(pk, "too", "1"))
    assert (status, [(one["row"], one["problem"]) for one in said["lines"]]) == (
        422,
        [(1, "sum_too_large"), (2, "sum_too_large")],
    )
    assert "900,000,000,000,000" in said["lines"][0]["message"]
    assert post(client, world, row(pk, "ok", "900"))[0] == 200
