"""What waits for one person beyond alerts: asks that are theirs, improvements that are late or untold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from otklik.identity.public import User
from otklik.loop.access import affected_rows, visible_asks, visible_improvements
from otklik.loop.models import Ask, Improvement
from otklik.loop.rules.asking import OPEN_ASKS
from otklik.loop.rules.improving import OPEN_IMPROVEMENTS
from otklik.loop.rules.vocabulary import ImprovementState


@dataclass(frozen=True, slots=True)
class OuterWaiting:
    """``late``: improvements over their day; ``untold``: done, and affected partners have not heard."""

    asks: Sequence[Ask]
    late: Sequence[Improvement]
    untold: Sequence[Improvement]

    @property
    def is_empty(self) -> bool:
        return not (self.asks or self.late or self.untold)


def outer_waiting_for(user: User, *, on: date, limit: int) -> OuterWaiting:
    """Their own; what has waited longest first. Three queries."""
    asks = visible_asks(user).filter(owner=user, state__in=OPEN_ASKS).select_related("contact", "partner")
    mine = visible_improvements(user).filter(owner=user)
    left = affected_rows(user).filter(improvement=OuterRef("pk"), told_at=None, partner__erased_at=None)
    late = mine.filter(Q(due_on__lt=on), state__in=OPEN_IMPROVEMENTS).order_by("due_on", "pk")
    untold = mine.filter(Exists(left), state=ImprovementState.DONE).order_by("done_at", "pk")
    return OuterWaiting(
        list(asks.order_by("created_at", "pk")[:limit]), list(late[:limit]), list(untold[:limit])
    )
