"""The operations page says how mail stands."""

from __future__ import annotations

from django.test import Client

from otklik.desk.models import InboundMail, Mailbox, MailCopy
from otklik.desk.queries.mail_state import mail_state
from otklik.desk.tests.mail.letters import arrive, later, message_of, raw, store
from tests.world import NOW, World


def test_mail_that_waits_or_failed_is_on_the_operations_page(
    world: World, mailbox: Mailbox, second_mailbox: Mailbox, client: Client
) -> None:
    [row] = arrive(mailbox, raw(message_id="root@x"))
    MailCopy.objects.create(
        message=message_of(row), side="partner", mailbox=mailbox, sent_id="a@x", state="failed"
    )
    arrive(mailbox, raw(Auto_Submitted="auto-replied"))
    store(second_mailbox, raw())
    InboundMail.objects.filter(state="stored").update(reason="OSError: No space left on device")
    Mailbox.objects.filter(pk=mailbox.pk).update(failure="SignInRefused", failed_at=NOW)

    state = mail_state(at=later(minutes=11))
    by_address = {line.mailbox.address: line for line in state.lines}
    first, second = by_address[mailbox.address], by_address[second_mailbox.address]
    assert (first.waiting, first.parked, first.failed, first.to_send) == (0, 1, 1, 0)
    assert (second.waiting, second.silent) == (1, True)
    assert state.waiting_because == "OSError: No space left on device"

    client.force_login(world.root)
    page = client.get("/operations/").content.decode()
    for words in (mailbox.address, "SignInRefused", "No space left on device"):
        assert words in page
    assert client.get("/operations/").status_code == 200
    client.force_login(world.dmitri)
    assert client.get("/operations/").status_code == 403


def test_the_number_of_queries_is_the_same_for_any_number_of_mailboxes(
    world: World, mailbox: Mailbox, django_assert_num_queries
) -> None:
    for count in (1, 5):
        for number in range(count):
            Mailbox.objects.create(
                address=f"box{count}{number}@x.example", program=world.program, created_at=NOW
            )
        with django_assert_num_queries(7):
            mail_state(at=NOW)
