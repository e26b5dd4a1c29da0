"""What partners write about. The words themselves are in ``matters_ru`` and ``matters_en``."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A letter is an opening, a detail and what is asked for; braces are filled by ``wording``.

    Where a part has as many lines as there are openings, each belongs to the opening in its place, otherwise
    any fits. ``questions`` and ``data`` are our question and the partner's answer to it; ``asked`` and
    ``told`` are what a department is asked and answers, in the order of the openings (those beyond: nobody is
    asked); ``solutions`` end it.
    """

    topic: str
    weight: int
    subjects: Lines
    openings: Lines
    details: Lines
    wishes: Lines
    questions: Lines
    data: Lines
    solutions: Lines
    asked: Lines = ()
    told: Lines = ()

    def line(self, random: Random, lines: Lines, case: int) -> str:
        return lines[case] if len(lines) == len(self.openings) else random.choice(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What is said in every matter. ``{name}`` is the partner's first name, ``{agent}`` ours."""

    greetings: Lines
    signs: Lines
    agent_greetings: Lines
    agent_signs: Lines
    passed_on: Lines
    reminders: Lines
    apologies: Lines
    thanks: Lines
    not_solved: Lines
    second_solutions: Lines
    duplicates: Lines
    out_of_office: Lines
    out_of_office_subject: str
    calls: Lines
    callback_wishes: Lines
    callback_notes: Lines
    praise: Lines
    blame: Lines
    notes: Lines
    mentions: Lines
    spam: tuple[tuple[str, str], ...]
    customers: tuple[tuple[str, str, str, str], ...]
    """Third sides: what the partner writes, what we ask the customer, the customer's answer, the end."""
