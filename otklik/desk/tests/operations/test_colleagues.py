"""Who among us is told by mail, and who is not."""

from __future__ import annotations

import pytest

from otklik.desk.operations.colleagues import tell_colleagues
from otklik.desk.operations.messages import receive_message, write_note
from otklik.desk.operations.people import follow
from otklik.desk.operations.tickets import assign
from otklik.desk.rules.vocabulary import (
    MESSAGE_RECEIVED,
    NOTE_WRITTEN,
    OWNER_CHANGED,
    Channel,
    Side,
    Verdict,
)
from otklik.desk.tests.web.test_inbox import ticket
from otklik.events.public import Actor, ActorKind, DeliveredEvent, Origin, timeline
from otklik.jobs.models import OutgoingMail
from tests.world import World

pytestmark = pytest.mark.django_db


def told_of(kind: str, ticket_id: int, world: World) -> list[str]:
    line = next(line for line in timeline("ticket", ticket_id) if line.kind == kind)
    event = DeliveredEvent(
        id=line.id,
        kind=line.kind,
        version=1,
        happened_at=line.happened_at,
        recorded_at=line.happened_at,
        actor=Actor(ActorKind(line.actor_kind), line.actor_id, Origin(line.origin)),
        subjects=line.subjects,
        data=line.data,
    )
    OutgoingMail.objects.all().delete()
    tell_colleagues([event], at=world.now)
    return sorted(mail.as_message().to for mail in OutgoingMail.objects.all())


def test_whoever_is_mentioned_is_told_once_and_the_writer_is_not(world: World) -> None:
    found = ticket(world)
    both = [world.anna.pk, world.dmitri.pk]
    write_note(ticket_id=found.pk, text="@", mentions=both, by=Actor.person(world.dmitri.pk), at=world.now)
    assert told_of(NOTE_WRITTEN, found.pk, world) == ["anna@example.com"]


def test_a_mention_opens_no_other_partners_ticket_to_mail(world: World) -> None:
    """The stranger has no role: the mail's subject line would already tell too much."""
    found = ticket(world)
    strangers = [world.stranger.pk]
    write_note(
        ticket_id=found.pk, text="@", mentions=strangers, by=Actor.person(world.dmitri.pk), at=world.now
    )
    assert told_of(NOTE_WRITTEN, found.pk, world) == []


def test_the_new_owner_is_told_unless_they_took_it_themselves(world: World) -> None:
    found = ticket(world)
    assign(ticket_id=found.pk, owner_id=world.dmitri.pk, by=Actor.person(world.anna.pk), at=world.now)
    assert told_of(OWNER_CHANGED, found.pk, world) == ["dmitri@example.com"]
    other = ticket(world)
    assign(ticket_id=other.pk, owner_id=world.dmitri.pk, by=Actor.person(world.dmitri.pk), at=world.now)
    assert told_of(OWNER_CHANGED, other.pk, world) == []


@pytest.mark.parametrize(
    ("verdict", "told"), [(Verdict.PERSON, ["anna@example.com"]), (Verdict.AUTO_REPLY, [])]
)
def test_followers_hear_of_people_and_not_of_machines(
    world: World, verdict: Verdict, told: list[str]
) -> None:
    found = ticket(world)
    follow(ticket_id=found.pk, user_id=world.anna.pk, by=Actor.person(world.anna.pk), at=world.now)
    receive_message(
        ticket_id=found.pk,
        side=Side.PARTNER,
        channel=Channel.EMAIL,
        text="Well?",
        contact_id=world.vera.pk,
        verdict=verdict,
        by=Actor.system(),
        at=world.now,
    )
    assert told_of(MESSAGE_RECEIVED, found.pk, world) == told
