"""Which answers have behind them what became known only now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time

from django.db.models import Min, QuerySet

from otklik.desk.public import Ticket, first_tickets
from otklik.feedback.public import Response, ResponseStatus
from otklik.kit.among import Among


def after_tickets(tickets: Collection[int], *, also_of: Iterable[int] = ()) -> list[int]:
    """Answers of their partners since the first of these tickets was made, and all of the partners
    ``also_of``, which had one of them before."""
    rows = Ticket.objects.filter(pk__in=Among(tickets), partner__isnull=False).values("partner_id")
    first = dict(rows.annotate(first=Min("created_at")).values_list("partner_id", "first"))
    return [*_since(first), *_answers().filter(partner_id__in=Among(also_of)).values_list("pk", flat=True)]


def moves_desk(tickets: Collection[int], *, programs_before: Collection[int] = ()) -> bool:
    """Whether one of these is the first ticket of its program, or was the first one of a program that it
    left: all answers of the program tell since when there is a desk."""
    rows = Ticket.objects.filter(pk__in=Among(tickets)).values("program_id")
    made = dict(rows.annotate(first=Min("created_at")).values_list("program_id", "first"))
    if not made:
        return False
    oldest, desks = min(made.values()), first_tickets({*made, *programs_before})
    began = any(made[program] <= desks[program] for program in made)
    return began or any(oldest <= desks.get(program, oldest) for program in programs_before)


def since_days(days: Mapping[int, date]) -> list[int]:
    """Answers by partner from this day (UTC) on."""
    return _since({partner: datetime.combine(day, time(), UTC) for partner, day in days.items()})


def of_partners(partners: Iterable[int]) -> list[int]:
    return list(_answers().filter(partner_id__in=Among(partners)).values_list("pk", flat=True))


def _since(first: Mapping[int, datetime]) -> list[int]:
    rows = _answers().filter(partner_id__in=Among(first)).values_list("pk", "partner_id", "responded_at")
    return [pk for pk, partner, responded_at in rows if responded_at >= first[partner]]


def _answers() -> QuerySet[Response]:
    return Response.objects.filter(status=ResponseStatus.COMPLETE)
