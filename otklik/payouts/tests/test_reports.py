"""A partner's own figures are stored with every difference to ours, to the cent."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal

import pytest

from otklik.events.models import Event
from otklik.payouts.models import Entry, PartnerReport
from otklik.payouts.operations.ledger import reverse_entry
from otklik.payouts.operations.reports import ReportRefused, take_report
from otklik.payouts.rules.report_file import ReportRow
from otklik.payouts.rules.schedule import Period
from otklik.payouts.rules.vocabulary import LineProblem
from otklik.payouts.tests.office import AT, TODAY, by, line, record
from tests.world import World

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))


def row(key: str, amount: str, day: str = "2026-02-10") -> ReportRow:
    return ReportRow(key, date.fromisoformat(day), Decimal(amount), conversions=1)


def take(world: World, *rows: ReportRow, currency: str = "EUR") -> PartnerReport:
    return take_report(
        partner_id=world.aurora.pk,
        currency=currency,
        period=FEBRUARY,
        rows=rows,
        zone=UTC,
        by=by(world.anna),
        at=AT,
    )


def test_every_difference_is_named_and_they_add_up(world: World) -> None:
    ours = [
        line(world.aurora, "10", key="a"),
        line(world.aurora, "20", key="taken-back"),
        line(world.aurora, "30", key="march", on="2026-03-01"),
        line(world.borealis, "99", key="not-theirs"),
    ]
    record(*ours, program_id=world.program.pk)
    entry = Entry.objects.get(source_key="taken-back")
    reverse_entry(entry_id=entry.pk, on=TODAY, by=by(world.anna), at=AT)
    report = take(
        world,
        row("A", "10"),
        row("taken-back", "20"),
        row("march", "30", "2026-02-28"),
        row("not-theirs", "99"),
    )
    found = report.result
    assert {one["kind"]: one["amount"] for one in found["totals"]} == {
        "rejected": "20.00",
        "other_day": "30.00",
        "missing_here": "99.00",
    }
    assert (found["ours"], found["theirs"]) == ("10.00", "159.00")
    assert (found["explained"], found["unexplained"], found["agreed"]) == ("50.00", "99.00", 1)
    assert report.lines.count() == 4
    assert Event.objects.get(kind="report.reconciled").data["unexplained"] == "99.00"


def test_a_report_with_a_wrong_line_or_none_is_refused(world: World) -> None:
    with pytest.raises(ReportRefused) as found:
        take(world, row("a", "1"), row("b", "0.00001"), row("k" * 121, "1"))
    assert [(one.place, one.problem) for one in found.value.lines] == [
        (1, LineProblem.TOO_MANY_DIGITS),
        (2, LineProblem.TOO_LONG),
    ]
    with pytest.raises(ReportRefused):
        take(world)
    assert not PartnerReport.objects.exists()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_compared_like_any_day(world: World, day: date) -> None:
    report = take_report(
        partner_id=world.aurora.pk,
        currency="EUR",
        period=Period(day, day),
        rows=[row("a", "10")],
        zone=UTC,
        by=by(world.anna),
        at=AT,
    )
    assert report.result["theirs"] == "0.00"
