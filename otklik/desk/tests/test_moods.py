"""How those who wrote sounded, as the facts about tickets tell it."""

from __future__ import annotations

import pytest

from otklik.analytics.models import PendingFact
from otklik.desk.models import Ticket
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.messages import reply
from otklik.desk.queries.moods import moods_of
from otklik.desk.rules.vocabulary import TICKET_FACTS, Verdict
from otklik.desk.tests.clocks.promised import at
from otklik.desk.tests.operations.stories import SYSTEM, asked, wrote
from otklik.partners.public import erase_contact
from tests.world import World

pytestmark = pytest.mark.django_db
ANGRY, FURIOUS = "This is ridiculous.", "This is ridiculous, we are leaving, see you in court: lawsuit!"


def mood_of(ticket: Ticket) -> tuple[int | None, int | None]:
    mood = moods_of([ticket.pk])[ticket.pk]
    return mood.first, mood.worst


def test_only_what_they_wrote_themselves_tells_how_they_felt(world: World) -> None:
    ticket = asked(world, text="Where is it?", quote=FURIOUS, signature=FURIOUS, at=at(2))
    reply(ticket_id=ticket.pk, text=FURIOUS, by=SYSTEM, at=at(3))
    assert mood_of(ticket) == (0, 0)
    wrote(ticket, ANGRY, at=at(4))
    wrote(ticket, "Thank you.", at=at(5))
    assert mood_of(ticket) == (0, 3)


def test_a_machine_has_no_mood_and_neither_has_a_ticket_it_began(world: World) -> None:
    ticket = asked(world, text=FURIOUS, verdict=Verdict.AUTO_REPLY, at=at(2))
    assert mood_of(ticket) == (None, None)
    wrote(ticket, ANGRY, at=at(3))
    assert mood_of(ticket) == (None, 3)


def test_what_came_with_a_merge_was_said_in_the_survivor_and_in_its_own_place(world: World) -> None:
    source, target = asked(world, text=FURIOUS, at=at(2)), asked(world, text=ANGRY, at=at(3))
    merge_tickets(source_id=source.pk, target_id=target.pk, by=SYSTEM, at=at(4))
    assert mood_of(source) == mood_of(target) == (7, 7)


def test_words_that_were_erased_sounded_like_nothing(world: World) -> None:
    """And not calm: the row is written anew without them, and so is that of the ticket they came to."""
    source = asked(world, text=FURIOUS, at=at(2))
    target = asked(world, at=at(3), contact_id=world.gleb.pk, requester_address="gleb@aurora.example")
    merge_tickets(source_id=source.pk, target_id=target.pk, by=SYSTEM, at=at(4))
    PendingFact.objects.all().delete()
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=at(5))
    noted = PendingFact.objects.filter(source=TICKET_FACTS).values_list("row_id", flat=True)
    assert {source.pk, target.pk} <= set(noted)
    assert (mood_of(source), mood_of(target)) == ((None, None), (None, 0))
