"""What of the map waits for somebody, for their first page. Six queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from otklik.identity.public import User
from otklik.relationships.access import map_partners, visible_calls, visible_plans
from otklik.relationships.models import AccountPlan, CallToAction, PlanAction
from otklik.relationships.rules.moves import MoveKind
from otklik.relationships.rules.vocabulary import CallKind, CallState

SOON = timedelta(days=7)
REVIEW_SOON = timedelta(days=14)
RECOVERED_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One's own tasks and actions that are late or due soon, reviews of one's partners that come, and whoever
    recovered lately: that is for the whole team. ``tasks`` and ``late``: how many there are in all."""

    calls: tuple[CallToAction, ...]
    tasks: int
    late: int
    actions: tuple[PlanAction, ...]
    reviews: tuple[AccountPlan, ...]
    recovered: tuple[CallToAction, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.tasks or self.actions or self.reviews or self.recovered)


def waiting_for(user: User, *, at: datetime, limit: int) -> Waiting:
    today = timezone.localdate(at)
    # What an alert has taken up waits among the alerts.
    mine = visible_calls(user).filter(owner=user, state=CallState.OPEN, alert=None)
    actions = PlanAction.objects.filter(
        owner=user, done_at=None, due_on__lte=today + SOON, plan__partner__in=map_partners(user)
    )
    reviews = visible_plans(user).filter(
        Q(partner__manager=user) | Q(changed_by=user),
        next_review_on__lte=today + REVIEW_SOON,
        partner__erased_at=None,
    )
    recovered = visible_calls(user).filter(
        kind=CallKind.MOVE,
        what=MoveKind.RECOVERED,
        raised_at__gte=at - RECOVERED_LATELY,
        contact__erased_at=None,
    )
    return Waiting(
        tuple(mine.select_related("contact", "partner").order_by("due_on", "place", "pk")[:limit]),
        mine.count(),
        mine.filter(due_on__lt=today).count(),
        tuple(actions.select_related("plan__partner").order_by("due_on", "pk")[:limit]),
        tuple(reviews.select_related("partner").order_by("next_review_on", "pk")[:limit]),
        tuple(recovered.select_related("contact", "partner", "owner").order_by("-raised_at", "pk")[:limit]),
    )
