"""Facts for lists over many partners, and what merging and erasing leave of a map."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Message, Ticket
from otklik.partners.models import Partner
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.operations.merge import merge_contacts, merge_partners
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.payouts.models import Entry
from otklik.relationships.models import (
    AccountPlan,
    CallToAction,
    ExpectedScore,
    InfluenceLine,
    PlanAction,
    Review,
    SignOff,
    Tie,
)
from otklik.relationships.operations.calls import raise_calls
from otklik.relationships.operations.people import remove_influence_line, remove_tie
from otklik.relationships.personal import personal_data
from otklik.relationships.queries import heard
from otklik.relationships.queries.accounts import accounts_of, facts_of
from otklik.relationships.rules.renewals import risk_of
from otklik.relationships.rules.vocabulary import Category
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, draft_of, version_of
from tests.world import NOW, World, make_contact


def results(world: World) -> None:
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=30), world.vera, 9)
    wave = closed_wave(version, weeks_ago=3)
    asked(wave, world.vera, 2)
    asked(wave, world.gleb, 8)
    raise_calls(wave_id=wave.pk, today=TODAY, by=by(world.root), at=AT)


def earned(partner: Partner, day: date, amount: int) -> Entry:
    return Entry.objects.create(
        program_id=partner.program_id, partner=partner, currency="EUR", kind="earned",
        amount=Decimal(amount), earned_on=day, source_key=f"{partner.pk}:{day}", recorded_at=NOW,
    )  # fmt: skip


def test_a_partners_facts_are_gathered_for_its_risk(world: World) -> None:
    results(world)
    Partner.objects.filter(pk=world.aurora.pk).update(renewal_on=TODAY + timedelta(days=20))
    earned(world.aurora, TODAY - timedelta(days=200), 100)
    earned(world.aurora, TODAY - timedelta(days=20), 80)
    partners = list(Partner.objects.all())
    found = accounts_of(partners, with_revenue=True, at=AT)
    aurora = found[world.aurora.pk]
    assert (aurora.renewal_in_days, aurora.deciders, aurora.others, aurora.fell) == (
        20,
        [Category.DETRACTOR],
        [Category.PASSIVE],
        1,
    )
    assert (round(aurora.revenue_trend or 0, 3), aurora.missing_people) == (-0.2, 1 + 1 + 2)
    assert risk_of(aurora).band == "high"
    assert accounts_of(partners, with_revenue=False, at=AT)[world.aurora.pk].revenue_trend is None
    assert found[world.borealis.pk].missing_people == 6


def test_a_page_of_partners_takes_as_many_queries_as_one(world: World) -> None:
    results(world)
    with CaptureQueriesContext(connection) as one:
        accounts_of([world.aurora], with_revenue=True, at=AT)
    asked(closed_wave(version_of(world), weeks_ago=3), zoya(world), 9)
    with CaptureQueriesContext(connection) as two:
        accounts_of([world.aurora, world.borealis], with_revenue=True, at=AT)
    assert len(one) == len(two) <= 14


def test_whom_a_sign_off_left_out_counts_as_known_and_not_asked(world: World) -> None:
    """They were asked in the half-year before that, and answered: the last wave passed them over."""
    version = version_of(world)
    asked(closed_wave(version, weeks_ago=20), world.gleb, 2)
    asked(closed_wave(version, weeks_ago=40), world.vera, 9)
    wave = closed_wave(version, weeks_ago=3)
    asked(wave, world.vera, 9)
    SignOff.objects.create(
        wave=wave, partner=world.aurora, people=[world.vera.pk], dropped={str(world.gleb.pk): "talks"}, at=AT
    )
    asked_before = SignOff.objects.create(
        wave=closed_wave(version, weeks_ago=22),
        partner=world.aurora,
        dropped={str(world.vera.pk): "away"},
        at=AT,
    )
    assert asked_before.people == []
    found = facts_of([world.aurora], at=AT)[world.aurora.pk].reached
    assert (found.asked, found.known, found.known_promoters) == (2, 2, 1)
    assert (found.known_asked, found.known_asked_promoters) == (1, 1)


def zoya(world: World) -> object:
    return make_contact(world.borealis, "Zoya", "z@b.example", Authority.FINAL, Influence.HIGH)


def on_the_map(world: World) -> None:
    for contact, level, days in ((world.vera, "strong", 0), (world.gleb, "weak", 1)):
        Tie.objects.create(
            contact=contact, user=world.boris, kind="work", level=level, stated_at=AT + timedelta(days=days)
        )
    for source, target in ((world.vera, world.gleb), (world.gleb, world.vera)):
        InfluenceLine.objects.create(source=source, target=target, kind="leads", stated_at=AT)
    wave = draft_of(version_of(world))
    for contact, score in ((world.vera, 9), (world.gleb, 3)):
        ExpectedScore.objects.create(wave=wave, contact=contact, user=world.boris, score=score, entered_at=AT)
    SignOff.objects.create(
        wave=wave,
        partner=world.aurora,
        people=[world.vera.pk],
        dropped={str(world.gleb.pk): "away"},
        at=AT,
    )


def test_two_people_who_are_one_have_one_tie_the_later_one(world: World) -> None:
    on_the_map(world)
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=by(world.root), at=AT)
    assert [(tie.contact_id, tie.level) for tie in Tie.objects.all()] == [(world.vera.pk, "weak")]
    assert not InfluenceLine.objects.exists()
    assert ExpectedScore.objects.get().score == 9
    row = SignOff.objects.get()
    assert (row.people, row.dropped) == ([world.vera.pk], {})


def test_two_partners_who_are_one_have_one_plan_with_the_actions_of_both(world: World) -> None:
    results(world)
    for partner, text in ((world.aurora, "Ours"), (world.borealis, "Theirs")):
        plan = AccountPlan.objects.create(partner=partner, text=text, changed_at=AT, next_review_on=TODAY)
        PlanAction.objects.create(plan=plan, text=text, due_on=TODAY, created_at=AT)
        Review.objects.create(partner=partner, quarter=date(2026, 1, 1), words=text, made_at=AT)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.root), at=AT)
    plan = AccountPlan.objects.get()
    assert (plan.partner_id, plan.text, plan.actions.count()) == (world.borealis.pk, "Theirs\n\nOurs", 2)
    assert Review.objects.get().words == "Theirs"
    assert set(CallToAction.objects.values_list("partner_id", flat=True)) == {world.borealis.pk}


def test_a_person_takes_along_whom_they_deal_with_and_their_own_changes_and_no_judgement(
    world: World,
) -> None:
    results(world)
    on_the_map(world)
    CallToAction.objects.update(note="A secret note")
    found = personal_data(world.vera.pk)
    assert found["our_people_you_deal_with"] == [{"name": world.boris.name}]
    [change] = found["changes_of_your_answers"]
    assert (change["change"], change["before"], change["after"]) == ("fell", 9, 2)
    told = repr(personal_data(world.gleb.pk)) + repr(found)
    assert not any(word in told for word in ("strong", "weak", "secret", "leads", "expected"))


def test_whoever_is_erased_is_tied_to_nobody_and_named_in_no_word(world: World) -> None:
    results(world)
    on_the_map(world)
    CallToAction.objects.update(note="Vera said so")
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=AT)
    assert Tie.objects.get().contact_id == world.gleb.pk
    assert not InfluenceLine.objects.exists()
    assert SignOff.objects.get().dropped == {str(world.gleb.pk): "away"}
    told = CallToAction.objects.filter(contact=world.vera)
    assert set(told.values_list("note", "state")) == {("", "dropped")}, "nobody waits for it on a list"
    AccountPlan.objects.create(partner=world.aurora, text="Aurora", changed_at=AT)
    erase_partner(partner_id=world.aurora.pk, by=by(world.root), at=AT)
    assert (AccountPlan.objects.get().text, SignOff.objects.get().dropped) == ("", {})
    assert not Tie.objects.exists()


def test_what_came_in_while_the_log_was_read_is_left_for_next_time(world: World) -> None:
    ticket = Ticket.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, subject="New", public_key="n",
        channel="email", created_at=AT, updated_at=AT,
    )  # fmt: skip
    Message.objects.create(ticket=ticket, kind="incoming", contact=world.vera, happened_at=AT, created_at=AT)
    found = list(heard._said(Ticket.objects.all(), {}, AT - timedelta(days=1)))
    assert found == []
    known = {ticket.pk: heard._Matter(world.vera.pk, is_complaint=False)}
    assert len(list(heard._said(Ticket.objects.all(), known, AT - timedelta(days=1)))) == 1


def test_a_tie_taken_off_twice_is_told_once(world: World) -> None:
    on_the_map(world)
    tie, line = Tie.objects.get(contact=world.vera), InfluenceLine.objects.first()
    assert line is not None
    with CaptureQueriesContext(connection) as asked_for:
        remove_tie(tie_id=tie.pk, by=by(world.root), at=AT)
        remove_influence_line(line_id=line.pk, by=by(world.root), at=AT)
    if connection.features.has_select_for_update:
        assert sum("FOR UPDATE" in one["sql"] for one in asked_for) >= 2
    with pytest.raises(Tie.DoesNotExist):
        remove_tie(tie_id=tie.pk, by=by(world.root), at=AT)
