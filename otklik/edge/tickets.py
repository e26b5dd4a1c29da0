"""Tickets: what an EventSource, which can send no headers and no cookie to another origin, shows instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

SECONDS = 60
_SALT = "otklik.edge.live"


class BadTicket(Exception):
    """Older than SECONDS, or not ours."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """``since``: how fresh the page is, in seconds of the epoch; what changed after that it has not seen."""

    person: int
    topics: tuple[str, ...]
    since: float


def issue_ticket(person: int, topics: Sequence[str], *, since: float) -> str:
    return signing.dumps([person, list(topics), round(since, 3)], salt=_SALT, compress=True)


def read_ticket(text: str) -> Ticket:
    """Raises BadTicket."""
    try:
        person, topics, since = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise BadTicket from error
    return Ticket(int(person), tuple(topics), float(since))
