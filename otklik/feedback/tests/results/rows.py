"""A survey with a wave, its invitations and what became of them, in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from otklik.analytics.public import count_scores
from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Response, SurveyLink, SurveyVersion, Wave
from otklik.feedback.operations.responses import score_fact
from otklik.feedback.public import SurveyKind, create_survey
from otklik.feedback.rules.vocabulary import (
    Channel,
    InvitationState,
    ResponseStatus,
    WaveMode,
    WaveState,
)
from otklik.partners.models import Contact, Partner
from otklik.partners.rules.vocabulary import ContactRole
from tests.world import NOW, World

_serial: Iterator[int] = iter(range(1, 10**9))


def survey(
    world: World, kind: SurveyKind = SurveyKind.NPS, name: str = "Autumn", questions: Any = ()
) -> SurveyVersion:
    version = create_survey(program_id=world.program.pk, name=name, kind=kind, by=Actor.system(), at=NOW)
    version.questions = list(questions)
    version.save()
    return version


def wave(version: SurveyVersion, name: str = "October", mode: WaveMode = WaveMode.WAVE, **more: Any) -> Wave:
    values: dict[str, Any] = {"state": WaveState.RUNNING, "started_at": NOW, "created_at": NOW} | more
    return Wave.objects.create(
        survey_id=version.survey_id, version=version, program_id=version.survey.program_id, name=name,
        mode=mode, **values,
    )  # fmt: skip


def person(partner: Partner, role: str = ContactRole.UNKNOWN, **more: Any) -> Contact:
    number = next(_serial)
    return Contact.objects.create(partner=partner, name=f"Person {number}", role=role, created_at=NOW, **more)


def invite(round_: Wave, contact: Contact, state: str = InvitationState.SENT, **more: Any) -> Invitation:
    partner = contact.partner
    sent = NOW if state in (InvitationState.SENT, InvitationState.BOUNCED) else None
    values: dict[str, Any] = {
        "role": contact.role, "segment": partner.segment, "tier": partner.tier,
        "manager_id": partner.manager_id, "planned_at": NOW, "sent_at": sent,
        "expires_at": NOW + timedelta(days=30),
        "address": f"person{contact.pk}@{partner.name.lower()}.example",
    }  # fmt: skip
    assert round_.version_id is not None
    return Invitation.objects.create(
        wave=round_, key=f"contact:{contact.pk}:{next(_serial)}", version_id=round_.version_id,
        program_id=round_.program_id, partner=partner, contact=contact, state=state, **(values | more),
    )  # fmt: skip


def answered(invitation: Invitation, score: int, at: datetime = NOW, **more: Any) -> Response:
    """A confirmed answer to an invitation, with its place in the histogram."""
    invitation.answered_at = at
    invitation.save()
    return _response(
        score, at, invitation=invitation, version_id=invitation.version_id, partner_id=invitation.partner_id,
        contact_id=invitation.contact_id, program_id=invitation.program_id, role=invitation.role,
        segment=invitation.segment, tier=invitation.tier, manager_id=invitation.manager_id,
        source_key=f"inv:{invitation.pk}", channel=Channel.EMAIL, kind=invitation.version.survey.kind, **more,
    )  # fmt: skip


def link(version: SurveyVersion, **more: Any) -> SurveyLink:
    return SurveyLink.objects.create(
        survey_id=version.survey_id, name="Poster", slug=f"poster-{next(_serial)}", created_at=NOW, **more
    )


def answered_by_link(
    place: SurveyLink, version: SurveyVersion, score: int, at: datetime = NOW, **more: Any
) -> Response:
    """Nobody knows whose answer it is."""
    return _response(
        score, at, link=place, version=version, program_id=version.survey.program_id, role="unknown",
        source_key=f"link:{place.pk}:{next(_serial)}", channel=Channel.LINK, kind=version.survey.kind, **more,
    )  # fmt: skip


def asked_and_answered(
    round_: Wave, partner: Partner, scores: list[int], role: str = ContactRole.UNKNOWN, **more: Any
) -> list[Response]:
    return [answered(invite(round_, person(partner, role)), score, **more) for score in scores]


def _response(score: int, at: datetime, **values: Any) -> Response:
    response = Response.objects.create(score=score, responded_at=at, recorded_at=at, **values)
    if response.status == ResponseStatus.COMPLETE:
        count_scores([score_fact(response)])
    return response
