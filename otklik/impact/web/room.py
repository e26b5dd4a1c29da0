"""What a page about facts as they are now is of: a program whose partners somebody sees all of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from otklik.identity.public import User
from otklik.impact.access import studied_programs
from otklik.impact.rules.vocabulary import Outcome
from otklik.partners.public import Program


@dataclass(frozen=True, slots=True)
class Room:
    programs: Sequence[Program]
    program: Program
    outcome: Outcome

    @property
    def query(self) -> str:
        """The same question on another page."""
        return urlencode({"program": self.program.pk, "outcome": self.outcome.value})


def read_room(user: User, given: QueryDict) -> Room | None:
    """Odd values are taken as not given. None: this person sees no program whole."""
    programs = list(studied_programs(user).order_by("name", "pk"))
    if not programs:
        return None
    by_id = {str(one.pk): one for one in programs}
    outcome = next((one for one in Outcome if one.value == given.get("outcome")), Outcome.NPS)
    return Room(programs, by_id.get(given.get("program", ""), programs[0]), outcome)
