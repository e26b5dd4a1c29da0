"""What a machine told one person about money is not read by colleagues who may not see it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.mail import answer_ticket
from otklik.assist.tests.stage import AT, answer_mails, asked, our_mailbox, payout, teach_a_little
from otklik.desk.access import visible_messages
from otklik.desk.models import Message, Ticket
from otklik.desk.operations.documents import message_documents
from otklik.desk.operations.messages import receive_message, reply
from otklik.desk.operations.tickets import change_status
from otklik.desk.rules.told_money import without_told
from otklik.desk.rules.vocabulary import Channel, Side, TicketStatus
from otklik.desk.tests.sides.leaks import mails_of, page_for
from otklik.events.public import Actor
from otklik.payouts.rules.vocabulary import PayoutState
from otklik.portal.models import PortalAccount
from otklik.portal.personal import everything_about
from otklik.portal.tests.people import sign_in
from tests.world import World

SUM = "987.65"
WHEN = "Good morning, could you tell me when the next payout is due?"


@pytest.fixture
def told(world: World) -> Ticket:
    """Vera, who sees the money of Aurora, was answered by mail. Gleb is her colleague and does not."""
    teach_a_little()
    answer_mails()
    payout(world.aurora, SUM, date(2026, 3, 16), PayoutState.APPROVED)
    sign_in(Client(), world.vera, sees_money=True)
    ticket = asked(our_mailbox(world), WHEN, subject="Money")
    assert answer_ticket(ticket_id=ticket.pk, at=AT) is not None
    assert SUM in Message.objects.get(about_money=True).text
    return ticket


def test_a_colleague_reads_that_something_was_told_and_not_what(
    told: Ticket, client: Client, world: World
) -> None:
    page = f"/portal/matters/{told.pk}/"
    sign_in(client, world.vera, sees_money=True)
    assert SUM in client.get(page).content.decode()
    line = Message.objects.get(about_money=True)
    sign_in(client, world.gleb)
    shown = client.get(page).content.decode()
    assert SUM not in shown
    assert "Vera Orlova got an automatic answer about money" in shown
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    assert "Здесь автоматический ответ о деньгах" in client.get(page).content.decode()
    assert client.post(f"{page}messages/{line.pk}/translation/").status_code == 404
    for q in (SUM, "approved", "automatic"):
        for address in (f"/portal/matters/?q={q}", f"/portal/ask/found/?q={q}"):
            assert f"/portal/matters/{told.pk}/" not in client.get(address).content.decode(), address
    assert SUM not in repr(page_for(Side.PARTNER, told)), "the page behind the link in a mail"
    assert message_documents([line.pk]) == []


def test_what_quotes_it_is_folded_away_before_anybody_reads_it(
    told: Ticket, client: Client, world: World
) -> None:
    """Quoted, broken anew by a mail program, or copied; in the matter, in mails that answer, and in what
    follows a matter that ended. A sum in somebody's own words is theirs to write."""
    text = Message.objects.get(about_money=True).text
    line = next(one for one in text.splitlines() if SUM in one)
    half = len(line) // 2
    said = f"> {line[:half]}\n> {line[half:]}\nNot this one: the other\n{line}"
    sign_in(client, world.vera, sees_money=True)
    client.post(f"/portal/matters/{told.pk}/messages/", {"key": "a", "text": said})
    answered = reply(ticket_id=told.pk, text="I look.", by=Actor.person(world.dmitri.pk), at=AT)
    Ticket.objects.filter(pk=told.pk).update(version=1)
    change_status(ticket_id=told.pk, status=TicketStatus.CLOSED, by=Actor.person(world.dmitri.pk), at=AT)
    client.post(f"/portal/matters/{told.pk}/messages/", {"key": "b", "text": said})
    heard = Message.objects.filter(side=Side.PARTNER, quote__contains=SUM)
    assert [one.text for one in heard] == ["Not this one: the other"] * 2
    assert heard[0].ticket_id != heard[1].ticket_id
    assert all(SUM.encode() not in mail for _side, mail in mails_of(answered))
    sign_in(client, world.gleb)
    for ticket_id in {one.ticket_id for one in heard}:
        assert SUM not in client.get(f"/portal/matters/{ticket_id}/").content.decode()
    assert f"/{told.pk}/" not in client.get(f"/portal/matters/?show=all&q={SUM}").content.decode()


def test_staff_without_the_right_read_no_sums_either(told: Ticket, client: Client, world: World) -> None:
    for user, reads in ((world.dmitri, False), (world.boris, True), (world.anna, True)):
        client.force_login(user)
        shown = client.get(f"/tickets/{told.pk}/").content.decode()
        assert (SUM in shown) is reads, user
        assert visible_messages(user).filter(about_money=True).exists() is reads, user


def test_what_quotes_it_is_no_more_theirs_than_what_was_told(
    told: Ticket, client: Client, world: World
) -> None:
    """The history below a mail, the mail as it was written, and the list of what may be split off."""
    text = Message.objects.get(about_money=True).text
    thanks = receive_message(
        ticket_id=told.pk, side=Side.PARTNER, channel=Channel.EMAIL, text="Thank you", quote=f"> {text}",
        html=f"<p>Thank you</p><blockquote>{text}</blockquote>", contact_id=world.vera.pk,
        by=Actor.system(), at=AT,
    )  # fmt: skip
    pages = (f"/tickets/{told.pk}/", f"/messages/{thanks.pk}/html/", f"/tickets/{told.pk}/split/")
    for user, reads in ((world.dmitri, False), (world.anna, True)):
        client.force_login(user)
        for page in pages:
            answer = client.get(page)
            assert (SUM in answer.content.decode()) is reads, (user, page)
            assert answer.status_code == (200 if reads or "html" not in page else 404)


def test_an_export_tells_no_money_to_whoever_sees_it_no_longer(told: Ticket, world: World) -> None:
    assert SUM in json.dumps(everything_about(world.vera.pk))
    PortalAccount.objects.update(sees_money=False)
    found = everything_about(world.vera.pk)
    assert SUM not in json.dumps(found)
    assert len(found["assist"]["automatic_answers"]) == AutomaticAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("> Thank you", "> Thank you"),
        ("Thanks,\nVera", "Thanks,\nVera"),
        ("> 1 200,00 €", ""),
        ("1 200,00 € is not what I asked", "1 200,00 € is not what I asked"),
    ],
    ids=["not told", "short", "a sum quoted", "own words"],
)
def test_only_what_was_told_is_folded(text: str, kept: str) -> None:
    assert without_told(text, ["Hello Vera,\n\n1\u202f200,00\xa0€ is approved.\nThanks"])[0] == kept
