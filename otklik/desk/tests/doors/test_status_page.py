"""The page behind a link: each side reads its own, and nobody else reads anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Callback, Message, Rating, Ticket
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.sides import set_customer
from otklik.desk.operations.tickets import assign, change_status, set_partner, set_subject
from otklik.desk.queries.doors import key_for, sender_key, visit_by
from otklik.desk.rules.vocabulary import Channel, Outcome, Side, TicketStatus
from otklik.desk.tests.doors.visitors import asks, opened, web_form
from otklik.desk.tests.sides.cast import (
    LATER,
    a_file,
    ask,
    client_of,
    client_says,
    dmitri,
    partner_says,
    stranger_asks,
    we_say,
    with_client,
)
from otklik.desk.web.public import guard
from otklik.kit.clock import now
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def page_of(ticket: Ticket, side: Side = Side.PARTNER) -> str:
    ticket.refresh_from_db()
    return f"/t/{key_for(side, ticket)}/"


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def says(client: Client, address: str, text: str = "", **more: Any) -> Any:
    return client.post(f"{address}messages/", {"text": text, "opened": opened(), **more})


def solve(world: World, ticket: Ticket, at: Any = None) -> None:
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=dmitri(world), at=at or now())


def test_the_partner_reads_what_was_said_and_who_takes_care_of_it(world: World, client: Client) -> None:
    ticket = ask(world)
    assign(ticket_id=ticket.pk, owner_id=world.dmitri.pk, by=dmitri(world), at=LATER)
    we_say(world, ticket, "It left today.")
    page = shown(client, page_of(ticket))
    for words in ("Where is our payout?", "It left today.", "Dmitri Agent", "in work"):
        assert words in page


def test_notes_and_the_other_side_are_not_on_it(world: World, client: Client) -> None:
    ticket = ask(world)
    customer = with_client(world, ticket)
    write_note(ticket_id=ticket.pk, text="They are bluffing", by=dmitri(world), at=LATER)
    client_says(ticket, "The partner owes me", customer)
    partner_says(world, ticket, "My client is difficult")
    set_subject(ticket_id=ticket.pk, subject="Bluff of Aurora", by=dmitri(world), at=LATER)

    partners, customers = shown(client, page_of(ticket)), shown(client, page_of(ticket, Side.CUSTOMER))
    assert "My client is difficult" in partners
    assert "The partner owes me" in customers
    for page, words in (
        (partners, ("bluff", "owes me", "Bluff", "client@shop.example")),
        (customers, ("bluff", "difficult", "Bluff", "payout", "vera@aurora.example", "Vera")),
    ):
        assert [word for word in words if word in page] == []


def test_a_key_opens_one_ticket_and_nothing_else(world: World, client: Client) -> None:
    ticket, other = ask(world), ask(world, subject="Another")
    assert "Another" not in shown(client, page_of(ticket))
    customer = with_client(world, ticket)
    with_client(world, other, customer)
    ticket.refresh_from_db()
    key = key_for(Side.CUSTOMER, ticket)
    wrong = (
        "x" * 32,
        str(ticket.pk),
        f"c.{ticket.pk}.{customer.pk}",
        key.replace(f"c.{ticket.pk}.", f"c.{other.pk}."),
        key.replace("c.", "s.", 1),
        key[:-1] + ("A" if key[-1] != "A" else "B"),
        ticket.public_key.swapcase(),
        "%00" * 8,
        "a" * 5000,
    )
    for odd in wrong:
        for tail in ("", "rating/", "callback/", "files/1/"):
            assert client.get(f"/t/{odd}/{tail}").status_code == 404, (odd, tail)
        assert client.post(f"/t/{odd}/messages/", {"text": "hello"}).status_code == 404


def test_a_former_customer_is_locked_out(world: World, client: Client) -> None:
    ticket = ask(world)
    with_client(world, ticket)
    old = page_of(ticket, Side.CUSTOMER)
    second = client_of(world, "second@shop.example", "Sonya Second")
    set_customer(ticket_id=ticket.pk, customer_id=second.pk, by=dmitri(world), at=LATER)
    assert client.get(old).status_code == 404
    assert client.get(page_of(ticket, Side.CUSTOMER)).status_code == 200


def test_a_former_partner_is_locked_out(world: World, client: Client) -> None:
    ticket = ask(world)
    old = page_of(ticket)
    set_partner(ticket_id=ticket.pk, partner_id=world.borealis.pk, by=dmitri(world), at=LATER)
    assert client.get(old).status_code == 404
    assert client.get(page_of(ticket)).status_code == 200


def test_finding_out_whose_ticket_it_is_keeps_the_link_that_was_mailed(world: World, client: Client) -> None:
    ticket = stranger_asks(world, "vera.private@mail.example")
    old = page_of(ticket)
    set_partner(
        ticket_id=ticket.pk, partner_id=world.aurora.pk, contact_id=world.vera.pk, by=dmitri(world), at=LATER
    )
    assert client.get(old).status_code == 200


def test_an_answer_comes_in_as_that_sides_message(world: World, client: Client) -> None:
    ticket = ask(world)
    customer = with_client(world, ticket)
    assert says(client, page_of(ticket, Side.CUSTOMER), "I am here").status_code == 302
    message = Message.objects.latest("pk")
    assert (message.side, message.customer, message.contact) == (Side.CUSTOMER, customer, None)
    assert (message.visible_to_partner, message.visible_to_customer) == (False, True)
    assert message.channel == Channel.FORM
    says(client, page_of(ticket), "Me too")
    message = Message.objects.latest("pk")
    assert (message.side, message.contact, message.visible_to_customer) == (Side.PARTNER, world.vera, False)


def test_an_answer_sent_twice_is_one_message(world: World, client: Client) -> None:
    ticket = ask(world)
    page = opened()
    for _ in range(2):
        assert says(client, page_of(ticket), "Once", opened=page).status_code == 302
    assert ticket.messages.count() == 2


def test_an_empty_answer_is_refused_in_words(world: World, client: Client) -> None:
    answer = says(client, page_of(ask(world)))
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_still_not_solved_opens_the_ticket_again(world: World, client: Client) -> None:
    ticket = ask(world, at=now())
    solve(world, ticket)
    assert "Still not solved" in shown(client, page_of(ticket))
    says(client, page_of(ticket), again="1")
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.OPEN


def test_a_ticket_that_ended_long_ago_gets_a_follow_up_with_a_page_of_its_own(
    world: World, client: Client
) -> None:
    ticket = ask(world)
    set_subject(ticket_id=ticket.pk, subject="Only for us", by=dmitri(world), at=LATER)
    solve(world, ticket, NOW + timedelta(days=1))
    page = opened()
    answers = [says(client, page_of(ticket), "Again!", opened=page) for _ in range(2)]
    later = Ticket.objects.get(follow_up_of=ticket)
    assert {answer["Location"] for answer in answers} == {page_of(later)}
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.SOLVED
    assert "Only for us" not in shown(client, page_of(later))


def test_case_merged_the_old_link_shows_the_survivor_to_the_same_people(world: World, client: Client) -> None:
    old, new = ask(world), ask(world, "The whole story", subject="Whole")
    merge_tickets(source_id=old.pk, target_id=new.pk, by=dmitri(world), at=LATER)
    page = shown(client, page_of(old))
    assert "The whole story" in page
    says(client, page_of(old), "And one thing more")
    assert Message.objects.latest("pk").ticket_id == new.pk


def test_a_merge_with_a_strangers_ticket_shows_neither_the_others_words(world: World, client: Client) -> None:
    one, other = stranger_asks(world, "a@mail.example"), stranger_asks(world, "b@mail.example", text="Secret")
    merge_tickets(source_id=one.pk, target_id=other.pk, by=dmitri(world), at=LATER)
    assert "Secret" not in shown(client, page_of(one))
    says(client, page_of(one), "Mine alone")
    assert "Mine alone" not in shown(client, page_of(other))
    assert Ticket.objects.get(follow_up_of=one).requester_address == "a@mail.example"


def test_an_unproved_sender_follows_no_merge(world: World, client: Client) -> None:
    web_form(world)
    location = asks(client)["Location"].split("?")[0]
    fake, true = Ticket.objects.get(), ask(world, "Confidential")
    merge_tickets(source_id=fake.pk, target_id=true.pk, by=dmitri(world), at=LATER)
    assert "Confidential" not in shown(client, location)
    says(client, location, "Tell me everything")
    assert not Message.objects.filter(ticket=true, text="Tell me everything").exists()


def test_an_unproved_sender_writes_more_in_their_own_name(world: World, client: Client) -> None:
    web_form(world)
    location = asks(client)["Location"].split("?")[0]
    says(client, location, "One thing more")
    message = Message.objects.latest("pk")
    assert (message.contact, message.from_name) == (None, "Vera")
    assert "One thing more" in shown(client, location)


def test_files_are_for_the_side_that_has_them(
    world: World, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ticket = ask(world)
    customer = with_client(world, ticket)
    theirs = a_file(client_says(ticket, "Look", customer), "client.txt", b"client")
    ours = a_file(write_note(ticket_id=ticket.pk, text="x", by=dmitri(world), at=LATER), "note.txt", b"note")
    mine = a_file(partner_says(world, ticket, "Look"), "we.html", b"<script>1</script>")
    partner, outsider = page_of(ticket), page_of(ticket, Side.CUSTOMER)
    got = client.get(f"{partner}files/{mine.pk}/")
    assert got["Content-Disposition"].startswith("attachment")
    assert got["Content-Type"] == "application/octet-stream"
    assert "sandbox" in got["Content-Security-Policy"]
    assert b"".join(got.streaming_content) == b"<script>1</script>"
    for address, file in ((partner, theirs), (partner, ours), (outsider, ours), (outsider, mine)):
        assert client.get(f"{address}files/{file.pk}/").status_code == 404
    sender = f"/t/{sender_key(ticket)}/"
    assert client.get(f"{sender}files/{mine.pk}/").status_code == 404


def test_a_page_sends_files(world: World, client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    ticket = ask(world)
    says(client, page_of(ticket), "Here it is", files=[SimpleUploadedFile("act.pdf", b"x")])
    assert "act.pdf" in shown(client, page_of(ticket))


def test_looking_at_a_rating_counts_nothing(world: World, client: Client) -> None:
    """Mail programs open every link of a mail to see where it leads."""
    ticket = ask(world)
    solve(world, ticket)
    page = shown(client, f"{page_of(ticket)}rating/?value=4")
    assert 'value="4" checked' in page
    assert not Rating.objects.exists()


def test_a_rating_counts_once_it_is_confirmed(world: World, client: Client) -> None:
    ticket = ask(world)
    address = f"{page_of(ticket)}rating/"
    assert "cannot be rated now" in shown(client, address)
    solve(world, ticket)
    assert client.post(address, {"value": "9"}).status_code == 422
    assert client.post(address, {"value": "4", "comment": "Quick"}).status_code == 302
    assert (Rating.objects.get().value, Rating.objects.get().comment) == (4, "Quick")
    assert 'value="4" checked' in shown(client, address)


def test_a_rating_is_the_partners_to_give(world: World, client: Client) -> None:
    ticket = ask(world)
    with_client(world, ticket)
    solve(world, ticket)
    for address in (page_of(ticket, Side.CUSTOMER), f"/t/{sender_key(ticket)}/"):
        assert client.post(f"{address}rating/", {"value": "1"}).status_code == 404


def test_a_call_back_may_be_asked_for_until_the_end(world: World, client: Client) -> None:
    ticket = ask(world)
    address = f"{page_of(ticket)}callback/"
    assert client.post(address, {"phone": ""}).status_code == 422
    assert client.post(address, {"phone": "+7 912 345-67-89", "time_zone": "Mars/Base"}).status_code == 302
    assert Callback.objects.get().ticket == ticket
    solve(world, ticket)
    assert client.get(address).status_code == 404


def test_too_many_messages_wait_with_their_text(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.LIMITS, "page", "60/h/ip,1/h/key")
    ticket = ask(world)
    says(client, page_of(ticket), "One")
    refused = says(client, page_of(ticket), "Two")
    assert refused.status_code == 429
    assert "Two" in refused.content.decode()


def test_forged_posts_are_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    ticket = ask(world)
    for tail in ("messages/", "rating/", "callback/"):
        assert strict.post(f"{page_of(ticket)}{tail}", {"text": "x", "value": "5"}).status_code == 403


def test_the_key_in_the_address_goes_nowhere(world: World, client: Client) -> None:
    answer = client.get(page_of(ask(world)))
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, no-store"
    assert "http://" not in answer.content.decode().replace("http://www.w3.org", "")


def test_spam_is_told_nothing_more_than_that_it_is_closed(world: World, client: Client) -> None:
    ticket = ask(world)
    by = dmitri(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, outcome=Outcome.SPAM, by=by, at=LATER)
    assert "spam" not in shown(client, page_of(ticket)).lower()


def test_a_page_asks_the_database_the_same_however_long_the_story(world: World, client: Client) -> None:
    ticket = ask(world)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(client, page_of(ticket))
        return len(found)

    for number in range(3):
        partner_says(world, ticket, f"{number}")
        we_say(world, ticket, f"Yes {number}")
    queries()
    few = queries()
    for number in range(9):
        partner_says(world, ticket, f"More {number}")
        we_say(world, ticket, f"Yes {number}", at=now())
    assert queries() == few


def test_every_side_has_a_key_of_its_own(world: World) -> None:
    ticket = ask(world)
    assert key_for(Side.CUSTOMER, ticket) == ""
    with_client(world, ticket)
    ticket.refresh_from_db()
    visits = [visit_by(key_for(side, ticket)) for side in (Side.PARTNER, Side.CUSTOMER)]
    assert [visit.side for visit in visits if visit] == [Side.PARTNER, Side.CUSTOMER]
