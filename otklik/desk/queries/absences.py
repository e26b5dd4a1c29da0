"""Who is away, and what of theirs is with others still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from otklik.desk.models import Absence, Ticket
from otklik.desk.rules.vocabulary import ABSENCE_ENDED, HANDED_OVER, OWNER_CHANGED
from otklik.events.public import logged
from otklik.partners.public import Partner

MANAGER_CHANGED = "partner.manager_changed"
# Who has been back for longer has settled with the deputy.
_LOOK_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class WithOthers:
    """Handed over when the absence began, and moved by nobody since."""

    tickets: list[Ticket]
    partners: list[Partner]

    def __bool__(self) -> bool:
        return bool(self.tickets or self.partners)


def away_now(at: datetime) -> frozenset[int]:
    going_on = Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
    return frozenset(going_on.values_list("user_id", flat=True))


def just_over(at: datetime) -> list[Absence]:
    """Absences that ended and whose people were not told so yet."""
    ended = Absence.objects.filter(
        ends_at__lte=at, ends_at__gt=at - _LOOK_BACK, handed_over_at__isnull=False, user__is_active=True
    )
    found = list(ended.select_related("user", "deputy").order_by("pk"))
    told = logged("user", sorted({absence.user_id for absence in found}), kinds=[ABSENCE_ENDED])
    known = {line.data.get("absence") for line in told}
    still_away = away_now(at)
    return [one for one in found if one.pk not in known and one.user_id not in still_away]


def with_others(absence: Absence) -> WithOthers:
    """Five queries at most."""
    if absence.handed_over_at is None:
        return WithOthers([], [])
    return WithOthers(_tickets(absence, absence.handed_over_at), _partners(absence, absence.handed_over_at))


def _tickets(absence: Absence, until: datetime) -> list[Ticket]:
    """Given to their present owner in the hand-over, or by routing in the same moment."""
    moved_then = Ticket.objects.filter(
        is_open=True, merged_into=None, owner_since__gte=absence.starts_at, owner_since__lte=until
    )
    found = list(
        moved_then.exclude(owner=absence.user_id)
        .exclude(owner=None)
        .select_related("owner", "partner")
        .order_by("next_due_at", "pk")
    )
    log = logged("ticket", [ticket.pk for ticket in found], kinds=[OWNER_CHANGED])
    theirs = {line.object_id for line in log if line.data.get("absence") == absence.pk}
    return [ticket for ticket in found if ticket.pk in theirs]


def _partners(absence: Absence, until: datetime) -> list[Partner]:
    during = (absence.starts_at, until)
    takers = _takers(absence.user_id, during)
    rows: QuerySet[Partner] = Partner.objects.filter(manager_id__in=takers, erased_at=None)
    found = list(rows.select_related("manager").order_by("name"))
    last: dict[int, bool] = {}
    for line in logged("partner", [partner.pk for partner in found], kinds=[MANAGER_CHANGED]):
        is_theirs = line.data.get("from") == absence.user_id
        last[line.object_id] = is_theirs and during[0] <= line.happened_at <= during[1]
    return [partner for partner in found if last.get(partner.pk, False)]


def _takers(user_id: int, during: Sequence[datetime]) -> set[int]:
    log = logged("user", [user_id], kinds=[HANDED_OVER])
    given = (line.data.get("to") for line in log if during[0] <= line.happened_at <= during[1])
    return {taker for taker in given if taker is not None}
