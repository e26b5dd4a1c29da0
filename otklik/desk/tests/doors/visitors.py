"""Somebody outside with a browser, for tests."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from unittest import mock

from django.test import Client

from otklik.desk.models import Topic, WebForm
from otklik.desk.web.public.forms import WriteForm
from tests.world import World

ASKS = {"name": "Vera", "email": "vera@aurora.example", "subject": "Payout", "text": "Where is it?"}


def web_form(world: World, **facts: Any) -> WebForm:
    given = {"slug": "help", "program": world.program, "created_at": world.now}
    return WebForm.objects.create(**{**given, **facts})


def a_topic(page: WebForm, **facts: Any) -> Topic:
    given = {"key": "payouts", "names": {"en": "Payouts", "ru": "Выплаты"}}
    topic = Topic.objects.create(**{**given, **facts})
    page.topics.add(topic)
    return topic


def opened(*, ago: timedelta = timedelta(minutes=1)) -> str:
    """What a page that was opened some time ago carries."""
    moment = time.time() - ago.total_seconds()
    with mock.patch("django.core.signing.time.time", return_value=moment):
        return WriteForm.ticket()


def asks(client: Client, **said: Any) -> Any:
    posted = {**ASKS, "opened": opened(), **said}
    return client.post("/ask/help/", posted)
