"""A new computation, asked for on a page."""

from __future__ import annotations

from datetime import datetime

from otklik.events.public import Actor
from otklik.impact.models import ImpactReport
from otklik.impact.rules.vocabulary import Outcome
from otklik.partners.public import Program


def ask_report(*, program: Program, outcome: Outcome, by: Actor, at: datetime) -> ImpactReport:
    return ImpactReport.objects.create(program=program, outcome=outcome.value, asked_by_id=by.id, asked_at=at)
