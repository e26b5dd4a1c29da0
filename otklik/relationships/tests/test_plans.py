"""Account plans that two people write, and reviews whose figures stay what they were."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from otklik.dialogue.models import Commitment, Goal
from otklik.feedback.models import Response
from otklik.kit.clock import now
from otklik.loop.public import promise_action
from otklik.loop.tests.stories import called, raised
from otklik.partners.models import Contact
from otklik.partners.operations.erase import erase_contact
from otklik.relationships.models import AccountPlan, InfluenceLine, PlanAction, Review, Tie
from otklik.relationships.operations.people import NotOnStaff, NotTheirPerson
from otklik.relationships.operations.plans import (
    ActionDone,
    PlanChanged,
    add_action,
    finish_action,
    save_plan,
)
from otklik.relationships.operations.reviews import NoQuarter, make_review
from otklik.relationships.rules.quarters import last_quarters, next_quarter, quarter_of
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, version_of
from tests.world import World

SCRIPT = "<script>alert(1)</script>"
Q1 = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("day", "first", "following"),
    [("2026-01-01", "2026-01-01", "2026-04-01"), ("2026-03-31", "2026-01-01", "2026-04-01"),
     ("2026-12-31", "2026-10-01", "2027-01-01"), ("2024-02-29", "2024-01-01", "2024-04-01")],
)  # fmt: skip
def test_a_quarter_has_its_first_day_and_the_next(day: str, first: str, following: str) -> None:
    quarter = quarter_of(date.fromisoformat(day))
    assert (quarter.isoformat(), next_quarter(quarter).isoformat()) == (first, following)


def test_the_last_quarters_cross_the_year() -> None:
    found = [one.isoformat() for one in last_quarters(date(2026, 4, 1), 3)]
    assert found == ["2025-10-01", "2026-01-01", "2026-04-01"]


def saved(world: World, text: str, version: int) -> AccountPlan:
    return save_plan(
        partner_id=world.aurora.pk, text=text, next_review_on=TODAY, expected_version=version,
        by=by(world.boris), at=AT,
    )  # fmt: skip


def test_of_two_who_write_a_plan_at_once_the_second_is_told(world: World) -> None:
    saved(world, "Grow", 0)
    for stale in (0, 2):
        with pytest.raises(PlanChanged):
            saved(world, "Shrink", stale)
    assert saved(world, "Grow more", 1).version == 2


def test_an_action_is_added_once_and_done_once(world: World) -> None:
    def add(contact_id: int | None = None, owner_id: int | None = None) -> PlanAction:
        return add_action(
            partner_id=world.aurora.pk, text="Call", due_on=TODAY, key="k", contact_id=contact_id,
            owner_id=owner_id or world.boris.pk, by=by(world.boris), at=AT,
        )  # fmt: skip

    with pytest.raises(NotOnStaff):
        add(owner_id=10**9)
    with pytest.raises(NotTheirPerson):
        add(contact_id=10**9)
    assert add(world.vera.pk).pk == add(world.vera.pk).pk
    finish_action(action_id=PlanAction.objects.get().pk, by=by(world.boris), at=AT)
    with pytest.raises(ActionDone):
        finish_action(action_id=PlanAction.objects.get().pk, by=by(world.boris), at=AT)


def made(world: World, quarter: date = Q1) -> Review:
    return make_review(
        partner_id=world.aurora.pk, quarter=quarter, words=SCRIPT, user=world.boris, today=TODAY,
        by=by(world.boris), at=AT,
    )  # fmt: skip


def test_a_review_keeps_its_figures_whatever_changes_after(world: World) -> None:
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=20), world.vera, 9)
    asked(closed_wave(version, weeks_ago=3), world.vera, 2)
    review = made(world)
    Response.objects.update(score=10)
    review.refresh_from_db()
    assert review.figures["trend"][-2:] == [["2025-10-01", 0, 0, 1], ["2026-01-01", 1, 0, 0]]
    people = {row[0]: row[4:] for row in review.figures["people"]}
    assert people == {world.vera.pk: [2, "detractor"], world.gleb.pk: [None, "not_asked"]}
    for odd in (date(2026, 2, 1), date(2026, 4, 1)):
        with pytest.raises(NoQuarter):
            made(world, odd)


def test_a_review_tells_of_ties_and_of_promises_as_they_stood(client: Client, world: World) -> None:
    asked(closed_wave(version_of(world), weeks_ago=3), world.vera, 2)
    Tie.objects.create(contact=world.vera, user=world.boris, kind="work", level="weak", stated_at=AT)
    InfluenceLine.objects.create(source=world.vera, target=world.gleb, kind="leads", stated_at=AT)
    alert = raised(world)
    called(world, alert)
    promise_action(
        alert_id=alert.pk, text="Pay by Friday", due_on=TODAY + timedelta(days=9), on=TODAY,
        by=by(world.boris), at=AT,
    )  # fmt: skip
    Goal.objects.create(
        partner=world.aurora,
        text="Two stores",
        due_on=TODAY,
        state="agreed",
        proposed_by="ours",
        created_at=AT,
    )
    made(world)
    Tie.objects.all().delete()
    Commitment.objects.update(state="done", done_on=TODAY)
    client.force_login(world.boris)
    html = client.get(f"/partners/{world.aurora.pk}/reviews/{Q1}/").content.decode()
    for words in ("Boris Manager: work together, weak", "Vera Orlova → Gleb Sokolov: leads", "Two stores"):
        assert words in html
    promised = html.partition("Pay by Friday")[2][:300]
    assert "in time" in promised
    assert "after an alert" in promised
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=AT)
    html = client.get(f"/partners/{world.aurora.pk}/reviews/{Q1}/").content.decode()
    assert "Vera Orlova" not in html


def test_plan_and_review_on_the_page(client: Client, world: World) -> None:
    client.force_login(world.boris)
    path = f"/partners/{world.aurora.pk}/plan/"
    client.post(path, {"text": f"Grow {SCRIPT}", "next_review_on": "2026-12-01", "version": "0"})
    assert client.post(path, {"text": "Late", "version": "0"}).status_code == 422
    said = {"text": "Call", "owner": world.boris.pk, "contact": "", "due_on": "2026-12-01", "key": "k"}
    client.post(f"{path}actions/", said)
    assert client.post(f"{path}actions/", {**said, "due_on": "", "key": "l"}).status_code == 422
    quarter = quarter_of(now().date())
    back = client.post(
        f"/partners/{world.aurora.pk}/reviews/", {"quarter": quarter.isoformat(), "words": SCRIPT}
    )
    Contact.objects.filter(pk=world.vera.pk).update(name="Vera Renamed")
    review, plan = client.get(back["Location"]).content.decode(), client.get(path).content.decode()
    assert "Vera Renamed" in review
    assert "relationship-map" in review
    assert SCRIPT not in review + plan
    client.post(f"/plan-actions/{PlanAction.objects.get().pk}/done/")
    assert PlanAction.objects.get().done_at is not None


@pytest.mark.parametrize("quarter", ["2026-01-01", "soon", "2026-13-01", "٢"])
def test_reviews_that_are_not_there_are_not_found(client: Client, world: World, quarter: str) -> None:
    client.force_login(world.boris)
    assert client.get(f"/partners/{world.aurora.pk}/reviews/{quarter}/").status_code == 404


def test_others_plans_are_not_found_and_an_agent_reads_only(client: Client, world: World) -> None:
    path = f"/partners/{world.aurora.pk}/plan/"
    client.force_login(world.clara)
    assert client.get(path).status_code == 404
    client.force_login(world.dmitri)
    assert client.get(path).status_code == 200
    assert client.post(path, {"text": "x", "version": "0"}).status_code == 404
    assert not AccountPlan.objects.exists()
