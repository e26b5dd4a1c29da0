"""What a partner's person sees and does among their company's matters, and what nobody else's people can."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.answering import shown as shown_answer
from otklik.assist.rules.vocabulary import AnswerOutcome, Intent
from otklik.desk.models import Callback, Message, Participant, Rating, Ticket, Topic
from otklik.desk.operations.messages import receive_message, reply, write_note
from otklik.desk.operations.sides import set_customer, store_customer
from otklik.desk.operations.tickets import change_status, create_ticket
from otklik.desk.rules.vocabulary import Channel, Side, TicketStatus
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Contact
from otklik.partners.rules.vocabulary import Authority, Influence
from otklik.portal.tests.people import sign_in
from otklik.portal.web import ask
from tests.world import World, make_contact

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def ticket_of(contact: Contact, subject: str = "Payout", text: str = "Where is it?", **more: Any) -> Ticket:
    facts: dict[str, Any] = {
        "program_id": contact.partner.program_id,
        "subject": subject,
        "channel": Channel.EMAIL,
        "side": Side.PARTNER,
        "text": text,
        "contact_id": contact.pk,
    }
    return create_ticket(**{**facts, **more}, by=Actor.system(), at=now())


def nina(world: World) -> Contact:
    return make_contact(
        world.borealis, "Nina Belova", "nina@borealis.example", Authority.FINAL, Influence.HIGH
    )


def answered(world: World, ticket: Ticket, text: str) -> Message:
    return reply(ticket_id=ticket.pk, text=text, by=Actor.person(world.dmitri.pk), at=now())


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_one_matter_shows_the_partners_side_and_nothing_else(client: Client, world: World) -> None:
    ticket = ticket_of(world.vera, EVIL, f"{EVIL} asks")
    customer = store_customer(
        partner_id=world.aurora.pk, name="Klim", address="k@shop.example", by=Actor.system(), at=now()
    )
    set_customer(ticket_id=ticket.pk, customer_id=customer.pk, by=Actor.system(), at=now())
    receive_message(
        ticket_id=ticket.pk,
        side=Side.CUSTOMER,
        channel=Channel.EMAIL,
        text="zebra",
        customer_id=customer.pk,
        from_name="Klim",
        from_address="k@shop.example",
        by=Actor.system(),
        at=now(),
    )
    write_note(ticket_id=ticket.pk, text="giraffe", by=Actor.person(world.dmitri.pk), at=now())
    reply(
        ticket_id=ticket.pk,
        text="We look into it",
        to_partner=True,
        to_customer=False,
        by=Actor.person(world.dmitri.pk),
        at=now(),
    )
    sign_in(client, world.gleb)
    page = shown(client, f"/portal/matters/{ticket.pk}/")
    assert "We look into it" in page
    assert "asks" in page
    assert EVIL not in page
    for word in ("zebra", "giraffe", "Klim"):
        assert word not in page
    assert EVIL not in shown(client, "/portal/matters/?q=asks")
    assert "zebra" not in shown(client, "/portal/")


ADDRESSES = ("", "messages/", "solved/", "rating/", "readers/", "readers/{participant}/", "files/{file}/")


def test_nothing_of_another_company_is_found_or_changed(client: Client, world: World) -> None:
    ticket = ticket_of(world.vera)
    message = Message.objects.get()
    from otklik.desk.tests.sides.cast import a_file

    attached = a_file(message, "terms.txt", b"secret")
    participant = Participant.objects.get()
    sign_in(client, nina(world))
    said = {"text": "x", "value": "1", "colleague": str(world.gleb.pk), "key": "k"}
    for tail in ADDRESSES:
        tail = tail.format(participant=participant.pk, file=attached.pk)
        address = f"/portal/matters/{ticket.pk}/{tail}"
        post = tail and not tail.startswith("files")
        answer = client.post(address, said) if post else client.get(address)
        assert answer.status_code == 404, address
    assert shown(client, "/portal/matters/?show=all").count("portal-row-link") == 0
    assert shown(client, f"/portal/matters/?q={ticket.pk}&show=all").count("portal-row-link") == 0
    assert client.get(f"/portal/ask/?about=ticket:{ticket.pk}").status_code == 404
    assert (Message.objects.count(), Rating.objects.count(), Participant.objects.count()) == (1, 0, 1)


def test_a_reply_sent_twice_stands_once_with_its_files(client: Client, world: World) -> None:
    ticket = ticket_of(world.vera)
    sign_in(client, world.vera)
    key = key_in(shown(client, f"/portal/matters/{ticket.pk}/"))
    for _ in range(2):
        evil = SimpleUploadedFile("photo.png", b"<svg onload=alert(1)>", content_type="image/svg+xml")
        answer = client.post(
            f"/portal/matters/{ticket.pk}/messages/", {"text": f"{EVIL} there", "key": key, "files": evil}
        )
        assert answer.url == f"/portal/matters/{ticket.pk}/"
    said = Message.objects.latest("pk")
    assert (Message.objects.count(), said.channel, said.contact) == (2, Channel.PORTAL, world.vera)
    file = said.attachments.get()
    got = client.get(f"/portal/matters/{ticket.pk}/files/{file.pk}/")
    assert got["Content-Type"] == "application/octet-stream"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got["Content-Security-Policy"]
    assert b"".join(got.streaming_content) == b"<svg onload=alert(1)>"
    assert EVIL not in shown(client, f"/portal/matters/{ticket.pk}/")


def test_what_cannot_be_taken_leaves_the_draft(client: Client, world: World) -> None:
    ticket = ticket_of(world.vera)
    sign_in(client, world.vera)
    address = f"/portal/matters/{ticket.pk}/messages/"
    empty = client.post(address, {"text": " ", "key": "k"})
    assert (empty.status_code, "Write something first" in empty.content.decode()) == (422, True)
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]
    answer = client.post(address, {"text": "my words", "key": "k", "files": many})
    assert (answer.status_code, "my words" in answer.content.decode()) == (422, True)
    assert Message.objects.count() == 1


def test_solved_still_not_and_rated(client: Client, world: World) -> None:
    ticket = ticket_of(world.vera)
    answered(world, ticket, "Paid")
    sign_in(client, world.vera)
    page = f"/portal/matters/{ticket.pk}/"
    assert client.post(f"{page}rating/", {"value": "5"}).url == page, "not while it is open"
    client.post(f"{page}solved/")
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.SOLVED
    client.post(f"{page}messages/", {"again": "1", "text": "", "key": "k"})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count) == (TicketStatus.OPEN, 1)
    assert "It is still not solved." in shown(client, page)
    client.post(f"{page}solved/")
    for value, comment in (("2", "slow"), ("4", EVIL)):
        client.post(f"{page}rating/", {"value": value, "comment": comment})
    rating = Rating.objects.get()
    assert (rating.value, rating.comment) == (4, EVIL)
    assert EVIL not in shown(client, page)
    assert client.post(f"{page}rating/", {"value": "9"}).status_code == 422
    long = client.post(f"{page}rating/", {"value": "1", "comment": "c" * 5001})
    assert (long.status_code, "c" * 5001 in long.content.decode()) == (422, True)
    rating.refresh_from_db()
    assert rating.value == 4


def test_colleagues_are_let_in_and_spared(client: Client, world: World) -> None:
    ticket, other = ticket_of(world.vera), nina(world)
    sign_in(client, world.vera)
    page = f"/portal/matters/{ticket.pk}/"
    for colleague in (other.pk, 0, "x"):
        client.post(f"{page}readers/", {"colleague": colleague})
    assert not Participant.objects.exclude(contact=world.vera).exists()
    client.post(f"{page}readers/", {"colleague": world.gleb.pk})
    gleb = Participant.objects.get(contact=world.gleb)
    assert "Gleb Sokolov" in shown(client, page)
    client.post(f"{page}readers/{gleb.pk}/")
    assert not Participant.objects.filter(pk=gleb.pk).exists()
    own = Participant.objects.get(contact=world.vera)
    assert client.post(f"{page}readers/{own.pk}/").status_code == 404, "who asked stays"


def test_a_colleague_who_cannot_be_written_to_as_one_is_not_added(client: Client, world: World) -> None:
    """Their address is that of somebody of ours, or stands on the end customer's side."""
    ticket = ticket_of(world.vera)
    sign_in(client, world.vera)
    world.dmitri.email = "gleb@aurora.example"
    world.dmitri.save()
    page = f"/portal/matters/{ticket.pk}/"
    answer = client.post(f"{page}readers/", {"colleague": world.gleb.pk}, follow=True)
    assert "does not work with you" in answer.content.decode()
    assert not Participant.objects.filter(contact=world.gleb).exists()


def test_the_list_narrows_and_says_what_to_do_where_nothing_is(client: Client, world: World) -> None:
    sign_in(client, world.gleb)
    assert "Nothing is open" in shown(client, "/portal/matters/")
    ended, opened = ticket_of(world.vera, "Ended one"), ticket_of(world.gleb, "Open one")
    change_status(ticket_id=ended.pk, status=TicketStatus.CLOSED, by=Actor.person(world.dmitri.pk), at=now())
    every = {
        "": "Open one",
        "?show=closed": "Ended one",
        "?show=all&mine=1": "Open one",
        "?q=open": "Open one",
    }
    for query, subject in every.items():
        page = shown(client, f"/portal/matters/{query}")
        assert (page.count("portal-row-link"), subject in page) == (1, True), query
    for odd in ("?show=x&after=nonsense", "?after=1e400_1", "?before=9"):
        shown(client, f"/portal/matters/{odd}")
    assert "Nothing fits" in shown(client, "/portal/matters/?q=qwerty")
    assert opened.is_open


@pytest.mark.parametrize("address", ["/portal/", "/portal/matters/?show=all", "/portal/ask/found/?q=payout"])
def test_a_page_takes_as_many_queries_for_many_as_for_few(client: Client, world: World, address: str) -> None:
    sign_in(client, world.vera, sees_money=True)

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            shown(client, address)
        return len(taken)

    for _ in range(2):
        change_status(
            ticket_id=ticket_of(world.vera).pk,
            status=TicketStatus.WAITING,
            by=Actor.person(world.dmitri.pk),
            at=now(),
        )
    queries()
    before = queries()
    for _ in range(3):
        ticket_of(world.gleb)
    assert queries() == before


def test_asking_says_who_answers_keeps_the_draft_and_makes_one_of_two(client: Client, world: World) -> None:
    topic = Topic.objects.create(
        key="payouts",
        names={"en": "Payouts"},
        owner=world.dmitri,
        questions={"en": "Payout number"},
        procedure_url="https://help.example/payouts",
    )
    hidden = Topic.objects.create(key="inside", names={"en": "Inside"}, is_offered=False)
    sign_in(client, world.vera)
    page = shown(client, "/portal/ask/?topic=payouts")
    for words in ("Payout number", "Dmitri Agent", "https://help.example/payouts"):
        assert words in page
    assert "Inside" not in page
    said = {"key": key_in(page), "topic": topic.pk, "subject": "Payout", "text": "Where?", "question_0": "77"}
    kept = client.post("/portal/ask/", {**said, "subject": ""}).content.decode()
    assert all(words in kept for words in ("Where?", 'value="77"'))
    assert client.post("/portal/ask/", {**said, "topic": hidden.pk}).status_code == 422
    long = client.post("/portal/ask/", {**said, "question_0": "7" * 1001})
    assert (long.status_code, "7" * 1001 in long.content.decode()) == (422, True)
    for _ in range(2):
        answer = client.post("/portal/ask/", said)
    ticket = Ticket.objects.get()
    assert answer.url == f"/portal/matters/{ticket.pk}/"
    assert (ticket.topic, ticket.channel, ticket.contact) == (topic, Channel.PORTAL, world.vera)
    assert Message.objects.get().text == "Payout number: 77\n\nWhere?"
    client.post("/portal/ask/", {**said, "text": "Another question"})
    assert Ticket.objects.count() == 2


def test_who_would_rather_be_called_is_promised_a_call_by_their_own_clock(
    client: Client, world: World
) -> None:
    sign_in(client, world.vera)
    said = {"key": "k", "subject": "Call", "text": "Please", "phone": "+7 912 345-67-89", "call_wish": "noon"}
    client.post("/portal/ask/", {**said, "time_zone": "Asia/Almaty"})
    callback = Callback.objects.get()
    assert (callback.ticket, callback.wish) == (Ticket.objects.get(), "noon")
    assert client.post("/portal/ask/", {**said, "key": "m", "phone": "nonsense"}).status_code == 422


def test_asking_about_something_names_it_if_it_is_theirs(client: Client, world: World) -> None:
    ticket = ticket_of(world.gleb, "Traffic")
    sign_in(client, world.vera)
    assert f"About request #{ticket.pk}: Traffic" in shown(client, f"/portal/ask/?about=ticket:{ticket.pk}")
    for odd in ("payout:1", "ticket:0", "ticket:x", "invoice:1", "payout:", "ticket:99999999999999999999"):
        shown(client, f"/portal/ask/?about={odd}", 404)


def test_past_matters_are_found_while_typing(client: Client, world: World) -> None:
    ticket_of(world.vera, "Late payout", "The payouts of March are late")
    theirs = nina(world)
    ticket_of(theirs, "Secret payout", "payouts of Borealis")
    sign_in(client, world.gleb)
    for q in ("payouts", "when do the payouts of march come"):
        assert "Late payout" in shown(client, f"/portal/ask/found/?q={q}"), q
    found = shown(client, "/portal/ask/found/?q=payouts")
    assert ("Late payout" in found, "Secret" in found) == (True, False)
    assert "Nothing is known" in shown(client, "/portal/ask/found/?q=zzzzzz")


def test_rooms_stand_empty_with_a_word_on_what_to_do(client: Client, world: World) -> None:
    sign_in(client, world.vera)
    for address in (
        "/portal/",
        "/portal/channels/",
        "/portal/surveys/",
        "/portal/ask/topic/?topic=9",
        "/portal/ask/?topic=²&answer=²",
    ):
        shown(client, address)
    for address in ("/portal/matters/", "/portal/ask/", "/portal/channels/", "/portal/surveys/"):
        assert "/portal/sign-in/" in Client().get(address).url


def told_to(contact: Contact) -> AutomaticAnswer:
    return AutomaticAnswer.objects.create(
        key=f"test-{contact.pk}",
        contact=contact,
        partner=contact.partner,
        channel="portal",
        language="en",
        intent=Intent.PAYOUT_WHEN,
        confidence=0.97,
        threshold=0.9,
        model_version=1,
        question="When is the payout?",
        title="Your next payout",
        lines=[f"On 5 March {EVIL}"],
        link={"name": "portal-gone", "args": []},
        outcome=AnswerOutcome.TOLD,
        told_at=now(),
    )


def test_an_automatic_answer_is_marked_and_a_person_is_one_step_away(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_to(world.vera)
    monkeypatch.setattr(ask, "answer_for", lambda text, **who: shown_answer(told))
    sign_in(client, world.vera)
    part = client.post("/portal/ask/answer/", {"q": told.question}, headers={"HX-Request": "true"})
    for page in (part, client.post("/portal/ask/answer/", {"q": told.question})):
        words = page.content.decode()
        assert "Automatic answer" in words
        assert "On 5 March" in words
        assert EVIL not in words
        assert f'name="answer" id="id_answer" value="{told.pk}"' in words
    answer = client.post(f"/portal/ask/answer/{told.pk}/", {"helped": "0"})
    form = shown(client, answer.url)
    assert f'value="{told.pk}"' in form
    said = {"key": "k", "subject": "Payout", "text": "When?", "answer": told.pk}
    client.post("/portal/ask/", said)
    told.refresh_from_db()
    assert (told.ticket, told.outcome) == (Ticket.objects.get(), AnswerOutcome.PERSON)


def test_nobody_settles_what_was_told_to_somebody_else(client: Client, world: World) -> None:
    told = told_to(world.vera)
    sign_in(client, nina(world))
    assert client.post(f"/portal/ask/answer/{told.pk}/", {"helped": "1"}).status_code == 404
    client.post("/portal/ask/", {"key": "k", "subject": "x", "text": "y", "answer": told.pk})
    told.refresh_from_db()
    assert (told.outcome, told.ticket) == (AnswerOutcome.TOLD, None)
    sign_in(client, world.vera)
    assert client.post(f"/portal/ask/answer/{told.pk}/", {"helped": "1"}).url == "/portal/"
    told.refresh_from_db()
    assert told.outcome == AnswerOutcome.HELPED
