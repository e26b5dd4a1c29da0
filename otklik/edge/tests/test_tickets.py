from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from otklik.edge.tickets import SECONDS, BadTicket, issue_ticket, read_ticket
from otklik.edge.topics import MOST, read_topics, watchable
from otklik.identity.models import User
from otklik.kit.clock import now
from tests.world import World


def test_a_ticket_names_person_and_topics() -> None:
    ticket = read_ticket(issue_ticket(7, ["partner:1"], since=12.5))
    assert (ticket.person, ticket.topics, ticket.since) == (7, ("partner:1",), 12.5)


def test_a_ticket_is_good_for_a_minute() -> None:
    ticket = issue_ticket(7, ["partner:1"], since=0)
    later = (now() + timedelta(seconds=SECONDS + 2)).timestamp()
    with patch("django.core.signing.time.time", return_value=later), pytest.raises(BadTicket):
        read_ticket(ticket)


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c"])
def test_what_we_did_not_sign_is_no_ticket(ticket: str) -> None:
    with pytest.raises(BadTicket):
        read_ticket(ticket)


def test_what_we_signed_for_something_else_is_no_ticket() -> None:
    with pytest.raises(BadTicket):
        read_ticket(signing.dumps([1, ["partner:1"], 0], salt="another"))


def test_topics_are_read_strictly() -> None:
    assert read_topics("partner:1, partner:1,contact:*,x,partner:,partner:-1,a b:1,partner:1;") == [
        "partner:1",
        "contact:*",
    ]
    assert len(read_topics(",".join(f"partner:{n}" for n in range(500)))) == MOST


def test_an_account_manager_cannot_watch_the_partner_of_another(world: World) -> None:
    own, other = f"partner:{world.aurora.pk}", f"partner:{world.borealis.pk}"
    assert watchable(world.boris, [own, other, "nonsense:1"]) == [own]
    assert watchable(world.anna, [own, other]) == [own, other]
    assert watchable(world.stranger, [own]) == []
    boris = User.objects.get(pk=world.boris.pk)
    boris.deactivate()
    assert watchable(boris, [own]) == []


def test_the_web_process_issues_tickets_for_what_a_person_may_watch(client: Client, world: World) -> None:
    topics = f"partner:{world.aurora.pk},partner:{world.borealis.pk}"
    assert client.get(reverse("live_ticket"), {"topics": topics}).status_code == 302
    client.force_login(world.boris)
    answer = client.get(reverse("live_ticket"), {"topics": topics, "age": "30"})
    assert answer["Cache-Control"].startswith("max-age=0")
    data = answer.json()
    assert data["topics"] == [f"partner:{world.aurora.pk}"]
    ticket = read_ticket(data["url"].partition("?ticket=")[2])
    assert ticket.topics == (f"partner:{world.aurora.pk}",)
    assert 31 <= now().timestamp() - ticket.since < 40
    client.force_login(world.stranger)
    assert client.get(reverse("live_ticket"), {"topics": topics}).json() == {"url": None, "topics": []}
