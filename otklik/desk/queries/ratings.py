"""What people said after the end of their tickets."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Avg

from otklik.desk.models import Rating, Ticket


def mean_ratings(*, since: datetime) -> dict[int, float]:
    """By contact: the mean of their ratings of tickets (1 to 5) since then. One query."""
    rows = Rating.objects.filter(at__gte=since, ticket__contact__isnull=False).order_by()
    return dict(rows.values_list("ticket__contact_id").annotate(mean=Avg("value")))


def rating_of(ticket: Ticket) -> Rating | None:
    return Rating.objects.filter(ticket=ticket).first()
