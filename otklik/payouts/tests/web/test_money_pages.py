"""Pages about a partner's money: nobody changes it alone, nothing is done twice, nothing typed is lost."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.events.models import Event
from otklik.identity.models import User
from otklik.partners.models import Contact
from otklik.payouts.models import (
    AccountDetails,
    Adjustment,
    Balance,
    Hold,
    PaymentTerms,
    PayoutBatch,
    PayoutRequest,
    Statement,
)
from otklik.payouts.operations.adjustments import propose_adjustment
from otklik.payouts.operations.details import propose_details
from otklik.payouts.operations.requests import ask_payout
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.rules.balance import LARGEST_SUM
from otklik.payouts.rules.vocabulary import PayMethod
from otklik.payouts.tests.office import (
    AT,
    PAY_ON,
    Office,
    accounts_known,
    balance,
    by,
    charged_back,
    earned,
    held,
    line,
    record,
)
from otklik.payouts.tests.web.test_holds_pages import asked, page, signed_in
from tests.world import World

IBAN = "DE89 3704 0044 0532 0130 00"
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def money(world: World, office: Office) -> World:
    for partner in (world.aurora, world.borealis):
        earned(partner, "1000")
    return world


def said(client: Client, name: str, *args: object, **posted: object) -> str:
    return client.post(reverse(name, args=args), posted, follow=True).content.decode()


def test_a_change_by_hand_waits_for_somebody_else(money: World, office: Office, client: Client) -> None:
    signed_in(client, office.faina)
    url = f"{reverse('adjustment-new')}?partner={money.aurora.pk}"
    form = {"currency": "EUR", "amount": "-12,50", "why": f"Paid twice {EVIL}", "form_key": str(uuid4())}
    first, second = client.post(url, form), client.post(url, form)
    assert first.url == second.url  # type: ignore[attr-defined]
    one = Adjustment.objects.get()
    assert "You proposed this change" in page(client, "adjustment", one.pk)
    assert "others have to approve it" in page(client, "adjustments")
    assert "Somebody else has to decide" in said(client, "adjustment-approve", one.pk)
    assert balance(money.aurora)[0] == "1000.00"
    signed_in(client, office.pavel)
    assert "waits for you" in page(client, "money")
    assert EVIL not in page(client, "adjustment", one.pk)
    assert "The balance is changed" in said(client, "adjustment-approve", one.pk)
    assert "was decided before" in said(client, "adjustment-decline", one.pk)
    assert balance(money.aurora)[0] == "987.50"
    assert "Pavel Payer" in page(client, "adjustments", query="?state=decided")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"amount": "0"}, "with a minus it takes money off"),
        ({"amount": "1,2345"}, "fewer digits"),
        ({"amount": "no"}, "not an amount"),
        ({"amount": "1e5"}, "not an amount"),
        ({"amount": "１２"}, "not an amount"),
        ({"amount": "-0,00"}, "with a minus it takes money off"),
        ({"amount": "1 000 000 000 000"}, "below 1,000,000,000,000"),
        ({"why": " "}, "required"),
        ({"currency": "USD"}, "valid choice"),
    ],
)
def test_a_change_by_hand_with_wrong_words_keeps_what_was_typed(
    money: World, office: Office, client: Client, wrong: dict[str, str], told: str
) -> None:
    signed_in(client, office.faina)
    form = {"currency": "EUR", "amount": "5", "why": "Bonus of spring"} | wrong
    answer = client.post(f"{reverse('adjustment-new')}?partner={money.aurora.pk}", form)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Adjustment.objects.exists()


def test_a_hold_and_a_batch_sent_twice_are_one(money: World, office: Office, client: Client) -> None:
    signed_in(client, office.faina)
    form = asked("100", form_key=str(uuid4()))
    url = f"{reverse('hold-new')}?partner={money.aurora.pk}"
    assert client.post(url, form).url == client.post(url, form).url  # type: ignore[attr-defined]
    assert Hold.objects.count() == 1
    assert balance(money.aurora)[1] == "100.00"
    accounts_known()
    batch = {
        "program": money.program.pk,
        "currency": "EUR",
        "pay_on": "2026-03-16",
        "earned_until": "2026-02-28",
        "form_key": str(uuid4()),
    }
    for _time in range(2):
        assert client.post(reverse("batch-new"), batch).status_code == 302
    assert PayoutBatch.objects.count() == 1


def test_who_was_slower_with_a_hold_loses_nothing_that_was_typed(
    money: World, office: Office, client: Client
) -> None:
    hold = held(money.aurora, "100", office.faina)
    signed_in(client, office.pavel)
    for amount, version, status in (("90", 0, 302), ("80", 0, 422), ("80", 1, 302)):
        form = asked(amount, version=str(version), checking=f"Acts {amount}")
        answer = client.post(reverse("hold-edit", args=[hold.pk]), form)
        assert answer.status_code == status
        if status == 422:
            shown = answer.content.decode()
            for text in (
                "Somebody changed this hold",
                "Acts 80",
                "Acts 90",
                "€90.00",
                'name="version" value="1"',
            ):
                assert text in shown, text
    assert balance(money.aurora)[1] == "80.00"


def test_account_details_are_in_force_after_a_second_person_and_in_no_log(
    money: World, office: Office, client: Client
) -> None:
    signed_in(client, office.faina)
    url = reverse("payout-details", args=[money.aurora.pk])
    form = {"method": "iban", "holder": "Aurora Media Ltd", "account": IBAN.lower(), "form_key": str(uuid4())}
    for _time in range(2):
        assert client.post(url, form).status_code == 302
    one = AccountDetails.objects.get()
    assert one.account.reveal() == IBAN.replace(" ", "")
    assert "Somebody else has to confirm" in said(client, "payout-details-confirm", one.pk)
    signed_in(client, office.pavel)
    assert "Account details to confirm" in page(client, "money")
    assert "The next batch pays there" in said(client, "payout-details-confirm", one.pk)
    assert "decided about before" in said(client, "payout-details-decline", one.pk)
    kept = str(list(Event.objects.values_list("data", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT holder, account FROM payouts_accountdetails")
        kept += str(cursor.fetchall())
    assert "Aurora Media" not in kept
    assert one.account.reveal() not in kept
    seen = page(signed_in(client, money.boris), "money-partner", money.aurora.pk)
    assert "···3000" in seen
    assert one.account.reveal() not in seen
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"account": "DE89 3704 0044 0532 0130 01"}, "check digits do not fit"),
        ({"account": "12345678"}, "begins with two letters"),
        ({"holder": " "}, "required"),
        ({"method": "cash"}, "valid choice"),
    ],
)
def test_a_wrong_account_is_refused_in_words(
    money: World, office: Office, client: Client, wrong: dict[str, str], told: str
) -> None:
    signed_in(client, office.faina)
    form = {"method": "iban", "holder": "Aurora", "account": IBAN} | wrong
    answer = client.post(reverse("payout-details", args=[money.aurora.pk]), form)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_requests_are_declined_with_a_reason_and_once(money: World, office: Office, client: Client) -> None:
    one = ask_payout(
        partner_id=money.aurora.pk, currency="EUR", contact_id=money.vera.pk, by=by(office.faina), at=AT
    )
    signed_in(client, office.faina)
    listed = page(client, "payout-requests")
    assert "Vera Orlova" in listed
    assert f"?program={money.program.pk}&amp;currency=EUR" in listed
    assert "Choose a reason" in said(client, "payout-request-decline", one.pk, reason="because")
    assert "reads the reason" in said(client, "payout-request-decline", one.pk, reason="off_schedule")
    assert "closed meanwhile" in said(client, "payout-request-decline", one.pk, reason="other")
    assert PayoutRequest.objects.get().decline_reason == "off_schedule"
    assert "no payouts between the dates" in page(client, "payout-requests", query="?state=closed")


def test_terms_are_kept_changed_and_dropped_and_a_slower_hand_is_told(
    money: World, office: Office, client: Client
) -> None:
    signed_in(client, office.faina)
    form = {"schedule": "monthly", "day": 15, "net_days": 10, "notice_days": 3, "minimum": "eur 50\nUSD 60"}
    url = reverse("program-terms", args=[money.program.pk])
    assert client.post(url, {**form, "version": 0, "needs_details": "on"}).status_code == 302
    assert PaymentTerms.objects.get().minimum == {"EUR": "50.00", "USD": "60.00"}
    slower = client.post(url, {**form, "version": 0, "day": 20})
    assert slower.status_code == 422
    for text in ("Somebody changed these terms", "day 15", 'value="20"', 'name="version" value="1"'):
        assert text in slower.content.decode(), text
    assert client.post(url, {**form, "version": 1, "day": 20}).status_code == 302
    terms = PaymentTerms.objects.get()
    assert (terms.day, terms.version, terms.needs_details) == (20, 2, False)
    for wrong, told in (
        ({"minimum": "fifty"}, "is no currency"),
        ({"schedule": "weekly"}, "no such day"),
        ({"minimum": "XQX 5"}, "is no currency"),
    ):
        answer = client.post(url, {**form, "version": 2, **wrong})
        assert told in answer.content.decode()
    own = reverse("partner-terms", args=[money.aurora.pk])
    assert client.post(own, {**form, "version": 0, "day": 1}).status_code == 302
    assert "Aurora" in page(client, "payment-terms")
    assert "own terms" in page(client, "money-partner", money.aurora.pk)
    assert "hold for this partner again" in said(client, "partner-terms-drop", money.aurora.pk)
    assert PaymentTerms.objects.count() == 1


def test_a_statement_is_read_printed_and_downloaded(money: World, office: Office, client: Client) -> None:
    charged_back(money.aurora, "100.50")
    issue_statements(program_id=money.program.pk, on=PAY_ON, by=by(office.faina), at=AT)
    one = Statement.objects.get(partner=money.aurora)
    signed_in(client, money.boris)
    for query in ("", "?print"):
        shown = page(client, "statement", one.pk, query=query)
        assert "€899.50" in shown
        assert "chargeback" in shown
    assert one.number in page(client, "statements", query="?q=2026-02")
    assert "No statement fits" in page(client, "statements", query="?q=2031")
    lines = b"".join(client.get(reverse("statement-csv", args=[one.pk])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "-100.50,EUR" in lines
    assert len(lines.splitlines()) == 3
    other = Statement.objects.get(partner=money.borealis)
    for name in ("statement", "statement-csv"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404


def test_statements_are_issued_by_hand_for_a_program(money: World, office: Office, client: Client) -> None:
    signed_in(client, office.faina)
    assert "Choose a program" in said(client, "statements-issue", program="x")
    assert "are being issued" in said(client, "statements-issue", program=money.program.pk)


def test_a_ledger_is_filtered_summed_and_downloaded(money: World, office: Office, client: Client) -> None:
    charged_back(money.aurora, "100.50")
    earned(money.aurora, "7", currency="USD")
    signed_in(client, money.boris)
    shown = page(client, "money-partner", money.aurora.pk)
    assert "€899.50" in shown
    assert "$7.00" in shown
    shown = page(client, "money-partner", money.aurora.pk, query="?kind=chargeback&start=2026-02-01&end=x")
    assert "€1,000.00" not in shown.split('id="entries"')[1].split("column-side")[0]
    csv = client.get(reverse("ledger-csv", args=[money.aurora.pk]) + "?currency=usd")
    assert len(b"".join(csv.streaming_content).decode().splitlines()) == 2  # type: ignore[attr-defined]
    for name in ("money-partner", "ledger-csv"):
        assert client.get(reverse(name, args=[money.borealis.pk])).status_code == 404


def test_nobody_changes_money_of_partners_by_ids_of_others(
    money: World, office: Office, client: Client
) -> None:
    details = propose_details(
        partner_id=money.borealis.pk,
        method=PayMethod.OTHER,
        holder="B",
        account="12345",
        by=by(office.faina),
        at=AT,
    )
    request = ask_payout(partner_id=money.borealis.pk, currency="EUR", by=by(office.faina), at=AT)
    signed_in(client, money.boris)
    for name, pk in (
        ("payout-details-confirm", details.pk),
        ("payout-details-decline", details.pk),
        ("payout-request-decline", request.pk),
        ("partner-terms-drop", money.borealis.pk),
    ):
        assert client.post(reverse(name, args=[pk])).status_code == 403, name
    assert Decimal(balance(money.borealis)[0]) == 1000


@pytest.mark.parametrize("name", ["adjustments", "payout-requests", "statements", "money-partner"])
def test_few_and_many_rows_take_the_same_number_of_queries(
    money: World, office: Office, client: Client, name: str
) -> None:
    def queries(user: User) -> int:
        signed_in(client, user)
        args = [money.aurora.pk] if name == "money-partner" else []
        with CaptureQueriesContext(connection) as captured:
            page(client, name, *args)
        return len(captured)

    def more(currency: str, month: int) -> None:
        earned(money.aurora, "50", currency=currency, on=f"2025-{month:02}-10")
        ask_payout(partner_id=money.aurora.pk, currency=currency, by=by(office.faina), at=AT)
        Adjustment.objects.create(
            partner=money.aurora,
            currency=currency,
            amount=1,
            why="x",
            proposed_by=office.faina,
            proposed_at=AT,
        )
        issue_statements(program_id=money.program.pk, on=PAY_ON, by=by(office.faina), at=AT)

    more("EUR", 1)
    queries(office.pavel)
    few = queries(office.pavel)
    for month, currency in enumerate(("USD", "GBP", "CHF"), 2):
        more(currency, month)
    assert queries(office.pavel) == few


def test_a_balance_that_would_get_too_large_is_told_to_who_approves(
    money: World, office: Office, client: Client
) -> None:
    one = propose_adjustment(
        partner_id=money.aurora.pk, currency="EUR", amount=Decimal(5), why="Bonus", by=by(office.faina), at=AT
    )
    Balance.objects.filter(partner=money.aurora).update(total=LARGEST_SUM)
    told = said(signed_in(client, office.pavel), "adjustment-approve", one.pk)
    assert "the largest sum that is kept" in told
    one.refresh_from_db()
    assert (one.state, Balance.objects.get(partner=money.aurora).total) == ("proposed", LARGEST_SUM)


def test_staff_ask_for_a_partner_who_telephoned_and_take_it_back(
    money: World, office: Office, client: Client
) -> None:
    """By the rules of the partner's own page."""
    held(money.aurora, "900", office.faina)
    url = f"{reverse('payout-request-new')}?partner={money.aurora.pk}"
    assert url not in page(signed_in(client, money.boris), "money-partner", money.aurora.pk)
    assert client.post(url, {"currency": "EUR"}).status_code == 403
    signed_in(client, office.faina)
    assert url in page(client, "money-partner", money.aurora.pk)
    assert url in page(client, "partner", money.aurora.pk)
    assert "€100.00 is available" in page(client, "payout-request-new", query=f"?partner={money.aurora.pk}")
    form = {"currency": "EUR", "amount": "100.01", "contact": money.vera.pk, "form_key": str(uuid4())}
    assert "€100.00 can be asked for at most" in client.post(url, form).content.decode()
    elsewhere = Contact.objects.create(partner=money.borealis, name="Nils", created_at=AT)
    assert client.post(url, form | {"amount": "5", "contact": elsewhere.pk}).status_code == 422
    for _ in range(2):
        assert client.post(url, form | {"amount": "60"}).status_code == 302
    one = PayoutRequest.objects.get()
    assert (one.amount, one.asked_by_contact, one.asked_by_user) == (60, money.vera, office.faina)
    assert (
        "asks for a payout in this currency already"
        in client.post(url, {"currency": "EUR", "form_key": str(uuid4())}).content.decode()
    )
    withdraw = reverse("payout-request-withdraw", args=[one.pk])
    assert withdraw in page(client, "money-partner", money.aurora.pk)
    assert "withdrawn. The money stays" in said(client, "payout-request-withdraw", one.pk)
    assert "closed meanwhile" in said(client, "payout-request-withdraw", one.pk)
    event = Event.objects.get(kind="payout.request_withdrawn")
    assert (event.actor_kind, event.actor_id) == ("person", office.faina.pk)
    assert client.post(url, {"currency": "EUR", "amount": "", "form_key": str(uuid4())}).status_code == 302
    assert PayoutRequest.objects.get(state="asked").amount is None


def test_a_long_print_says_that_it_has_pages_and_the_file_has_every_line(
    money: World, office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.payouts.web.statements.MOST_PRINTED", 2)
    for day in (3, 4, 5, 6):
        earned(money.aurora, "1", on=f"2026-02-{day:02}")
    record(
        line(money.aurora, "1", key="=cmd()", note="@SUM(A1)", on="2026-02-07"), program_id=money.program.pk
    )
    issue_statements(program_id=money.program.pk, on=PAY_ON, by=by(office.faina), at=AT)
    statement = Statement.objects.get(partner=money.aurora)
    signed_in(client, office.faina)
    printed = page(client, "statement", statement.pk, query="?print&page=2")
    assert "Lines 3 to 4 of 6" in printed
    assert reverse("statement-csv", args=[statement.pk]) in printed
    assert "Lines 1 to" not in page(client, "statement", statement.pk)
    answer = client.get(reverse("statement-csv", args=[statement.pk]))
    assert answer.streaming
    written = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert len(written.splitlines()) == 7
    assert "'=cmd()" in written
    assert "'@SUM(A1)" in written
