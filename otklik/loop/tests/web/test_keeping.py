"""Rules and causes are kept by whoever manages programs, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.kit.clock import now
from otklik.loop.models import AlertRule, RootCause
from otklik.loop.operations.beginning import begin_loop
from otklik.loop.operations.raising import raise_for_answers
from otklik.loop.tests.stories import answered, by, cause, raised, rule
from otklik.loop.tests.web.test_pages import SCRIPT, SYSTEM, text
from tests.world import World

YESTERDAY = (now() - timedelta(days=1)).date().isoformat()
RULE = {
    "name": f"Low {SCRIPT}", "scores": ["0", "1", "2", "3"], "roles": ["decision_maker"], "tiers": ["gold"],
    "renewal_days": "", "owner_way": "manager", "deadline_hours": "24", "escalation_hours": "8",
    "by_mail": "on",
}  # fmt: skip


@pytest.fixture
def anna(client: Client, world: World) -> Client:
    client.force_login(world.anna)
    return client


def test_a_rule_from_its_preview_to_the_end(anna: Client, world: World) -> None:
    new = f"/loop/rules/new/?program={world.program.pk}&kind=score"
    said = {"day": YESTERDAY, "at": now()}
    answered(world, 3, **said)
    answered(world, 8, **said)
    answered(world, 3, contact=world.gleb, **said)
    page = text(anna.post(new, {**RULE, "preview": "1"}))
    assert "would have raised 1 alert." in page
    assert SCRIPT not in page
    assert not AlertRule.objects.exists()
    assert anna.post(new, RULE).status_code == 302
    made = AlertRule.objects.get()
    assert made.conditions == {"scores": [0, 1, 2, 3], "roles": ["decision_maker"], "tiers": ["gold"]}
    assert (made.deadline_hours, made.by_mail, made.is_active) == (24, True, True)
    other = rule(world, name="Second")
    listed = text(anna.get("/loop/rules/"))
    assert listed.index("Low &lt;script") < listed.index("Second")
    assert "scores 0–3 · decision-maker · tiers gold" in listed
    anna.post(f"/loop/rules/{other.pk}/move/", {"way": "up"})
    anna.post(f"/loop/rules/{other.pk}/move/", {"way": "up"})
    assert list(AlertRule.objects.order_by("position")) == [other, made]
    anna.post(f"/loop/rules/{made.pk}/switch/", {"way": "off"})
    edit = f"/loop/rules/{made.pk}/"
    stale = anna.post(edit, {**RULE, "name": "Mine", "version": "1"})
    assert stale.status_code == 422
    assert "Somebody else changed this rule" in text(stale)
    anna.post(edit, {**RULE, "name": "Mine", "version": "2"})
    made.refresh_from_db()
    # It stays off, and where it was put.
    assert (made.name, made.is_active, made.position) == ("Mine", False, 20)
    anna.post(f"/loop/rules/{made.pk}/retire/")
    assert "Mine" not in text(anna.get("/loop/rules/"))
    for what in ("", "move/", "switch/", "retire/"):
        assert anna.post(f"/loop/rules/{made.pk}/{what}", RULE).status_code == 404


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("score", {"scores": []}, "This field is required"),
        ("low_csat", {"scores": ["0"]}, "Select a valid choice"),
        ("drop", {"drop_by": "11"}, "less than or equal to 10"),
        ("words", {"words": " \n "}, "at least one word"),
        ("words", {"words": "x" * 61}, "60 letters"),
        ("silence", {"owner_way": "person"}, "which person"),
        ("mention", {"deadline_hours": "0"}, "greater than or equal to 1"),
        ("score", {"owner": "x", "tiers": ["?"]}, "Select a valid choice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_beside_its_field(
    anna: Client, world: World, kind: str, said: dict[str, Any], told: str
) -> None:
    asked = f"/loop/rules/new/?program={world.program.pk}&kind={kind}"
    answer = anna.post(asked, {**RULE, **said})
    assert (answer.status_code, AlertRule.objects.count()) == (422, 0)
    assert told in text(answer)


def test_causes_are_named_hung_moved_and_put_out_of_use_but_never_vanish(anna: Client, world: World) -> None:
    page = f"/loop/causes/?program={world.program.pk}"
    anna.post(page, {"name_en": f"Money {SCRIPT}", "name_ru": "Деньги"})
    money = RootCause.objects.get()
    anna.post(page, {"name_ru": "Поддержка"})
    anna.post(page, {"name_en": "Late", "parent": money.pk})
    late, support = (
        RootCause.objects.get(parent=money),
        RootCause.objects.exclude(names__ru="Деньги").get(parent=None),
    )
    assert money.names == {"en": f"Money {SCRIPT}", "ru": "Деньги"}
    assert "one language at least" in text(anna.post(page, {"parent": ""}))
    bent = anna.post(f"/loop/causes/{money.pk}/", {"name_en": "Money", "parent": late.pk})
    assert "below itself" in text(bent)
    anna.post(f"/loop/causes/{support.pk}/move/", {"way": "up"})
    assert [one.pk for one in RootCause.objects.filter(parent=None)] == [support.pk, money.pk]
    anna.post(f"/loop/causes/{late.pk}/", {"name_en": "Too late", "parent": support.pk})
    anna.post(f"/loop/causes/{late.pk}/switch/", {"way": "off"})
    late.refresh_from_db()
    assert (late.names, late.parent, late.is_active) == ({"en": "Too late"}, support, False)
    alert = raised(world)
    alert.causes.create(cause=late)
    shown = text(anna.get(page))
    assert SCRIPT not in shown
    assert "1 alert" in shown


def test_rules_and_causes_are_not_for_everybody_and_pages_cost_the_same(client: Client, world: World) -> None:
    made, why = rule(world), cause(world)
    addresses = [
        "/loop/rules/", "/loop/rules/new/?kind=score", f"/loop/rules/{made.pk}/", "/loop/causes/",
        f"/loop/causes/{why.pk}/",
    ]  # fmt: skip
    client.force_login(world.boris)
    assert {client.get(address).status_code for address in addresses} == {403}
    client.force_login(world.anna)
    assert {client.get(address).status_code for address in addresses} == {200}
    assert client.get("/loop/rules/new/?kind=x").status_code == 302
    assert client.get("/loop/rules/?program=x").status_code == 200
    preview = f"/loop/rules/new/?program={world.program.pk}&kind=score"
    counts = []
    answered(world, day=YESTERDAY, at=now())
    for turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/loop/rules/")
            client.get("/loop/causes/")
            client.post(preview, {**RULE, "preview": "1"})
        counts.append(len(asked))
        if not turn:
            AlertRule.objects.filter(program=world.program).delete()
            begin_loop(program_id=world.program.pk, by=by(world.anna), at=now())
            for n in range(3):
                cause(world, f"More {n}", why)
                answered(world, day=YESTERDAY, at=now())
    assert counts[0] == counts[1]


def test_a_retired_rule_hears_nothing(anna: Client, world: World) -> None:
    made = rule(world)
    anna.post(f"/loop/rules/{made.pk}/retire/")
    assert raise_for_answers(response_ids=[answered(world)], by=SYSTEM, at=now()) == 0
