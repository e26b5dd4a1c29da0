"""The page of a ticket: what it shows, what it does, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.models import Draft, Message, Ticket
from otklik.desk.operations.messages import receive_message
from otklik.desk.rules.vocabulary import Channel, Delivery, MessageKind, Priority, Side, TicketStatus
from otklik.desk.tests.web.test_inbox import ticket
from otklik.events.public import Actor
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def dmitri(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def show(client: Client, found: Ticket, status: int = 200) -> str:
    answer = client.get(reverse("ticket", args=[found.pk]))
    assert answer.status_code == status
    return answer.content.decode()


def write(client: Client, found: Ticket, **data: Any) -> Any:
    newest = Message.objects.filter(ticket=found).order_by("-pk").values_list("pk", flat=True).first() or 0
    posted = {"mode": "reply", "to_partner": "1", "based_on": newest, **data}
    return client.post(reverse("ticket-messages", args=[found.pk]), posted)


def test_it_shows_who_asks_what_was_said_and_what_was_promised(world: World, dmitri: Client) -> None:
    shown = show(dmitri, ticket(world))

    for text in ("Where is the payout of October?", "Aurora", "Vera Orlova", "Boris Manager"):
        assert text in shown


def test_a_reply_is_kept_for_some_seconds_and_can_be_taken_back(world: World, dmitri: Client) -> None:
    found = ticket(world)

    assert write(dmitri, found, text="It left today.").status_code == 302
    sent = Message.objects.get(kind=MessageKind.REPLY)
    assert sent.delivery == Delivery.HELD

    dmitri.post(reverse("message-return", args=[sent.pk]))
    sent.refresh_from_db()
    assert sent.delivery == Delivery.TAKEN_BACK
    assert Draft.objects.get().text == "It left today."
    assert "It left today." in show(dmitri, found)


def test_a_double_click_sends_one_reply(world: World, dmitri: Client) -> None:
    found = ticket(world)
    write(dmitri, found, text="Once.", key="k1")
    write(dmitri, found, text="Once.", key="k1")
    assert Message.objects.filter(kind=MessageKind.REPLY).count() == 1


def test_case_76_a_second_answer_is_warned_about_and_not_lost(world: World, dmitri: Client) -> None:
    found = ticket(world)
    seen = Message.objects.get().pk
    client = Client()
    client.force_login(world.anna)
    write(client, found, text="Anna was faster.")

    answer = write(dmitri, found, text="Dmitri's own answer", based_on=seen)

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Anna was faster." in shown
    assert "Dmitri&#x27;s own answer" in shown
    assert Message.objects.filter(kind=MessageKind.REPLY).count() == 1
    assert write(dmitri, found, text="Dmitri's own answer", based_on=seen, anyway="1").status_code == 302
    assert Message.objects.filter(kind=MessageKind.REPLY).count() == 2


def test_a_note_stays_inside_and_mentions_a_colleague(world: World, dmitri: Client) -> None:
    found = ticket(world)
    write(dmitri, found, mode="note", text="@Anna Head please look")

    note = Message.objects.get(kind=MessageKind.NOTE)
    assert not note.visible_to_partner
    assert not note.visible_to_customer
    client = Client()
    client.force_login(world.anna)
    assert found.subject in client.get(reverse("inbox") + "?view=mentioned").content.decode()


def test_an_empty_reply_is_refused_in_words(world: World, dmitri: Client) -> None:
    answer = write(dmitri, ticket(world), text="   ")
    assert answer.status_code == 422
    assert "write something first" in answer.content.decode()


def test_a_placeholder_nobody_filled_in_does_not_leave(world: World, dmitri: Client) -> None:
    answer = write(dmitri, ticket(world), text="Dear ⟦contact.first_name⟧")
    assert answer.status_code == 422
    assert not Message.objects.filter(kind=MessageKind.REPLY).exists()


def test_a_file_comes_back_as_a_download_and_never_runs(world: World, dmitri: Client) -> None:
    found = ticket(world)
    upload = SimpleUploadedFile("отчёт.html", b"<script>alert(1)</script>", content_type="text/html")
    write(dmitri, found, text="See the file", files=upload)

    file = Message.objects.get(kind=MessageKind.REPLY).attachments.get()
    answer = dmitri.get(reverse("attachment", args=[file.pk]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]


def test_files_and_mails_of_other_peoples_partners_are_not_there(world: World, dmitri: Client) -> None:
    found = ticket(world, partner_id=world.borealis.pk, contact_id=None, html="<p>x</p>")
    upload = SimpleUploadedFile("a.txt", b"secret", content_type="text/plain")
    write(dmitri, found, text="See the file", files=upload)
    reply = Message.objects.get(kind=MessageKind.REPLY)
    boris = Client()
    boris.force_login(world.boris)

    for url in (
        reverse("ticket", args=[found.pk]),
        reverse("ticket-history", args=[found.pk]),
        reverse("attachment", args=[reply.attachments.get().pk]),
        reverse("message-html", args=[Message.objects.order_by("pk")[0].pk]),
    ):
        assert boris.get(url).status_code == 404
    assert boris.post(reverse("ticket-status", args=[found.pk]), {"status": "solved"}).status_code == 404


def test_a_mail_is_shown_as_written_in_a_frame_that_runs_nothing(world: World, dmitri: Client) -> None:
    html = '<p onclick="x()">Hi<script>alert(1)</script><img src="https://tracker.example/1.gif"></p>'
    found = ticket(world, html=html)
    message = Message.objects.get(ticket=found)

    answer = dmitri.get(reverse("message-html", args=[message.pk]))
    body = answer.content.decode()

    assert "script" not in body.lower().replace("default-src", "")
    assert "onclick" not in body
    assert ' src="https://tracker.example' not in body
    assert "sandbox" in answer["Content-Security-Policy"]


def test_status_owner_priority_and_tags_change_from_the_page(world: World, dmitri: Client) -> None:
    found = ticket(world)
    for name, data in (
        ("ticket-owner", {"owner": world.dmitri.pk}),
        ("ticket-priority", {"priority": "urgent"}),
        ("ticket-tags", {"tag": "payout"}),
        ("ticket-status", {"status": "waiting"}),
    ):
        dmitri.post(reverse(name, args=[found.pk]), data)

    found.refresh_from_db()
    assert found.owner == world.dmitri
    assert (found.priority, found.priority_by_hand) == (Priority.URGENT, True)
    assert found.status == TicketStatus.WAITING
    assert [tag.name for tag in found.tags.all()] == ["payout"]


@pytest.mark.parametrize(
    "name", ["ticket-status", "ticket-owner", "ticket-team", "ticket-topic", "ticket-priority"]
)
def test_nonsense_changes_nothing_and_says_so(world: World, dmitri: Client, name: str) -> None:
    found = ticket(world)
    data = {"status": "x", "owner": "999999", "team": "77777", "topic": "88888", "priority": "x"}
    answer = dmitri.post(reverse(name, args=[found.pk]), data, follow=True)
    assert "Choose one from the list" in answer.content.decode()


def test_open_tickets_stand_in_tabs_until_closed(world: World, dmitri: Client) -> None:
    first, second = ticket(world, "First matter"), ticket(world, "Second matter")
    show(dmitri, first)
    assert "First matter" in show(dmitri, second)

    dmitri.post(reverse("ticket-tab-closing", args=[second.pk]))
    assert dmitri.session["desk_tabs"] == [first.pk]


def test_colleagues_see_each_other_at_a_ticket(world: World, dmitri: Client) -> None:
    found = ticket(world)
    anna = Client()
    anna.force_login(world.anna)
    anna.post(reverse("ticket-viewing", args=[found.pk]), {"writing": "1"})

    answer = dmitri.post(reverse("ticket-viewing", args=[found.pk]), {"writing": "0"})

    assert "Anna Head is writing an answer" in answer.content.decode()


def test_a_draft_is_kept_and_dropped_when_emptied(world: World, dmitri: Client) -> None:
    found = ticket(world)
    url = reverse("ticket-draft", args=[found.pk])
    dmitri.post(url, {"text": "half a sen", "mode": "reply", "to_partner": "1"})
    assert "half a sen" in show(dmitri, found)
    dmitri.post(url, {"text": "", "mode": "reply"})
    assert not Draft.objects.exists()


def test_a_long_thread_costs_what_a_short_one_does(world: World, dmitri: Client) -> None:
    found = ticket(world)

    def more(count: int) -> None:
        for number in range(count):
            receive_message(
                ticket_id=found.pk,
                side=Side.PARTNER,
                channel=Channel.EMAIL,
                text=f"And {number}?",
                contact_id=world.vera.pk,
                by=Actor.system(),
                at=world.now,
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            show(dmitri, found)
        return len(seen)

    more(3)
    show(dmitri, found)
    few = queries()
    more(40)

    assert queries() == few
    assert few <= 19, "what does not stand beside the ticket takes no query of its own"
    assert "Earlier messages" in show(dmitri, found)


def test_the_history_tells_what_happened_in_words(world: World, dmitri: Client) -> None:
    found = ticket(world)
    dmitri.post(reverse("ticket-status", args=[found.pk]), {"status": "waiting"})
    told = dmitri.get(reverse("ticket-history", args=[found.pk])).content.decode()
    assert "Status: new → waiting for the partner" in told
    assert "Dmitri Agent" in told


def test_likely_duplicates_are_offered_and_merged_with_one_key(world: World, dmitri: Client) -> None:
    first = ticket(world, "Payout 48213 missing", text="The payout 48213 did not arrive in our account")
    second = ticket(
        world, "Where is payout 48213", text="payout 48213 did not arrive", contact_id=world.gleb.pk
    )
    assert "Maybe the same matter" in show(dmitri, second)

    dmitri.post(reverse("ticket-merge", args=[second.pk]), {"target": str(first.pk)})

    second.refresh_from_db()
    assert second.merged_into == first
    assert dmitri.get(reverse("ticket", args=[second.pk])).status_code == 302
    assert "payout 48213 did not arrive" in show(dmitri, first)


@pytest.mark.parametrize("name", ["merge", "split", "link", "question", "customer", "partner", "callback"])
def test_every_step_has_a_page(world: World, dmitri: Client, name: str) -> None:
    assert dmitri.get(reverse(f"ticket-{name}", args=[ticket(world).pk])).status_code == 200


def test_a_ticket_is_begun_by_hand(world: World, dmitri: Client) -> None:
    data = {
        "kind": "write",
        "program": world.program.pk,
        "partner": "Aurora",
        "contact": "Vera Orlova",
        "subject": "New tariff",
        "text": "From the first of the month…",
    }
    answer = dmitri.post(reverse("ticket-new"), data)
    assert answer.status_code == 302, answer.content.decode()
    begun = Ticket.objects.get()
    assert (begun.partner, begun.contact, begun.owner) == (world.aurora, world.vera, world.dmitri)


def test_a_call_is_written_down(world: World, dmitri: Client) -> None:
    url = reverse("call-new") + "?number=%2B79991234567"
    assert dmitri.get(url).status_code == 200
    data = {
        "number": "+79991234567",
        "direction": "incoming",
        "program": world.program.pk,
        "subject": "Asked about terms",
        "minutes": 4,
        "text": "Wants a better rate.",
    }
    assert dmitri.post(url, data).status_code == 302
    assert Message.objects.get().kind == MessageKind.CALL


def test_a_picture_inside_a_mail_is_fetched_with_a_token_of_its_own(world: World, dmitri: Client) -> None:
    found = ticket(world)
    upload = SimpleUploadedFile("logo.png", b"\x89PNG\r\n", content_type="image/png")
    write(dmitri, found, text="With a logo", files=upload)
    message = Message.objects.get(kind=MessageKind.REPLY)
    message.attachments.update(content_id="logo@x")
    Message.objects.filter(pk=message.pk).update(html='<p><img src="cid:logo@x"></p>')

    shown = dmitri.get(reverse("message-html", args=[message.pk])).content.decode()
    address = shown.partition('src="')[2].partition('"')[0]

    answer = Client().get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"\x89PNG\r\n"
    assert Client().get(address[:-3] + "zz/").status_code == 404
    assert Client().get(reverse("attachment", args=[message.attachments.get().pk])).status_code == 302


def test_a_macro_does_its_steps_in_one_go(world: World, dmitri: Client) -> None:
    from otklik.desk.models import Macro

    found = ticket(world)
    steps = [{"do": "set_priority", "value": "urgent"}, {"do": "add_tag", "value": "escalated"}]
    macro = Macro.objects.create(name="Escalate", actions=steps, created_at=world.now)
    assert "Escalate" in show(dmitri, found)

    dmitri.post(reverse("ticket-macro", args=[found.pk, macro.pk]))

    found.refresh_from_db()
    assert found.priority == Priority.URGENT
    assert [tag.name for tag in found.tags.all()] == ["escalated"]
