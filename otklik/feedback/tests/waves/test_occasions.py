"""Asked after something happened, every day a share, or by hand; the cooldown holds for all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import Ticket
from otklik.dialogue.public import Application, Onboarding
from otklik.events.models import Event
from otklik.events.public import Actor, DeliveredEvent, Subject
from otklik.feedback import wave_jobs
from otklik.feedback.models import AskingRules, Invitation
from otklik.feedback.operations.by_hand import (
    AlreadyAsked,
    AlreadySent,
    CannotAsk,
    NotOfThisProgram,
    add_person,
    remove_person,
)
from otklik.feedback.operations.occasions import OccasionRefused, ask_after_ticket, note_occasion
from otklik.feedback.operations.own_occasions import (
    ask_after_application,
    ask_after_onboarding,
    ask_after_payout,
)
from otklik.feedback.operations.planning import ask_today
from otklik.feedback.operations.waves import start_wave
from otklik.feedback.queries.occasions import outdated
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import HandReason, Refusal, WaveMode
from otklik.feedback.subscriptions import ask_after_paid_payout
from otklik.feedback.tests.waves.people import crowd, draft, nps, planned
from otklik.kit.registry import Provider, contact_rights
from otklik.partners.models import Address, Partner
from otklik.payouts.public import Payout, PayoutRequest
from tests.world import NOW, World

BY = Actor.system()


def listening(world: World, event: str, **plan):
    wave = draft(nps(world), Plan(seed="e", event=event, **plan), mode=WaveMode.EVENT)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    return wave


def tell(world: World, key: str = "17", contact=None, name: str = "payout.paid") -> int:
    contact = contact or world.vera
    return note_occasion(contact_id=contact.pk, name=name, key=key, happened_at=NOW, by=BY, at=NOW)


def test_after_a_payout_the_person_is_asked_once_with_a_delay_in_their_business_hours(world: World) -> None:
    Partner.objects.filter(pk=world.aurora.pk).update(time_zone="Europe/Moscow")
    listening(world, "payout.paid", delay_hours=24)
    assert tell(world) == 1
    assert tell(world) == 0
    invitation = Invitation.objects.get()
    assert invitation.send_at == NOW + timedelta(hours=24)  # 12:00 of a Tuesday in Moscow
    assert invitation.key == "payout.paid:17"
    assert Event.objects.filter(kind="occasion.noted").count() == 2


def test_the_next_payout_meets_the_cooldown_and_says_so(world: World) -> None:
    listening(world, "payout.paid")
    tell(world)
    assert tell(world, "18") == 0
    second = Invitation.objects.get(key="payout.paid:18")
    assert (second.state, second.reason) == ("left_out", "cooldown")


def test_an_event_nobody_waits_for_asks_nobody(world: World) -> None:
    listening(world, "course.finished")
    assert tell(world) == 0
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("name", "key"),
    [("Bad name", "1"), ("ticket.solved", "1"), ("ok", ""), ("ok", "x" * 51), ("payout.paid", "own-17x")],
)
def test_an_event_without_a_proper_name_and_key_is_refused(world: World, name: str, key: str) -> None:
    with pytest.raises(OccasionRefused):
        tell(world, key, name=name)


def test_after_a_solved_ticket_whoever_wrote_it_is_asked_once(world: World) -> None:
    listening(world, "ticket.solved", roles=("end_user",))
    gleb, vera = (
        Ticket.objects.create(
            program=world.program, partner=world.aurora, contact=contact, subject="Where is it",
            channel="email", public_key=str(contact.pk), created_at=NOW, updated_at=NOW,
        )
        for contact in (world.gleb, world.vera)
    )  # fmt: skip
    assert ask_after_ticket(ticket_id=gleb.pk, happened_at=NOW, at=NOW) == 1
    assert ask_after_ticket(ticket_id=gleb.pk, happened_at=NOW, at=NOW) == 0
    assert ask_after_ticket(ticket_id=vera.pk, happened_at=NOW, at=NOW) == 0  # not of the audience


@pytest.mark.parametrize(("delay", "days", "asked"), [(0, 30, 1), (0, 31, 0), (48, 32, 1), (48, 33, 0)])
def test_what_is_told_years_late_is_noted_and_asks_nobody(
    world: World, delay: int, days: int, asked: int
) -> None:
    listening(world, "payout.paid", delay_hours=delay)
    happened = NOW - timedelta(days=days)
    told = note_occasion(
        contact_id=world.vera.pk, name="payout.paid", key="1", happened_at=happened, by=BY, at=NOW
    )
    invitation = Invitation.objects.get()
    assert (told, invitation.state) == (asked, "planned" if asked else "left_out")
    assert invitation.reason == ("" if asked else Refusal.OLD_OCCASION)
    assert Event.objects.get(kind="occasion.noted").happened_at == happened


def test_a_rolling_survey_asks_its_share_a_day_and_everybody_once_a_round(world: World) -> None:
    crowd(world, 18)
    wave = draft(nps(world), Plan(seed="r", every_days=100), mode=WaveMode.ROLLING)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    for number in range(100):
        at = NOW + timedelta(days=number)
        asked = ask_today(wave_id=wave.pk, day=at.date(), clock=lambda at=at: at)
        assert ask_today(wave_id=wave.pk, day=at.date(), clock=lambda at=at: at) == 0
        assert asked <= 1
    assert Invitation.objects.filter(state="planned").count() == 20
    assert Invitation.objects.values("contact").distinct().count() == 20


def test_a_person_known_twice_comes_once_a_round_of_a_rolling_survey(world: World) -> None:
    AskingRules.objects.create(program=world.program, cooldown_days=10)
    Address.objects.filter(contact=world.gleb).update(normalised="vera@aurora.example")
    wave = draft(nps(world), Plan(seed="r", every_days=100, per_day=1), mode=WaveMode.ROLLING)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    for number in range(100):
        at = NOW + timedelta(days=number)
        ask_today(wave_id=wave.pk, day=at.date(), clock=lambda at=at: at)
    assert Invitation.objects.filter(state="planned").count() == 1


def test_a_day_that_was_broken_off_goes_on_to_its_whole_share_and_no_further(world: World) -> None:
    crowd(world, 18)
    wave = draft(nps(world), Plan(seed="r", every_days=100, per_day=50), mode=WaveMode.ROLLING)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    ask_today(wave_id=wave.pk, day=NOW.date(), clock=lambda: NOW)
    lost = Invitation.objects.filter(wave=wave).order_by("-pk")[:5]
    Invitation.objects.filter(pk__in=[one.pk for one in lost]).delete()

    assert ask_today(wave_id=wave.pk, day=NOW.date(), clock=lambda: NOW) == 5
    assert Invitation.objects.filter(wave=wave, state="planned").count() == 20


def test_somebody_put_in_by_hand_does_not_stand_for_the_share_of_the_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = draft(nps(world), Plan(seed="r", every_days=100), mode=WaveMode.ROLLING)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    asked: list[int] = []
    monkeypatch.setattr(wave_jobs, "now", lambda: NOW)
    monkeypatch.setattr(wave_jobs, "async_task", lambda _job, pk: asked.append(pk))
    by = Actor.person(world.anna.pk)
    add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=by, at=NOW)

    wave_jobs.ask_all_today()
    assert asked == [wave.pk]


def test_the_share_of_a_day_is_whole_beside_somebody_put_in_by_hand(world: World) -> None:
    crowd(world, 8)
    wave = draft(nps(world), Plan(seed="r", every_days=100, per_day=3), mode=WaveMode.ROLLING)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    by = Actor.person(world.anna.pk)
    add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=by, at=NOW)
    assert ask_today(wave_id=wave.pk, day=NOW.date(), clock=lambda: NOW) == 3
    assert ask_today(wave_id=wave.pk, day=NOW.date(), clock=lambda: NOW) == 0
    assert Invitation.objects.filter(contact=world.gleb).count() == 1


def test_who_was_asked_by_a_wave_is_in_it_however_short_the_cooldown(world: World) -> None:
    AskingRules.objects.create(program=world.program, cooldown_days=1)
    wave = planned(nps(world))
    Invitation.objects.filter(contact=world.vera).update(state="sent", sent_at=NOW)
    later = NOW + timedelta(days=7)
    with pytest.raises(AlreadyAsked):
        add_person(wave_id=wave.pk, contact_id=world.vera.pk, why=HandReason.OTHER, by=BY, at=later)


def test_somebody_put_in_by_hand_is_marked_and_told_of(world: World) -> None:
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",)))
    by = Actor.person(world.anna.pk)
    added = add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=by, at=NOW)
    assert (added.state, added.picked_by_id) == ("planned", world.anna.pk)
    assert Event.objects.get(kind="invitation.added").data == {"why": "wished"}
    with pytest.raises(AlreadyAsked):
        add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=by, at=NOW)


def test_not_even_by_hand_is_somebody_asked_twice_or_of_another_program(world: World) -> None:
    version = nps(world)
    planned(version)
    other = planned(version, Plan(seed="s", roles=("influencer",)), name="other")
    with pytest.raises(CannotAsk) as refused:
        add_person(wave_id=other.pk, contact_id=world.vera.pk, why=HandReason.OTHER, by=BY, at=NOW)
    assert refused.value.refusal is Refusal.COOLDOWN
    with pytest.raises(NotOfThisProgram):
        add_person(wave_id=other.pk, contact_id=world.gleb.pk + 999, why=HandReason.OTHER, by=BY, at=NOW)


def test_who_was_left_out_and_is_put_in_has_one_row(world: World) -> None:
    people = crowd(world, 5)
    wave = planned(nps(world), Plan(seed="s", total=0))
    add_person(wave_id=wave.pk, contact_id=people[0].pk, why=HandReason.FORGOTTEN, by=BY, at=NOW)
    assert Invitation.objects.get(contact=people[0]).state == "planned"


def test_somebody_taken_out_is_not_asked_unless_the_mail_has_left(world: World) -> None:
    wave = planned(nps(world))
    first, second = Invitation.objects.filter(wave=wave)
    remove_person(invitation_id=first.pk, why=HandReason.TALKS, by=BY, at=NOW)
    first.refresh_from_db()
    assert (first.state, first.reason) == ("withdrawn", "by_hand")
    Invitation.objects.filter(pk=second.pk).update(state="sent", sent_at=NOW)
    with pytest.raises(AlreadySent):
        remove_person(invitation_id=second.pk, why=HandReason.TALKS, by=BY, at=NOW)


def payout_of(world: World, **more) -> Payout:
    return Payout.objects.create(
        program=world.program, partner=world.aurora, amount=5, currency="EUR", state="paid",
        expected_on=NOW.date(), original_expected_on=NOW.date(), created_at=NOW, **more,
    )  # fmt: skip


def test_after_a_payout_of_ours_whoever_asked_for_it_is_asked_and_nobody_once_it_came_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.feedback.subscriptions.now", lambda: NOW)
    listening(world, "payout.paid", delay_hours=24)
    payout = payout_of(world)
    # Nobody asked for it, and nobody is known to see the money.
    monkeypatch.setattr(contact_rights, "_entries", {})
    assert ask_after_payout(payout_id=payout.pk, happened_at=NOW, at=NOW) == 0
    PayoutRequest.objects.create(
        partner=world.aurora, currency="EUR", asked_by_contact=world.gleb, payout=payout, created_at=NOW
    )
    told = DeliveredEvent(
        1, "payout.paid", 1, NOW, NOW, BY, (Subject("payout", payout.pk),), {"on": NOW.date().isoformat()}
    )
    for _time in range(2):
        ask_after_paid_payout(told)
    invitation = Invitation.objects.get()
    assert (invitation.contact, invitation.key) == (world.gleb, f"payout.paid:own-{payout.pk}")
    assert outdated(invitation) is None
    # Another system's payout of the same number is another one.
    assert tell(world, str(payout.pk), contact=world.vera) == 1
    Payout.objects.update(state="returned")
    assert outdated(invitation) is Refusal.PAYOUT_CAME_BACK
    # A file brings in what was paid last year.
    old = DeliveredEvent(
        2, "payout.paid", 1, NOW, NOW, BY, (Subject("payout", payout.pk),), {"on": "2025-01-01"}
    )
    Invitation.objects.all().delete()
    ask_after_paid_payout(old)
    assert Invitation.objects.get().reason == Refusal.OLD_OCCASION


def test_of_those_who_see_the_money_one_is_asked_about_a_payout(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    money = Provider("money", lambda ids: {world.gleb.pk: True})
    monkeypatch.setattr(contact_rights, "_entries", {"money": money})
    listening(world, "payout.paid")
    assert ask_after_payout(payout_id=payout_of(world).pk, happened_at=NOW, at=NOW) == 1
    assert Invitation.objects.get().contact == world.gleb
    assert ask_after_payout(payout_id=payout_of(world).pk, happened_at=NOW, at=NOW) == 0
    assert Invitation.objects.get(state="left_out").reason == "cooldown"


def test_after_an_onboarding_whoever_did_it_is_asked_and_after_an_application_whoever_applied(
    world: World,
) -> None:
    AskingRules.objects.update_or_create(program=world.program, defaults={"cooldown_days": 0})
    for event in ("onboarding.finished", "application.approved"):
        listening(world, event)
    onboarding = Onboarding.objects.create(partner=world.aurora, started_at=NOW)
    asked = {"onboarding_id": onboarding.pk, "happened_at": NOW, "at": NOW}
    assert ask_after_onboarding(**asked) == 0  # not finished
    Onboarding.objects.update(finished_at=NOW)
    onboarding.steps.create(
        position=1, kind="contract", side="theirs", due_on=NOW.date(), done_at=NOW, done_by_contact=world.gleb
    )
    assert [ask_after_onboarding(**asked) for _time in range(2)] == [1, 0]
    application = Application.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, state="approved",
        created_at=NOW, due_at=NOW, consented_at=NOW,
    )  # fmt: skip
    assert ask_after_application(application_id=application.pk, happened_at=NOW, at=NOW) == 1
    assert dict(Invitation.objects.values_list("key", "contact")) == {
        f"onboarding.finished:own-{onboarding.pk}": world.gleb.pk,
        f"application.approved:own-{application.pk}": world.vera.pk,
    }
