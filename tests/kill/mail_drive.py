"""What the mail kill tests ask of their installation, each in a process of its own:
`seed`, `point PORT USER PASSWORD` (the mailbox is read by IMAP from now on),
`store FIRST COUNT`, `kill GROUP LEAST` (once so many mails are taken in), `free`, `state`."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
from collections import Counter

import django


def seed() -> None:
    from otklik.desk.models import Mailbox
    from tests.world import NOW, build_world

    world = build_world()
    Mailbox.objects.create(
        address="help@north.example", source="listener", program=world.program, created_at=NOW
    )


def point(port: int, user: str, password: str) -> None:
    from otklik.desk.models import Mailbox

    mailbox = Mailbox.objects.get()
    mailbox.source, mailbox.host, mailbox.port, mailbox.security = "imap", "127.0.0.1", port, "plain"
    mailbox.user_name, mailbox.password, mailbox.claimed_until = user, password, None
    mailbox.takes_old = True
    mailbox.save()


def mail(number: int) -> bytes:
    """Every third answers the one before it, of the same thread; every seventh has the same file."""
    answers = f"In-Reply-To: <m{number - 1}@x>\r\n" if number % 3 == 1 else ""
    head = (
        f"From: Vera <vera@aurora.example>\r\nTo: help@north.example\r\nSubject: Matter {number}\r\n"
        f"Message-ID: <m{number}@x>\r\n{answers}MIME-Version: 1.0\r\n"
    )
    if number % 7:
        return f"{head}\r\nText {number}\r\n".encode()
    return (
        f'{head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nText {number}\r\n--b\r\n'
        'Content-Disposition: attachment; filename="logo.png"\r\n\r\nlogo\r\n--b--\r\n'
    ).encode()


def store(first: int, count: int) -> None:
    """Prints each number once its mail may be acknowledged."""
    from otklik.desk.models import Mailbox
    from otklik.desk.operations.storing import NewMail, store_mails
    from otklik.kit.clock import now

    mailbox = Mailbox.objects.get().pk
    for number in range(first, first + count, 10):
        batch = range(number, min(number + 10, first + count))
        store_mails([NewMail(mailbox, io.BytesIO(mail(n))) for n in batch], at=now())
        print(json.dumps(list(batch)), flush=True)


def kill(group: int, least: int) -> None:
    from otklik.desk.models import InboundMail

    end = time.monotonic() + 90
    while InboundMail.objects.filter(state="taken").count() < least:
        if time.monotonic() > end:
            sys.exit("nothing was taken in")
        time.sleep(0.01)
    os.killpg(group, signal.SIGKILL)


def free() -> None:
    """What a killed worker had in hand may be taken by another one, without waiting for ten minutes."""
    from otklik.desk.models import InboundMail

    InboundMail.objects.filter(state="stored").update(free_at=None)


def state() -> dict[str, object]:
    from django.db.models import Count

    from otklik.desk.models import Attachment, Blob, InboundMail, Message, Ticket
    from otklik.events.models import Event
    from otklik.search.models import Document

    incoming = Message.objects.filter(kind="incoming")
    twice = incoming.values("message_id").annotate(n=Count("pk")).filter(n__gt=1)
    events = Event.objects.filter(kind__in=["ticket.created", "ticket.message_received"])
    return {
        "mails": Counter(InboundMail.objects.values_list("state", flat=True)),
        "messages": incoming.count(),
        "twice": list(twice.values_list("message_id", flat=True)),
        "tickets": Ticket.objects.count(),
        "events": events.count(),
        "found": Document.objects.filter(kind="message").count(),
        "files": [Attachment.objects.count(), Blob.objects.count()],
        "ids": sorted(incoming.values_list("message_id", flat=True)),
    }


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["seed"]:
            seed()
        case ["point", port, user, password]:
            point(int(port), user, password)
        case ["store", first, count]:
            store(int(first), int(count))
        case ["kill", group, least]:
            kill(int(group), int(least))
        case ["free"]:
            free()
        case _:
            print(json.dumps(state()))
