"""What each partner of the story lived through, counted from the story itself and not from the database."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from otklik.demo.desk.threads import Kind, Story

WINDOW = timedelta(days=90)
# Longer than any promise, shorter than any answer that came late.
FELT = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Lived(NamedTuple):
    """How many tickets the partner had, and what happened in them, in the 90 days before."""

    tickets: int
    kept_waiting: int
    reopened: int
    handed_over: int


class Lives:
    def __init__(self, stories: Iterable[Story]) -> None:
        self._moments: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        for story in stories:
            key = story.company.key
            self._moments[key, "opened"].append(story.at)
            self._moments[key, "closed"].append(_end(story))
            if story.late:
                self._moments[key, "kept"].append(story.at + FELT)
            self._moments[key, "reopened"] += _reopened(story)
            handed = [step.at for step in story.steps if step.kind is Kind.HAND_OVER]
            self._moments[key, "handed"] += handed
        for moments in self._moments.values():
            moments.sort()

    def before(self, company: str, at: datetime) -> Lived:
        opened = bisect_right(self._moments[company, "opened"], at)
        over = bisect_left(self._moments[company, "closed"], at - WINDOW)
        counted = (self._within(company, what, at) for what in ("kept", "reopened", "handed"))
        return Lived(opened - over, *counted)

    def _within(self, company: str, what: str, at: datetime) -> int:
        moments = self._moments[company, what]
        return bisect_right(moments, at) - bisect_left(moments, at - WINDOW)


def _end(story: Story) -> datetime:
    """When it was solved for the last time; what goes on is over never."""
    ends = (step.at for step in story.steps if step.kind in (Kind.SOLVE, Kind.SPAM, Kind.MERGE))
    return max(ends, default=_NEVER)


def _reopened(story: Story) -> list[datetime]:
    solved = min((step.at for step in story.steps if step.kind is Kind.SOLVE), default=None)
    back = [step.at for step in story.steps if step.kind is Kind.SAYS and solved and step.at > solved]
    return back[:1]
