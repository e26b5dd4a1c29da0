"""The board and the page of an alert: who may open what, odd input, nothing typed is lost or is markup."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from otklik.dialogue.models import Commitment
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.loop.models import Alert, FollowUp, ReAsk, RootCause
from otklik.loop.operations.raising import raise_for_answers
from otklik.loop.tests.stories import answered, cause, raised, rule
from tests.world import World

SCRIPT = "<script>alert(1)</script>"
SYSTEM = Actor.system()


@pytest.fixture
def boris(client: Client, world: World) -> Client:
    client.force_login(world.boris)
    return client


def fresh_alert(world: World, **more: Any) -> Alert:
    """Raised a moment ago by the clock, as a page needs it."""
    return raised(world, 3, at=now(), comment=f"Payouts are late {SCRIPT}", **more)


def minute() -> str:
    return timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")


def text(response: Any) -> str:
    return str(response.content.decode())


def test_from_the_board_to_the_end(boris: Client, world: World) -> None:
    alert, why = fresh_alert(world), cause(world)
    board = text(boris.get("/loop/"))
    assert "Vera Orlova" in board
    assert "Open alerts (1)" in board
    page = f"/loop/alerts/{alert.pk}/"
    shown = text(boris.get(page))
    assert "Payouts are late" in shown
    assert SCRIPT not in shown
    said = {"way": "call", "happened_at": minute(), "text": f"Angry {SCRIPT}", "key": "k"}
    for _ in range(2):
        assert boris.post(f"{page}follow-up/", said).status_code == 302
    assert FollowUp.objects.count() == 1
    promise = {"text": "Pay on Friday", "due_on": (now() + timedelta(days=5)).date().isoformat(), "key": "p"}
    for _ in range(2):
        boris.post(f"{page}promise/", promise)
    commitment = Commitment.objects.get()
    shown = text(boris.get(page))
    assert "Pay on Friday" in shown
    assert SCRIPT not in shown
    closing = {"outcome": "mended", "causes": [why.pk], "result": "Paid", "version": ""}
    assert "A promise is still open" in text(boris.post(f"{page}close/", closing))
    Commitment.objects.filter(pk=commitment.pk).update(state="done")
    assert boris.post(f"{page}close/", closing).status_code == 302
    assert "not yet" in text(boris.get(page))
    assert "To be told (1)" in text(boris.get("/loop/?show=tell"))
    boris.post(f"{page}told/", {"way": "letter", "happened_at": minute()})
    boris.post(f"{page}again/", {"due_on": (now() + timedelta(days=30)).date().isoformat()})
    alert.refresh_from_db()
    assert (alert.is_closed, alert.owes_word, ReAsk.objects.count()) == (True, False, 1)
    assert "Vera Orlova" in text(boris.get("/loop/?show=closed"))
    assert "Payouts are late" in text(boris.get("/loop/results/"))
    boris.post(f"{page}reopen/")
    alert.refresh_from_db()
    assert not alert.is_closed


@pytest.mark.parametrize(
    ("what", "said", "told"),
    [
        ("follow-up", {"way": "call", "happened_at": "2999-01-01T10:00", "text": "kept"}, "in the future"),
        ("follow-up", {"way": "smoke", "happened_at": "x", "text": "kept"}, "kept"),
        ("promise", {"text": "kept", "due_on": "2001-01-01"}, "This day is over."),
        ("snooze", {"until": "2001-01-01T10:00", "reason": "kept"}, "next 60 days"),
        ("snooze", {"until": "2999-01-01T10:00", "reason": " "}, "This field is required"),
        ("close", {"result": "kept"}, "Say how it ended."),
        ("close", {"outcome": "not_ours", "causes": ["0"], "result": "kept"}, "kept"),
        ("close", {"outcome": "not_ours", "result": "kept", "version": "99"}, "changed this alert"),
        ("owner", {"owner": "0"}, "Select a valid choice"),
        ("again", {"due_on": "2999-01-01"}, "Close the alert first"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    boris: Client, world: World, what: str, said: dict[str, Any], told: str
) -> None:
    alert = fresh_alert(world)
    answer = boris.post(f"/loop/alerts/{alert.pk}/{what}/", said)
    assert answer.status_code == 422
    page = text(answer)
    assert told in page
    if "kept" in said.values():
        assert "kept" in page


def test_others_partners_alerts_are_not_found_and_who_may_not_speak_for_us_reads_only(
    client: Client, world: World
) -> None:
    alert = fresh_alert(world)
    page, said = f"/loop/alerts/{alert.pk}/", {"way": "call", "happened_at": minute()}
    client.force_login(world.clara)
    assert client.get(page).status_code == 404
    for what in ("follow-up", "promise", "snooze", "close", "told", "again", "owner", "wake", "reopen"):
        assert client.post(f"{page}{what}/", said).status_code == 404
    assert "Vera" not in text(client.get("/loop/"))
    client.force_login(world.dmitri)
    assert "Note a follow-up" not in text(client.get(page))
    assert client.post(f"{page}follow-up/", said).status_code == 403
    client.force_login(world.stranger)
    assert client.get("/loop/").status_code == 403
    assert FollowUp.objects.count() == 0


def test_put_off_and_woken_and_given_to_a_colleague(client: Client, world: World) -> None:
    client.force_login(world.anna)
    alert = fresh_alert(world)
    page = f"/loop/alerts/{alert.pk}/"
    until = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"{page}snooze/", {"until": until, "reason": f"Fair {SCRIPT}"})
    shown = text(client.get(page))
    assert "Fair" in shown
    assert SCRIPT not in shown
    assert "Put off (1)" in text(client.get("/loop/?show=asleep"))
    world.anna.language = "ru"
    world.anna.save()
    assert "Отложенные (1)" in text(client.get("/loop/?show=asleep"))
    client.post(f"{page}wake/")
    client.post(f"{page}owner/", {"owner": world.anna.pk})
    alert.refresh_from_db()
    assert (alert.snoozed_until, alert.owner) == (None, world.anna)
    assert "Vera" in text(client.get("/loop/?mine=1"))


def test_causes_are_offered_with_their_branch_and_out_of_use_ones_are_not(
    boris: Client, world: World
) -> None:
    alert, top = fresh_alert(world), cause(world, "Money")
    cause(world, "The bank is slow", top)
    RootCause.objects.create(program=world.program, names={"en": "Forgotten"}, is_active=False)
    shown = text(boris.get(f"/loop/alerts/{alert.pk}/"))
    assert "Money › The bank is slow" in shown
    assert "Forgotten" not in shown


def test_a_board_costs_the_same_however_many_wait(boris: Client, world: World) -> None:
    rule(world)
    counts = []
    boris.get("/loop/results/")
    for _ in range(2):
        ids = [answered(world) for _ in range(3)]
        raise_for_answers(response_ids=ids, by=SYSTEM, at=now())
        with CaptureQueriesContext(connection) as asked:
            boris.get("/loop/")
            boris.get("/loop/results/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "query", ["show=x&days=x&program=x&page=x", "days=99999999999999999999", "program=0&mine=x"]
)
def test_odd_addresses_show_the_board(boris: Client, query: str) -> None:
    assert boris.get(f"/loop/?{query}").status_code == 200


def test_the_home_page_says_whom_to_call_and_the_partners_page_how_it_stands(
    boris: Client, world: World
) -> None:
    alert = fresh_alert(world)
    home = text(boris.get("/"))
    assert f"/loop/alerts/{alert.pk}/" in home
    assert "1 open alert" in home
    assert "nobody has spoken to them" in text(boris.get(f"/partners/{world.aurora.pk}/"))
    Alert.objects.update(snoozed_until=now() + timedelta(days=1))
    assert "Whom to call" not in text(boris.get("/"))
    # Escalated to Anna, whose alert it is not.
    Alert.objects.update(snoozed_until=None, escalated_at=now(), escalated_to=world.anna)
    boris.force_login(world.anna)
    assert "Whom to call" in text(boris.get("/"))
    boris.force_login(world.clara)
    assert "Whom to call" not in text(boris.get("/"))
