"""Whoever does not want to be asked says so once, by one tap, and only they take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import AskingRules, Invitation, Objection
from otklik.feedback.operations.objections import (
    NotInForce,
    Objector,
    OnlyThePerson,
    ReasonMissing,
    complain,
    lift_complaint,
    unsubscribe,
)
from otklik.feedback.tests.invited import invite
from otklik.feedback.tests.mailing.conftest import Post
from otklik.feedback.tokens import invitation_token
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(post: Post) -> Invitation:
    return invite(post.wave, post.world.vera, remind_at=post.at)


def page(invitation: Invitation) -> str:
    return reverse("answer-stop", args=[invitation_token(invitation.pk)])


def test_looking_at_the_page_stops_nothing(asked: Invitation, client: Client) -> None:
    for method in (client.get, client.head):
        assert method(page(asked)).status_code == 200
        assert method(page(asked) + "?List-Unsubscribe=One-Click").status_code == 200
    assert not Objection.objects.exists()


def test_a_mail_program_leaves_by_one_post_without_cookies(asked: Invitation, post: Post) -> None:
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = strict.post(
            page(asked), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
    [objection] = Objection.objects.all()
    assert (objection.kind, objection.contact, objection.address, objection.until) == (
        "unsubscribed",
        post.world.vera,
        "vera@aurora.example",
        None,
    )
    asked.refresh_from_db()
    assert asked.remind_at is None
    [event] = Event.objects.filter(kind="contact.unsubscribed")
    assert "aurora.example" not in str(event.data)


def test_a_post_as_multipart_or_of_nothing_works_too(asked: Invitation) -> None:
    assert (
        Client(enforce_csrf_checks=True).post(page(asked), {"List-Unsubscribe": "One-Click"}).status_code
        == 200
    )
    assert Objection.objects.count() == 1
    assert Client().generic("POST", page(asked), b"").status_code == 200
    assert Objection.objects.count() == 1


def test_the_person_may_think_better_of_it(asked: Invitation, client: Client, post: Post) -> None:
    client.post(page(asked))
    assert b"ask me again" in client.get(page(asked)).content
    client.post(page(asked), {"again": "1"})
    [objection] = Objection.objects.all()
    assert objection.lifted_at is not None
    post.plan(post.world.gleb)
    assert Event.objects.filter(kind="contact.resubscribed").count() == 1


def test_it_works_long_after_the_form_has_closed(asked: Invitation, client: Client, post: Post) -> None:
    Invitation.objects.update(expires_at=post.at - timedelta(days=900))
    assert client.post(page(asked)).status_code == 200
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "A" * 22, "../stop", "%00" * 20])
def test_a_token_that_is_not_ours_stops_nobody(asked: Invitation, client: Client, token: str) -> None:
    for answer in (client.get(f"/a/{token}/stop/"), client.post(f"/a/{token}/stop/")):
        assert answer.status_code in (400, 404)
    assert not Objection.objects.exists()


def test_the_page_speaks_the_language_of_the_mail(asked: Invitation, client: Client) -> None:
    Invitation.objects.update(language="ru")
    assert "Больше не спрашивать меня" in client.get(page(asked)).content.decode()


def test_a_complaint_means_silence_for_as_long_as_the_rules_say(asked: Invitation, post: Post) -> None:
    AskingRules.objects.create(program=post.world.program, quarantine_days=100)
    first = complain(who=Objector.of(asked), by=Actor.system(), at=post.at)
    assert complain(who=Objector.of(asked), by=Actor.system(), at=post.at) == first
    assert first.until == post.at + timedelta(days=100)
    assert Event.objects.filter(kind="contact.complained").count() == 1


def test_staff_takes_back_a_complaint_with_a_reason_and_nothing_else(asked: Invitation, post: Post) -> None:
    by = Actor.person(post.world.anna.pk)
    complaint = complain(who=Objector.of(asked), by=Actor.system(), at=post.at)
    left = unsubscribe(who=Objector.of(asked), by=Actor.system(), at=post.at)
    with pytest.raises(ReasonMissing):
        lift_complaint(objection_id=complaint.pk, because="  ", by=by, at=post.at)
    lifted = lift_complaint(objection_id=complaint.pk, because="Wrong button, she wrote", by=by, at=post.at)
    assert (lifted.lifted_by_id, lifted.lifted_because) == (post.world.anna.pk, "Wrong button, she wrote")
    with pytest.raises(NotInForce):
        lift_complaint(objection_id=complaint.pk, because="again", by=by, at=post.at)
    with pytest.raises(OnlyThePerson):
        lift_complaint(objection_id=left.pk, because="please", by=by, at=post.at)


def test_the_rules_page_saves_lists_and_lifts(asked: Invitation, post: Post, client: Client) -> None:
    assert client.login(username="anna@example.com", password=PASSWORD)
    complaint = complain(who=Objector.of(asked), by=Actor.system(), at=post.at)
    Objection.objects.update(until=None)
    url = reverse("asking-rules")
    shown = client.get(url).content.decode()
    assert "vera@aurora.example" in shown
    typed = {
        "cooldown_days": "60",
        "quarantine_days": "200",
        "sender_name": "North",
        "reply_to": "",
        "own_domains": "Partner.example\n@other.example\n",
        "own_networks": "192.0.2.7/24",
    }
    assert client.post(url, typed).status_code == 302
    rules = AskingRules.objects.get()
    assert (rules.cooldown_days, rules.own_domains, rules.own_networks) == (
        60,
        ["partner.example", "other.example"],
        ["192.0.2.0/24"],
    )
    for broken in ({"own_networks": "everywhere"}, {"own_domains": "a b"}, {"cooldown_days": "0"}):
        assert client.post(url, {**typed, **broken}).status_code == 200
    lift = reverse("objection-lift", args=[complaint.pk])
    assert client.post(lift, {"because": ""}).status_code == 302
    assert Objection.objects.get(pk=complaint.pk).lifted_at is None
    client.post(lift, {"because": "by mistake"})
    assert Objection.objects.get(pk=complaint.pk).lifted_at is not None


def test_only_those_who_run_surveys_see_who_objects(asked: Invitation, post: Post, client: Client) -> None:
    complaint = complain(who=Objector.of(asked), by=Actor.system(), at=post.at)
    assert client.login(username="boris@example.com", password=PASSWORD)
    assert client.get(reverse("asking-rules")).status_code == 403
    assert client.post(reverse("objection-lift", args=[complaint.pk])).status_code == 403
