"""A partner's people and their company's money: all of it, in plain words, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Partner
from otklik.payouts.models import Hold, PartnerReport, Payout, PayoutRequest, Statement
from otklik.payouts.public import (
    EntryKind,
    HoldReason,
    HoldTerms,
    NewEntry,
    ask_payout,
    issue_statements,
    open_hold,
    record_entries,
    release_hold,
)
from otklik.portal.tests.people import sign_in
from tests.world import NOW, World

SYSTEM = Actor.system()
LISTS = ("portal-money", "portal-payouts", "portal-payout-ask", "portal-statements", "portal-figures")
FIGURES = {"start": "2026-02-01", "end": "2026-02-28", "currency": "EUR"}


def earn(partner: Partner, amount: str, key: str = "", note: str = "") -> None:
    line = NewEntry(
        partner.pk, "EUR", EntryKind.EARNED, Decimal(amount), date(2026, 2, 10), source_key=key, note=note
    )
    record_entries(program_id=partner.program_id, entries=[line], by=SYSTEM, at=NOW)


def hold(world: World, partner: Partner, amount: str, checking: str = "Clicks from one address") -> Hold:
    until = (now() + timedelta(days=9)).date()
    terms = HoldTerms(Decimal(amount), HoldReason.TRAFFIC_CHECK, checking, until)
    by = Actor.person(world.anna.pk)
    return open_hold(partner_id=partner.pk, currency="EUR", terms=terms, by=by, at=now())


def payout(partner: Partner, **more: object) -> Payout:
    values = {"currency": "EUR", "amount": Decimal("70"), "state": "planned", "created_at": NOW, **more}
    day = (now() + timedelta(days=5)).date()
    return Payout.objects.create(
        program=partner.program, partner=partner, expected_on=day, original_expected_on=day, **values
    )


@pytest.fixture
def vera(world: World, client: Client) -> Client:
    earn(world.aurora, "100", "a-1", note="<b>between us</b>")
    sign_in(client, world.vera, sees_money=True)
    return client


def read(client: Client, name: str, *args: int) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def ask(client: Client, amount: str = "", key: str = "") -> tuple[int, str]:
    form = {"currency": "EUR", "amount": amount, "key": key or str(uuid4())}
    answer = client.post(reverse("portal-payout-ask"), form)
    return answer.status_code, answer.content.decode()


def compare(client: Client, text: str, key: str = "") -> str:
    file = SimpleUploadedFile("stats.csv", text.encode())
    form = {**FIGURES, "key": key or str(uuid4()), "file": file}
    return client.post(reverse("portal-figures"), form, follow=True).content.decode()


def test_the_overview_says_what_comes_what_is_held_and_why(vera: Client, world: World) -> None:
    hold(world, world.aurora, "30", checking="<script>alert(1)</script> of 3 March")
    done = hold(world, world.aurora, "5")
    release_hold(hold_id=done.pk, outcome_note="All clean", by=Actor.person(world.anna.pk), at=now())
    row = payout(world.aurora)
    shown = read(vera, "portal-money")
    for words in (
        "€70.00",
        "€30.00: traffic check",
        "We are checking where the visitors",
        "&lt;script&gt;",
        "Decision by",
        "All clean",
    ):
        assert words in shown, words
    assert "Anna" not in shown
    assert "expected on" in read(vera, "portal-payouts")
    assert f"?about=payout:{row.pk}" in read(vera, "portal-payout", row.pk)


def test_who_does_not_see_money_finds_no_page_about_it(world: World, client: Client) -> None:
    earn(world.aurora, "100")
    sign_in(client, world.vera, sees_money=False)
    for name in LISTS:
        assert client.get(reverse(name)).status_code == 404, name
    assert ask(client)[0] == 404
    assert reverse("portal-money") not in read(client, "portal-home")


def test_nothing_of_another_partner_is_there(vera: Client, world: World) -> None:
    earn(world.borealis, "50", "b-1")
    hold(world, world.borealis, "7", checking="Borealis only")
    issue_statements(program_id=world.program.pk, on=date(2026, 3, 2), by=SYSTEM, at=NOW)
    theirs = payout(world.borealis, amount=Decimal("33"))
    asked = ask_payout(partner_id=world.borealis.pk, currency="EUR", by=SYSTEM, at=now())
    report = PartnerReport.objects.create(
        partner=world.borealis, currency="EUR", start="2026-02-01", end="2026-02-28", uploaded_at=NOW
    )
    statement = Statement.objects.get(partner=world.borealis)
    for name, pk in (
        ("portal-payout", theirs.pk),
        ("portal-statement", statement.pk),
        ("portal-statement-csv", statement.pk),
        ("portal-figure", report.pk),
        ("portal-figure-csv", report.pk),
    ):
        assert vera.get(reverse(name, args=[pk])).status_code == 404, name
        assert vera.get(reverse(name, args=[9 * 10**15])).status_code == 404, name
    assert vera.post(reverse("portal-payout-withdraw", args=[asked.pk])).status_code == 404
    asked.refresh_from_db()
    assert asked.state == "asked"
    for name in LISTS:
        shown = read(vera, name)
        assert "Borealis" not in shown, name
        assert "33.00" not in shown, name
        assert statement.number not in shown, name


@pytest.mark.parametrize("name", ["portal-money", "portal-payouts"])
def test_more_payouts_and_holds_take_no_more_queries(
    vera: Client, world: World, django_assert_num_queries: Any, name: str
) -> None:
    def more() -> None:
        payout(world.aurora)
        hold(world, world.aurora, "3")

    more()
    read(vera, name)
    with CaptureQueriesContext(connection) as captured:
        read(vera, name)
    few = len(captured)
    more()
    with django_assert_num_queries(few):
        read(vera, name)


def test_a_payout_is_asked_for_once_however_often_the_form_is_sent(vera: Client, world: World) -> None:
    key = str(uuid4())
    assert [ask(vera, key=key)[0] for _ in range(2)] == [302, 302]
    row = PayoutRequest.objects.get()
    assert (row.amount, row.asked_by_contact_id) == (None, world.vera.pk)
    status, shown = ask(vera)
    assert (status, "already" in shown) == (422, True)
    assert "everything in EUR" in read(vera, "portal-money")
    url = reverse("portal-payout-withdraw", args=[row.pk])
    assert vera.get(url).status_code == 405
    assert vera.post(url).status_code == 302
    assert "answered meanwhile" in vera.post(url, follow=True).content.decode()
    assert ask(vera, key=key)[0] == 302  # the old form, sent once more, asks for nothing
    assert PayoutRequest.objects.filter(state="asked").count() == 0


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("70.01", "€70.00 can be asked for at most. €30.00 is on hold"),
        ("-1", "Write an amount above zero."),
        ("0", "above zero"),
        ("much", "not an amount"),
        ("1.005", "can be read in two ways"),
        ("0.123", "fewer digits after the point"),
        ("9" * 30, "amounts stay below 1,000,000,000,000"),
    ],
)
def test_an_amount_that_cannot_be_asked_for_is_answered_clearly(
    vera: Client, world: World, amount: str, said: str
) -> None:
    hold(world, world.aurora, "30")
    status, shown = ask(vera, amount)
    assert status == 422
    assert said in shown
    assert amount in shown
    assert not PayoutRequest.objects.exists()


def test_a_currency_of_ones_own_and_a_key_are_needed(vera: Client) -> None:
    for form in ({"currency": "USD", "key": str(uuid4())}, {"currency": "EUR", "key": "x"}, {}):
        assert vera.post(reverse("portal-payout-ask"), form).status_code == 422
    assert not PayoutRequest.objects.exists()


def test_a_statement_is_read_and_taken_home_without_notes_of_the_books(vera: Client, world: World) -> None:
    issue_statements(program_id=world.program.pk, on=date(2026, 3, 2), by=SYSTEM, at=NOW)
    row = Statement.objects.get(partner=world.aurora)
    assert row.number in read(vera, "portal-statements")
    for shown in (read(vera, "portal-statement", row.pk), read(vera, "portal-statement-csv", row.pk)):
        assert "a-1" in shown
        assert "100.00" in shown
        assert "between us" not in shown


def test_their_own_figures_are_explained_to_them(vera: Client, world: World) -> None:
    key = str(uuid4())
    text = "date,order,amount\n2026-02-10,a-1,100\n2026-02-11,z-9,7.77\n"
    for _ in range(2):
        shown = compare(vera, text, key)
    for words in ("€107.77", "€7.77", "Only in the file", "1 line says the same", "looked at by a person"):
        assert words in shown, words
    report = PartnerReport.objects.get()
    assert (report.partner, report.uploaded_by_contact) == (world.aurora, world.vera)
    assert "z-9" in read(vera, "portal-figure-csv", report.pk)
    assert "No column was recognised as the date" in compare(vera, "what;ever\n1;2\n")
    assert PartnerReport.objects.count() == 1


@pytest.mark.parametrize(("start", "end"), [("0001-01-01", "0001-01-05"), ("9999-12-20", "9999-12-31")])
def test_figures_at_the_ends_of_the_calendar_are_refused(vera: Client, start: str, end: str) -> None:
    file = SimpleUploadedFile("stats.csv", b"date,order,amount\n2026-02-10,a-1,100\n")
    form = {"start": start, "end": end, "currency": "EUR", "key": str(uuid4()), "file": file}
    assert vera.post(reverse("portal-figures"), form).status_code == 422
