"""Survey mail by a provider's API, and what the provider tells of it afterwards, in the shapes that the
documentation of Postmark and Mailgun gives."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from otklik.desk.channels.mail.tests.test_outgoing import Provider, provider  # noqa: F401
from otklik.desk.models import InboundMail, Mailbox
from otklik.feedback.mailing.ids import invitation_named_by, message_id_for
from otklik.feedback.models import Invitation, Objection
from otklik.feedback.operations.sending import send_due
from otklik.feedback.senders.mail import MailSender
from otklik.feedback.senders.protocol import NotTaken, OutcomeUnknown, WayClosed
from otklik.feedback.tests.invited import invite
from otklik.feedback.tests.mailing.conftest import Post
from otklik.feedback.tests.mailing.test_senders import LINK, asking
from otklik.partners.models import Address

pytestmark = pytest.mark.django_db
KEY = "k3y-of-this-mailbox"
HOOK = f"/desk/hooks/{KEY}/"
SIGNING = "sesame"


@pytest.fixture
def postmark(provider: Provider, settings: Any) -> Provider:  # noqa: F811
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="postmark", mail_url="")
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": f"http://127.0.0.1:{provider.port}",
    }
    return provider


def test_the_mail_leaves_by_the_desks_provider_with_all_that_belongs_to_it(postmark: Provider) -> None:
    with MailSender().open() as session:
        session.send(
            asking(message_id=message_id_for(17, 0), sender_name="North", reply_to="a@north.example")
        )
    [sent] = postmark.posts
    headers = {one["Name"]: one["Value"] for one in sent["Headers"]}
    assert headers["List-Unsubscribe"] == f"<{LINK}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Message-ID"] == message_id_for(17, 0)
    assert (sent["Subject"], sent["ReplyTo"]) == ("Вопрос", "a@north.example")
    assert "<p>Вопрос</p>" in sent["HtmlBody"]
    [note] = sent["Metadata"].values()
    assert len(note) <= 80, "Postmark keeps no more"
    assert invitation_named_by(note) == 17


@pytest.mark.parametrize(
    ("address", "end"),
    [
        ("refused@example.com", NotTaken),
        ("delayed@example.com", WayClosed),
        ("unknown@x.example", OutcomeUnknown),
    ],
)
def test_ends_are_told_apart(postmark: Provider, address: str, end: type[Exception]) -> None:
    with MailSender().open() as session, pytest.raises(end):
        session.send(asking(address))


def test_a_key_that_is_wrong_loses_no_invitation(post: Post, postmark: Provider, settings: Any) -> None:
    settings.ANYMAIL = {"POSTMARK_API_URL": settings.ANYMAIL["POSTMARK_API_URL"]}
    invitation = post.plan(post.world.vera)
    assert send_due(sender=MailSender(), clock=lambda: post.at, until=post.at.replace(hour=23)) is False
    invitation.refresh_from_db()
    assert (invitation.state, invitation.attempts) == ("planned", 0)


def test_a_provider_that_keeps_no_notes_is_told_none(postmark: Provider, settings: Any) -> None:
    from otklik.desk.channels.mail.provider import takes_notes

    assert takes_notes("postmark")
    assert not takes_notes("mailersend")


@pytest.fixture
def asked(post: Post) -> Invitation:
    return invite(post.wave, post.world.vera, remind_at=post.at)


@pytest.fixture
def hook(post: Post) -> Mailbox:
    return Mailbox.objects.create(
        address="help@north.example", program=post.world.program, created_at=post.world.now,
        source="webhook", webhook_key=KEY,
    )  # fmt: skip


Tell = Callable[..., int]


def from_postmark(note: str, what: str, **changes: Any) -> dict[str, Any]:
    common = {
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23,
        "MessageStream": "outbound",
        "Metadata": {"otklik_mail": note},
        "Email": "vera@aurora.example",
        "From": "otklik@localhost",
        "ID": 42,
    }
    kinds: dict[str, dict[str, Any]] = {
        "bounce": {
            "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Name": "Hard bounce",
            "Description": "The server was unable to deliver your message (ex: unknown user).",
            "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
            "BouncedAt": "2026-03-02T12:00:00Z", "Inactive": True, "CanActivate": True,
        },
        "complaint": {
            "RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512, "Name": "Spam complaint",
            "Description": "The subscriber explicitly marked this message as spam.", "Details": "",
            "BouncedAt": "2026-03-02T12:00:00Z",
        },
        "unsubscribed": {
            "RecordType": "SubscriptionChange", "ChangedAt": "2026-03-02T12:00:00Z", "Origin": "Recipient",
            "Recipient": "vera@aurora.example", "SuppressSending": True,
            "SuppressionReason": "ManualSuppression",
        },
        "delivered": {
            "RecordType": "Delivery", "DeliveredAt": "2026-03-02T12:00:00Z",
            "Recipient": "vera@aurora.example", "Details": "250 OK",
        },
    }  # fmt: skip
    return {**common, **kinds[what], **changes}


def from_mailgun(note: str, what: str, *, key: str = SIGNING, **changes: Any) -> dict[str, Any]:
    token, stamp = "t" * 50, "1772442000"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    common = {
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": 1772442000.5,
        "recipient": "vera@aurora.example",
        "recipient-domain": "aurora.example",
        "user-variables": {"otklik_mail": note},
        "message": {"headers": {"message-id": "somebody@elses.example", "to": "vera@aurora.example"}},
        "tags": [],
    }
    kinds: dict[str, dict[str, Any]] = {
        "bounce": {
            "event": "failed", "severity": "permanent", "reason": "bounce", "log-level": "error",
            "delivery-status": {
                "code": 550, "enhanced-code": "5.1.1", "description": "",
                "message": "5.1.1 The email account that you tried to reach does not exist.",
            },
        },
        "complaint": {"event": "complained", "log-level": "warn"},
        "unsubscribed": {"event": "unsubscribed", "log-level": "warn"},
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
    }  # fmt: skip
    data = {**common, **kinds[what], **changes}
    return {"signature": {"token": token, "timestamp": stamp, "signature": signature}, "event-data": data}


BODIES = {"postmark": from_postmark, "mailgun": from_mailgun}


@pytest.fixture(params=BODIES)
def tell(request: pytest.FixtureRequest, client: Client, hook: Mailbox, settings: Any) -> Tell:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend=request.param)
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING}

    def post(note: str, what: str, **changes: Any) -> int:
        body = BODIES[request.param](note, what, **changes)
        return client.post(HOOK, json.dumps(body), content_type="application/json").status_code

    return post


def note_of(invitation: Invitation, number: int = 0) -> str:
    return message_id_for(invitation.pk, number).strip("<>").partition("@")[0]


def test_a_dead_address_is_marked_with_its_invitation(asked: Invitation, tell: Tell) -> None:
    assert [tell(note_of(asked), "bounce") for _ in range(2)] == [200, 200]
    asked.refresh_from_db()
    assert (asked.state, asked.remind_at) == ("bounced", None)
    assert "5.1.1" in asked.reason
    assert Address.objects.get(normalised="vera@aurora.example").bounced_at is not None
    assert not InboundMail.objects.exists()


def test_a_complaint_is_silence_told_twice_or_once(asked: Invitation, tell: Tell) -> None:
    assert [tell(note_of(asked, number), "complaint") for number in (0, 0, 1)] == [200] * 3
    [objection] = Objection.objects.all()
    assert (objection.kind, objection.address) == ("complained", "vera@aurora.example")
    assert objection.until is not None
    asked.refresh_from_db()
    assert asked.remind_at is None


def test_who_leaves_by_the_providers_own_link_has_left(asked: Invitation, tell: Tell) -> None:
    assert [tell(note_of(asked), "unsubscribed") for _ in range(2)] == [200, 200]
    [objection] = Objection.objects.all()
    assert (objection.kind, objection.contact_id, objection.until) == ("unsubscribed", asked.contact_id, None)


def test_what_was_delivered_changes_nothing(asked: Invitation, tell: Tell) -> None:
    assert tell(note_of(asked), "delivered") == 200
    asked.refresh_from_db()
    assert asked.state == "sent"


@pytest.mark.parametrize("what", ["bounce", "complaint", "unsubscribed"])
def test_a_report_that_proves_nothing_is_believed_by_nobody(asked: Invitation, tell: Tell, what: str) -> None:
    forged = note_of(asked).replace(f".{asked.pk}.", f".{asked.pk + 1}.")
    for note in (forged, "", "survey.1.0.x", "\x00", 7, None, {"a": 1}):
        assert tell(note, what) == 200
    asked.refresh_from_db()
    assert asked.state == "sent"
    assert not Objection.objects.exists()
    assert not Address.objects.exclude(bounced_at=None).exists()


def test_a_full_mailbox_is_not_a_dead_address(
    asked: Invitation, client: Client, hook: Mailbox, settings: Any
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="postmark")
    body = from_postmark(
        note_of(asked),
        "bounce",
        Type="SoftBounce",
        Details="smtp;452 4.2.2 over quota",
        Description="Soft bounce",
    )
    assert client.post(HOOK, json.dumps(body), content_type="application/json").status_code == 200
    asked.refresh_from_db()
    assert asked.state == "bounced"
    assert not Address.objects.exclude(bounced_at=None).exists()


def test_a_report_signed_by_somebody_else_is_refused(
    asked: Invitation, client: Client, hook: Mailbox, settings: Any
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="mailgun")
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING}
    body = json.dumps(from_mailgun(note_of(asked), "complaint", key="guessed"))
    assert client.post(HOOK, body, content_type="application/json").status_code == 400
    assert not Objection.objects.exists()
    assert client.post("/desk/hooks/other/", body, content_type="application/json").status_code == 404


@pytest.mark.parametrize("is_grouped", [False, True])
def test_an_event_of_mailjet_is_no_mail_grouped_or_alone(
    asked: Invitation, client: Client, hook: Mailbox, settings: Any, is_grouped: bool
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="mailjet")
    event = {
        "event": "spam", "time": 1772442000, "MessageID": 13792286917004336, "email": "vera@aurora.example",
        "CustomID": "", "Payload": json.dumps({"otklik_mail": note_of(asked)}), "source": "JMRPP",
    }  # fmt: skip
    body = json.dumps([event] if is_grouped else event)
    assert client.post(HOOK, body, content_type="application/json").status_code == 200
    assert Objection.objects.get().kind == "complained"
    assert not InboundMail.objects.exists()


def test_a_mail_that_mailjet_passes_on_stays_a_mail(client: Client, hook: Mailbox, settings: Any) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="mailjet")
    body = {
        "Sender": "vera@aurora.example", "Recipient": "help@north.example", "Text-part": "Where is it?",
        "Headers": {"From": "vera@aurora.example", "Subject": "Payout", "Message-ID": "<1@aurora.example>"},
        "Parts": [{"Headers": {"Content-Type": "text/plain"}, "ContentRef": "Text-part"}],
    }  # fmt: skip
    assert client.post(HOOK, json.dumps(body), content_type="application/json").status_code == 200
    assert InboundMail.objects.count() == 1


def _of_mailjet(note: str, **told: Any) -> dict[str, Any]:
    return {
        "event": "bounce", "time": 1772442000, "MessageID": 7, "email": "vera@aurora.example",
        "Payload": json.dumps({"otklik_mail": note}), "error_related_to": "recipient", **told,
    }  # fmt: skip


def _of_sparkpost(note: str, **told: Any) -> list[dict[str, Any]]:
    event = {
        "type": "bounce", "timestamp": "1772442000", "message_id": "m", "transmission_id": "t",
        "raw_rcpt_to": "vera@aurora.example", "rcpt_meta": {"otklik_mail": note}, **told,
    }  # fmt: skip
    return [{"msys": {"message_event": event}}]


@pytest.mark.parametrize(
    ("provider_name", "body", "told", "is_dead"),
    [
        ("mailjet", _of_mailjet, {"error": "quota exceeded", "hard_bounce": False}, False),
        ("mailjet", _of_mailjet, {"error": "user unknown", "hard_bounce": True}, True),
        ("sparkpost", _of_sparkpost, {"bounce_class": "22", "raw_reason": "mailbox is full"}, False),
        ("sparkpost", _of_sparkpost, {"bounce_class": "40", "raw_reason": "452 4.2.2 over quota"}, False),
        ("sparkpost", _of_sparkpost, {"bounce_class": "10", "raw_reason": "550 5.1.1 no such user"}, True),
    ],
)
def test_what_passes_by_itself_marks_no_address_whoever_tells(
    asked: Invitation,
    client: Client,
    hook: Mailbox,
    settings: Any,
    provider_name: str,
    body: Callable[..., Any],
    told: dict[str, Any],
    is_dead: bool,
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend=provider_name)
    posted = json.dumps(body(note_of(asked), **told))
    assert client.post(HOOK, posted, content_type="application/json").status_code == 200
    asked.refresh_from_db()
    assert asked.state == "bounced"
    assert Address.objects.exclude(bounced_at=None).exists() is is_dead
