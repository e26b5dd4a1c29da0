"""What is being improved, whom it concerns, and what somebody said that nobody has taken up yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from otklik.identity.public import User
from otklik.loop.access import affected_rows, visible_alerts, visible_improvements
from otklik.loop.models import (
    Alert,
    AlertCause,
    FollowUp,
    Improvement,
    ImprovementPartner,
    RootCause,
)
from otklik.loop.rules.improving import OPEN_IMPROVEMENTS, below, is_overdue
from otklik.loop.rules.vocabulary import ImprovementState
from otklik.partners.public import Contact, Partner, PartnerStatus, may_see_revenue


@dataclass(frozen=True, slots=True)
class Behind:
    """Partners behind something, those whom the reader sees. ``revenue`` None: none of theirs is known, or
    the reader does not see it."""

    partners: int = 0
    told: int = 0
    revenue: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ImprovementLine:
    improvement: Improvement
    behind: Behind
    is_overdue: bool


def listed(user: User, *, show: str, program_id: int | None) -> QuerySet[Improvement]:
    """``show``: "open", "done" or "dropped". What is due first; what has no day last."""
    rows = visible_improvements(user).select_related("owner", "program")
    if program_id is not None:
        rows = rows.filter(program_id=program_id)
    if show == "open":
        without = Case(When(due_on=None, then=Value(1)), default=Value(0), output_field=IntegerField())
        return rows.filter(state__in=OPEN_IMPROVEMENTS).order_by(without, "due_on", "pk")
    return rows.filter(state=show).order_by("-done_at", "-pk")


def lines(user: User, improvements: Sequence[Improvement], on: date) -> list[ImprovementLine]:
    """Two queries, however many."""
    behind = behind_each(user, [one.pk for one in improvements])
    return [
        ImprovementLine(
            one,
            behind.get(one.pk, Behind()),
            is_overdue(ImprovementState(one.state), one.due_on, on),
        )
        for one in improvements
    ]


def behind_each(user: User, improvement_ids: Collection[int]) -> dict[int, Behind]:
    rows = affected_rows(user).filter(improvement__in=list(improvement_ids)).values("improvement_id")
    counted = rows.annotate(
        partners=Count("pk"),
        told=Count("pk", filter=Q(told_at__isnull=False)),
        revenue=Sum("partner__revenue"),
    )
    sees = may_see_revenue(user)
    return {
        row["improvement_id"]: Behind(row["partners"], row["told"], row["revenue"] if sees else None)
        for row in counted.order_by()
    }


def affected(user: User, improvement: Improvement) -> QuerySet[ImprovementPartner]:
    """With the partner and what they were told; the most alerts first."""
    rows = affected_rows(user).filter(improvement=improvement).select_related("partner")
    return rows.order_by("-alerts", "partner__name_key", "pk")


def to_tell(user: User, improvement: Improvement) -> QuerySet[ImprovementPartner]:
    """Affected, seen by this person, and not told yet."""
    rows = affected_rows(user).filter(improvement=improvement, told_at=None, partner__erased_at=None)
    return rows.order_by("pk")


def people_to_tell(user: User, improvement: Improvement) -> int:
    """How many people would hear of it: those at the partners of ``to_tell`` who have not left."""
    people = Contact.objects.filter(partner__in=to_tell(user, improvement).values("partner_id"))
    people = people.exclude(partner__status=PartnerStatus.LEFT)
    return people.filter(is_active=True, erased_at=None).count()


def partners_behind(improvement: Improvement, author: User, start: datetime, end: datetime) -> dict[int, int]:
    """Partner -> how many alerts that were closed in that time name a cause of it, of those ``author`` sees.
    Three queries."""
    causes: set[int] = set()
    tree = _tree(improvement.program_id)
    for cause in improvement.causes.values_list("cause_id", flat=True):
        causes |= below(cause, tree)
    rows = alerts_behind(author, causes, start, end).filter(partner__erased_at=None, partner__isnull=False)
    counts = rows.values_list("partner_id").annotate(Count("pk", distinct=True)).order_by()
    return {partner: number for partner, number in counts if partner is not None}


def alerts_behind(user: User, causes: Collection[int], start: datetime, end: datetime) -> QuerySet[Alert]:
    """Opened in that time and closed, as the board counts them: what names one of these."""
    rows = visible_alerts(user).filter(opened_at__gte=start, opened_at__lt=end, closed_at__isnull=False)
    return rows.filter(pk__in=AlertCause.objects.filter(cause__in=list(causes)).values("alert_id"))


def causes_below(cause: RootCause) -> frozenset[int]:
    """The cause and what hangs below it. One query."""
    return below(cause.pk, _tree(cause.program_id))


def behind_alerts(user: User, alerts: QuerySet[Alert]) -> Behind:
    """One query."""
    rows = Partner.objects.filter(pk__in=alerts.order_by().values("partner_id"), erased_at=None)
    found = rows.aggregate(partners=Count("pk"), revenue=Sum("revenue"))
    return Behind(found["partners"], 0, found["revenue"] if may_see_revenue(user) else None)


def wishes(user: User, *, program_id: int | None, taken_up: bool = False) -> QuerySet[FollowUp]:
    """What would make it a nine, said by passives and not taken up by an improvement (``taken_up``: or taken
    up); the newest first."""
    rows = FollowUp.objects.filter(alert__in=visible_alerts(user)).exclude(nine="")
    if not taken_up:
        rows = rows.filter(improvement=None)
    if program_id is not None:
        rows = rows.filter(alert__program_id=program_id)
    rows = rows.select_related("alert__partner", "contact", "alert__program")
    return rows.order_by("-at", "-pk")


def wishes_of(user: User, improvement: Improvement) -> QuerySet[FollowUp]:
    """Those it took up, of alerts this person sees."""
    rows = FollowUp.objects.filter(improvement=improvement, alert__in=visible_alerts(user)).exclude(nine="")
    return rows.select_related("alert__partner", "contact").order_by("-at", "-pk")[:50]


def improvements_naming(causes: Collection[int]) -> QuerySet[Improvement]:
    """Open or done ones, so that nobody begins the same twice."""
    named = Improvement.objects.filter(causes__cause__in=list(causes))
    return named.exclude(state=ImprovementState.DROPPED).distinct().order_by("-pk")


def _tree(program_id: int) -> dict[int, int | None]:
    return dict(RootCause.objects.filter(program_id=program_id).values_list("pk", "parent_id"))
