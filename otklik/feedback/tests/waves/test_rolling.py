"""A rolling survey over many days: whom it left out for open tickets, and who is asked before a renewal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from otklik.desk.models import Ticket
from otklik.events.public import Actor
from otklik.feedback.models import AskingRules, Invitation, Wave
from otklik.feedback.operations.occasions import note_occasion
from otklik.feedback.operations.planning import ask_today, note_effects
from otklik.feedback.queries.forecast import forecast
from otklik.feedback.queries.layout import lay_out, lay_out_day
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import WaveMode
from otklik.feedback.tests.answers import answer, store
from otklik.feedback.tests.waves.people import crowd, draft, nps, planned
from otklik.partners.models import Contact, Partner
from tests.world import NOW, World

BY = Actor.system()


def rolling(world: World, plan: Plan) -> Wave:
    return planned(nps(world), plan, mode=WaveMode.ROLLING)


def day(wave: Wave, number: int) -> int:
    at = NOW + timedelta(days=number)
    return ask_today(wave_id=wave.pk, day=at.date(), clock=lambda: at)


def open_ticket(world: World, contact: Contact) -> Ticket:
    return Ticket.objects.create(
        program=world.program, partner=contact.partner, contact=contact, subject="Where is it",
        channel="email", public_key=f"k{contact.pk}", created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def effect(wave: Wave) -> dict[str, object] | None:
    return Wave.objects.get(pk=wave.pk).effect


@pytest.fixture
def people(world: World) -> list[Contact]:
    AskingRules.objects.create(program=world.program, leaves_out_open_tickets=True)
    Contact.objects.filter(pk__in=[world.vera.pk, world.gleb.pk]).update(is_active=False)
    return crowd(world, 20)


def test_the_effect_of_leaving_tickets_out_is_that_of_the_whole_run(
    world: World, people: list[Contact]
) -> None:
    wave = rolling(world, Plan(seed="s", every_days=90, per_day=5))
    tickets = [open_ticket(world, one) for one in people[:8]]
    found = [(day(wave, number), effect(wave)) for number in range(6)]
    asked = [count for count, _ in found]
    # Twelve can be asked, five a day; the others are counted in as their turns come.
    assert sum(asked) == 12
    left_out = [one["people"] if one else 0 for _, one in found]
    assert left_out == sorted(left_out)
    assert left_out[0] < left_out[-1] == 8
    assert found[-1][1] is not None
    assert found[-1][1]["share"] == pytest.approx(8 / 20)
    # The last day alone would have said that nobody is left out any more.
    Ticket.objects.filter(pk__in=[one.pk for one in tickets[:3]]).update(is_open=False)
    assert day(wave, 7) == 3
    last = effect(wave)
    assert last is not None
    assert (last["people"], last["share"]) == (5, pytest.approx(5 / 20))


def test_a_day_that_is_asked_twice_counts_nobody_twice(world: World, people: list[Contact]) -> None:
    wave = rolling(world, Plan(seed="s", every_days=90, per_day=5))
    for one in people[:8]:
        open_ticket(world, one)
    day(wave, 0)
    first = effect(wave)
    for _ in range(3):
        day(wave, 0)
    assert effect(wave) == first


def test_a_turn_that_comes_again_in_the_next_round_counts_again(world: World, people: list[Contact]) -> None:
    wave = rolling(world, Plan(seed="s", every_days=90, per_day=20))
    open_ticket(world, people[0])
    day(wave, 0)
    day(wave, 45)
    assert Invitation.objects.filter(state="left_out").count() == 1
    Invitation.objects.filter(state="planned").update(state="sent", sent_at=NOW)
    day(wave, 90)
    found = effect(wave)
    assert found is not None
    assert (found["people"], found["share"]) == (1, pytest.approx(2 / 40))


def test_the_points_are_those_of_everybody_left_out_in_the_run(world: World, people: list[Contact]) -> None:
    version = nps(world)
    scores = [0, 2, 6, 9, 3, 5, 9, 10, 10, 9, 8, 10, 9, 7, 6, 10]
    pairs = zip(people[:16], scores, strict=True)
    store(*(answer(version.pk, one.partner, score, contact_id=one.pk) for one, score in pairs))
    wave = rolling(world, Plan(seed="s", every_days=90, per_day=4))
    for one in people[:6]:
        open_ticket(world, one)
    for number in range(8):
        day(wave, number)
    found = effect(wave)
    assert found is not None
    assert found["answers"] == [6, 10]
    # NPS of the six: one promoter, five detractors; of the others: seven and one.
    assert found["points"] == pytest.approx(100 * 6 / 20 * (6 / 10 + 4 / 6))


def test_the_preview_speaks_of_a_whole_round(world: World, people: list[Contact]) -> None:
    for one in people[:5]:
        open_ticket(world, one)
    wave = draft(nps(world), Plan(seed="s", every_days=90, per_day=2), mode=WaveMode.ROLLING)
    found = forecast(wave, lay_out_day(wave, day=NOW.date(), at=NOW), at=NOW).effect
    assert found is not None
    assert (found["people"], found["share"]) == (5, 5 / 20)


def test_a_survey_after_an_event_tells_what_leaving_tickets_out_does_to_it(
    world: World, people: list[Contact]
) -> None:
    wave = planned(nps(world), Plan(event="payout.paid"), mode=WaveMode.EVENT)
    open_ticket(world, people[0])
    for number, one in enumerate(people[:4]):
        note_occasion(contact_id=one.pk, name="payout.paid", key=f"P{number}", happened_at=NOW, by=BY, at=NOW)
    note_effects(at=NOW)
    found = effect(wave)
    assert found is not None
    assert (found["people"], found["share"]) == (1, 1 / 4)


def renewal(partner: Partner, on: date) -> None:
    Partner.objects.filter(pk=partner.pk).update(renewal_on=on)


def test_each_person_is_asked_once_when_the_renewal_comes_near(world: World) -> None:
    renewal(world.aurora, NOW.date() + timedelta(days=63))
    renewal(world.borealis, NOW.date() + timedelta(days=500))
    wave = rolling(world, Plan(seed="s", every_days=300, renewal_days=60))
    asked = {number: day(wave, number) for number in range(10)}
    assert {number for number, count in asked.items() if count} == {3}
    assert set(Invitation.objects.values_list("contact", flat=True)) == {world.vera.pk, world.gleb.pk}


def test_before_a_renewal_nobody_waits_for_a_share_of_the_day(world: World) -> None:
    crowd(world, 30)
    for partner in (world.aurora, world.borealis):
        renewal(partner, NOW.date() + timedelta(days=30))
    assert day(rolling(world, Plan(seed="s", every_days=300, renewal_days=60)), 0) == 32


def test_a_wave_for_renewals_counts_the_days_from_its_own_start(world: World) -> None:
    """One that is planned today for a quarter later asks whose renewal is near then."""
    _, of_borealis = crowd(world, 2)
    renewal(world.aurora, NOW.date() + timedelta(days=20))
    renewal(world.borealis, NOW.date() + timedelta(days=110))
    wave = draft(nps(world), Plan(seed="s", renewal_days=30), starts_at=NOW + timedelta(days=90))
    assert [one.contact_id for one in lay_out(wave, at=NOW).people] == [of_borealis.pk]


def test_a_moment_of_the_start_that_has_passed_is_today(world: World) -> None:
    renewal(world.aurora, NOW.date() + timedelta(days=20))
    wave = draft(nps(world), Plan(seed="s", renewal_days=30), starts_at=NOW - timedelta(days=90))
    assert [one.contact_id for one in lay_out(wave, at=NOW).people] == [world.vera.pk, world.gleb.pk]
