"""Somebody to follow up, for the walk through all addresses: Vera of Aurora, who gave a 3."""

from __future__ import annotations

from datetime import timedelta

from otklik.loop.models import Alert, AlertRule, LetterTemplate, RootCause
from tests.world import World


def of_loop(world: World) -> dict[str, object]:
    rule, _ = AlertRule.objects.get_or_create(
        program=world.program, name="Unhappy", kind="score", created_at=world.now
    )
    alert, _ = Alert.objects.get_or_create(
        key="walk", program=world.program, partner=world.aurora, contact=world.vera, rule=rule, kind="score",
        flow="detractor", survey_kind="nps", score=3, reasons=[["score", 3]], owner=world.boris,
        owner_reason="manager", opened_at=world.now, due_at=world.now + timedelta(hours=48),
        escalates_at=world.now + timedelta(hours=56),
    )  # fmt: skip
    cause, _ = RootCause.objects.get_or_create(program=world.program, names={"en": "Late"})
    letter, _ = LetterTemplate.objects.get_or_create(
        program=world.program, kind="detractor", language="en",
        defaults={"subject": "You", "text": "Hello {name}"},
    )  # fmt: skip
    return {"alert_id": alert.pk, "rule_id": rule.pk, "cause_id": cause.pk, "letter_id": letter.pk}
