"""Reminders: as many as set, and never to somebody who has answered, left or bounced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import Invitation
from otklik.feedback.operations.objections import Objector, unsubscribe
from otklik.feedback.rules.vocabulary import WaveState
from otklik.feedback.tests.invited import invite, wave_of
from otklik.feedback.tests.mailing.conftest import Post
from otklik.partners.models import Address

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(post: Post) -> Invitation:
    post.wave.reminders = [3, 7]
    post.wave.save()
    invitation = post.plan(post.world.vera)
    post.send()
    invitation.refresh_from_db()
    post.sender.sent.clear()
    return invitation


def again(post: Post, days: int) -> int:
    """How many mails leave when so many days have passed, a look every four hours."""
    for _ in range(days * 6):
        post.send(hours=4)
    return len(post.sender.sent)


def test_as_many_as_set_in_business_hours_and_under_their_own_ids(post: Post, invited: Invitation) -> None:
    assert invited.remind_at == post.at + timedelta(days=3)
    assert again(post, 20) == 2
    first, second = post.sender.sent
    assert first.letter.subject == "Reminder: One question about North"
    assert len({first.message_id, second.message_id}) == 2
    invited.refresh_from_db()
    assert (invited.reminders_sent, invited.remind_at, invited.state) == (2, None, "sent")
    assert Event.objects.filter(kind="invitation.sent").count() == 1, "a reminder is no new asking"
    assert Event.objects.filter(kind="invitation.reminded").count() == 2


def _answer(post: Post, invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(answered_at=post.at)


def _leave(post: Post, invitation: Invitation) -> None:
    unsubscribe(who=Objector.of(invitation), by=Actor.system(), at=post.at)


def _bounce(post: Post, invitation: Invitation) -> None:
    Address.objects.update(bounced_at=post.at)


def _close(post: Post, invitation: Invitation) -> None:
    post.wave.state = WaveState.CLOSED
    post.wave.save()


def _end(post: Post, invitation: Invitation) -> None:
    post.wave.closes_at = post.at + timedelta(days=2)
    post.wave.save()


@pytest.mark.parametrize("meanwhile", [_answer, _leave, _bounce, _close, _end])
def test_nobody_is_reminded_who_should_not_be(
    post: Post, invited: Invitation, meanwhile: Callable[[Post, Invitation], None]
) -> None:
    meanwhile(post, invited)
    assert again(post, 9) == 0


def test_not_within_two_days_of_another_mail_of_ours(post: Post, invited: Invitation) -> None:
    assert invited.remind_at is not None
    other = invited.remind_at - timedelta(hours=5)
    invite(wave_of(post.version), post.world.vera, sent_at=other)
    post.at = invited.remind_at
    post.send()
    assert post.sender.sent == []
    invited.refresh_from_db()
    assert invited.remind_at is not None
    assert invited.remind_at >= other + timedelta(hours=48)
    assert again(post, 6) == 1, "and the second one not right after it"


def test_one_that_is_put_off_is_not_counted(post: Post, invited: Invitation) -> None:
    Invitation.objects.update(address="later@aurora.example")
    Address.objects.update(normalised="later@aurora.example")
    assert again(post, 3) == 0
    invited.refresh_from_db()
    assert (invited.reminders_sent, invited.reminded_at) == (0, None)
    assert invited.remind_at is not None
    assert invited.attempts > 0


def test_one_that_may_have_left_is_counted_and_not_repeated(post: Post, invited: Invitation) -> None:
    Invitation.objects.update(address="unknown@aurora.example")
    Address.objects.update(normalised="unknown@aurora.example")
    assert again(post, 4) == 1
    invited.refresh_from_db()
    assert (invited.reminders_sent, invited.state) == (1, "sent")


def test_a_reminder_to_a_dead_address_marks_it(post: Post, invited: Invitation) -> None:
    Invitation.objects.update(address="dead@aurora.example")
    Address.objects.update(normalised="dead@aurora.example")
    assert again(post, 4) == 0
    invited.refresh_from_db()
    assert (invited.state, invited.remind_at) == ("bounced", None)
