"""A survey's mail through Postfix into Dovecot, and what comes back for an address that is no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from otklik.desk.models import Mailbox
from otklik.desk.operations.mailboxes import begin_with_new_mail
from otklik.desk.tests.mail.test_real_servers import Reader, fetch_until
from otklik.feedback.operations.sending import send_due
from otklik.feedback.senders.mail import MailSender
from otklik.feedback.tests.mailing.conftest import Post
from otklik.partners.models import Address
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import dovecot, postfix  # noqa: F401
from tests.servers.postfix import MOVED, Postfix

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def vera(dovecot: Dovecot) -> Iterator[Reader]:  # noqa: F811
    reader = Reader(dovecot)
    yield reader
    reader.close()


def test_mail_arrives_with_its_way_out_and_a_dead_address_is_learnt_of(
    post: Post,
    postfix: Postfix,  # noqa: F811
    dovecot: Dovecot,  # noqa: F811
    vera: Reader,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.OTKLIK = replace(
        settings.OTKLIK,
        mail_url=f"smtp://127.0.0.1:{postfix.port}",
        mail_from=f"North <{postfix.address('help')}>",
    )
    box = Mailbox.objects.create(
        address=postfix.address("help"),
        program=post.world.program,
        host="127.0.0.1",
        port=dovecot.port,
        security="plain",
        user_name="help",
        password=PASSWORD,
        created_at=post.at,
    )
    box.refresh_from_db()
    begin_with_new_mail(mailbox_id=box.pk)
    sent = post.plan(post.someone(postfix.address("vera")), language="ru")
    gone = post.plan(post.someone(postfix.address(MOVED)))
    send_due(sender=MailSender(), clock=lambda: post.at, until=post.at.replace(hour=23))

    [mail] = vera.wait_for_mails(1)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/stop/>" in mail["List-Unsubscribe"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "Насколько вероятно" in html.get_content()

    fetch_until(box, 1, post.at)
    for invitation in (sent, gone):
        invitation.refresh_from_db()
    assert (sent.state, gone.state) == ("sent", "bounced")
    assert Address.objects.get(normalised=postfix.address(MOVED)).bounced_at == post.at
