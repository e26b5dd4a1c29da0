"""The map of Aurora, for the walk through all addresses: Boris knows Vera, who leads Gleb and fell silent."""

from __future__ import annotations

from datetime import date

from otklik.feedback.models import Wave
from otklik.relationships.models import (
    AccountPlan,
    CallToAction,
    CoverageContract,
    InfluenceLine,
    PlanAction,
    Review,
    SilentPerson,
    Tie,
)
from tests.world import World


def of_the_map(world: World, wave_id: int) -> dict[str, object]:
    tie, _ = Tie.objects.get_or_create(
        contact=world.vera, user=world.boris,
        defaults={"kind": "manager", "level": "weak", "stated_at": world.now},
    )  # fmt: skip
    line, _ = InfluenceLine.objects.get_or_create(
        source=world.vera, target=world.gleb, defaults={"kind": "leads", "stated_at": world.now}
    )
    call, _ = CallToAction.objects.get_or_create(
        wave=Wave.objects.get(pk=wave_id), contact=world.vera, kind="silence",
        defaults={"partner": world.aurora, "what": "regular", "task": "reach_personally", "place": 0,
                  "owner": world.boris, "due_on": world.now.date(), "raised_at": world.now},
    )  # fmt: skip
    silent = {
        "partner": world.aurora, "program": world.program, "wave_id": wave_id, "kind": "regular",
        "role": "decision_maker", "chance": 0.7, "points": 20, "tie": "weak", "open_tickets": 0,
        "counted_at": world.now,
    }  # fmt: skip
    SilentPerson.objects.get_or_create(contact=world.vera, defaults=silent)
    contract, _ = CoverageContract.objects.get_or_create(
        program=world.program, tier="gold",
        defaults={"months": 6, "needs": {"end_user": [1, 1]}, "set_at": world.now},
    )  # fmt: skip
    plan, _ = AccountPlan.objects.get_or_create(partner=world.aurora, defaults={"changed_at": world.now})
    action, _ = PlanAction.objects.get_or_create(
        plan=plan, text="Call", due_on=world.now.date(), created_at=world.now
    )
    nothing: dict[str, object] = dict.fromkeys(("views", "people", "trend", "moves", "actions"), ())
    nothing["promises"] = {}
    Review.objects.get_or_create(
        partner=world.aurora, quarter=date(2026, 1, 1), defaults={"figures": nothing, "made_at": world.now}
    )
    return {
        "tie_id": tie.pk,
        "line_id": line.pk,
        "call_id": call.pk,
        "contract_id": contract.pk,
        "action_id": action.pk,
        "quarter": "2026-01-01",
    }
