"""The fake: keeps what was sent. What stands before the @ decides the end: ``dead``, ``refused``, ``later``,
``closed``, ``unknown``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from otklik.feedback.rules.vocabulary import Channel
from otklik.feedback.senders.protocol import (
    AddressDead,
    NotNow,
    NotTaken,
    OutcomeUnknown,
    Outgoing,
    Session,
    WayClosed,
)

_ENDS: dict[str, type[Exception]] = {
    "dead": AddressDead,
    "refused": NotTaken,
    "later": NotNow,
    "closed": WayClosed,
    "unknown": OutcomeUnknown,
}


class FakeSender:
    channel = Channel.EMAIL

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    @contextmanager
    def open(self) -> Iterator[Session]:
        yield self

    def send(self, outgoing: Outgoing) -> None:
        end = _ENDS.get(outgoing.address.partition("@")[0].rstrip("0123456789"))
        if end is not None and end is not OutcomeUnknown:
            raise end("as asked")
        self.sent.append(outgoing)
        if end is not None:
            raise end("as asked")
