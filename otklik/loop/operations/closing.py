"""How an alert ends, and how it goes on after all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor
from otklik.loop.models import Alert, AlertCause, RootCause
from otklik.loop.operations.actors import user_of
from otklik.loop.operations.locking import kept, locked, tell, work_on
from otklik.loop.rules.closing import closing_problems
from otklik.loop.rules.deadlines import was_in_time
from otklik.loop.rules.vocabulary import ClosingProblem, Outcome

LONGEST_RESULT = 4000


class CannotClose(Exception):
    """``problems`` say what is missing."""

    def __init__(self, found: Sequence[ClosingProblem]) -> None:
        super().__init__(", ".join(found))
        self.problems = tuple(found)


class NotTheirCause(Exception):
    """A root cause of another program, or one that is out of use."""


class NotClosed(Exception):
    """There is nothing to reopen."""


@transaction.atomic
def name_causes(*, alert_id: int, cause_ids: Collection[int], by: Actor, at: datetime) -> Alert:
    """These and no others; also of an alert that is closed, which keeps one at least. Raises NotTheirCause,
    CannotClose, Alert.DoesNotExist."""
    alert = locked(alert_id, may_be_closed=True)
    if alert.is_closed and not cause_ids:
        raise CannotClose([ClosingProblem.NO_ROOT_CAUSE])
    if _name(alert, cause_ids):
        kept(alert)
        tell("alert.causes_named", alert, {"causes": sorted(set(cause_ids))}, by=by, at=at)
    return alert


@transaction.atomic
def close_alert(
    *,
    alert_id: int,
    outcome: Outcome | None,
    cause_ids: Collection[int],
    result: str = "",
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Alert:
    """``result``: what came of it, in words. Raises CannotClose, NotTheirCause, AlertClosed, AlertChanged,
    Alert.DoesNotExist."""
    alert = locked(alert_id, expected_version)
    found = closing_problems(outcome, len(set(cause_ids)), work_on(alert))
    if found or outcome is None:
        raise CannotClose(found)
    _name(alert, cause_ids)
    alert.close(outcome, result.strip()[:LONGEST_RESULT], by_user=user_of(by), at=at)
    kept(alert)
    data = {
        "outcome": outcome.value,
        "causes": sorted(set(cause_ids)),
        "owner": alert.owner_id,
        "in_time": was_in_time(alert.standing),
    }
    tell("alert.closed", alert, data, by=by, at=at)
    return alert


@transaction.atomic
def reopen_alert(*, alert_id: int, by: Actor, at: datetime) -> Alert:
    """It was not the end. What was found out and promised stays; whom it was told has to be told anew.
    Raises NotClosed, Alert.DoesNotExist."""
    alert = locked(alert_id, may_be_closed=True)
    if not alert.is_closed:
        raise NotClosed(alert_id)
    alert.reopen(work_on(alert))
    kept(alert)
    tell("alert.reopened", alert, {"times": alert.reopened}, by=by, at=at)
    return alert


def _name(alert: Alert, cause_ids: Collection[int]) -> bool:
    """Whether anything changed. A cause that is out of use stays where it was named before."""
    wanted = set(cause_ids)
    known = set(alert.causes.values_list("cause_id", flat=True))
    new = wanted - known
    usable = RootCause.objects.filter(pk__in=new, program_id=alert.program_id, is_active=True)
    if new - set(usable.values_list("pk", flat=True)):
        raise NotTheirCause(sorted(new))
    alert.causes.exclude(cause_id__in=wanted).delete()
    AlertCause.objects.bulk_create(AlertCause(alert=alert, cause_id=pk) for pk in sorted(new))
    return wanted != known
