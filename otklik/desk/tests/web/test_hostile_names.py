"""Names, subjects, tags, files and texts that are markup, on every page that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from otklik.desk.models import (
    Absence,
    Attachment,
    BusinessCalendar,
    Callback,
    CannedAnswer,
    EndCustomer,
    Follower,
    Macro,
    Mailbox,
    Message,
    Participant,
    Rating,
    SavedView,
    SlaPolicy,
    SubRequest,
    Ticket,
    TicketLink,
    Topic,
    Trigger,
    WebForm,
)
from otklik.desk.operations.calls import ask_callback
from otklik.desk.operations.linking import link_tickets
from otklik.desk.operations.messages import receive_message
from otklik.desk.operations.ringing import announce_call
from otklik.desk.operations.sides import set_customer, store_customer
from otklik.desk.operations.sub_requests import ask_department
from otklik.desk.operations.tickets import add_tag
from otklik.desk.queries.doors import key_for
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.desk.tests.web.test_inbox import ticket
from otklik.desk.tests.web.test_ticket_page import write
from otklik.events.public import Actor
from otklik.identity.models import Team
from otklik.identity.public import User
from tests.world import World

ROWS_BY_NAME: dict[str, Any] = {
    "absence_id": Absence,
    "attachment_id": Attachment,
    "calendar_id": BusinessCalendar,
    "callback_id": Callback,
    "canned_id": CannedAnswer,
    "customer_id": EndCustomer,
    "form_id": WebForm,
    "link_id": TicketLink,
    "macro_id": Macro,
    "mailbox_id": Mailbox,
    "message_id": Message,
    "person_id": Participant,
    "policy_id": SlaPolicy,
    "question_id": SubRequest,
    "topic_id": Topic,
    "trigger_id": Trigger,
    "user_id": User,
    "view_id": SavedView,
}

EVIL = "\"'><img src=x onerror=alert(1)>"


class Spotter(HTMLParser):
    """What a browser would run or fetch because of EVIL."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"<{tag} {name}={value}>"
            for name, value in attrs
            if name.startswith("on")
            or value == "x"
            or (value or "").strip().lower().startswith("javascript:")
        ]


def runs(html: str) -> list[str]:
    spotter = Spotter()
    spotter.feed(html)
    return spotter.found


@pytest.fixture
def evil_ticket(world: World) -> Ticket:
    """Everything that somebody may name is named EVIL."""
    for row in (world.aurora, world.vera, world.gleb, world.program, world.dmitri, world.anna):
        type(row).objects.filter(pk=row.pk).update(name=EVIL)
    by, at = Actor.person(world.dmitri.pk), world.now
    topic = Topic.objects.create(key="evil", names={"en": EVIL, "ru": EVIL})
    team = Team.objects.create(name=EVIL)
    team.members.add(world.dmitri)
    found = ticket(
        world, EVIL, text=EVIL, html=f"<p>{EVIL}</p>", quote=EVIL, signature=EVIL, topic_id=topic.pk,
        requester_name=EVIL, requester_address="vera@aurora.example",
    )  # fmt: skip
    other = ticket(world, EVIL, text=EVIL, contact_id=world.gleb.pk)
    link_tickets(ticket_id=found.pk, other_id=other.pk, by=by, at=at)
    client = store_customer(
        partner_id=world.aurora.pk, name=EVIL, address="kim@client.example", language="en", by=by, at=at
    )
    set_customer(ticket_id=found.pk, customer_id=client.pk, by=by, at=at)
    said = {"side": Side.CUSTOMER, "channel": Channel.EMAIL, "customer_id": client.pk, "from_name": EVIL}
    receive_message(ticket_id=found.pk, text=EVIL, **said, by=Actor.system(), at=at)  # type: ignore[typeddict-item]
    add_tag(ticket_id=found.pk, name=EVIL, by=by, at=at)
    ask_department(ticket_id=found.pk, team_id=team.pk, question=EVIL, by=by, at=at)
    ask_callback(ticket_id=found.pk, phone="+79991234567", wish=EVIL, by=by, at=at)
    announce_call(number="+79991234567", to=EVIL, call_id=EVIL, at=at)
    Follower.objects.create(ticket=found, user=world.anna, since=at)
    Rating.objects.create(ticket=found, value=2, comment=EVIL, at=at)
    return found


@pytest.fixture
def evil_settings(world: World) -> None:
    at = world.now
    Macro.objects.create(name=EVIL, actions=[{"do": "add_tag", "value": EVIL}], created_at=at)
    CannedAnswer.objects.create(name=EVIL, shortcut="e", texts={"en": EVIL, "ru": EVIL}, updated_at=at)
    SavedView.objects.create(name=EVIL, filters={"view": "open", "q": EVIL, "tag": EVIL}, created_at=at)
    box = Mailbox.objects.create(
        address="help@north.example", name=EVIL, signature=EVIL, program=world.program, created_at=at
    )
    WebForm.objects.create(
        slug="help", titles={"en": EVIL}, introductions={"en": EVIL}, program=world.program, mailbox=box,
        created_at=at,
    )  # fmt: skip
    calendar = BusinessCalendar.objects.create(name=EVIL, definition={}, created_at=at)
    SlaPolicy.objects.create(name=EVIL, calendar=calendar, tiers=[EVIL], created_at=at)
    Trigger.objects.create(
        name=EVIL, when="event", events=["ticket.created"], created_at=at, changed_at=at,
        conditions={"all": [{"field": "subject", "op": "contains", "value": [EVIL]}]},
        actions=[{"do": "add_note", "value": EVIL}],
    )  # fmt: skip


def routes_of_desk(patterns: Any = None) -> Iterator[URLPattern]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from routes_of_desk(one.url_patterns)
        elif one.callback.__module__.startswith("otklik.desk.") and one.name:
            yield one


def every_page(found: Ticket) -> dict[str, str]:
    """By name: addresses of the desk that take nothing, or the id of something there is."""
    known = {"ticket_id": found.pk, "before": 10**6, "page_key": found.public_key, "slug": "help"}
    return {
        str(route.name): reverse(
            str(route.name),
            kwargs={name: known.get(name) or some_id(name) for name in route.pattern.converters},
        )
        for route in routes_of_desk()
    }


def some_id(name: str) -> int:
    """The id of a row there is: PostgreSQL goes on counting where the test before it stopped."""
    kept = ROWS_BY_NAME.get(name)
    newest = kept.objects.order_by("-pk").first() if kept else None
    return newest.pk if newest else 1


@pytest.mark.django_db
@pytest.mark.usefixtures("evil_settings")
def test_case_44_no_name_subject_tag_file_or_text_is_markup_on_any_page(
    world: World, evil_ticket: Ticket
) -> None:
    client = signed_in(world.anna)
    upload = SimpleUploadedFile("x.html", EVIL.encode(), content_type="text/html")
    write(client, evil_ticket, text=EVIL, files=upload, to_customer="1")
    Message.objects.get(kind="reply").attachments.update(filename=EVIL)
    write(client, evil_ticket, mode="note", text=f"@{EVIL}")
    looked_at = 0
    customers = key_for(Side.CUSTOMER, Ticket.objects.get(pk=evil_ticket.pk))
    addresses = [
        *every_page(evil_ticket).values(),
        f"/t/{customers}/",
        f"/inbox/?q={EVIL}&tag={EVIL}&view=all",
    ]
    for address in addresses:
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            looked_at += 1
            assert runs(answer.content.decode()) == [], address
        elif answer.streaming:
            # Read to its end: close() would end the test's own connection to PostgreSQL.
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert looked_at > 50


@pytest.mark.django_db
def test_no_page_of_the_desk_takes_a_form_that_another_site_made(world: World, evil_ticket: Ticket) -> None:
    """Only machines are let in without the token, by a key in their address."""
    anna = signed_in(world.anna, enforce_csrf_checks=True)
    taken = {
        name
        for name, address in every_page(evil_ticket).items()
        if anna.post(address).status_code not in (403, 405)
    }
    assert taken == {"mail-webhook", "call-webhook"}


def test_the_spotter_spots() -> None:
    assert runs(f"<p>{EVIL}</p>")
    assert runs(f'<p title="{EVIL}">')


def signed_in(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client
