"""What a page about facts as they are now is of: a program whose partners somebody sees all of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from otklik.identity.public import User
from otklik.impact.access import studied_programs
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.web.asked import chosen_program, query_of, read_outcome
from otklik.partners.public import Program


@dataclass(frozen=True, slots=True)
class Room:
    programs: Sequence[Program]
    program: Program
    outcome: Outcome

    @property
    def query(self) -> str:
        """The same question on another page."""
        return query_of(self.program, self.outcome)


def read_room(user: User, given: QueryDict) -> Room | None:
    """Odd values are taken as not given. None: this person sees no program whole."""
    programs = list(studied_programs(user).order_by("name", "pk"))
    if not programs:
        return None
    outcome = read_outcome(given.get("outcome", ""))
    return Room(programs, chosen_program(programs, given.get("program", ""), outcome), outcome)
