"""What of the map waits on somebody's first page, and what is agreed beside the plan."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from otklik.dialogue.models import Goal
from otklik.kit.clock import now
from otklik.relationships.models import AccountPlan, CallToAction, PlanAction
from otklik.relationships.operations.calls import raise_calls
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, version_of
from tests.world import NOW, World


def test_reviews_actions_and_tasks_remind_their_owner_and_recoveries_are_told_to_the_team(
    client: Client, world: World
) -> None:
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=30), world.vera, 3)
    asked(closed_wave(version, weeks_ago=30), world.gleb, 9)
    wave = closed_wave(version, weeks_ago=3)
    asked(wave, world.vera, 9)
    asked(wave, world.gleb, 2)
    raise_calls(wave_id=wave.pk, today=TODAY, by=by(world.root), at=AT)
    CallToAction.objects.update(raised_at=now())
    today = timezone.localdate(now())
    plan = AccountPlan.objects.create(
        partner=world.aurora, changed_at=NOW, next_review_on=today + timedelta(days=10)
    )
    for text, owner, days in (
        ("Late one", world.boris, -1),
        ("Far one", world.boris, 60),
        ("Annas", world.anna, 1),
    ):
        PlanAction.objects.create(
            plan=plan, text=text, owner=owner, due_on=today + timedelta(days=days), created_at=NOW
        )
    client.force_login(world.boris)
    html = client.get("/").content.decode()
    for words in ("Late one", "Next review: Aurora", "Won back lately", "3 → 9", "Call in time", "overdue"):
        assert words in html
    assert "Far one" not in html
    assert "Annas" not in html
    client.force_login(world.dmitri)
    html = client.get("/").content.decode()
    assert "3 → 9" in html, "whoever sees the partner hears of it"
    assert "Call in time" not in html
    client.force_login(world.clara)
    assert "3 → 9" not in client.get("/").content.decode()


def test_what_is_shared_with_the_partner_stands_beside_the_plan(client: Client, world: World) -> None:
    for partner, text in ((world.aurora, "Two stores"), (world.borealis, "Another matter")):
        Goal.objects.create(
            partner=partner, text=text, due_on=TODAY, state="agreed", proposed_by="ours", created_at=NOW
        )
    client.force_login(world.boris)
    html = client.get(f"/partners/{world.aurora.pk}/plan/").content.decode()
    assert "Two stores" in html
    assert "Another matter" not in html
    assert f"/partners/{world.aurora.pk}/goals/" in html
