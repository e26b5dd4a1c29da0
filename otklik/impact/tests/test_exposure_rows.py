"""Rows of the facts, from what the rooms below have on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from otklik.desk.public import TicketStatus, change_status, reply
from otklik.desk.tests.clocks.promised import a_policy, at
from otklik.desk.tests.operations.stories import SYSTEM, asked, wrote
from otklik.feedback.public import ResponseRow, SurveyKind
from otklik.feedback.tests.answers import nps_version, store
from otklik.impact.facts import COLUMNS
from otklik.impact.queries.exposures import exposure_rows
from tests.world import World

pytestmark = pytest.mark.django_db


def answered(world: World, moment: datetime, **facts: Any) -> int:
    given = {"partner_id": world.aurora.pk, "contact_id": world.vera.pk, "score": 6, **facts}
    version = given.pop("version", None) or nps_version(world)
    row = ResponseRow(source_key=f"{moment}{sorted(facts)}", version_id=version, responded_at=moment, **given)
    (outcome,) = store(row, at=moment)
    assert outcome.problem is None
    return int(outcome.response_id)


def row_of(response_id: int) -> dict[str, Any]:
    (row,) = exposure_rows([response_id])
    return dict(zip((name for name, _ in COLUMNS), row, strict=True))


def test_an_answer_is_told_with_what_came_before_it(world: World) -> None:
    a_policy()
    first = asked(world, at=at(2, "10:00"))
    reply(ticket_id=first.pk, text="Paid.", by=SYSTEM, at=at(2, "10:30"))
    change_status(ticket_id=first.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(2, "11:00"))
    wrote(first, at=at(3, "10:00"))
    moment = at(4, "09:00")
    row = row_of(answered(world, moment))
    assert row == {
        "id": row["id"],
        "responded_at": moment,
        "day": date(2026, 3, 4),
        "kind": "nps",
        "score": 6,
        "program": world.program.pk,
        "partner": world.aurora.pk,
        "contact": world.vera.pk,
        "manager": world.boris.pk,
        "segment": "",
        "tier": "gold",
        "country": "RU",
        "role": row["role"],
        "channel": "import",
        "desk_since": at(2, "10:00"),
        "tickets": 1,
        "wait_median": 0.5,
        "wait_long": 0.5,
        # Promised within two hours on the 3rd, and never given.
        "breaches": 1,
        "unanswered": 1,
        "reopened": 1,
        "handed_over": 0,
        "foreign_language": 0,
        "money_held": 0,
        "payouts_late": 0,
        "manager_changed": 0,
        "main_channel": "email",
        "main_topic": None,
        "main_team": None,
        "own_tickets": 1,
        "own_wait_median": 0.5,
        "own_wait_long": 0.5,
        "own_breaches": 1,
        "own_unanswered": 1,
        "own_reopened": 1,
        "own_handed_over": 0,
        "own_foreign_language": 0,
    }


def test_only_scores_of_nps_and_csat_of_known_partners_are_rows(world: World) -> None:
    version = nps_version(world, SurveyKind.CES)
    ces = answered(world, at(4), version=version)
    csat = answered(world, at(4), version=nps_version(world, SurveyKind.CSAT), score=5)
    assert [row[0] for row in exposure_rows([ces, csat])] == [csat]


def test_before_the_desk_had_tickets_nothing_is_known_of_it(world: World) -> None:
    early = answered(world, at(2, "10:00") - timedelta(microseconds=1))
    asked(world, at=at(2, "10:00"))
    assert row_of(early)["desk_since"] is None
    assert row_of(answered(world, at(2, "10:00")))["desk_since"] == at(2, "10:00")
