"""What partners earned, as facts."""

from __future__ import annotations

from datetime import date

from otklik.analytics.models import FactStore, PendingFact
from otklik.events.public import Actor
from otklik.partners.operations.merge import merge_partners
from otklik.payouts.earnings import earnings
from otklik.payouts.tests.office import AT, Office, charged_back, earned, held
from tests.world import World


def test_what_was_earned_and_taken_back_is_a_row_and_a_hold_is_none(world: World, office: Office) -> None:
    earned(world.aurora, "100.25", on="2026-01-10")
    charged_back(world.aurora, "30", on="2026-01-20")
    held(world.aurora, "10", office.faina)

    noted = list(PendingFact.objects.filter(source="earnings").values_list("row_id", flat=True))
    rows = list(earnings.fetch(noted))

    common = (world.program.pk, world.aurora.pk, "EUR")
    assert [row[1:] for row in rows] == [
        (date(2026, 1, 10), *common, 1_002_500),
        (date(2026, 1, 20), *common, -300_000),
    ]
    (every,) = earnings.all_ids(PendingFact.objects.none().values("row_id"))
    assert list(every) == noted


def test_a_merge_brings_them_over(world: World, office: Office) -> None:
    earned(world.aurora, "7")
    earned(world.borealis, "50")
    PendingFact.objects.all().delete()

    merge_partners(source_id=world.borealis.pk, target_id=world.aurora.pk, by=Actor.system(), at=AT)

    assert not FactStore.objects.filter(source="earnings").exists()
    (row,) = earnings.fetch(PendingFact.objects.filter(source="earnings").values_list("row_id", flat=True))
    assert row[3] == world.aurora.pk
