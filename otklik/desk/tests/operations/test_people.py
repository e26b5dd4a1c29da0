from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import AgentProfile, Draft, Follower, Mention, Viewing
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.people import (
    drop_draft,
    follow,
    forget_stale_viewings,
    leave_ticket,
    note_viewing,
    save_draft,
    see_mentions,
    unfollow,
)
from otklik.desk.tests.operations.stories import SYSTEM, asked, told
from tests.world import World

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_case_76_each_sees_who_else_is_there_and_who_is_writing(world: World) -> None:
    ticket = asked(world)
    here = {"ticket_id": ticket.pk, "at": world.now}
    assert note_viewing(user_id=world.dmitri.pk, is_writing=True, **here) == []
    [other] = note_viewing(user_id=world.anna.pk, is_writing=False, **here)
    assert (other.user, other.is_writing) == (world.dmitri, True)
    leave_ticket(ticket_id=ticket.pk, user_id=world.dmitri.pk)
    assert note_viewing(user_id=world.anna.pk, is_writing=False, **here) == []


def test_who_has_been_silent_for_a_minute_is_gone(world: World) -> None:
    ticket = asked(world)
    note_viewing(ticket_id=ticket.pk, user_id=world.dmitri.pk, is_writing=True, at=world.now)
    later = world.now + MINUTE
    assert note_viewing(ticket_id=ticket.pk, user_id=world.anna.pk, is_writing=False, at=later) == []
    assert forget_stale_viewings(at=later + timedelta(seconds=1)) == 1
    assert Viewing.objects.get().user == world.anna


def test_looking_leaves_no_word_in_the_log_and_shows_routing_that_one_is_there(world: World) -> None:
    ticket = asked(world)
    AgentProfile.objects.create(user=world.dmitri)
    for minutes in (0, 5):
        moment = world.now + minutes * MINUTE
        note_viewing(ticket_id=ticket.pk, user_id=world.dmitri.pk, is_writing=False, at=moment)
    assert AgentProfile.objects.get().seen_at == world.now + 5 * MINUTE
    assert [line.kind for line in told(ticket)] == ["ticket.created"]


def test_a_draft_is_one_for_each_person_and_ticket(world: World) -> None:
    ticket = asked(world)
    for text in ("We", "We pay"):
        save_draft(ticket_id=ticket.pk, user_id=world.dmitri.pk, text=text, at=world.now)
    save_draft(ticket_id=ticket.pk, user_id=world.anna.pk, text="I", is_note=True, at=world.now)
    assert list(Draft.objects.order_by("pk").values_list("text", flat=True)) == ["We pay", "I"]
    drop_draft(ticket_id=ticket.pk, user_id=world.dmitri.pk)
    assert Draft.objects.get().user == world.anna


def test_following_twice_is_following(world: World) -> None:
    ticket = asked(world)
    for _ in range(2):
        follow(ticket_id=ticket.pk, user_id=world.anna.pk, by=SYSTEM, at=world.now)
    assert Follower.objects.get().user == world.anna
    unfollow(ticket_id=ticket.pk, user_id=world.anna.pk, by=SYSTEM, at=world.now)
    assert not Follower.objects.exists()


def test_a_mention_is_seen_once_the_ticket_is_opened(world: World) -> None:
    ticket = asked(world)
    write_note(ticket_id=ticket.pk, text="@Anna", mentions=[world.anna.pk], by=SYSTEM, at=world.now)
    assert see_mentions(ticket_id=ticket.pk, user_id=world.dmitri.pk, at=world.now) == 0
    assert see_mentions(ticket_id=ticket.pk, user_id=world.anna.pk, at=world.now) == 1
    assert Mention.objects.get().seen_at == world.now
