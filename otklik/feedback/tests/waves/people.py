"""A crowd to ask, and short ways to plan for it."""

from __future__ import annotations

from typing import Any

from otklik.events.public import Actor
from otklik.feedback.models import SurveyVersion, Wave
from otklik.feedback.operations.planning import plan_wave
from otklik.feedback.operations.waves import create_wave, start_wave
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import WaveMode
from otklik.feedback.tests.answers import nps_version
from otklik.partners.models import Address, Contact
from tests.world import NOW, World

ROLES = ("decision_maker", "influencer", "end_user")


def crowd(world: World, size: int) -> list[Contact]:
    """At Aurora and Borealis in turn, each with an address."""
    made = Contact.objects.bulk_create(
        [
            Contact(
                partner=(world.aurora, world.borealis)[number % 2],
                name=f"Person {number}",
                name_key=f"person {number}",
                role=ROLES[number % 3],
                created_at=NOW,
            )
            for number in range(size)
        ]
    )
    Address.objects.bulk_create(
        [
            Address(contact=one, kind="email", value=address, normalised=address, is_primary=True)
            for number, one in enumerate(made)
            for address in [f"p{number}@crowd.example"]
        ]
    )
    return made


def nps(world: World) -> SurveyVersion:
    return SurveyVersion.objects.get(pk=nps_version(world))


def draft(version: SurveyVersion, plan: Plan | None = None, **extra: Any) -> Wave:
    fields = {"name": "Q1", "mode": WaveMode.WAVE, "by": Actor.system(), "at": NOW}
    return create_wave(survey_id=version.survey_id, plan=plan or Plan(seed="a"), **fields | extra)


def planned(version: SurveyVersion, plan: Plan | None = None, **extra: Any) -> Wave:
    """Started, and its people written."""
    wave = draft(version, plan, **extra)
    start_wave(wave_id=wave.pk, by=Actor.system(), at=NOW)
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    wave.refresh_from_db()
    return wave
