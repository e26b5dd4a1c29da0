"""Something asked of Vera of Aurora, and an improvement that concerns Aurora, for the walk through all
addresses."""

from __future__ import annotations

from otklik.loop.models import Ask, Improvement, ImprovementPartner
from tests.world import World


def of_outer(world: World) -> dict[str, object]:
    ask, _ = Ask.objects.get_or_create(
        key="walk",
        program=world.program,
        partner=world.aurora,
        contact=world.vera,
        kind="referral",
        owner=world.boris,
        created_at=world.now,
    )
    improvement, _ = Improvement.objects.get_or_create(
        key="walk", program=world.program, title="Weekly payouts", created_at=world.now
    )
    ImprovementPartner.objects.get_or_create(
        improvement=improvement, partner=world.aurora, defaults={"linked_at": world.now}
    )
    return {"ask_id": ask.pk, "improvement_id": improvement.pk}
