"""Rows of the facts "exposures": each answer with what its partner had lived through until then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple

from otklik.desk.public import LivedTicket, Move, first_tickets, hand_overs, lived_through
from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.impact.rules.exposures import WINDOW, Life
from otklik.kit.among import Among
from otklik.partners.public import manager_changes
from otklik.payouts.public import LivedMoney, money_lived_through

# Their whole history is in memory while the answers of these are counted.
PARTNERS_AT_ONCE = 50
STUDIED = (SurveyKind.NPS, SurveyKind.CSAT)


class _Answer(NamedTuple):
    id: int
    responded_at: datetime
    kind: str
    score: int
    program_id: int
    partner_id: int
    contact_id: int | None
    manager_id: int | None
    segment: str
    tier: str
    country: str
    role: str
    channel: str


def exposure_rows(response_ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Of the complete answers among these whose partner is known. Partners are read by the hundred, each once
    with all its answers; the number of queries does not grow with their tickets."""
    rows = Response.objects.filter(
        pk__in=Among(response_ids),
        status=ResponseStatus.COMPLETE,
        kind__in=STUDIED,
        partner__isnull=False,
    )
    found = rows.order_by("partner_id", "responded_at", "pk").values_list(*_Answer._fields)
    answers = [_Answer(*row) for row in found.iterator(chunk_size=2000)]
    desks = first_tickets({answer.program_id for answer in answers})
    of_partners = [list(of_one) for _, of_one in groupby(answers, key=lambda answer: answer.partner_id)]
    for start in range(0, len(of_partners), PARTNERS_AT_ONCE):
        yield from _rows_of(of_partners[start : start + PARTNERS_AT_ONCE], desks)


def _rows_of(
    of_partners: Sequence[Sequence[_Answer]], desks: dict[int, datetime]
) -> Iterator[tuple[Any, ...]]:
    ids = [answers[0].partner_id for answers in of_partners]
    since = min(answers[0].responded_at for answers in of_partners) - WINDOW
    until = max(answers[-1].responded_at for answers in of_partners)
    tickets = lived_through(ids, since=since, until=until)
    money = money_lived_through(ids, until=until)
    managers = manager_changes(ids)
    for answers in of_partners:
        partner = answers[0].partner_id
        changes = [[Move(*change) for change in of_one] for of_one in managers.get(partner, ())]
        life = _life(tickets.get(partner, []), money.get(partner, LivedMoney()), changes)
        for answer in answers:
            yield _row(answer, life, desks.get(answer.program_id))


def _life(tickets: Sequence[LivedTicket], money: LivedMoney, changes: Sequence[Sequence[Move]]) -> Life:
    return Life(
        tickets,
        held=money.held,
        payouts_late=money.went_wrong,
        manager_changes=[at for of_one in changes for at in hand_overs(of_one)],
    )


def _row(answer: _Answer, life: Life, desk_since: datetime | None) -> tuple[Any, ...]:
    pk, responded_at, *said = answer
    # A desk that came later is none yet: written before it or after, the row is the same.
    known = desk_since if desk_since is not None and desk_since <= responded_at else None
    day = responded_at.astimezone(UTC).date()
    lived = life.before(responded_at, contact_id=answer.contact_id)
    return (pk, responded_at, day, *said, known, *lived.partner, *lived.around, *lived.person)
