"""The closed loop over REST: read by those who see the partner, changed by those who follow up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.api.rules.scopes import Scope
from otklik.kit.clock import now
from otklik.loop.models import Alert, AlertRule, FollowUp, RootCause
from tests.world import World

ApiAs = Callable[..., Client]


def alert_at(world: World, key: str = "a") -> Alert:
    at = now() - timedelta(hours=1)
    rule, _ = AlertRule.objects.get_or_create(
        program=world.program, name="Low", kind="score", defaults={"created_at": at}
    )
    return Alert.objects.create(
        key=key, program=world.program, partner=world.aurora, contact=world.vera, rule=rule, kind="score",
        flow="detractor", survey_kind="nps", score=3, reasons=[["score", 3]], owner=world.boris,
        owner_reason="manager", opened_at=at, due_at=at + timedelta(hours=48),
        escalates_at=at + timedelta(hours=56),
    )  # fmt: skip


def cause_at(world: World) -> RootCause:
    return RootCause.objects.create(program=world.program, names={"en": "Late payouts"})


def post(client: Client, path: str, payload: dict[str, Any], **headers: Any) -> tuple[int, Any]:
    answer = client.post(f"/api/v1/{path}", payload, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_an_alert_is_read_followed_up_put_off_given_away_and_closed(world: World, api_as: ApiAs) -> None:
    client, alert, cause = api_as(world.boris), alert_at(world), cause_at(world)
    path = f"alerts/{alert.pk}"
    (shown,) = client.get("/api/v1/alerts?is_open=true&state=open").json()["items"]
    assert (shown["id"], shown["lateness"], shown["score"], shown["causes"]) == (alert.pk, "in_time", 3, [])
    closing = {"outcome": "mended", "causes": [cause.pk], "result": "Paid"}
    status, said = post(client, f"{path}/close", closing)
    assert (status, "nobody_spoke" in said["message"]) == (409, True)
    call = {"way": "call", "text": "She is angry"}
    first = post(client, f"{path}/follow-ups", call, idempotency_key="k-1")
    assert first[0] == 201
    assert post(client, f"{path}/follow-ups", call, idempotency_key="k-1") == first
    assert post(client, f"{path}/follow-ups", {"way": "chat"}, idempotency_key="k-1")[0] == 409
    assert FollowUp.objects.get().by == world.boris
    until = (now() + timedelta(days=3)).isoformat()
    assert post(client, f"{path}/snooze", {"until": until, "reason": "Fair"})[1]["snooze_reason"] == "Fair"
    stale = {"owner_id": world.anna.pk, "version": 1}
    assert post(client, f"{path}/owner", stale)[0] == 409
    assert post(client, f"{path}/owner", {"owner_id": world.anna.pk})[1]["owner_id"] == world.anna.pk
    status, said = post(client, f"{path}/close", closing)
    assert (status, said["state"], said["causes"], said["promises"]) == (200, "closed", [cause.pk], [])
    assert post(client, f"{path}/close", closing)[0] == 409
    assert client.get("/api/v1/alerts?is_open=true").json()["items"] == []
    (kept,) = client.get(f"/api/v1/{path}/follow-ups").json()["items"]
    assert kept["text"] == "She is angry"


def test_a_key_names_a_follow_up_of_its_own_alert_however_long_it_is(world: World, api_as: ApiAs) -> None:
    client, first, second = api_as(world.boris), alert_at(world), alert_at(world, "b")
    calls = [(one, f"{'k' * 79}{end}") for one in (first, second) for end in "12"]
    made = [
        post(client, f"alerts/{one.pk}/follow-ups", {"way": "call"}, idempotency_key=key)[1]
        for one, key in calls
    ]
    assert len({row["id"] for row in made}) == 4
    assert [row["alert_id"] for row in made] == [first.pk, first.pk, second.pk, second.pk]


def test_what_is_wrong_is_told_by_its_field(world: World, api_as: ApiAs) -> None:
    client, alert = api_as(world.boris), alert_at(world)
    path, soon = f"alerts/{alert.pk}", (now() + timedelta(days=1)).isoformat()
    for where, payload in (
        ("follow-ups", {"way": "smoke"}),
        ("follow-ups", {"way": "call", "at": soon}),
        ("follow-ups", {"way": "call", "contact_id": 2**40}),
        ("snooze", {"until": "2999-01-01T00:00:00Z", "reason": "x"}),
        ("snooze", {"until": soon, "reason": " "}),
        ("owner", {"owner_id": world.clara.pk}),
        ("owner", {"owner_id": 2**40}),
        ("close", {"outcome": "mended", "causes": []}),
        ("close", {"outcome": "not_ours", "causes": [2**40]}),
    ):
        assert post(client, f"{path}/{where}", payload)[0] == 422, (where, payload)
    alert.refresh_from_db()
    assert (alert.version, FollowUp.objects.count()) == (1, 0)


def test_others_partners_alerts_are_not_there_and_who_only_reads_changes_none(
    world: World, api_as: ApiAs
) -> None:
    path = f"alerts/{alert_at(world).pk}"
    clara = api_as(world.clara)
    assert clara.get("/api/v1/alerts").json()["items"] == []
    assert clara.get(f"/api/v1/{path}").status_code == 404
    assert clara.get(f"/api/v1/{path}/follow-ups").status_code == 404
    assert post(clara, f"{path}/follow-ups", {"way": "call"})[0] == 404
    for reader in (api_as(world.dmitri), api_as(world.boris, Scope.LOOP_READ)):
        assert reader.get(f"/api/v1/{path}").status_code == 200
        assert post(reader, f"{path}/follow-ups", {"way": "call"})[0] == 403
    assert api_as(world.boris, Scope.LOOP_WRITE).get(f"/api/v1/{path}").status_code == 403


def test_causes_and_rules_are_read_and_a_page_costs_the_same_however_long(
    world: World, api_as: ApiAs
) -> None:
    client, cause = api_as(world.boris), cause_at(world)
    counts = []
    client.get("/api/v1/alerts")
    for number in range(2):
        for part in range(3):
            alert_at(world, f"{number}-{part}").causes.create(cause=cause)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/api/v1/alerts?limit=200").json()
        counts.append(len(asked))
    assert (len(page["items"]), page["items"][0]["causes"]) == (6, [cause.pk])
    assert counts[0] == counts[1]
    first = client.get("/api/v1/alerts?limit=4").json()
    rest = client.get("/api/v1/alerts", {"limit": 4, "after": first["next"]}).json()
    assert (len(rest["items"]), rest["next"]) == (2, None)
    assert client.get("/api/v1/causes?program=north").json()["items"][0]["names"] == {"en": "Late payouts"}
    assert [rule["name"] for rule in client.get("/api/v1/alert-rules").json()["items"]] == ["Low"]
    assert client.get("/api/v1/alerts?is_late=true").json()["items"] == []
