"""What the journeys about impact find, in a data folder with the cast:
``python -m tests.browser.impact_world``. With ``--studied`` the report that is being computed ends, with what
it found of the policy change that was recorded last.

A report as a computation would have left it, and of the answers behind its figures two: one of them came
after the time promised for a first answer had passed, and that for a solution.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

ASKED = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from otklik.analytics.operations.write_facts import write_facts
    from otklik.impact.facts import exposures
    from otklik.kit.clock import now

    if "--studied" in sys.argv:
        _study(now())
        return
    _tickets()
    _answers()
    _report(now())
    write_facts(exposures, clock=now)


def _tickets() -> None:
    """The desk's first one, long ago, and one that was answered days later."""
    from otklik.desk.public import Channel, NewTicket, Side, create_tickets_bulk, reply
    from otklik.desk.tests.clocks.promised import a_policy
    from otklik.events.public import Actor
    from otklik.partners.models import Contact

    a_policy()
    vera = Contact.objects.get(name="Vera Orlova")
    for at in (ASKED - timedelta(days=150), ASKED):
        row = NewTicket(
            program_id=vera.partner.program_id,
            subject="Payout is late",
            channel=Channel.EMAIL,
            side=Side.PARTNER,
            text="Where is our payout?",
            contact_id=vera.pk,
        )
        (opened,) = create_tickets_bulk([row], by=Actor.system(), at=at)
        answered = at + (timedelta(days=3) if at == ASKED else timedelta(minutes=20))
        reply(ticket_id=opened.ticket.pk, text="Paid today.", by=Actor.system(), at=answered)


def _answers() -> None:
    from otklik.events.public import Actor
    from otklik.feedback.public import ResponseRow, SurveyKind, ensure_survey, record_responses
    from otklik.partners.models import Contact

    vera, by = Contact.objects.get(name="Vera Orlova"), Actor.system()
    version = ensure_survey(
        program_id=vera.partner.program_id, name="Partner NPS", kind=SurveyKind.NPS, by=by, at=ASKED
    )
    rows = [
        ResponseRow(f"impact-{score}", vera.partner_id, version.pk, score, at, contact_id=vera.pk)
        for score, at in ((9, ASKED - timedelta(days=20)), (3, ASKED + timedelta(days=21)))
    ]
    record_responses(rows, by=by, at=ASKED + timedelta(days=22))


def _report(at: datetime) -> None:
    from otklik.impact.models import ImpactReport
    from otklik.impact.tests.samples import REPORT
    from otklik.partners.models import Program

    one = ImpactReport(program=Program.objects.get(), outcome=REPORT.outcome.value, asked_at=at)
    one.finish(REPORT, at)
    one.save()


def _study(at: datetime) -> None:
    from dataclasses import replace

    from otklik.impact.models import ImpactReport, PolicyChange
    from otklik.impact.tests.samples import CHANGE, REPORT

    change = PolicyChange.objects.latest("pk")
    found = replace(CHANGE, change=change.pk, version=change.version)
    report = ImpactReport.objects.get(state="computing", outcome=REPORT.outcome.value)
    report.finish(replace(REPORT, changes=(found,)), at)
    report.save()


if __name__ == "__main__":
    main()
