"""Answers of one program out of the facts, one question to the engine each."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from otklik.analytics.public import columns_of, facts
from otklik.desk.public import UNSERVED
from otklik.impact.rules.reading import OF_A_TICKET, csat_answers, nps_answers
from otklik.impact.rules.table import Table
from otklik.impact.rules.vocabulary import Exposure, Outcome

if TYPE_CHECKING:
    import ibis

EXPOSURES, TICKETS = "exposures", "tickets"
SOURCES = {Outcome.NPS: EXPOSURES, Outcome.CSAT: TICKETS}
_ABOUT = (
    *("id", "responded_at", "score", "partner", "contact", "desk_since", "tickets", "own_tickets"),
    *("tier", "segment", "role", "country"),
)
_OF_TICKET = (
    *("id", "created_at", "closed_at", "rating", "partner"),
    *("topic", "priority", "channel", "tier", "mood_first"),
)
# Nobody asked anything in them.
NO_QUESTIONS = tuple(one.value for one in UNSERVED)
_MINUTES = 60


def answers_of(outcome: Outcome, program_id: int, *, since: date, at: datetime) -> Table:
    """All answers from a day on."""
    return (_nps if outcome is Outcome.NPS else _csat)(program_id, since, at)


def _nps(program_id: int, since: date, at: datetime) -> Table:
    from ibis import _

    rows = facts(EXPOSURES).filter(_.program == program_id, _.kind == Outcome.NPS.value, _.day >= since)
    return nps_answers(columns_of(rows.select(*_ABOUT, *(one.value for one in Exposure))), at)


def _csat(program_id: int, since: date, at: datetime) -> Table:
    from ibis import _

    rows = rated_tickets(program_id).filter(_.day >= since)
    return csat_answers(columns_of(rows.select(*_OF_TICKET, *(one.value for one in OF_A_TICKET))), at)


def rated_tickets(program_id: int) -> ibis.Table:
    """Of partners, each by what was in it before the rating, under the names of the exposures; a wait is that
    for the first answer, which the facts tell in minutes. Tickets of nobody known would be one partner."""
    from ibis import _

    rows = facts(TICKETS).filter(
        _.program == program_id, _.rating.notnull(), _.partner.notnull(), _.outcome.notin(NO_QUESTIONS)
    )
    counted = {
        one.value: _[column] / _MINUTES if one is Exposure.WAIT_MEDIAN else _[column]
        for one, column in OF_A_TICKET.items()
    }
    return rows.mutate(**counted)
