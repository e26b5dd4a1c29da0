"""What of the dialogue waits for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from otklik.dialogue.access import (
    editable_ideas,
    visible_applications,
    visible_commitments,
    visible_goals,
    visible_onboardings,
)
from otklik.dialogue.queries.applications import AWAITS_US, overdue
from otklik.dialogue.rules.vocabulary import GoalState, Moderation, PromiseState, Side
from otklik.identity.public import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """``applications``: all that wait for an answer; ``late``: of them those over their day. ``proposals``:
    of partners, to be answered by us."""

    applications: int
    late: int
    proposals: int
    broken: int
    ideas: int
    stuck: int

    @property
    def is_empty(self) -> bool:
        return not any((self.applications, self.proposals, self.broken, self.ideas, self.stuck))


def waiting_at_us(user: User, *, today: date, at: datetime) -> Waiting:
    """Seven queries at most."""
    applications = visible_applications(user)
    promises = visible_commitments(user)
    asked = {"state": GoalState.PROPOSED, "proposed_by": Side.THEIRS}
    return Waiting(
        applications=applications.filter(state__in=AWAITS_US).count(),
        late=overdue(applications, at).count(),
        proposals=visible_goals(user).filter(**asked).count() + promises.filter(**asked).count(),
        broken=promises.filter(state=PromiseState.AGREED, side=Side.OURS, due_on__lt=today).count(),
        ideas=editable_ideas(user).filter(moderation=Moderation.WAITING, merged_into=None).count(),
        stuck=visible_onboardings(user)
        .filter(finished_at=None, steps__done_at=None, steps__due_on__lt=today)
        .distinct()
        .count(),
    )
