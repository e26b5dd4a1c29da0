"""Through how many hands a ticket went, and whether they speak its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from otklik.desk.rules.languages import short_code

# Of 1 (reads), 2 (writes) and 3 (native): who can just read a language does not answer in it.
ANSWERS_FROM = 2


class Move(NamedTuple):
    """A ticket got another owner, or another team: ids, None for nobody."""

    at: datetime
    before: int | None
    after: int | None


def hand_overs(moves: Iterable[Move]) -> list[datetime]:
    """When the ticket went on from one to another, oldest first. Give the moves between people or those
    between teams, in any order; equal times keep theirs.

    By way of the queue (from one to nobody, and then to somebody else) it is one hand-over, at its end; taken
    up again by the same one it is none, and the first one takes it over from nobody.
    """
    holder: int | None = None
    found = []
    for move in sorted(moves, key=lambda move: move.at):
        holder = move.before or holder
        if move.after is None:
            continue
        if holder not in (None, move.after):
            found.append(move.at)
        holder = move.after
    return found


def answers_in(language: str, levels: Mapping[str, int]) -> bool | None:
    """Whether somebody answers in this language. ``levels``: by its code, 0 to 3. None where either is not
    known."""
    if not language or not any(levels.values()):
        return None
    return levels.get(short_code(language), 0) >= ANSWERS_FROM
