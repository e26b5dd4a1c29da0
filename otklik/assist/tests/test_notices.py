"""Told before anybody asks, and once."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from otklik.assist.models import Notice, NoticeSetting, NoticeStop
from otklik.assist.operations.finding_news import (
    MOST_PARTNERS_A_DAY,
    find_lonely_partners,
    find_promises,
    find_renewals,
    find_silences,
)
from otklik.assist.operations.money_news import tell_of_hold, tell_of_payout
from otklik.assist.operations.notices import set_notice
from otklik.assist.operations.sending_notices import send_notices, stop_address
from otklik.assist.queries.notices import notices_for
from otklik.assist.rules.notices import MOST_MAILS_A_DAY
from otklik.assist.rules.vocabulary import NoticeKind, NoticeState
from otklik.assist.tests.stage import AT, hold, let_see_money, payout
from otklik.desk.models import Ticket
from otklik.desk.public import Channel, NewTicket, Side, create_tickets_bulk
from otklik.events.public import Actor
from otklik.jobs.models import OutgoingMail
from otklik.partners.models import Partner
from otklik.payouts.rules.vocabulary import PayoutProblem, PayoutState
from tests.world import World

PAY_DAY = date(2026, 3, 5)


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    let_see_money(monkeypatch, world.vera.pk)
    return world


def asked(world: World, **columns: object) -> Ticket:
    new = NewTicket(
        program_id=world.program.pk,
        subject="Broken link",
        channel=Channel.PORTAL,
        side=Side.PARTNER,
        text="It is broken",
        partner_id=world.aurora.pk,
        contact_id=world.vera.pk,
    )
    [opened] = create_tickets_bulk([new], by=Actor.system(), at=AT)
    Ticket.objects.filter(pk=opened.ticket.pk).update(**{"awaiting_us_since": AT, **columns})
    return Ticket.objects.get(pk=opened.ticket.pk)


def soon(world: World, event_id: int = 1) -> int:
    row = payout(world.aurora, "1200", PAY_DAY, PayoutState.APPROVED)
    return tell_of_payout(kind="payout.notice_due", notice="soon", payout_id=row.pk, event_id=event_id, at=AT)


def mails() -> list[dict[str, str]]:
    return [row.message for row in OutgoingMail.objects.order_by("pk")]


def test_a_payout_is_told_of_before_its_day_to_those_who_see_money_and_once(world: World) -> None:
    row = payout(world.aurora, "1200", PAY_DAY, PayoutState.APPROVED)
    for expected in (1, 0):
        told = tell_of_payout(kind="payout.notice_due", notice="soon", payout_id=row.pk, event_id=7, at=AT)
        assert told == expected
    assert [send_notices(at=AT), send_notices(at=AT)] == [1, 0]
    [mail] = mails()
    assert mail["to"] == "vera@aurora.example"
    assert "5 Mar 2026" in mail["subject"]
    assert "1,200.00" in mail["text"]
    assert "Why you get this: You see your company's payouts." in mail["text"]
    assert "/notices/stop/" in mail["text"]


def test_it_is_written_in_the_persons_language_and_waits_for_their_morning(world: World) -> None:
    world.vera.languages, world.vera.time_zone = ["ru"], "Pacific/Auckland"
    world.vera.save()
    soon(world)
    notice = Notice.objects.get()
    assert (notice.language, notice.send_at) == ("ru", AT.replace(hour=20, minute=0))
    assert "5 марта 2026" in notice.title
    assert send_notices(at=AT) == 0
    assert send_notices(at=notice.send_at) == 1


@pytest.mark.parametrize(
    ("kind", "notice", "state", "words"),
    [
        ("payout.delayed", "delayed", PayoutState.SENT, "has not arrived"),
        ("payout.notice_due", "moved", PayoutState.APPROVED, "instead of 1 Mar 2026"),
        ("payout.failed", "", PayoutState.FAILED, "wrong account details"),
        ("payout.returned", "", PayoutState.RETURNED, "came back"),
    ],
)
def test_bad_news_is_told_with_its_reason(
    world: World, kind: str, notice: str, state: PayoutState, words: str
) -> None:
    first = date(2026, 3, 1) if notice == "moved" else PAY_DAY
    problem = PayoutProblem.DETAILS_WRONG
    row = payout(world.aurora, "10", PAY_DAY, state, problem=problem, original_expected_on=first)
    tell_of_payout(kind=kind, notice=notice, payout_id=row.pk, event_id=1, at=AT)
    assert words in " ".join(Notice.objects.get().lines)


@pytest.mark.parametrize(("notice", "kind"), [("held", "hold_opened"), ("hold_decided", "hold_decided")])
def test_a_hold_is_told_of_when_it_begins_and_when_it_is_decided(
    world: World, notice: str, kind: str
) -> None:
    decided = {"state": "released", "decided_at": AT} if notice == "hold_decided" else {}
    row = hold(world.aurora, "120", date(2026, 3, 20), **decided)
    assert tell_of_hold(notice=notice, hold_id=row.pk, event_id=1, at=AT) == 1
    assert Notice.objects.get().kind == kind


@pytest.mark.parametrize("state", [PayoutState.PAID, PayoutState.CANCELLED, PayoutState.FAILED])
@pytest.mark.parametrize("notice", ["soon", "delayed"])
def test_a_payout_that_arrived_overnight_is_no_news_in_the_morning(
    world: World, notice: str, state: PayoutState
) -> None:
    row = payout(world.aurora, "1200", PAY_DAY, PayoutState.SENT)
    tell_of_payout(kind="payout.notice_due", notice=notice, payout_id=row.pk, event_id=1, at=AT)
    row.state = state
    row.save()
    assert send_notices(at=AT) == 0
    assert Notice.objects.get().state == NoticeState.DROPPED


def test_of_two_news_about_one_payout_or_hold_the_last_is_sent(world: World) -> None:
    row = payout(world.aurora, "1200", PAY_DAY, PayoutState.APPROVED)
    held = hold(world.aurora, "120", date(2026, 3, 20))
    for event_id, notice in enumerate(("soon", "moved")):
        tell_of_payout(kind="payout.notice_due", notice=notice, payout_id=row.pk, event_id=event_id, at=AT)
    for event_id, notice in enumerate(("held", "hold_changed")):
        tell_of_hold(notice=notice, hold_id=held.pk, event_id=event_id, at=AT)
    assert send_notices(at=AT) == 2
    sent = Notice.objects.filter(state=NoticeState.SENT).values_list("key", flat=True)
    assert sorted(key.split(":")[2] for key in sent) == ["e1", "e1"]


def test_a_hold_decided_and_a_renewal_moved_overnight_are_dropped(world: World) -> None:
    row = hold(world.aurora, "120", date(2026, 3, 20))
    tell_of_hold(notice="held", hold_id=row.pk, event_id=1, at=AT)
    row.state, row.decided_at = "released", AT
    row.save()
    partner = Partner.objects.filter(pk=world.aurora.pk)
    partner.update(renewal_on=date(2026, 3, 20))
    find_renewals(at=AT)
    partner.update(renewal_on=date(2026, 9, 20))
    assert send_notices(at=AT) == 0
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_whoever_ends_these_mails_gets_no_more_and_may_begin_again(world: World, client: Client) -> None:
    address = urlsplit(stop_address(world.vera.pk, NoticeKind.PAYOUT_SOON)).path
    soon(world)
    assert client.get(address).status_code == 200
    assert not NoticeStop.objects.exists()
    for _ in range(2):
        assert client.post(address).status_code == 200
    assert NoticeStop.objects.count() == 1
    assert send_notices(at=AT) == 0
    assert Notice.objects.get().state == NoticeState.DROPPED
    assert soon(world, event_id=2) == 0
    client.post(address, {"again": "1"})
    assert soon(world, event_id=3) == 1


@pytest.mark.parametrize("token", ["x", "WzEsMl0:1:2", "%00", "a" * 300])
def test_a_link_that_we_did_not_write_ends_nothing(world: World, client: Client, token: str) -> None:
    assert client.post(f"/notices/stop/{token}/").status_code == 404


def test_more_than_a_few_mails_a_day_stay_on_the_portal(world: World) -> None:
    for number in range(MOST_MAILS_A_DAY + 1):
        soon(world, event_id=number)
    assert send_notices(at=AT) == MOST_MAILS_A_DAY
    assert Notice.objects.filter(state=NoticeState.SHOWN).count() == 1
    assert len(notices_for(world.vera.pk, at=AT)) == MOST_MAILS_A_DAY + 1


def test_on_the_portal_money_is_shown_only_while_it_is_theirs_to_see(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon(world)
    [shown] = notices_for(world.vera.pk, at=AT)
    assert (shown.kind, shown.link_name) == (NoticeKind.PAYOUT_SOON, "portal-money")
    let_see_money(monkeypatch)
    assert notices_for(world.vera.pk, at=AT) == []
    assert send_notices(at=AT) == 0


def test_a_promise_about_to_be_missed_is_told_before_it_is_and_dropped_where_it_was_kept(
    world: World,
) -> None:
    due = AT + timedelta(minutes=20)
    ticket = asked(world, next_due_at=due, next_due_kind="first_response")
    assert [find_promises(at=AT), find_promises(at=AT + timedelta(minutes=5))] == [1, 0]
    notice = Notice.objects.get()
    assert f"#{ticket.pk}" in notice.title
    Ticket.objects.update(awaiting_us_since=None)
    assert send_notices(at=AT) == 0
    assert Notice.objects.get().state == NoticeState.DROPPED


def test_another_departments_clock_is_our_own_business(world: World) -> None:
    asked(world, next_due_at=AT + timedelta(minutes=20), next_due_kind="sub_request")
    assert find_promises(at=AT) == 0


def test_three_working_days_of_our_silence_are_told_of_once(world: World) -> None:
    asked(world, awaiting_us_since=AT - timedelta(days=5))
    assert [find_silences(at=AT), find_silences(at=AT)] == [1, 0]
    set_notice(kind=NoticeKind.MATTER_SILENT, is_on=False, days=3, by=Actor.system(), at=AT)
    asked(world, awaiting_us_since=AT - timedelta(days=6))
    assert find_silences(at=AT) == 0


def test_a_renewal_is_told_of_to_whoever_decides(world: World) -> None:
    Partner.objects.filter(pk=world.aurora.pk).update(renewal_on=date(2026, 3, 20))
    Partner.objects.filter(pk=world.borealis.pk).update(renewal_on=date(2026, 6, 20))
    assert [find_renewals(at=AT), find_renewals(at=AT + timedelta(days=1))] == [1, 0]
    assert Notice.objects.get().contact == world.vera


def test_a_manager_hears_of_partners_nobody_talks_to_a_few_a_day(world: World) -> None:
    later = AT + timedelta(days=90)
    Partner.objects.bulk_create(
        Partner(program=world.program, name=f"P{n}", manager=world.clara, created_at=AT)
        for n in range(MOST_PARTNERS_A_DAY + 2)
    )
    asked(world, last_outgoing_at=later)
    assert find_lonely_partners(at=later) == MOST_PARTNERS_A_DAY
    assert find_lonely_partners(at=later + timedelta(hours=1)) == 0
    assert set(Notice.objects.values_list("user", flat=True)) == {world.clara.pk}
    assert send_notices(at=later) == MOST_PARTNERS_A_DAY
    assert "manage" in mails()[0]["text"]


def test_who_manages_answers_sets_what_is_told(world: World, client: Client) -> None:
    client.force_login(world.anna)
    address = reverse("answers-notice-save", args=["renewal_near"])
    client.post(address, {"is_on": "on", "days": "14"})
    assert NoticeSetting.objects.get().days == 14
    for odd in ("0", "9999", "x", "-3"):
        client.post(address, {"is_on": "on", "days": odd})
    assert NoticeSetting.objects.get().days == 14
    assert client.get(reverse("answers-notices")).status_code == 200
    assert client.post(reverse("answers-notice-save", args=["odd"])).status_code == 404
    client.force_login(world.dmitri)
    assert client.post(address, {"is_on": "on"}).status_code == 403
    assert address not in client.get(reverse("answers-notices")).content.decode()
