"""Each sign has somebody who shows it, and somebody who does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.public import Actor
from otklik.feedback.access import Scope, scope_of
from otklik.feedback.models import AnswerTrace, AskingRules, Response
from otklik.feedback.queries.signs import Found, signs
from otklik.feedback.rules.signs import Sign
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, SurveyKind
from otklik.feedback.tests.results import rows
from otklik.partners.public import AddressKind, add_address
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def seen(sign: Sign, scope: Scope | None = None) -> Found:
    return next(found for found in signs(scope or Scope(), at=LATER) if found.sign is sign)


def traced(answer: Response, device: str, **more: Any) -> None:
    AnswerTrace.objects.create(response=answer, device=device, network="n", at=NOW, **more)


def test_an_address_that_a_colleague_changed_shortly_before_the_send(world: World) -> None:
    by, yesterday = Actor.person(world.boris.pk), NOW - timedelta(days=1)
    add_address(
        contact_id=world.vera.pk, kind=AddressKind.EMAIL, value="vera@new.example", by=by, at=yesterday
    )
    add_address(
        contact_id=world.gleb.pk, kind=AddressKind.EMAIL, value="gleb@new.example",
        by=Actor.system(), at=yesterday,
    )  # fmt: skip
    round_ = rows.wave(rows.survey(world))
    for contact in (world.vera, world.gleb, rows.person(world.aurora)):
        rows.answered(rows.invite(round_, contact), 10)
    found = seen(Sign.ADDRESS_CHANGED)
    assert (found.count, found.looked_at) == (1, 3)
    assert [(case.contact, case.who, case.score) for case in found.cases] == [
        ("Vera Orlova", "Boris Manager", 10)
    ]
    # One change among three people, three sends: each day of the 90 alike.
    assert found.expected == pytest.approx(3 * 1 / 3 * 14 / 90)


def test_answers_from_our_own_domains_networks_and_devices(world: World) -> None:
    AskingRules.objects.create(program=world.program, own_domains=["north.example"])
    round_ = rows.wave(rows.survey(world))
    rows.answered(rows.invite(round_, world.vera, address="boris@north.example"), 10)
    at_home = rows.answered(rows.invite(round_, world.gleb, address="gleb@notnorth.example"), 4)
    first, second = rows.asked_and_answered(round_, world.borealis, [9, 10])
    alone = rows.answered_by_link(rows.link(round_.version), round_.version, 8)  # type: ignore[arg-type]
    traced(at_home, "a", is_own_network=True, seconds=7200)
    traced(first, "b", seconds=3)
    traced(second, "b", seconds=20)
    traced(alone, "b", seconds=2)
    assert [case.contact for case in seen(Sign.OWN_DOMAIN).cases] == ["Vera Orlova"]
    assert [case.contact for case in seen(Sign.OWN_NETWORK).cases] == ["Gleb Sokolov"]
    (device,) = seen(Sign.ONE_DEVICE).cases
    assert (device.times, device.partner) == (2, "Borealis")
    fast = seen(Sign.FAST)
    assert (fast.count, fast.looked_at, [case.times for case in fast.cases]) == (1, 3, [3])


def test_people_picked_by_hand_stand_beside_those_nobody_picked(world: World) -> None:
    round_ = rows.wave(rows.survey(world))
    rows.asked_and_answered(round_, world.borealis, [0, 3, 9, 5, 6, 7, 2])
    for score in (10, 10, 9, 10, 10, 9):
        rows.answered(rows.invite(round_, rows.person(world.aurora), picked_by=world.boris), score)
    found = seen(Sign.PICKED_BY_HAND)
    assert (found.count, found.looked_at) == (6, 13)
    (case,) = found.cases
    assert case.who == "Boris Manager"
    assert case.apart is not None
    assert case.apart.difference == pytest.approx(1 - 1 / 7)
    assert case.apart.is_above


def test_a_person_left_out_by_hand_again_and_again(world: World) -> None:
    version = rows.survey(world)
    left_out, taken_out = InvitationState.LEFT_OUT, InvitationState.WITHDRAWN
    for name, state in (("Spring", left_out), ("Autumn", taken_out), ("Winter", taken_out)):
        round_ = rows.wave(version, name)
        rows.invite(round_, world.gleb, state, reason=Refusal.BY_HAND)
        rows.invite(round_, world.vera, InvitationState.LEFT_OUT, reason=Refusal.COOLDOWN)
    found = seen(Sign.LEFT_OUT_AGAIN)
    assert [(case.contact, case.times) for case in found.cases] == [("Gleb Sokolov", 3)]
    assert found.expected == pytest.approx(2 * 0.5)  # half of six places: each of two with chance 1/2


def test_a_managers_people_score_far_above_their_own_answers_elsewhere(world: World) -> None:
    """Those of Aurora give 10 in the wave and 2 to 3 of 5 for their tickets; those of Borealis are of one
    mind everywhere."""
    nps, csat = rows.survey(world), rows.survey(world, SurveyKind.CSAT, "Tickets")
    wave, tickets = rows.wave(nps), rows.wave(csat, "Tickets")
    for n in range(8):
        helped, usual = rows.person(world.aurora), rows.person(world.borealis)
        rows.answered(rows.invite(wave, helped), 10)
        rows.answered(rows.invite(tickets, helped), 2 + n % 2)
        rows.answered(rows.invite(wave, usual), 6 + n % 3)
        rows.answered(rows.invite(tickets, usual), 3 + n % 3)
    found = seen(Sign.ABOVE_ELSEWHERE)
    assert [(case.who, case.survey, case.times) for case in found.cases] == [
        ("Boris Manager", "Autumn", 8),
        ("Clara Manager", "Tickets", 8),
    ]


def test_a_sign_takes_nothing_out_and_an_account_manager_sees_own_people_only(world: World) -> None:
    round_ = rows.wave(rows.survey(world))
    AskingRules.objects.create(program=world.program, own_domains=["borealis.example", "aurora.example"])
    rows.asked_and_answered(round_, world.borealis, [10] * 3)
    rows.asked_and_answered(round_, world.aurora, [10] * 2)
    assert seen(Sign.OWN_DOMAIN).count == 5
    own = seen(Sign.OWN_DOMAIN, scope_of(world.boris))
    assert (own.count, {case.partner for case in own.cases}) == (2, {"Aurora"})
    assert Response.objects.filter(status="complete").count() == 5


def test_the_page_explains_every_sign_and_accuses_nobody(world: World) -> None:
    client = Client()
    client.force_login(world.anna)
    quiet = client.get("/surveys/signs/").content.decode()
    assert "No sign has been seen" in quiet
    round_ = rows.wave(rows.survey(world))
    answer = rows.answered(rows.invite(round_, world.vera, picked_by=world.boris), 10)
    traced(answer, "a", seconds=1, is_own_network=True)
    html = client.get("/surveys/signs/").content.decode()
    assert html.count('id="sign-') == len(Sign)
    assert "none proves anything" in html
    assert "1 second" in html


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    round_ = rows.wave(rows.survey(world))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            signs(Scope(), at=LATER)
        return len(caught)

    rows.asked_and_answered(round_, world.aurora, [10, 9])
    few = queries()
    for answer in rows.asked_and_answered(round_, world.borealis, [10] * 9):
        traced(answer, f"d{answer.pk}")
    assert queries() == few
