"""A wave is planned, looked at, started, changed and ended on its pages, in Russian and English."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.feedback.models import AskingRules, Invitation, Objection, Wave
from otklik.feedback.operations.planning import plan_wave
from otklik.feedback.rules.plans import Plan, read_plan
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.tests.waves.people import crowd, draft, nps, planned
from otklik.feedback.tokens import invitation_token
from tests.world import NOW, World


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    client.force_login(world.anna)
    return client


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response
    return response.content.decode()


def test_a_wave_is_planned_previewed_started_and_closed(world: World, anna: Client) -> None:
    crowd(world, 30)
    survey = nps(world).survey
    assert "Nobody was asked yet" in page(anna, "survey-waves", survey.pk)
    url = reverse("wave-new", args=[survey.pk]) + "?mode=wave"
    assert "Quotas" in anna.get(url).content.decode()
    typed = {
        "name": "First quarter",
        "roles": ["decision_maker", "end_user"],
        "quota-role-end_user": "5",
        "total": "12",
        "spread_hours": "7",
        "reminders": "3, 7",
        "wished": "15",
    }
    anna.post(url, typed)
    wave = Wave.objects.get()
    plan = read_plan(wave.plan)
    assert (plan.total, plan.quotas, wave.reminders) == (12, {Dimension.ROLE: {"end_user": 5}}, [3, 7])
    assert plan.roles == ("decision_maker", "end_user")

    preview = page(anna, "wave-preview", wave.pk)
    assert "12 of 22 people." in preview
    assert "the quota is full" in preview
    assert "an assumption" in preview
    assert page(anna, "wave", wave.pk).count("hx-get") == 1

    anna.post(reverse("wave-start", args=[wave.pk]))
    state = page(anna, "wave-state", wave.pk)
    assert "progressbar" in state
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    assert "progressbar" not in page(anna, "wave-state", wave.pk)
    assert "First quarter" in page(anna, "survey-waves", survey.pk)
    anna.post(reverse("wave-closing", args=[wave.pk]))
    wave.refresh_from_db()
    assert wave.state == "closed"
    log = page(anna, "wave", wave.pk)
    assert "The wave was closed" in log
    assert "Anna Head" in log


@pytest.mark.parametrize("mode", ["wave", "rolling", "event", "hand"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_mode_has_its_form_and_keeps_what_was_typed(
    world: World, anna: Client, mode: str, language: str
) -> None:
    world.anna.language = language
    world.anna.save()
    survey = nps(world).survey
    url = reverse("wave-new", args=[survey.pk]) + f"?mode={mode}"
    anna.post(url, {"name": "Волна", "every_days": "777", "event": "payout.paid", "delay_hours": "24"})
    wave = Wave.objects.get()
    form = page(anna, "wave-plan", wave.pk)
    assert "Волна" in form
    assert ('value="777"' in form) == (mode == "rolling")
    assert ("payout.paid" in form) == (mode == "event")
    page(anna, "wave-preview", wave.pk)
    page(anna, "wave", wave.pk)


def test_what_cannot_be_kept_is_said_at_the_field(world: World, anna: Client) -> None:
    survey = nps(world).survey
    url = reverse("wave-new", args=[survey.pk])
    answer = anna.post(url + "?mode=rolling", {"name": "R", "every_days": "30"}).content.decode()
    assert "id_every_days_error" in answer
    answer = anna.post(url + "?mode=event", {"name": "E", "event": "Payout!"}).content.decode()
    assert "id_event_error" in answer
    answer = anna.post(url + "?mode=wave", {"name": "W", "reminders": "7, x"}).content.decode()
    assert "id_reminders_error" in answer
    assert not Wave.objects.exists()
    assert anna.get(url + "?mode=nonsense").status_code == 404


def test_somebody_is_left_out_of_a_draft_and_taken_back(world: World, anna: Client) -> None:
    wave = draft(nps(world))
    found = page(anna, "wave-people", wave.pk, query="?q=vera")
    assert "Vera Orlova" in found
    anna.post(reverse("wave-exclusion", args=[wave.pk, world.vera.pk]))
    assert read_plan(Wave.objects.get().plan).taken_out == (world.vera.pk,)
    assert "Left out by hand" in page(anna, "wave-people", wave.pk)
    anna.post(reverse("wave-addition", args=[wave.pk, world.vera.pk]))
    assert read_plan(Wave.objects.get().plan).taken_out == ()


def test_somebody_is_put_in_and_taken_out_of_a_wave_that_runs(world: World, anna: Client) -> None:
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",)))
    anna.post(reverse("wave-addition", args=[wave.pk, world.gleb.pk]), {"why": "wished"})
    invitation = Invitation.objects.get(contact=world.gleb)
    assert invitation.picked_by == world.anna
    listed = page(anna, "wave-people", wave.pk, query="?state=planned")
    assert "picked by Anna Head" in listed
    again = anna.post(reverse("wave-addition", args=[wave.pk, world.gleb.pk]), {"why": "wished"}, follow=True)
    assert "in the wave already" in again.content.decode()
    anna.post(reverse("wave-removal", args=[invitation.pk]), {"why": "talks"})
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert "talks are under way" in page(anna, "wave", wave.pk)


def test_a_link_is_handed_over_in_place_of_a_mail_and_again_when_it_was_lost(
    world: World, anna: Client
) -> None:
    world.gleb.addresses.all().delete()
    wave = planned(nps(world), Plan(seed="s", roles=("decision_maker",)))
    anna.post(reverse("wave-addition", args=[wave.pk, world.gleb.pk]), {"why": "wished"})
    invitation = Invitation.objects.get(contact=world.gleb)
    assert "Personal link" in page(anna, "wave-people", wave.pk)

    handed = anna.post(reverse("wave-handover", args=[invitation.pk])).content.decode()
    assert f"/a/{invitation_token(invitation.pk)}/" in handed
    assert "Gleb" in anna.get(f"/a/{invitation_token(invitation.pk)}/stop/").content.decode()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.address, invitation.picked_by) == ("sent", "", world.anna)
    assert invitation.sent_at is not None
    assert invitation.remind_at is None
    assert anna.post(reverse("wave-handover", args=[invitation.pk])).status_code == 200
    assert "was handed over" in page(anna, "wave", wave.pk)


def test_no_link_of_a_mail_that_left_nor_of_somebody_who_wants_no_questions(
    world: World, anna: Client
) -> None:
    wave = planned(nps(world))
    vera, gleb = (Invitation.objects.get(contact=one) for one in (world.vera, world.gleb))
    Invitation.objects.filter(pk=vera.pk).update(state="sent", sent_at=NOW)
    Objection.objects.create(program=world.program, contact=world.gleb, kind="unsubscribed", at=NOW)
    for row, why in ((vera, "has left already"), (gleb, "unsubscribed")):
        said = anna.post(reverse("wave-handover", args=[row.pk]), follow=True).content.decode()
        assert why in said
        assert invitation_token(row.pk) not in said
    assert Invitation.objects.get(pk=gleb.pk).state == "planned"
    assert wave.state == "running"


def test_mails_that_left_do_not_push_the_changes_out_of_the_log(world: World, anna: Client) -> None:
    wave = planned(nps(world))
    for kind in ("invitation.sent", "invitation.left_out"):
        news = [NewEvent(kind, NOW, [Subject("wave", wave.pk)], {"reason": "cooldown"}) for _ in range(60)]
        with transaction.atomic():
            record_many(news, by=Actor.system(), at=NOW)
    shown = page(anna, "wave", wave.pk)
    assert "The wave was started" in shown
    assert "taken out by hand" not in shown


def test_the_effect_of_leaving_out_open_tickets_stands_beside_the_count(world: World, anna: Client) -> None:
    from otklik.desk.models import Ticket

    AskingRules.objects.create(program=world.program, leaves_out_open_tickets=True)
    Ticket.objects.create(
        program=world.program, partner=world.aurora, contact=world.gleb, subject="Where is it",
        channel="email", public_key="k", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    wave = planned(nps(world))
    shown = page(anna, "wave", wave.pk)
    assert "1 person is left out because of an open ticket" in shown
    assert "nobody can tell" in shown


def test_the_closing_is_moved_but_not_into_the_past(world: World, anna: Client) -> None:
    wave = planned(nps(world))
    url = reverse("wave-last-day", args=[wave.pk])
    anna.post(url, {"closes_at": "2020-01-01T10:00"})
    wave.refresh_from_db()
    assert wave.closes_at is None
    anna.post(url, {"closes_at": "2099-01-01T10:00"})
    wave.refresh_from_db()
    assert wave.closes_at is not None
    assert "The closing was moved" in page(anna, "wave", wave.pk)


def test_waves_are_for_those_who_run_surveys(world: World, client: Client) -> None:
    wave = planned(nps(world))
    client.force_login(world.boris)
    for name in ("wave", "wave-people", "wave-preview", "wave-state"):
        assert client.get(reverse(name, args=[wave.pk])).status_code == 403


def test_the_list_of_people_takes_as_many_statements_for_many_as_for_few(world: World, anna: Client) -> None:
    crowd(world, 40)
    wave = planned(nps(world), closes_at=NOW + timedelta(days=10))
    Invitation.objects.filter(contact_id__gt=world.gleb.pk + 10).delete()
    url = reverse("wave-people", args=[wave.pk])
    anna.get(url)
    with CaptureQueriesContext(connection) as few:
        anna.get(url)
    crowd_wave = planned(nps(world), name="again")
    with CaptureQueriesContext(connection) as many:
        anna.get(reverse("wave-people", args=[crowd_wave.pk]))
    assert len(many) == len(few)
