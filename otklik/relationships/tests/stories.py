"""What happens in every other story of the map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Response, SurveyVersion, Wave
from otklik.feedback.rules.vocabulary import WaveState
from otklik.feedback.tests.answers import nps_version
from otklik.feedback.tests.invited import invite, wave_of
from otklik.identity.models import User
from otklik.partners.models import Contact
from tests.world import NOW, World

AT = NOW + timedelta(hours=1)
TODAY = AT.date()


def by(user: User) -> Actor:
    return Actor.person(user.pk)


def version_of(world: World) -> SurveyVersion:
    return SurveyVersion.objects.select_related("survey").get(pk=nps_version(world))


def draft_of(version: SurveyVersion) -> Wave:
    return wave_of(version, state=WaveState.DRAFT)


def closed_wave(version: SurveyVersion, *, weeks_ago: int) -> Wave:
    started = NOW - timedelta(weeks=weeks_ago)
    closed = started + timedelta(days=10)
    return wave_of(version, state=WaveState.CLOSED, started_at=started, closed_at=closed)


def asked(wave: Wave, contact: Contact, score: int | None = None, **extra: Any) -> Invitation:
    """Sent when the wave began, and answered a day later if there is a score."""
    begun = wave.started_at or NOW
    answered = None if score is None else begun + timedelta(days=1)
    invitation = invite(wave, contact, planned_at=begun, sent_at=begun, answered_at=answered, **extra)
    if score is not None and answered is not None:
        Response.objects.create(
            version=wave.version,
            kind="nps",
            partner=contact.partner,
            contact=contact,
            invitation=invitation,
            score=score,
            source_key=f"i{invitation.pk}",
            responded_at=answered,
            recorded_at=answered,
            program_id=wave.program_id,
            role=contact.role,
            channel="email",
        )
    return invitation
