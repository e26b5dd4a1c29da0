"""What the stories of many people at once ask of their installation, each in a process of its own:
`seed`, which prints a token for programs; `free` (what a lost worker had in hand is tried again); `state`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta

import django


def seed() -> None:
    from tests.browser import desk_world, prepare

    prepare.main()
    prepare.move_in()
    desk_world.main()
    from otklik.api.operations.tokens import create_token
    from otklik.api.rules.scopes import Scope
    from otklik.events.public import Actor
    from otklik.identity.models import User
    from otklik.kit.clock import now

    anna, at = User.objects.get(email="anna@example.com"), now()
    _, secret = create_token(
        owner=anna,
        name="CRM",
        scopes=[Scope.TICKETS_WRITE, Scope.TICKETS_READ],
        expires_at=at + timedelta(days=1),
        by=Actor.person(anna.pk),
        at=at,
    )
    print(json.dumps(secret))


def free() -> None:
    from otklik.desk.models import MailCopy, Message
    from otklik.desk.operations.delivery import SEND
    from otklik.jobs.public import queue_at
    from otklik.kit.clock import now

    MailCopy.objects.filter(state="queued").update(free_at=None)
    waiting = Message.objects.filter(delivery__in=("held", "queued"))
    for message in waiting:
        queue_at(SEND, message.pk, at=now())


def state() -> dict[str, object]:
    from django.db.models import Count, Q

    from otklik.desk.models import Message, Ticket
    from otklik.events.models import Batch, Event
    from otklik.search.models import Document

    said = Counter(Message.objects.exclude(kind="notice").values_list("text", flat=True))
    # Notices repeat what the page says; they are no part of what is counted.
    said_there = Count("messages", filter=~Q(messages__kind="notice"))
    counted = Ticket.objects.annotate(n=said_there).values_list("pk", "message_count", "n")
    return {
        "said": said,
        "subjects": Counter(Ticket.objects.values_list("subject", flat=True)),
        "miscounted": [row for row in counted if row[1] != row[2]],
        "sent": Event.objects.filter(kind="ticket.message_sent").count(),
        "deliveries": Counter(Message.objects.filter(kind="reply").values_list("delivery", flat=True)),
        "unfound": Message.objects.filter(kind="reply").count()
        - Document.objects.filter(kind="message", object_id__in=_replies()).count(),
        "open": Batch.objects.filter(done_at=None).count(),
    }


def _replies() -> list[int]:
    from otklik.desk.models import Message

    return list(Message.objects.filter(kind="reply").values_list("pk", flat=True))


if __name__ == "__main__":
    if sys.argv[1] == "seed":
        seed()
        sys.exit()
    django.setup()
    if sys.argv[1] == "free":
        free()
    else:
        print(json.dumps(state()))
