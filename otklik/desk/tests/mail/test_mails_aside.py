"""Mails in no ticket are looked at and taken in on the operations page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import InboundMail, Mailbox, Ticket
from otklik.desk.operations import storing
from otklik.desk.queries import mail_state
from otklik.desk.queries.installation import installation_marks
from otklik.desk.rules.mail.message import OWN_MARK
from otklik.desk.tests.mail.letters import arrive, message_of, raw, work
from otklik.events.models import Event
from tests.world import NOW, World

BOUNCE = b"""\
From: MAILER-DAEMON@elsewhere.example
To: help@north.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn@elsewhere.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Nobody by this name.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; elsewhere.example

Final-Recipient: rfc822; nobody@elsewhere.example
Action: failed
Status: 5.1.1
--b--
"""


@pytest.fixture
def root(world: World, client: Client) -> Client:
    client.force_login(world.root)
    return client


def parked(mailbox: Mailbox, kind: str) -> InboundMail:
    mails = {
        "auto_reply": [raw(Auto_Submitted="auto-replied", text="I am away")],
        "bulk": [raw(sender="news@elsewhere.example", List_Unsubscribe="<https://x>", Precedence="bulk")],
        "own_mail": [raw(sender=mailbox.address, **{OWN_MARK: installation_marks()[0]})],
        "bounce": [BOUNCE],
        "twin": [raw(message_id="one@x", X_Way="1"), raw(message_id="one@x", X_Way="2")],
    }
    row = [arrive(mailbox, mail)[0] for mail in mails[kind]][-1]
    assert (row.state, row.reason) == ("parked", kind)
    return row


@pytest.mark.parametrize("kind", ["auto_reply", "bulk", "own_mail", "bounce", "twin"])
def test_a_parked_mail_is_taken_in_where_somebody_wants_it(root: Client, mailbox: Mailbox, kind: str) -> None:
    row = parked(mailbox, kind)
    before = Ticket.objects.count()
    assert "Take in anyway" in root.get(reverse("operations")).content.decode()
    answer = root.post(reverse("mail-intake", args=[row.pk]))
    assert answer["Location"] == reverse("operations")
    work()
    row.refresh_from_db()
    assert row.state == "taken", row.reason
    assert message_of(row).text
    assert Ticket.objects.count() == before + 1
    assert Event.objects.filter(kind="desk.mail_wanted").count() == 1

    root.post(reverse("mail-intake", args=[row.pk]))
    work()
    assert Event.objects.filter(kind="desk.mail_wanted").count() == 1, "twice is once"
    assert Ticket.objects.count() == before + 1


def test_a_parked_mail_is_downloaded_as_it_came_and_never_shown(root: Client, mailbox: Mailbox) -> None:
    mail = raw(Auto_Submitted="auto-replied", text="<script>alert(1)</script>")
    [row] = arrive(mailbox, mail)
    answer = root.get(reverse("mail-raw", args=[row.pk]))
    assert b"".join(answer) == mail
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"] == f'attachment; filename="{row.pk}.eml"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_mail_in_a_ticket_is_not_read_past_its_ticket(root: Client, mailbox: Mailbox) -> None:
    [row] = arrive(mailbox, raw())
    assert root.get(reverse("mail-raw", args=[row.pk])).status_code == 404


def test_only_who_sees_operations_gets_at_mails_in_no_ticket(
    world: World, client: Client, mailbox: Mailbox
) -> None:
    row = parked(mailbox, "auto_reply")
    for user in (world.dmitri, world.anna, world.stranger):
        client.force_login(user)
        assert client.get(reverse("mail-raw", args=[row.pk])).status_code == 403
        assert client.post(reverse("mail-intake", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.state == "parked"
    assert row.received_at == NOW


def test_a_parked_mail_is_told_by_its_sender_and_subject(
    root: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "LARGEST_IN_ROW", 2000)
    subject = "=?utf-8?b?0J3QtdGCINC90LAg0LzQtdGB0YLQtQ==?="
    for extra in ("", "x" * 100_000):
        said = {"sender": '"<b>Vera</b>" <vera@aurora.example>', "subject": subject, "text": extra}
        arrive(mailbox, raw(Auto_Submitted="auto-replied", **said))
    assert InboundMail.objects.exclude(file="").count() == 1
    page = root.get(reverse("operations")).content.decode()
    assert page.count("Нет на месте") == 2, "from the row and from the file"
    assert page.count("&lt;b&gt;Vera&lt;/b&gt; vera@aurora.example") == 2


def test_a_mail_whose_content_is_gone_or_cannot_be_read_does_not_take_the_page_with_it(
    root: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = parked(mailbox, "auto_reply")
    InboundMail.objects.filter(pk=row.pk).update(raw=None, envelope_from="vera@aurora.example")
    assert "vera@aurora.example" in root.get(reverse("operations")).content.decode()
    InboundMail.objects.filter(pk=row.pk).update(file="mail/gone.eml")
    assert "vera@aurora.example" in root.get(reverse("operations")).content.decode()
    InboundMail.objects.filter(pk=row.pk).update(raw=b"From: a@b.example\r\n")
    monkeypatch.setattr(mail_state, "read_heading", lambda source: 1 / 0)
    assert "vera@aurora.example" in root.get(reverse("operations")).content.decode()
