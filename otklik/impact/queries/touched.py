"""Whether something that became known now lies before an answer that is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time

from django.db.models import Exists, Max, OuterRef, QuerySet

from otklik.desk.public import Ticket
from otklik.feedback.public import Response, ResponseStatus
from otklik.kit.among import Among


def tickets_touch_answers(tickets: Collection[int], *, also_of: Iterable[int] = ()) -> bool:
    """Whether anybody of their partners answered after one of these tickets was made, or of the partners
    ``also_of``, which had one of them before."""
    answers = _answers().filter(partner_id=OuterRef("partner_id"), responded_at__gte=OuterRef("created_at"))
    rows = Ticket.objects.filter(pk__in=Among(tickets))
    others = _answers().filter(partner_id__in=Among(also_of))
    return rows.filter(Exists(answers)).exists() or others.exists()


def answered_since(days: Mapping[int, date]) -> bool:
    """By partner the day (UTC) from which on."""
    rows = (
        _answers().filter(partner_id__in=Among(days)).values("partner_id").annotate(last=Max("responded_at"))
    )
    return any(
        last >= datetime.combine(days[partner], time(), UTC)
        for partner, last in rows.values_list("partner_id", "last")
    )


def partner_answered(partner_id: int) -> bool:
    return _answers().filter(partner_id=partner_id).exists()


def _answers() -> QuerySet[Response]:
    return Response.objects.filter(status=ResponseStatus.COMPLETE)
