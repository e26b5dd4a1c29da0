"""What was found of NPS, for the walk through all addresses."""

from __future__ import annotations

from datetime import timedelta

from otklik.events.public import Actor
from otklik.impact.models import ImpactReport, PolicyChange
from otklik.impact.operations.changes import ChangeTerms, record_change
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
    return {"exposure": Exposure.BREACHES.value, "change_id": _change(world).pk}


def _change(world: World) -> PolicyChange:
    known = PolicyChange.objects.filter(program=world.program).first()
    if known is not None:
        return known
    terms = ChangeTerms("Answers in 4 hours", "", {world.aurora.tier: world.now.date()}, {})
    return record_change(program=world.program, terms=terms, by=Actor.system(), at=world.now)
