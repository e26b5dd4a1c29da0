"""Proves that what is stored of clocks is what the log says, and puts right what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from otklik.desk.models import Ticket
from otklik.desk.operations.clock_rows import (
    COLUMNS,
    Key,
    Row,
    copies_of,
    copy_to_ticket,
    expected_rows,
    stored_rows,
    write_clocks,
)
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.queries.derived import Derived, derive_from_log
from otklik.desk.rules.vocabulary import CLOCKS_RECOMPUTED
from otklik.events.public import Actor, record

# Tickets in memory at once. One of them may be a thread of tens of thousands.
CHUNK = 200
COPIES = ("next_due_at", "next_due_kind", "breached_at", "clocks_paused")


@dataclass(frozen=True, slots=True)
class Difference:
    """``clock``: its name, "" for the copy on the ticket. ``field``: "" where the row is missing, or should
    not be there."""

    ticket_id: int
    clock: str
    field: str
    stored: object
    by_log: object


@dataclass(slots=True)
class Outcome:
    tickets: int = 0
    clocks: int = 0
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)


# Named one by one; a log that was rewritten would name them all.
MOST_NAMED = 1000


def recompute_clocks(
    *, repair: bool, told: Callable[[Outcome], None] = lambda seen: None, by: Actor, at: datetime
) -> Outcome:
    """All tickets, by ranges of their keys; ``told`` after each. Nothing is locked until something differs:
    then it is looked at once more under the lock, since somebody may just have been writing."""
    outcome = Outcome()
    for ids in _ranges():
        derived = _derive(ids)
        outcome.tickets += len(derived)
        outcome.clocks += sum(len(one.clocks) for one in derived)
        if suspects := sorted({difference.ticket_id for difference in differences(derived)}):
            _look_again(suspects, repair, outcome, by, at)
        told(outcome)
    return outcome


def _ranges() -> Iterator[list[int]]:
    last = 0
    while ids := list(Ticket.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield ids
        last = ids[-1]


def _derive(ids: Sequence[int]) -> list[Derived]:
    tickets = Ticket.objects.filter(pk__in=ids).only(*COPIES, "policy_id").order_by("pk")
    return derive_from_log(list(tickets))


@transaction.atomic
def _look_again(ids: Sequence[int], repair: bool, outcome: Outcome, by: Actor, at: datetime) -> None:
    locked_tickets(ids)
    derived = _derive(ids)
    found = list(differences(derived))
    outcome.differing += len({difference.ticket_id for difference in found})
    outcome.differences += found[: max(0, MOST_NAMED - len(outcome.differences))]
    if repair and found:
        write_clocks(derived)
        tickets = len({difference.ticket_id for difference in found})
        record(CLOCKS_RECOMPUTED, by=by, at=at, subjects=(), data={"tickets": tickets})


def differences(derived: Sequence[Derived]) -> Iterator[Difference]:
    expected = expected_rows(derived)
    stored = stored_rows([one.ticket.pk for one in derived])
    for key in sorted(expected.keys() | stored.keys()):
        yield from _of_clock(key, stored[key][1] if key in stored else None, expected.get(key))
    for one in derived:
        before = copies_of(one.ticket)
        if copy_to_ticket(one):
            for name, old, new in zip(COPIES, before, copies_of(one.ticket), strict=False):
                if old != new:
                    yield Difference(one.ticket.pk, "", name, old, new)
            one.ticket.refresh_from_db(fields=COPIES)


def _of_clock(key: Key, stored: Row | None, by_log: Row | None) -> Iterator[Difference]:
    ticket_id, kind, number = key
    name = f"{kind}:{number}"
    if stored is None or by_log is None:
        yield Difference(ticket_id, name, "", stored and stored[0], by_log and by_log[0])
        return
    for column, old, new in zip(COLUMNS, stored, by_log, strict=True):
        if old != new:
            yield Difference(ticket_id, name, column, old, new)
