"""Short ways to invite, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from otklik.feedback.models import Invitation, SurveyLink, SurveyVersion, Wave
from otklik.feedback.rules.vocabulary import InvitationState, WaveMode, WaveState
from otklik.partners.models import Contact
from tests.world import NOW, World

_serial = iter(range(1, 10**9))


def wave_of(version: SurveyVersion, **extra: Any) -> Wave:
    fields = {
        "survey": version.survey,
        "version": version,
        "program_id": version.survey.program_id,
        "name": f"Wave {next(_serial)}",
        "mode": WaveMode.WAVE,
        "state": WaveState.RUNNING,
        "created_at": NOW,
    }
    return Wave.objects.create(**fields | extra)


def invite(wave: Wave, contact: Contact, **extra: Any) -> Invitation:
    partner = contact.partner
    fields = {
        "wave": wave,
        "key": f"contact:{contact.pk}:{next(_serial)}",
        "version": wave.version,
        "program_id": wave.program_id,
        "partner": partner,
        "contact": contact,
        "state": InvitationState.SENT,
        "language": "en",
        "address": contact.addresses.get().normalised if contact.addresses.exists() else "",
        "tier": partner.tier,
        "country": partner.country,
        "role": contact.role,
        "manager": partner.manager,
        "planned_at": NOW - timedelta(days=2),
        "sent_at": NOW - timedelta(days=1),
        "expires_at": NOW + timedelta(days=30),
    }
    return Invitation.objects.create(**fields | extra)


def link_of(world: World, version: SurveyVersion, **extra: Any) -> SurveyLink:
    fields = {"name": "Stand", "slug": f"stand-{next(_serial)}", "created_at": NOW}
    return SurveyLink.objects.create(survey=version.survey, **fields | extra)
