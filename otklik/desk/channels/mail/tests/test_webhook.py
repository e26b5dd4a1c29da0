"""What providers post, in the shapes their documentation gives."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from otklik.desk.channels.mail import webhook
from otklik.desk.channels.mail.protocol import FetchedMail
from otklik.desk.channels.mail.webhook import (
    PROVIDERS,
    UnknownProvider,
    WebhookNotConfigured,
    WebhookRefused,
    WebhookTooLarge,
    WebhookUnreadable,
    read_webhook,
)

POSTMARK: dict[str, Any] = {
    "FromFull": {"Email": "vera@example.com", "Name": "Вера"},
    "ToFull": [{"Email": "help@desk.example", "Name": ""}],
    "OriginalRecipient": "help@desk.example",
    "Subject": "Где выплата?",
    "MessageID": "22c74902-a0c1-4511-804f2-341342852c90",
    "Date": "Mon, 2 Mar 2026 09:00:00 +0000",
    "TextBody": "Жду с пятницы.",
    "HtmlBody": "<p>Жду с пятницы.</p>",
    "Headers": [
        {"Name": "Return-Path", "Value": "<vera@example.com>"},
        {"Name": "Message-ID", "Value": "<1@example.com>"},
    ],
    "Attachments": [
        {
            "Name": "акт.pdf",
            "Content": base64.b64encode(b"%PDF-1.7").decode(),
            "ContentType": "application/pdf",
            "ContentLength": 8,
        }
    ],
}


def post_json(provider: str, body: object) -> list[FetchedMail]:
    request = RequestFactory().post("/", json.dumps(body), content_type="application/json")
    return read_webhook(provider, request)


def post_mailgun(*, key: bytes = b"sesame", token: str = "t" * 50, **fields: Any) -> list[FetchedMail]:
    signature = hmac.new(key, f"1772442000{token}".encode(), hashlib.sha256).hexdigest()
    form = {
        "sender": "vera@example.com",
        "recipient": "help@desk.example",
        "timestamp": "1772442000",
        "token": token,
        "signature": signature,
        "message-headers": json.dumps(
            [["From", "Вера <vera@example.com>"], ["Message-Id", "<1@example.com>"], ["Subject", "Акт"]]
        ),
        "body-plain": "Жду.",
        **fields,
    }
    return read_webhook("mailgun", RequestFactory().post("/", form))


def opened(mail: FetchedMail) -> EmailMessage:
    with mail.content as file:
        message = message_from_bytes(file.read(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_taken_apart_is_put_together_again() -> None:
    (mail,) = post_json("postmark", POSTMARK)
    assert (mail.envelope_from, mail.envelope_to) == ("vera@example.com", ("help@desk.example",))
    message = opened(mail)
    assert message["Subject"] == "Где выплата?"
    assert message["Message-ID"] == "<1@example.com>"
    assert message["From"].addresses[0].display_name == "Вера"
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == "Жду с пятницы."
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("акт.pdf", b"%PDF-1.7")


def test_a_raw_mail_is_taken_as_it_is() -> None:
    raw = "From: vera@example.com\r\nMessage-ID: <2@example.com>\r\nSubject: x\r\n\r\nbody\r\n"
    (mail,) = post_json("postmark", {**POSTMARK, "RawEmail": raw})
    with mail.content as file:
        assert file.read() == raw.encode()


def test_a_bounce_comes_with_the_empty_sender() -> None:
    headers = [{"Name": "Return-Path", "Value": "<>"}, *POSTMARK["Headers"][1:]]
    (mail,) = post_json("postmark", {**POSTMARK, "Headers": headers})
    mail.content.close()
    assert mail.envelope_from == ""


def test_case_51_the_same_webhook_twice_gives_the_same_key_and_another_mail_another(settings: Any) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": "sesame"}
    mails = [
        *post_json("postmark", POSTMARK),
        *post_json("postmark", POSTMARK),
        *post_json("postmark", {**POSTMARK, "TextBody": "Жду с субботы."}),
        *post_mailgun(),
        *post_mailgun(token="u" * 50),  # the provider signs each attempt anew
    ]
    for mail in mails:
        mail.content.close()
    first, again, other, gun, gun_again = (mail.key for mail in mails)
    assert first == again
    assert gun == gun_again
    assert len({first, other, gun}) == 3


def test_a_form_with_files_is_read_and_its_signature_checked(settings: Any) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": "sesame"}
    file = SimpleUploadedFile("акт.pdf", b"%PDF-1.7", content_type="application/pdf")
    (mail,) = post_mailgun(**{"attachment-count": "1", "attachment-1": file})
    assert (mail.envelope_from, mail.envelope_to) == ("vera@example.com", ("help@desk.example",))
    (attached,) = opened(mail).iter_attachments()
    assert attached.get_content() == b"%PDF-1.7"
    with pytest.raises(WebhookRefused):
        post_mailgun(key=b"guessed")


def test_a_missing_key_is_ours_to_mend(settings: Any) -> None:
    settings.ANYMAIL = {}
    with pytest.raises(WebhookNotConfigured, match="MAILGUN"):
        post_mailgun()
    with pytest.raises(WebhookNotConfigured, match="Bounce"):
        post_json("postmark", {"RecordType": "Bounce"})


def test_a_password_is_asked_for_where_one_is_set(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "postman:sesame"}
    with pytest.raises(WebhookRefused):
        post_json("postmark", POSTMARK)


@pytest.mark.parametrize("body", [[], "", 7, {"Attachments": [{}]}, {"Headers": 3}])
def test_what_is_no_webhook_is_named_so(body: object) -> None:
    with pytest.raises(WebhookUnreadable):
        post_json("postmark", body)
    with pytest.raises(UnknownProvider):
        post_json("pigeon", body)


def test_a_large_mail_is_read_where_a_form_would_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    large = {**POSTMARK, "TextBody": "x" * 6 * 1024 * 1024}
    (mail,) = post_json("postmark", large)
    mail.content.close()
    assert mail.size > 6 * 1024 * 1024
    monkeypatch.setattr(webhook, "LARGEST", 1024 * 1024)
    with pytest.raises(WebhookTooLarge):
        post_json("postmark", large)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_named_is_one_the_library_has(provider: str) -> None:
    assert webhook._view_of(provider).__mro__[1].__module__.startswith("anymail.webhooks")
