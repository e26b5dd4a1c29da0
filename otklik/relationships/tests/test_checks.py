"""What is kept of everybody for the lists: as the rules find it, made again at will, gone with its people."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.feedback.models import Response
from otklik.partners.access import may_see_revenue
from otklik.partners.models import Contact, Partner, PartnerItem
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.operations.merge import merge_contacts, merge_partners
from otklik.payouts.models import Hold
from otklik.relationships.models import AccountCheck, CallToAction, OpeningFound, SilentPerson, Tie
from otklik.relationships.operations.calls import call_silent
from otklik.relationships.operations.checks import GOOD_FOR, check_due, check_partners
from otklik.relationships.operations.silence import count_if_due, count_silence
from otklik.relationships.queries.accounts import accounts_of
from otklik.relationships.queries.waiting import partners_that_wait
from otklik.relationships.rules.renewals import Due, due_of, risk_of
from otklik.relationships.tests.stories import AT, TODAY, asked, by, closed_wave, version_of
from otklik.relationships.tests.test_accounts import earned
from tests.world import World, make_contact


def everybody_checked(at: object = AT) -> dict[int, AccountCheck]:
    check_due(at=at)  # type: ignore[arg-type]
    return {row.partner_id: row for row in AccountCheck.objects.all()}


def test_a_check_is_a_plain_recount_and_changes_nothing_when_made_again(world: World) -> None:
    wave = closed_wave(version_of(world), weeks_ago=3)
    asked(wave, world.vera, 2)
    asked(wave, world.gleb)
    Partner.objects.filter(pk=world.aurora.pk).update(renewal_on=TODAY + timedelta(days=20))
    earned(world.aurora, TODAY - timedelta(days=200), 100)
    earned(world.aurora, TODAY - timedelta(days=20), 80)
    partners = list(Partner.objects.all())
    for with_revenue, points, band in ((True, "points", "band"), (False, "plain_points", "plain_band")):
        rows = everybody_checked()
        for pk, account in accounts_of(partners, with_revenue=with_revenue, at=AT).items():
            risk = risk_of(account)
            assert (getattr(rows[pk], points), getattr(rows[pk], band)) == (risk.points, risk.band)
            assert rows[pk].step == list(Due).index(due_of(risk.renewal_in_days))
    aurora = rows[world.aurora.pk]
    assert aurora.points - aurora.plain_points == 10
    assert (aurora.people, aurora.asked, aurora.answered, aurora.known) == (2, 2, 1, 0)
    # Of the standard contract one decision-maker, one influencer and two end users are missing.
    assert aurora.gap == 4 + 2 + 2
    assert ["find_people", "influencer", 1, []] in aurora.todo
    assert check_due(at=AT) == 0
    assert check_due(at=AT + GOOD_FOR) == 2


def test_checking_many_partners_takes_as_many_queries_as_checking_one(world: World) -> None:
    with CaptureQueriesContext(connection) as one:
        check_partners([world.aurora.pk], at=AT)
    with CaptureQueriesContext(connection) as two:
        check_partners([world.aurora.pk, world.borealis.pk], at=AT)
    assert len(one) == len(two)


def test_whom_no_mail_reaches_needs_an_address_before_a_wave(world: World) -> None:
    world.vera.addresses.update(bounced_at=AT)
    row = everybody_checked()[world.aurora.pk]
    assert ["find_address", "decision_maker", 1, [world.vera.pk]] in row.todo
    assert ["ask_next_wave", "end_user", 1, [world.gleb.pk]] in row.todo
    assert row.unreachable == 1


def test_faults_are_counted_and_who_left_counts_while_a_tie_rests_on_them(world: World) -> None:
    Contact.objects.filter(pk=world.gleb.pk).update(is_active=False)
    make_contact(world.aurora, "Orlova Vera", "vera@aurora.example", "final", "high")  # type: ignore[arg-type]
    row = everybody_checked()[world.aurora.pk]
    assert (row.left, row.duplicate, row.faults) == (0, 1, 1 + row.role_stale)
    Tie.objects.create(contact=world.gleb, user=world.boris, kind="work", level="weak", stated_at=AT)
    assert everybody_checked(AT + GOOD_FOR)[world.aurora.pk].left == 1


def test_an_opening_is_kept_with_its_proofs_and_waits_behind_a_hold(world: World) -> None:
    asked(closed_wave(version_of(world), weeks_ago=3), world.vera, 10)
    Response.objects.update(comment="When do we get coupons? The CPA program is fine.")
    PartnerItem.objects.bulk_create(
        PartnerItem(partner=partner, kind="product", name=name)
        for partner, name in ((world.aurora, "CPA"), (world.borealis, "Coupons"))
    )
    everybody_checked()
    found = OpeningFound.objects.get()
    assert (found.kind, found.products, found.is_blocked) == ("cross_sell", ["Coupons"], False)
    assert [word for word, _, _ in found.proofs] == ["promoter_decides", "named_it"]
    Hold.objects.create(
        partner=world.aurora, currency="EUR", amount=5, reason="dispute", state="open",
        opened_at=AT, decide_by=TODAY,
    )  # fmt: skip
    everybody_checked(AT + GOOD_FOR)
    assert OpeningFound.objects.get().blocked_by == ["dispute", "hold"]


def silence(world: World) -> None:
    """Vera answered twice and is silent now; Gleb was asked once, long ago."""
    version = version_of(world)
    old = closed_wave(version, weeks_ago=60)
    asked(old, world.vera, 9)
    asked(old, world.gleb)
    asked(closed_wave(version, weeks_ago=30), world.vera, 9)
    asked(closed_wave(version, weeks_ago=3), world.vera)


def test_everybody_silent_is_kept_under_their_last_wave_until_they_answer(world: World) -> None:
    silence(world)
    assert count_silence(at=AT) == 2
    before = list(SilentPerson.objects.order_by("-points").values())
    assert [row["contact_id"] for row in before] == [world.vera.pk, world.gleb.pk]
    assert [row["kind"] for row in before] == ["regular", "first"]
    assert count_silence(at=AT) == 2
    assert list(SilentPerson.objects.order_by("-points").values()) == before
    Contact.objects.filter(pk=world.gleb.pk).update(is_active=False)
    Response.objects.filter(contact=world.vera).update(responded_at=AT)
    count_if_due(at=AT)
    assert not SilentPerson.objects.exists()


def test_a_silence_becomes_one_task_of_whoever_keeps_the_partner(world: World) -> None:
    silence(world)
    count_silence(at=AT)
    for _ in range(2):
        call = call_silent(contact_id=world.vera.pk, today=TODAY, by=by(world.anna), at=AT)
    assert (call.owner_id, call.task, call.what) == (world.boris.pk, "reach_personally", "regular")
    assert CallToAction.objects.count() == 1


def test_whoever_is_erased_or_merged_away_stands_in_no_list(world: World) -> None:
    silence(world)
    count_silence(at=AT)
    everybody_checked()
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=by(world.root), at=AT)
    assert SilentPerson.objects.get().contact_id == world.vera.pk
    merge_partners(source_id=world.borealis.pk, target_id=world.aurora.pk, by=by(world.root), at=AT)
    assert not AccountCheck.objects.exists()
    everybody_checked()
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=AT)
    assert not SilentPerson.objects.exists()
    erase_partner(partner_id=world.aurora.pk, by=by(world.root), at=AT)
    assert not AccountCheck.objects.filter(partner=world.aurora).exists()


def test_the_first_page_counts_the_renewals_of_the_list_that_the_person_sees(world: World) -> None:
    everybody_checked()
    AccountCheck.objects.update(step=list(Due).index(Due.WITHIN_30), band="high", plain_band="low")
    for user, renewals in ((world.anna, 1), (world.dmitri, 0)):
        Partner.objects.filter(pk=world.aurora.pk).update(manager=user)
        assert may_see_revenue(user) is bool(renewals)
        assert partners_that_wait(user).renewals == renewals
