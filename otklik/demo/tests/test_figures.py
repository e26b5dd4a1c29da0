"""Figures from outside in the demo: a file that came in, and a comparison with something left to explain."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from otklik.demo.figures import bring_figures
from otklik.demo.story import companies
from otklik.events.public import Actor
from otklik.partners.public import Partner
from otklik.payouts.models import MoneyImport, PartnerReport
from otklik.payouts.public import EntryKind, NewEntry, record_entries
from tests.world import World

AT = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


def test_a_file_came_in_and_a_partner_counts_something_else(world: World) -> None:
    some = companies(AT.date().replace(day=1))[:3]
    ids = {
        one.key: Partner.objects.create(program=world.program, name=one.key, created_at=AT).pk for one in some
    }
    lines = [
        NewEntry(
            pk, "EUR", EntryKind.EARNED, Decimal(10 + day), AT.date().replace(month=2, day=day), f"{pk}-{day}"
        )
        for pk in ids.values()
        for day in (3, 9)
    ]
    record_entries(program_id=world.program.pk, entries=lines, by=Actor.system(), at=AT)
    bring_figures(world.program.pk, some, ids, {"finance": world.anna}, at=AT)
    assert MoneyImport.objects.get().outcome["new"]["rows"] == 3
    found = {one["kind"] for one in PartnerReport.objects.get().result["totals"]}
    assert found == {"missing_here", "doubled_there", "amount_differs"}
