"""Files say what the pages say."""

from __future__ import annotations

import csv
from typing import Any

from django.test import Client

from otklik.impact.models import ImpactReport
from otklik.impact.tests.samples import BREACHES, REPORT
from otklik.impact.web.files import KINDS
from tests.world import World


def rows(client: Client, world: World, kind: str) -> list[dict[str, str]]:
    answer: Any = client.get(f"/impact/file/?program={world.program.pk}&outcome=nps&kind={kind}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def kept(world: World) -> None:
    report = ImpactReport(program=world.program, outcome="nps", asked_at=world.now)
    report.finish(REPORT, world.now)
    report.save()


def test_studies_drivers_and_doses_are_the_record_itself(world: World, client: Client) -> None:
    kept(world)
    client.force_login(world.root)
    studies, drivers, doses, changes = (rows(client, world, kind) for kind in KINDS)
    assert [row["exposure"] for row in studies] == ["breaches", "reopened"]
    assert BREACHES.within is not None
    assert float(studies[0]["within_effect"]) == BREACHES.within.effect
    assert float(studies[0]["p99"]) == BREACHES.seen.p99
    assert (studies[0]["verdict"], studies[1]["placebo_effect"]) == ("effect", "")
    assert studies[0]["confounders"] == "hard_tickets_are_slower changes_in_time"
    assert [row["driver"] for row in drivers][-3:] == ["support", "outside", "unexplained"]
    assert sum(float(row["lmg"]) for row in drivers[-3:]) == 1
    assert [float(row["effect"] or 0) for row in doses] == [0, -8, -21]
    assert changes == []
    assert rows(client, world, "odd") == studies


def test_a_file_is_for_those_who_export_and_see_the_program(world: World, client: Client) -> None:
    client.force_login(world.root)
    assert client.get("/impact/file/").status_code == 404, "nothing was computed yet"
    kept(world)
    for user, status in ((world.clara, 404), (world.dmitri, 403)):
        client.force_login(user)
        assert client.get("/impact/file/").status_code == status
