"""Mail that a provider posts: stored before the provider is told so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.test import Client

from otklik.desk.models import InboundMail, Mailbox
from otklik.desk.operations import mailboxes
from otklik.desk.tests.mail.letters import raw, work

KEY = "k3y-of-this-mailbox"
ADDRESS = f"/desk/hooks/{KEY}/"


@pytest.fixture
def posted(mailbox: Mailbox, settings) -> Mailbox:
    settings.OTKLIK = replace(settings.OTKLIK, anymail_backend="postmark")
    mailbox.source, mailbox.webhook_key = "webhook", KEY
    mailbox.save()
    return mailbox


def post(client: Client, address: str = ADDRESS, **changes: object):
    body = {"RawEmail": raw(message_id="posted@x").decode(), "MessageStream": "inbound", **changes}
    full = {"From": "vera@aurora.example", "To": "help@north.example", "Headers": [], **body}
    return client.post(address, json.dumps(full), content_type="application/json")


def test_case_51_the_same_post_twice_is_one_mail(client: Client, posted: Mailbox) -> None:
    assert [post(client).status_code for _ in range(2)] == [200, 200]
    row = InboundMail.objects.get()
    assert row.mailbox == posted
    work()
    row.refresh_from_db()
    assert row.state == "taken"


def test_a_wrong_key_opens_nothing(client: Client, posted: Mailbox) -> None:
    assert post(client, "/desk/hooks/another/").status_code == 404
    assert client.get(ADDRESS).status_code == 405
    assert client.head(ADDRESS).status_code == 200
    Mailbox.objects.update(webhook_key="")
    assert post(client, "/desk/hooks/%20/").status_code == 404


def test_what_cannot_be_read_is_refused(client: Client, posted: Mailbox) -> None:
    assert client.post(ADDRESS, "{", content_type="application/json").status_code == 400
    assert not InboundMail.objects.exists()


def test_a_mail_that_could_not_be_stored_is_not_acknowledged(
    client: Client, posted: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mailboxes, "store_mails", full)
    client.raise_request_exception = False
    assert post(client).status_code == 507, "a full disk; the provider posts it again after any 5xx"
