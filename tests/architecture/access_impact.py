"""What was found of NPS, for the walk through all addresses."""

from __future__ import annotations

from datetime import timedelta

from otklik.impact.models import ImpactReport
from otklik.impact.rules.report import as_data
from otklik.impact.rules.vocabulary import Exposure, Outcome, ReportState
from otklik.impact.tests.samples import REPORT
from tests.world import World


def of_impact(world: World) -> dict[str, object]:
    ImpactReport.objects.get_or_create(
        program=world.program,
        outcome=Outcome.NPS.value,
        asked_at=world.now,
        defaults={
            "state": ReportState.DONE.value,
            "body": as_data(REPORT),
            "ended_at": world.now + timedelta(minutes=1),
        },
    )
    return {"exposure": Exposure.BREACHES.value}
