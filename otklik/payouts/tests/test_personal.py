"""What is kept about money under one person's name is theirs to take."""

from __future__ import annotations

import json
from datetime import UTC, date
from decimal import Decimal

from otklik.events.public import Actor
from otklik.payouts.operations.reports import take_report
from otklik.payouts.operations.requests import ask_payout
from otklik.payouts.personal import personal_data
from otklik.payouts.rules.report_file import ReportRow
from otklik.payouts.rules.schedule import Period
from otklik.payouts.tests.office import AT, earned
from tests.world import World


def test_a_person_gets_what_they_asked_for_and_uploaded_and_nothing_of_others(world: World) -> None:
    earned(world.aurora, "100")
    by, partner_id = Actor.contact(world.vera.pk), world.aurora.pk
    amount = Decimal("12.50")
    ask_payout(partner_id=partner_id, currency="EUR", amount=amount, contact_id=world.vera.pk, by=by, at=AT)
    take_report(
        partner_id=partner_id,
        currency="EUR",
        period=Period(date(2026, 2, 1), date(2026, 2, 28)),
        rows=[ReportRow("a", date(2026, 2, 1), Decimal(1))],
        zone=UTC,
        contact_id=world.vera.pk,
        by=by,
        at=AT,
    )
    found = json.loads(json.dumps(personal_data(world.vera.pk)))
    assert found["payouts_asked_for"][0]["amount"] == "12.50"
    assert found["figures_uploaded"][0]["end"] == "2026-02-28"
    assert not any(personal_data(world.gleb.pk).values())
