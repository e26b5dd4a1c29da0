"""The report that pages read, and what became of the last one that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from otklik.impact.models import ImpactReport
from otklik.impact.rules.vocabulary import GIVEN_UP, Outcome, ReportState


@dataclass(frozen=True, slots=True)
class Newest:
    """``done``: the newest that has a body. ``last``: the last that was asked for, done or not."""

    done: ImpactReport | None
    last: ImpactReport | None

    def is_computing(self, at: datetime) -> bool:
        """One that nobody ended is not waited for forever."""
        last = self.last
        if last is None or last.state != ReportState.COMPUTING:
            return False
        return at - last.asked_at < GIVEN_UP

    def has_failed(self, at: datetime) -> bool:
        last = self.last
        return last is not None and last.state != ReportState.DONE and not self.is_computing(at)


def newest(program_id: int, outcome: Outcome) -> Newest:
    rows = ImpactReport.objects.filter(program_id=program_id, outcome=outcome.value).order_by(
        "-asked_at", "-pk"
    )
    last = rows.defer("body").first()
    return Newest(rows.filter(state=ReportState.DONE).first(), last)


def newest_of(program_ids: list[int], outcome: Outcome) -> ImpactReport | None:
    """The newest that is done in any of these programs, without its body."""
    rows = ImpactReport.objects.filter(
        program__in=program_ids, outcome=outcome.value, state=ReportState.DONE.value
    )
    return rows.defer("body").order_by("-asked_at", "-pk").first()
