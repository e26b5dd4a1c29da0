"""Answers of one program out of the facts, one question to the engine each."""

from __future__ import annotations

from datetime import date, datetime

from otklik.analytics.public import columns_of, facts
from otklik.impact.rules.reading import OF_A_TICKET, csat_answers, nps_answers
from otklik.impact.rules.table import Table
from otklik.impact.rules.vocabulary import Exposure, Outcome

EXPOSURES, TICKETS = "exposures", "tickets"
SOURCES = {Outcome.NPS: EXPOSURES, Outcome.CSAT: TICKETS}
_ABOUT = (
    *("id", "responded_at", "score", "partner", "contact", "desk_since", "tickets", "own_tickets"),
    *("tier", "segment", "role", "country"),
)
_OF_TICKET = ("id", "created_at", "closed_at", "rating", "partner", "topic", "priority", "channel", "tier")
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

    rows = facts(TICKETS).filter(_.program == program_id, _.rating.notnull(), _.day >= since)
    counted = [one.value for one in OF_A_TICKET if one is not Exposure.WAIT_MEDIAN]
    waited = (_.first_response / _MINUTES).name(Exposure.WAIT_MEDIAN.value)
    return csat_answers(columns_of(rows.select(*_OF_TICKET, *counted, waited)), at)
