"""What is told without a person, for the walk through all addresses."""

from __future__ import annotations

from otklik.assist.models import AutomaticAnswer, Example
from tests.world import World


def of_assist(world: World) -> dict[str, object]:
    """An example of a question, and an answer that Vera got about a document."""
    example, _ = Example.objects.get_or_create(
        key="walk", intent="course", language="en", text="Any webinar?", created_at=world.now
    )
    told, _ = AutomaticAnswer.objects.get_or_create(
        key="walk", contact=world.vera, partner=world.aurora, channel="portal", language="en",
        intent="document", confidence=0.9, threshold=0.5, model_version=1, question="Where is it?",
        title="Contract", lines=["There."], outcome="told", told_at=world.now,
    )  # fmt: skip
    return {
        "example_id": example.pk,
        "told_id": told.pk,
        "intent_name": "course",
        "kind_name": "renewal_near",
    }
