from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from otklik.impact.models import ImpactReport
from otklik.impact.tests.samples import REPORT
from tests.world import World


@pytest.fixture
def reported(world: World) -> ImpactReport:
    return make_report(world)


def make_report(world: World) -> ImpactReport:
    one = ImpactReport(program=world.program, outcome="nps", asked_at=world.now)
    one.finish(REPORT, world.now + timedelta(minutes=1))
    one.save()
    return one


@pytest.mark.parametrize(
    "path",
    [
        "",
        "causes/breaches/",
        "causes/reopened/",
        "causes/money_held/",
        "drivers/",
        "goal/",
        "goal/?cause=reopened",
        "method/",
    ],
)
def test_every_page_stands(world: World, reported: ImpactReport, client: Client, path: str) -> None:
    client.force_login(world.anna)
    answer = client.get(f"/impact/{path}")
    assert answer.status_code == 200
