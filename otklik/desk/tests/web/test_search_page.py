"""The page of the search over everything, where tickets and messages are found."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Message
from otklik.desk.tests.web.test_inbox import ticket
from tests.world import World


@pytest.mark.django_db
def test_a_page_of_messages_found_takes_no_more_queries_than_one(world: World, client: Client) -> None:
    client.force_login(world.dmitri)

    def found() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/search/?q=wombat").content.decode()
        return len(seen), page

    ticket(world, text="The wombat is late")
    found()
    once, page = found()
    assert page.count("#message-") == 1
    for number in range(9):
        ticket(world, f"Matter {number}", text="The wombat is late again")
    many, page = found()
    assert page.count("#message-") == 10
    assert many == once
    Message.objects.filter(pk=Message.objects.latest("pk").pk).delete()
    assert found()[1].count("#message-") == 9, "a document whose message is gone leads nowhere"
