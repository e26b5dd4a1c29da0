"""What moves the score over REST: the record that pages read, for those who see a whole program."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from otklik.api.rules.scopes import Scope
from otklik.impact.public import ImpactReport
from otklik.impact.rules.report import as_data
from otklik.impact.tests.samples import REPORT
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
