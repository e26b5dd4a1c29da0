"""What moves the score over REST: the record that pages read, for those who see a whole program."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.test import Client

from otklik.api.rules.scopes import Scope
from otklik.events.public import Actor
from otklik.impact.operations.changes import ChangeTerms, record_change
from otklik.impact.public import ImpactReport, PolicyChange
from otklik.impact.rules.report import as_data
from otklik.impact.tests.samples import CHANGE, REPORT
from tests.world import World

ApiAs = Callable[..., Client]


def kept(world: World, days: int = 0, *, done: bool = True) -> ImpactReport:
    at = world.now + timedelta(days=days)
    report = ImpactReport(program=world.program, outcome="nps", asked_at=at)
    if done:
        report.finish(REPORT, at)
    report.save()
    return report


def test_the_newest_report_is_read_as_it_was_kept(world: World, api_as: ApiAs) -> None:
    client = api_as(world.anna)
    assert client.get("/api/v1/impact?program=north").status_code == 404
    old, new, waiting = kept(world), kept(world, 1), kept(world, 2, done=False)
    shown = client.get("/api/v1/impact?program=north").json()
    assert (shown["id"], shown["state"], shown["failure"]) == (new.pk, "done", "")
    said = json.loads(json.dumps(as_data(REPORT)))
    said["bad_rows"] = [{"reason": reason, "rows": rows} for reason, rows in said["bad_rows"]]
    assert shown["report"] == said
    assert client.get(f"/api/v1/impact/reports/{old.pk}").json()["report"] == said
    assert client.get(f"/api/v1/impact/reports/{waiting.pk}").status_code == 404
    assert client.get("/api/v1/impact?program=north&outcome=csat").status_code == 404
    assert client.get("/api/v1/impact?program=north&outcome=mood").status_code == 422
    assert client.get("/api/v1/impact").status_code == 422


def test_what_was_computed_is_listed_page_by_page(world: World, api_as: ApiAs) -> None:
    ids = [kept(world, day).pk for day in range(3)]
    client = api_as(world.anna)
    first = client.get("/api/v1/impact/reports?program=north&outcome=nps&limit=2").json()
    assert [row["id"] for row in first["items"]] == ids[:0:-1]
    assert "report" not in first["items"][0]
    rest = client.get("/api/v1/impact/reports", {"limit": 2, "after": first["next"]}).json()
    assert ([row["id"] for row in rest["items"]], rest["next"]) == (ids[:1], None)
    assert client.get("/api/v1/impact/reports?outcome=csat").json()["items"] == []


def test_who_sees_only_their_own_partners_gets_no_figures_of_a_program(world: World, api_as: ApiAs) -> None:
    report = kept(world)
    own = api_as(world.clara)
    assert own.get("/api/v1/impact?program=north").status_code == 404
    assert own.get(f"/api/v1/impact/reports/{report.pk}").status_code == 404
    assert own.get("/api/v1/impact/reports").json()["items"] == []
    assert api_as(world.anna, Scope.TICKETS_READ).get("/api/v1/impact?program=north").status_code == 403


def change(world: World, name: str = "Weekly payouts") -> PolicyChange:
    terms = ChangeTerms(name, "", {"gold": world.now.date()}, {})
    return record_change(program=world.program, terms=terms, by=Actor.system(), at=world.now)


def test_a_policy_change_is_read_with_what_the_newest_report_found(world: World, api_as: ApiAs) -> None:
    first, second = change(world), change(world, "A manager")
    client = api_as(world.anna)
    page = client.get("/api/v1/impact/changes?program=north&limit=1").json()
    assert [(one["id"], one["name"], one["reached"]) for one in page["items"]] == [
        (second.pk, "A manager", 1)
    ]
    rest = client.get("/api/v1/impact/changes", {"after": page["next"]}).json()
    assert [one["id"] for one in rest["items"]] == [first.pk]
    shown = client.get(f"/api/v1/impact/changes/{first.pk}").json()
    assert (shown["outcome"], shown["report_id"], shown["result"]) == ("nps", None, None)
    report = ImpactReport(program=world.program, outcome="nps", asked_at=world.now)
    study = replace(CHANGE, change=first.pk)
    report.finish(replace(REPORT, changes=(study,)), world.now)
    report.save()
    shown = client.get(f"/api/v1/impact/changes/{first.pk}").json()
    assert shown["report_id"] == report.pk
    assert shown["result"] == json.loads(json.dumps(as_data(report.report)["changes"]))[0]
    assert client.get(f"/api/v1/impact/changes/{second.pk}").json()["result"] is None
    PolicyChange.objects.update(version=2)
    assert client.get(f"/api/v1/impact/changes/{first.pk}").json()["result"] is None


def test_changes_are_of_whole_programs_too(world: World, api_as: ApiAs) -> None:
    one = change(world)
    own = api_as(world.clara)
    assert own.get("/api/v1/impact/changes").json()["items"] == []
    assert own.get(f"/api/v1/impact/changes/{one.pk}").status_code == 404
    assert api_as(world.anna).get(f"/api/v1/impact/changes/{one.pk}?outcome=mood").status_code == 422
