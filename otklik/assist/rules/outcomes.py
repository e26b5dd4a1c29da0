"""What came of an automatic answer. Solved means: without a person, and nobody had to say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.assist.rules.vocabulary import AnswerOutcome, OutcomeReason

QUIET = timedelta(hours=72)
_CAME_BACK = (OutcomeReason.WROTE_AGAIN, OutcomeReason.NEW_TICKET)


@dataclass(frozen=True, slots=True)
class Since:
    """What happened after it was told; None: it did not. ``solved_at``: the person said so in the ticket.
    ``new_ticket_at``: of theirs, about the same."""

    told_at: datetime
    solved_at: datetime | None = None
    wrote_at: datetime | None = None
    new_ticket_at: datetime | None = None
    agent_at: datetime | None = None


def outcome_of(since: Since, *, at: datetime) -> tuple[AnswerOutcome, OutcomeReason] | None:
    """The first thing that happened within 72 hours decides; where nothing did, the silence. "It is solved"
    stands only as long as the person does not come back within these hours: they said so, and it was not.
    None: it is too early to say."""
    happened = [
        (since.solved_at, (AnswerOutcome.HELPED, OutcomeReason.SAID_SO)),
        (since.wrote_at, (AnswerOutcome.PERSON, OutcomeReason.WROTE_AGAIN)),
        (since.new_ticket_at, (AnswerOutcome.PERSON, OutcomeReason.NEW_TICKET)),
        (since.agent_at, (AnswerOutcome.PERSON, OutcomeReason.AGENT_ANSWERED)),
    ]
    end = since.told_at + QUIET
    seen = [(moment, outcome) for moment, outcome in happened if moment is not None and moment <= end]
    came_back = [outcome for _moment, outcome in seen if outcome[1] in _CAME_BACK]
    if seen:
        first = min(seen, key=lambda pair: pair[0])[1]
        return came_back[0] if first[0] is AnswerOutcome.HELPED and came_back else first
    return (AnswerOutcome.QUIET, OutcomeReason.QUIET) if at >= end else None
