"""The worked example of docs/formulas/automatic-answers.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.assist.rules.outcomes import QUIET, Since, outcome_of
from otklik.assist.rules.vocabulary import AnswerOutcome, OutcomeReason

TOLD = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = TOLD + QUIET


@pytest.mark.parametrize(
    ("since", "at", "outcome"),
    [
        (Since(TOLD), LATER - HOUR, None),
        (Since(TOLD), LATER, (AnswerOutcome.QUIET, OutcomeReason.QUIET)),
        (Since(TOLD, solved_at=TOLD + HOUR), TOLD + HOUR, (AnswerOutcome.HELPED, OutcomeReason.SAID_SO)),
        (Since(TOLD, wrote_at=TOLD + HOUR), LATER, (AnswerOutcome.PERSON, OutcomeReason.WROTE_AGAIN)),
        (Since(TOLD, new_ticket_at=LATER), LATER, (AnswerOutcome.PERSON, OutcomeReason.NEW_TICKET)),
        (Since(TOLD, wrote_at=LATER + HOUR), LATER + HOUR, (AnswerOutcome.QUIET, OutcomeReason.QUIET)),
        (
            Since(TOLD, solved_at=TOLD + 2 * HOUR, agent_at=TOLD + HOUR),
            LATER,
            (AnswerOutcome.PERSON, OutcomeReason.AGENT_ANSWERED),
        ),
        (
            Since(TOLD, solved_at=TOLD + HOUR, new_ticket_at=TOLD + 2 * HOUR),
            LATER,
            (AnswerOutcome.PERSON, OutcomeReason.NEW_TICKET),
        ),
        (
            Since(TOLD, solved_at=TOLD + HOUR, new_ticket_at=LATER + HOUR, agent_at=TOLD + 2 * HOUR),
            LATER + HOUR,
            (AnswerOutcome.HELPED, OutcomeReason.SAID_SO),
        ),
    ],
    ids=[
        "early",
        "quiet",
        "said solved",
        "wrote",
        "at the last moment",
        "too late to count",
        "agent first",
        "said solved and came back",
        "said solved and it was",
    ],
)
def test_the_first_thing_that_happens_in_72_hours_decides(
    since: Since, at: datetime, outcome: tuple[AnswerOutcome, OutcomeReason] | None
) -> None:
    assert outcome_of(since, at=at) == outcome
