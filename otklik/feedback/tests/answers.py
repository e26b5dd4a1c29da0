"""Short ways to answer, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from otklik.events.public import Actor
from otklik.feedback.public import ResponseRow, SurveyKind, ensure_survey, record_responses
from otklik.partners.models import Partner
from tests.world import NOW, World

_serial = iter(range(1, 10**9))


def nps_version(world: World, kind: SurveyKind = SurveyKind.NPS) -> int:
    return ensure_survey(
        program_id=world.program.pk, name=f"Relationship {kind}", kind=kind, by=Actor.system(), at=NOW
    ).pk


def answer(version: int, partner: Partner, score: int, day: str = "2026-02-10", **extra: Any) -> ResponseRow:
    responded_at = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    key = extra.pop("source_key", f"test-{next(_serial)}")
    return ResponseRow(key, partner.pk, version, score, responded_at, **extra)


def store(*rows: ResponseRow, at: datetime = NOW) -> list[Any]:
    return record_responses(rows, by=Actor.system(), at=at)
