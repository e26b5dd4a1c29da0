from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, SurveyVersion, Wave
from otklik.feedback.operations.sending import send_due
from otklik.feedback.operations.surveys import ensure_survey
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind
from otklik.feedback.senders.fake import FakeSender
from otklik.feedback.tests.invited import invite, wave_of
from otklik.partners.models import Address, Contact
from tests.world import NOW, World


@dataclass
class Post:
    """A clock that stands still, the fake, and short ways to use both."""

    world: World
    version: SurveyVersion
    wave: Wave
    at: datetime = NOW + timedelta(hours=3)
    sender: FakeSender = field(default_factory=FakeSender)

    def plan(self, contact: Contact, **extra: Any) -> Invitation:
        fields = {
            "state": InvitationState.PLANNED,
            "sent_at": None,
            "send_at": self.at - timedelta(minutes=1),
        }
        return invite(extra.pop("wave", self.wave), contact, **fields | extra)

    def someone(self, address: str) -> Contact:
        contact = Contact.objects.create(partner=self.world.aurora, name=address, created_at=NOW)
        Address.objects.create(
            contact=contact, kind="email", value=address, normalised=address, is_primary=True
        )
        return contact

    def send(self, **later: float) -> bool:
        self.at += timedelta(**later)
        return send_due(sender=self.sender, clock=lambda: self.at, until=self.at + timedelta(minutes=1))

    @property
    def addresses(self) -> list[str]:
        return [one.address for one in self.sender.sent]


@pytest.fixture
def post(world: World) -> Post:
    by = Actor.person(world.anna.pk)
    version = ensure_survey(program_id=world.program.pk, name="Spring", kind=SurveyKind.NPS, by=by, at=NOW)
    return Post(world, version, wave_of(version))
