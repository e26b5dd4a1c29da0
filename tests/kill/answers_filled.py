"""A program for a process of its own: many answers of one partner, whose facts wait to be written.

``FILL.format(answers=2000)``, after Django's set-up.
"""

from __future__ import annotations

FILL = """
from datetime import UTC, datetime, timedelta
from django.core.management import call_command
from otklik.events.public import Actor
from otklik.feedback.public import ResponseRow, SurveyKind, ensure_survey, record_responses
from otklik.partners.models import Partner, Program
call_command("migrate", verbosity=0)
at = datetime(2026, 3, 1, tzinfo=UTC)
program = Program.objects.create(name="North", slug="north", created_at=at)
partner = Partner.objects.create(program=program, name="Aurora", segment="Media", created_at=at)
version = ensure_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=at).pk
for start in range(0, {answers}, 500):
    record_responses(
        [
            ResponseRow(f"k{{n}}", partner.pk, version, n % 11, at - timedelta(hours=n % 5000))
            for n in range(start, start + 500)
        ],
        by=Actor.system(),
        at=at,
    )
"""
