"""The web form: nothing that is typed gets lost, nothing that we know gets out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Attachment, Callback, Message, SlaPolicy, SlaTarget, Ticket
from otklik.desk.models import BusinessCalendar as CalendarRow
from otklik.desk.rules.vocabulary import Channel, ClockKind, Side
from otklik.desk.tests.doors.visitors import ASKS, a_topic, asks, opened, web_form
from otklik.desk.tests.sides.cast import VERA, ask
from otklik.desk.web.public import guard
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _form(world: World) -> None:
    web_form(world)


def shown(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_question_becomes_a_ticket_and_leads_to_its_page(world: World, client: Client) -> None:
    answer = asks(client)

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.subject, ticket.requester_address) == (Channel.FORM, "Payout", VERA)
    assert (ticket.contact, ticket.partner) == (world.vera, world.aurora)
    page = shown(client.get(answer["Location"]))
    assert f"#{ticket.pk}" in page
    assert "We have received your message." in page
    assert VERA in page


def test_it_takes_a_form_of_this_installation_only(client: Client) -> None:
    assert client.get("/ask/other/").status_code == 404
    assert client.post("/ask/other/", ASKS).status_code == 404


def test_the_same_page_sent_twice_is_one_ticket(client: Client) -> None:
    page = opened()
    first, second = asks(client, opened=page), asks(client, opened=page)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_the_same_page_with_other_words_is_another_question(client: Client) -> None:
    """Somebody goes back, writes something else and sends it: that must not vanish as a repetition."""
    page = opened()
    asks(client, opened=page)
    asks(client, opened=page, text="And where is the one of November?")
    assert Ticket.objects.count() == 2


def test_it_never_joins_a_ticket_there_is(world: World, client: Client) -> None:
    mine = ask(world)
    asks(client, subject=f"Re: Payout #{mine.pk}")
    assert Ticket.objects.count() == 2
    assert mine.messages.count() == 1


def test_whether_an_address_is_known_is_not_to_be_seen(world: World, client: Client) -> None:
    SlaTarget.objects.create(policy=_gold(world), kind=ClockKind.FIRST_RESPONSE, minutes=15)
    pages = []
    for email in (VERA, "nobody@nowhere.example"):
        location = asks(client, email=email)["Location"]
        page = shown(client.get(location)).replace(email, "ADDRESS").replace(location.split("?")[0], "PAGE")
        ticket = Ticket.objects.latest("pk")
        pages.append(page.replace(f"#{ticket.pk}", "NUMBER"))
        assert ticket.contact_id == (world.vera.pk if email == VERA else None)
    # Tokens and moments differ with each page; words may not.
    first, second = (_words(page) for page in pages)
    assert first == second
    assert "Vera Orlova" not in pages[0]


def _gold(world: World) -> SlaPolicy:
    calendar = CalendarRow.objects.create(name="always", definition={}, created_at=world.now)
    return SlaPolicy.objects.create(
        name="gold", tiers=["gold"], calendar=calendar, created_at=world.now, position=1
    )


def _words(page: str) -> list[str]:
    import re

    return [w for w in re.sub(r"<[^>]*>", " ", page).split() if not re.search(r"\d:\d|a\.m|p\.m", w)]


def test_who_has_typed_an_address_reads_no_answer_to_it(world: World, client: Client) -> None:
    from otklik.desk.tests.sides.cast import partner_says, we_say

    location = asks(client, email=VERA)["Location"]
    ticket = Ticket.objects.get()
    we_say(world, ticket, "Your balance is 12 345 euros")
    partner_says(world, ticket, "Thank you, our account is DE02")

    page = shown(client.get(location))
    assert "Where is it?" in page
    assert "12 345" not in page
    assert "DE02" not in page
    assert "Vera Orlova" not in page
    assert "12 345" in shown(client.get(f"/t/{ticket.public_key}/"))


def test_nothing_typed_is_lost_when_something_is_wrong(client: Client) -> None:
    answer = asks(client, email="vera@", text="A long story")
    assert answer.status_code == 422
    assert "A long story" in shown(answer)
    assert "valid email" in shown(answer)
    assert Ticket.objects.count() == 0


def test_programs_are_asked_to_send_it_again_and_lose_nothing(client: Client) -> None:
    for odd in (
        {"opened": ""},
        {"opened": "made:up"},
        {"opened": opened(ago=timedelta(0))},
        {"website": "x"},
    ):
        answer = asks(client, **odd)
        assert answer.status_code == 422, odd
        assert "Where is it?" in shown(answer)
    assert Ticket.objects.count() == 0


def test_a_page_that_was_open_for_a_week_still_sends(client: Client) -> None:
    assert asks(client, opened=opened(ago=timedelta(days=7))).status_code == 302


def test_too_many_are_told_to_wait_with_their_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guard.LIMITS, "form", "10/h/ip,2/h/key")
    for number in range(2):
        assert asks(client, subject=f"Question {number}").status_code == 302
    refused = asks(client, subject="Question 3")
    assert refused.status_code == 429
    assert "Question 3" in shown(refused)
    assert Ticket.objects.count() == 2
    assert asks(client, email="else@where.example").status_code == 302


def test_one_address_of_the_network_cannot_flood_under_many_names(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.LIMITS, "form", "2/h/ip,8/h/key")
    codes = [asks(client, email=f"a{n}@b.example").status_code for n in range(3)]
    assert codes == [302, 302, 429]


def test_a_flood_does_not_shut_out_whose_address_it_names(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.LIMITS, "form", "1/h/ip,2/h/key")
    codes = [asks(client, subject=f"Flood {n}").status_code for n in range(5)]
    assert codes == [302, 429, 429, 429, 429]
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert asks(elsewhere, subject="The real one").status_code == 302


def test_a_forged_form_is_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert asks(strict).status_code == 403
    assert Ticket.objects.count() == 0


def test_files_come_along_and_too_large_ones_are_named(
    client: Client, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("otklik.desk.web.files.LARGEST_UPLOAD", 100)
    asks(client, files=[SimpleUploadedFile("act.pdf", b"x" * 50)])
    assert Attachment.objects.get().filename == "act.pdf"
    refused = asks(client, subject="Two", files=[SimpleUploadedFile("big.zip", b"x" * 101)])
    assert refused.status_code == 422
    assert "big.zip" in shown(refused)
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]
    assert "five files" in shown(asks(client, subject="Three", files=many))


def test_what_is_far_too_large_is_not_even_read(client: Client) -> None:
    length = str(guard.LARGEST_REQUEST + 1)
    assert client.post("/ask/help/", ASKS, CONTENT_LENGTH=length).status_code == 413


def test_a_call_back_is_asked_for_by_the_visitors_own_clock(client: Client) -> None:
    from otklik.kit.clock import now

    at = (now() + timedelta(days=2)).replace(hour=15, minute=0, second=0, microsecond=0, tzinfo=None)
    asks(client, phone="+7 912 345-67-89", call_at=at.isoformat()[:16], time_zone="Asia/Almaty")
    promised = Callback.objects.get()
    assert promised.not_before is not None
    assert promised.not_before.hour == 10
    assert promised.time_zone == "Asia/Almaty"
    refused = asks(client, phone="call me", subject="Two")
    assert refused.status_code == 422
    assert "country code" in shown(refused)


def test_a_topic_of_another_form_is_not_taken(world: World, client: Client) -> None:
    page = web_form(world, slug="other")
    foreign = a_topic(page)
    answer = asks(client, topic=foreign.pk)
    assert answer.status_code == 302, "the form offers no topics, so none is read"
    assert Ticket.objects.get().topic_id is None


def test_names_are_words_and_never_markup(world: World, client: Client) -> None:
    evil = "<script>alert(1)</script>"
    location = asks(client, name=evil, subject=evil, text=evil)["Location"]
    page = shown(client.get(location))
    assert evil not in page
    assert "&lt;script&gt;" in page
    assert evil not in shown(client.get(f"/t/{Ticket.objects.get().public_key}/"))


def test_it_speaks_the_visitors_language(world: World, client: Client) -> None:
    web_form(world, slug="two", titles={"en": "Help", "ru": "Помощь"}, introductions={"ru": "Спрашивайте"})
    russian = shown(client.get("/ask/two/", headers={"accept-language": "ru"}))
    assert [words in russian for words in ('<html lang="ru">', "Помощь", "Спрашивайте")] == [True] * 3
    assert "Help" in shown(client.get("/ask/two/", headers={"accept-language": "de"}))


def test_the_page_asks_the_database_the_same_however_much_there_is(world: World, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/ask/help/")
        return len(found)

    queries()
    few = queries()
    for number in range(5):
        asks(client, subject=f"{number}")
    assert queries() == few <= 5


def test_the_first_message_is_the_partners(world: World, client: Client) -> None:
    asks(client)
    message = Message.objects.get()
    assert (message.side, message.visible_to_partner, message.visible_to_customer) == (
        Side.PARTNER,
        True,
        False,
    )
