"""Everybody who may be asked is asked once; whatever happens on the way, nobody is asked twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from otklik.desk.models import Ticket
from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import AskingRules, Invitation, Objection
from otklik.feedback.operations.claiming import CLAIM, claim_invitation
from otklik.feedback.operations.occasions import ask_after_ticket
from otklik.feedback.operations.planning import withdraw_unsent
from otklik.feedback.operations.settling import MOST_ATTEMPTS, End, Settled, settle
from otklik.feedback.operations.waves import close_wave
from otklik.feedback.queries.asking import histories, people_of, rules_of
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, WaveState
from otklik.feedback.tests.invited import invite, wave_of
from otklik.feedback.tests.mailing.conftest import Post
from otklik.partners.models import Address

pytestmark = pytest.mark.django_db


def state(invitation: Invitation) -> str:
    invitation.refresh_from_db()
    return invitation.state


def test_who_is_due_is_written_to_once(post: Post) -> None:
    vera, gleb = post.plan(post.world.vera), post.plan(post.world.gleb)
    later = post.plan(post.someone("later-on@aurora.example"), send_at=post.at + timedelta(hours=1))
    assert post.send() is False
    assert post.send() is False
    assert sorted(post.addresses) == ["gleb@aurora.example", "vera@aurora.example"]
    assert [state(one) for one in (vera, gleb, later)] == ["sent", "sent", "planned"]
    assert vera.sent_at == post.at
    assert Event.objects.filter(kind="invitation.sent").count() == 2


def test_the_mail_is_for_the_person(post: Post) -> None:
    AskingRules.objects.create(
        program=post.world.program, sender_name="North team", reply_to="a@north.example"
    )
    invitation = post.plan(post.world.vera, language="ru")
    post.send()
    [sent] = post.sender.sent
    assert "Vera Orlova" in sent.letter.text
    assert "Насколько вероятно" in sent.letter.text
    assert (sent.sender_name, sent.reply_to) == ("North team", "a@north.example")
    assert sent.stop_link.endswith("/stop/")
    assert f".{invitation.pk}.0." in sent.message_id


@pytest.mark.parametrize("days", [0, 30, 89])
def test_somebody_asked_meanwhile_by_another_survey_is_left_out(post: Post, days: int) -> None:
    other = wave_of(post.version)
    invite(other, post.world.vera, sent_at=post.at - timedelta(days=days))
    invitation = post.plan(post.world.vera)
    post.send()
    assert post.addresses == []
    assert (state(invitation), invitation.reason) == ("left_out", Refusal.COOLDOWN)


def test_two_contacts_with_one_address_are_one_person(post: Post) -> None:
    twin = post.someone("vera@aurora.example")
    first, second = post.plan(post.world.vera), post.plan(twin)
    post.send()
    assert post.addresses == ["vera@aurora.example"]
    assert [state(first), state(second)] == ["sent", "left_out"]


def test_a_mail_under_way_or_uncertain_counts_as_asked(post: Post) -> None:
    invite(wave_of(post.version), post.world.vera, state="sending", sent_at=None, claimed_at=post.at)
    invite(wave_of(post.version), post.world.gleb, state="uncertain", sent_at=post.at)
    post.plan(post.world.vera)
    post.plan(post.world.gleb)
    post.send()
    assert post.addresses == []


def _unsubscribe(post: Post) -> None:
    Objection.objects.create(
        program=post.world.program, address="vera@aurora.example", kind="unsubscribed", at=post.at
    )


def _complain(post: Post) -> None:
    Objection.objects.create(
        program=post.world.program,
        contact=post.world.vera,
        kind="complained",
        at=post.at,
        until=post.at + timedelta(days=365),
    )


def _bounce(post: Post) -> None:
    Address.objects.filter(contact=post.world.vera).update(bounced_at=post.at)


def _take_address_away(post: Post) -> None:
    Address.objects.filter(contact=post.world.vera).delete()


def _leave(post: Post) -> None:
    post.world.vera.is_active = False
    post.world.vera.save()


def _refuse(post: Post) -> None:
    post.world.vera.consent = "withdrawn"
    post.world.vera.save()


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (_unsubscribe, Refusal.UNSUBSCRIBED),
        (_complain, Refusal.QUARANTINE),
        (_bounce, Refusal.BOUNCED),
        (_take_address_away, Refusal.NO_ADDRESS),
        (_leave, Refusal.INACTIVE),
        (_refuse, Refusal.CONSENT_REFUSED),
    ],
)
def test_what_happened_since_the_plan_is_looked_at_again(
    post: Post, meanwhile: Callable[[Post], None], reason: Refusal
) -> None:
    invitation = post.plan(post.world.vera)
    meanwhile(post)
    post.send()
    assert post.addresses == []
    assert (state(invitation), invitation.reason) == ("left_out", reason)
    assert Event.objects.filter(kind="invitation.left_out").count() == 1


def test_a_complaint_whose_time_is_over_forbids_nothing(post: Post) -> None:
    _complain(post)
    Objection.objects.update(at=post.at - timedelta(days=400), until=post.at - timedelta(days=35))
    post.plan(post.world.vera)
    post.send()
    assert post.addresses == ["vera@aurora.example"]


def test_who_answered_by_a_link_or_whose_time_ran_out_is_not_written_to(post: Post) -> None:
    answered = post.plan(post.world.vera, answered_at=post.at)
    expired = post.plan(post.world.gleb, expires_at=post.at)
    post.send()
    assert post.addresses == []
    assert [state(answered), state(expired)] == ["withdrawn", "withdrawn"]


@pytest.mark.parametrize(
    "ended", [WaveState.CLOSED, WaveState.CANCELLED, WaveState.PLANNING, WaveState.DRAFT]
)
def test_only_a_wave_that_runs_sends(post: Post, ended: WaveState) -> None:
    invitation = post.plan(post.world.vera)
    post.wave.state = ended
    post.wave.save()
    post.send()
    assert post.addresses == []
    assert state(invitation) == "planned"


def test_a_dead_address_is_marked_and_the_others_go_on(post: Post) -> None:
    dead, alive = post.plan(post.someone("dead@aurora.example")), post.plan(post.world.vera)
    post.send()
    assert [state(dead), state(alive)] == ["bounced", "sent"]
    assert dead.sent_at is None
    assert Address.objects.get(normalised="dead@aurora.example").bounced_at == post.at
    assert Event.objects.filter(kind="invitation.bounced").count() == 1


def test_a_refused_mail_fails_and_says_nothing_against_the_address(post: Post) -> None:
    refused = post.plan(post.someone("refused@aurora.example"))
    post.send()
    assert (state(refused), refused.reason) == ("failed", "as asked")
    assert Address.objects.get(normalised="refused@aurora.example").bounced_at is None


def test_one_put_off_is_tried_later_and_not_for_ever(post: Post) -> None:
    late = post.plan(post.someone("later@aurora.example"), expires_at=post.at + timedelta(days=99))
    post.send()
    assert state(late) == "planned"
    assert late.send_at is not None
    assert late.send_at > post.at + timedelta(minutes=10)
    for _ in range(MOST_ATTEMPTS - 1):
        assert state(late) == "planned"
        post.at = max(post.at, late.send_at)
        post.send()
    assert state(late) == "failed"
    assert post.addresses == []


def test_a_closed_way_costs_nobody_an_attempt(post: Post) -> None:
    first, second = post.plan(post.someone("closed@aurora.example")), post.plan(post.world.vera)
    assert post.send() is False
    assert [state(first), state(second)] == ["planned", "planned"]
    assert (first.attempts, first.claimed_at) == (0, None)


def test_nobody_knows_is_not_tried_again(post: Post) -> None:
    unknown = post.plan(post.someone("unknown@aurora.example"))
    post.send()
    post.send(hours=1)
    assert post.addresses == ["unknown@aurora.example"]
    assert (state(unknown), unknown.sent_at) == ("uncertain", unknown.claimed_at)


def test_a_claim_whose_worker_died_is_uncertain_and_never_sent(post: Post) -> None:
    invitation = post.plan(post.world.vera)
    assert claim_invitation(invitation_id=invitation.pk, by=_system(), at=post.at) is not None
    post.send()
    assert state(invitation) == InvitationState.SENDING, "whoever has it may still be at it"
    post.send(minutes=CLAIM.total_seconds() / 60 + 1)
    assert state(invitation) == InvitationState.UNCERTAIN
    assert invitation.sent_at == invitation.claimed_at
    assert post.addresses == []


def test_a_claimed_invitation_is_nobody_elses(post: Post) -> None:
    invitation = post.plan(post.world.vera)
    claims = [claim_invitation(invitation_id=invitation.pk, by=_system(), at=post.at) for _ in range(2)]
    assert [claim is not None for claim in claims] == [True, False]


def test_no_more_leave_in_a_minute_than_allowed(post: Post, settings: Any) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, survey_mails_per_minute=3)
    for number in range(8):
        post.plan(post.someone(f"p{number}@aurora.example"))
    amounts = []
    for _ in range(3):
        post.send(seconds=61)
        amounts.append(len(post.sender.sent))
    assert amounts == [3, 6, 8]


def test_a_form_that_cannot_be_written_fails_its_invitation_alone(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = wave_of(post.version)
    type(post.version).objects.filter(pk=post.version.pk).update(wording={})
    failing = post.plan(post.world.vera, wave=broken)
    post.send()
    assert state(failing) == "failed"
    assert "FormRefused" in failing.reason


def test_claiming_takes_a_constant_number_of_statements(
    post: Post, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(20):
        post.plan(post.someone(f"q{number}@aurora.example"))
    with django_assert_max_num_queries(20 * 12 + 40):  # type: ignore[attr-defined]
        post.send()
    assert len(post.sender.sent) == 20


def _system() -> Actor:
    return Actor.system()


def _about_a_ticket(post: Post, **fields: Any) -> tuple[Ticket, Invitation]:
    """Solved, and the question about it due."""
    ticket = Ticket.objects.create(
        program=post.world.program, partner=post.world.aurora, contact=post.world.vera, subject="Where is it",
        channel="email", public_key="k", created_at=post.at, updated_at=post.at, status="solved",
        is_open=False, solved_at=post.at,
    )  # fmt: skip
    wave = wave_of(post.version, mode="event", plan={"event": "ticket.solved"}, **fields)
    return ticket, post.plan(post.world.vera, wave=wave, key=f"ticket.solved:{ticket.pk}")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "open", "is_open": True},
        {"status": "closed", "outcome": "spam"},
        {"status": "closed", "outcome": "merged", "merged_into": True},
    ],
)
def test_nobody_is_asked_about_a_ticket_that_is_not_solved_any_more(
    post: Post, change: dict[str, Any]
) -> None:
    ticket, invitation = _about_a_ticket(post)
    if change.pop("merged_into", False):
        other = Ticket.objects.create(
            program=post.world.program, subject="The other", channel="email", public_key="o",
            created_at=post.at, updated_at=post.at,
        )  # fmt: skip
        change["merged_into"] = other
    Ticket.objects.filter(pk=ticket.pk).update(**change)
    post.send()
    assert post.addresses == []
    assert (state(invitation), invitation.reason) == ("left_out", Refusal.TICKET_REOPENED)


def test_a_ticket_solved_again_is_asked_about_after_all(post: Post) -> None:
    ticket, invitation = _about_a_ticket(post)
    Ticket.objects.filter(pk=ticket.pk).update(status="open", is_open=True)
    post.send()
    assert state(invitation) == "left_out"

    Ticket.objects.filter(pk=ticket.pk).update(status="closed", is_open=False)
    assert ask_after_ticket(ticket_id=ticket.pk, happened_at=post.at, at=post.at) == 1
    post.send(days=3)
    assert post.addresses == ["vera@aurora.example"]


def test_nobody_is_reminded_of_a_ticket_that_is_open_again(post: Post) -> None:
    ticket, invitation = _about_a_ticket(post, reminders=[3])
    post.send()
    Ticket.objects.filter(pk=ticket.pk).update(status="open", is_open=True)
    post.send(days=5)
    assert len(post.addresses) == 1
    invitation.refresh_from_db()
    assert (invitation.state, invitation.remind_at) == ("sent", None)


@pytest.mark.parametrize("end", [End.CLOSED, End.LATER])
def test_what_comes_back_after_the_closing_waits_for_nothing_and_keeps_nobody_from_the_next_wave(
    post: Post, end: End
) -> None:
    by, invitation = Actor.system(), post.plan(post.world.vera)
    claim = claim_invitation(invitation_id=invitation.pk, by=by, at=post.at)
    assert claim is not None
    close_wave(wave_id=post.wave.pk, by=by, at=post.at)
    withdraw_unsent(wave_id=post.wave.pk)
    settle([Settled(claim, end, "451 later")], by=by, at=post.at)
    assert state(invitation) == "withdrawn"

    second = post.plan(post.world.vera, wave=wave_of(post.version))
    rules = rules_of(post.world.program.pk)
    people = people_of(post.world.program.pk, Plan(), at=post.at, only=[post.world.vera.pk])
    found = histories(people, post.world.program.pk, rules=rules, at=post.at, but_wave=second.wave_id)
    assert found[post.world.vera.pk].asked == []


@pytest.mark.parametrize(
    ("zone", "hours", "leaves"),
    [("UTC", 3, True), ("UTC", 10, False), ("Asia/Vladivostok", 3, False), ("America/New_York", 9, True)],
)
def test_what_was_due_by_day_comes_to_nobody_at_night(
    post: Post, zone: str, hours: int, leaves: bool
) -> None:
    """The mail server was away since noon, UTC."""
    invitation = post.plan(post.world.vera, time_zone=zone)
    post.send(hours=hours)
    assert bool(post.addresses) is leaves
    if not leaves:
        assert state(invitation) == "planned"
        assert invitation.send_at is not None
        assert invitation.send_at > post.at
        assert invitation.attempts == 0
        post.at = invitation.send_at
        post.send()
        assert post.addresses == ["vera@aurora.example"]
