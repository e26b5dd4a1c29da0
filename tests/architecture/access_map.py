"""The map of Aurora, for the walk through all addresses: Boris knows Vera, who leads Gleb and fell silent."""

from __future__ import annotations

from otklik.feedback.models import Wave
from otklik.relationships.models import CallToAction, InfluenceLine, Tie
from tests.world import World


def of_the_map(world: World, wave_id: int) -> dict[str, object]:
    tie, _ = Tie.objects.get_or_create(
        contact=world.vera, user=world.boris, kind="manager", level="weak", stated_at=world.now
    )
    line, _ = InfluenceLine.objects.get_or_create(
        source=world.vera, target=world.gleb, kind="leads", stated_at=world.now
    )
    call, _ = CallToAction.objects.get_or_create(
        wave=Wave.objects.get(pk=wave_id), partner=world.aurora, contact=world.vera, kind="silence",
        what="regular", task="reach_personally", place=0, owner=world.boris, due_on=world.now.date(),
        raised_at=world.now,
    )  # fmt: skip
    return {"tie_id": tie.pk, "line_id": line.pk, "call_id": call.pk}
