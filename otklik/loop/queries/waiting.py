"""What waits for one person, and what is open at one partner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When

from otklik.identity.public import User
from otklik.loop.access import visible_alerts
from otklik.loop.models import Alert, LoopPromise
from otklik.loop.operations.locking import OPEN_PROMISES
from otklik.loop.rules.deadlines import lateness
from otklik.loop.rules.vocabulary import Lateness


@dataclass(frozen=True, slots=True)
class Waiting:
    """``lines``: the most urgent; ``open``: how many in all; ``to_tell``: closed, and the partner has not
    heard yet."""

    lines: Sequence[tuple[Alert, Lateness]]
    open: int
    to_tell: int

    @property
    def is_empty(self) -> bool:
        return not self.open and not self.to_tell


def waiting_for(user: User, *, at: datetime, limit: int) -> Waiting:
    """Own alerts that do not sleep, and those that escalated to them. Three queries."""
    rows = visible_alerts(user)
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    escalated = Q(escalated_to=user, first_contact_at=None)
    mine = rows.filter(awake, Q(owner=user) | escalated, closed_at=None)
    alerts = mine.select_related("partner", "contact").order_by("due_at", "pk")[:limit]
    lines = [(alert, lateness(alert.standing, at)) for alert in alerts]
    return Waiting(lines, mine.count(), rows.filter(owner=user, owes_word=True).count())


def alerts_of_partner(rows: QuerySet[Alert], partner_id: int, *, limit: int) -> list[Alert]:
    """Open ones first, then those closed last. Two queries."""
    theirs = rows.filter(partner_id=partner_id).select_related("contact", "owner")
    opened = list(theirs.filter(closed_at=None).order_by("due_at", "pk")[:limit])
    if len(opened) == limit:
        return opened
    closed = theirs.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    return [*opened, *closed[: limit - len(opened)]]


def open_with_promises(rows: QuerySet[Alert], *, limit: int, about: int | None = None) -> list[Alert]:
    """Open ones, those ``about`` a person before the others, then the most urgent; each with what we promised
    and still owe (``owed``). Two queries."""
    others = Case(When(contact_id=about, then=Value(0)), default=Value(1))
    owed = LoopPromise.objects.filter(commitment__state__in=OPEN_PROMISES).select_related("commitment")
    found = (
        rows.filter(closed_at=None)
        .select_related("contact", "partner", "owner")
        .order_by(others, "due_at", "pk")
    )
    return list(found.prefetch_related(Prefetch("promises", owed, to_attr="owed"))[:limit])
