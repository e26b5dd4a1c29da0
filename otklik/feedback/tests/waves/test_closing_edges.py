"""Around the closing of a wave: nothing leaves after it, what it dropped comes back when it is moved, and
somebody who was taken out can be put back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Wave
from otklik.feedback.operations.by_hand import AlreadyAsked, LeavesTooLate, add_person, remove_person
from otklik.feedback.operations.claiming import claim_invitation
from otklik.feedback.operations.planning import ask_today, follow_closing
from otklik.feedback.operations.waves import move_closing
from otklik.feedback.queries.forecast import forecast
from otklik.feedback.queries.layout import lay_out
from otklik.feedback.queries.sending import due_invitations
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import HandReason, WaveMode
from otklik.feedback.tests.waves.people import crowd, draft, nps, planned
from tests.world import NOW, World

BY = Actor.system()
DAY = timedelta(days=1)


def test_nothing_leaves_after_the_closing_though_nobody_has_closed_the_wave_yet(world: World) -> None:
    planned(nps(world), closes_at=NOW + DAY)
    invitation = Invitation.objects.get(contact=world.vera)
    just_after = NOW + DAY
    Invitation.objects.update(send_at=just_after)
    assert claim_invitation(invitation_id=invitation.pk, by=BY, at=just_after) is None
    assert not due_invitations(at=just_after).exists()
    # Whoever moves the closing in those minutes has lost nobody.
    Wave.objects.update(closes_at=NOW + 2 * DAY)
    assert due_invitations(at=just_after).count() == 2
    assert claim_invitation(invitation_id=invitation.pk, by=BY, at=just_after) is not None


def reminded_until(world: World) -> tuple[Wave, Invitation]:
    """A wave that closes a day after its send, with a reminder on the third."""
    wave = planned(nps(world), closes_at=NOW + DAY, reminders=[3])
    rows = Invitation.objects.filter(wave=wave)
    rows.update(state="sent", sent_at=NOW)
    return wave, rows.get(contact=world.vera)


def test_a_closing_that_is_moved_brings_the_reminders_back(world: World) -> None:
    wave, vera = reminded_until(world)
    Invitation.objects.filter(contact=world.gleb).update(answered_at=NOW)
    move_closing(wave_id=wave.pk, closes_at=NOW + 14 * DAY, by=BY, at=NOW)
    follow_closing(wave_id=wave.pk, at=NOW)
    vera.refresh_from_db()
    assert vera.remind_at is not None
    assert NOW + 3 * DAY <= vera.remind_at < NOW + 5 * DAY
    assert Invitation.objects.get(contact=world.gleb).remind_at is None


@pytest.mark.parametrize("fields", [{"reminders_sent": 1}, {"address": ""}, {"state": "bounced"}])
def test_no_reminder_comes_back_for_who_had_them_all_or_gets_no_mail(world: World, fields) -> None:
    wave, vera = reminded_until(world)
    Invitation.objects.filter(pk=vera.pk).update(**fields)
    move_closing(wave_id=wave.pk, closes_at=None, by=BY, at=NOW)
    follow_closing(wave_id=wave.pk, at=NOW)
    vera.refresh_from_db()
    assert vera.remind_at is None


def test_the_preview_says_who_would_be_written_to_only_after_the_closing(
    world: World, client: Client
) -> None:
    # Monday noon in Moscow; forty working hours last until the end of the week.
    crowd(world, 40)
    version = nps(world)
    wave = draft(version, Plan(seed="s", spread_hours=40), closes_at=NOW + DAY)
    layout = lay_out(wave, at=NOW)
    late = sum(layout.moments[pk] >= NOW + DAY for pk in layout.sample.chosen)
    assert 0 < late < len(layout.sample.chosen)
    assert forecast(wave, layout, at=NOW).too_late == late
    Wave.objects.update(closes_at=None)
    open_end = Wave.objects.get()
    assert forecast(open_end, layout, at=NOW).too_late == 0

    client.force_login(world.anna)
    Wave.objects.update(starts_at=NOW + 40_000 * DAY, closes_at=NOW + 40_000 * DAY + timedelta(minutes=1))
    shown = client.get(reverse("wave-preview", args=[wave.pk])).content.decode()
    assert "only after the closing" in shown


def test_nobody_is_put_in_whose_mail_would_leave_after_the_closing(world: World) -> None:
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",)), closes_at=NOW + DAY)
    friday_night = NOW + timedelta(hours=23, minutes=50)
    with pytest.raises(LeavesTooLate):
        add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=BY, at=friday_night)
    assert not Invitation.objects.filter(contact=world.gleb).exists()


@pytest.mark.parametrize("mode", [WaveMode.WAVE, WaveMode.ROLLING])
def test_who_was_taken_out_may_be_put_back_on_the_same_day_again_and_again(
    world: World, mode: WaveMode
) -> None:
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",), per_day=0), mode=mode)
    for _ in range(3):
        added = add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=BY, at=NOW)
        with pytest.raises(AlreadyAsked):
            add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=BY, at=NOW)
        remove_person(invitation_id=added.pk, why=HandReason.TALKS, by=BY, at=NOW)
    # What was done stays to be seen.
    states = Invitation.objects.filter(contact=world.gleb).values_list("state", flat=True)
    assert list(states) == ["withdrawn"] * 3


def test_who_was_taken_out_of_a_rolling_survey_does_not_come_up_again_tomorrow(world: World) -> None:
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",), per_day=5), mode=WaveMode.ROLLING)
    ask_today(wave_id=wave.pk, day=NOW.date(), clock=lambda: NOW)
    remove_person(invitation_id=Invitation.objects.get().pk, why=HandReason.WRONG_PERSON, by=BY, at=NOW)
    assert ask_today(wave_id=wave.pk, day=(NOW + DAY).date(), clock=lambda: NOW + DAY) == 0


def test_who_waits_for_a_link_is_not_shown_as_to_be_sent(world: World, client: Client) -> None:
    world.gleb.addresses.all().delete()
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",)))
    add_person(wave_id=wave.pk, contact_id=world.gleb.pk, why=HandReason.WISHED, by=BY, at=NOW)
    client.force_login(world.anna)
    people = reverse("wave-people", args=[wave.pk])

    def names(query: str) -> list[str]:
        lines = client.get(people + query).context["lines"]
        return [f"{line['row'].contact.name}: {line['state']}" for line in lines]

    assert names("?state=by_link") == ["Gleb Sokolov: waits for a personal link"]
    assert names("?state=planned") == ["Vera Orlova: to be sent"]
    states = client.get(reverse("wave", args=[wave.pk])).context["states"]
    assert {(value, count) for value, _, count in states} == {("planned", 1), ("by_link", 1)}
    listed = reverse("survey-people", args=[wave.survey_id]) + "?show=waiting"
    assert "waits for a personal link" in client.get(listed).content.decode()
    saved = client.get(reverse("survey-people-csv", args=[wave.survey_id]) + "?show=waiting")
    lines = b"".join(saved.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert sorted("waits for a personal link" in line for line in lines[1:]) == [False, True]
