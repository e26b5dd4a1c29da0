"""What the log says of a partner's standing, as facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from otklik.analytics.models import PendingFact
from otklik.events.models import Event
from otklik.events.public import Actor, DeliveredEvent, Subject
from otklik.partners.facts import note_merged, note_standings, standings
from otklik.partners.models import Partner
from otklik.partners.operations.merge import merge_partners
from otklik.partners.operations.partners import change_partner
from tests.world import NOW, World

SYSTEM = Actor.system()
SPRING, NEXT_SPRING = date(2026, 4, 1), date(2027, 4, 1)


def changed(partner: Partner, days: int = 0, **facts: Any) -> DeliveredEvent:
    at = NOW + timedelta(days)
    change_partner(partner_id=partner.pk, facts=facts, by=SYSTEM, at=at)
    event = Event.objects.filter(kind="partner.changed").latest("pk")
    subjects = (Subject("partner", partner.pk),)
    return DeliveredEvent(event.pk, event.kind, 1, at, at, SYSTEM, subjects, event.data)


def rows() -> list[tuple[Any, ...]]:
    (ids,) = standings.all_ids(PendingFact.objects.none().values("row_id"))
    return [row[2:] for row in standings.fetch(ids)]


def test_moved_days_and_leaving_are_rows_and_nothing_else_is(world: World) -> None:
    first = changed(world.aurora, renewal_on=SPRING, tier="silver")
    renamed = changed(world.aurora, name="Aurora Media")
    moved = changed(world.aurora, 1, renewal_on=NEXT_SPRING)
    gone = changed(world.borealis, 2, status="left")

    note_standings([first, renamed, moved, gone])

    noted = PendingFact.objects.filter(source="standings").order_by("row_id")
    assert list(noted.values_list("row_id", flat=True)) == [first.id, moved.id, gone.id]
    program, day = world.program.pk, NOW.date()
    assert rows() == [
        (day, program, world.aurora.pk, None, SPRING, "", ""),
        (day + timedelta(1), program, world.aurora.pk, SPRING, NEXT_SPRING, "", ""),
        (day + timedelta(2), program, world.borealis.pk, None, None, "active", "left"),
    ]


def test_what_merged_partners_went_through_is_their_heirs(world: World) -> None:
    first = Partner.objects.create(program=world.program, name="Cygnus", created_at=NOW)
    events = [changed(partner, renewal_on=SPRING) for partner in (first, world.borealis, world.aurora)]

    for source, target in ((first, world.borealis), (world.borealis, world.aurora)):
        merge_partners(source_id=source.pk, target_id=target.pk, by=SYSTEM, at=NOW)
    subjects = (Subject("partner", world.aurora.pk), Subject("partner", world.borealis.pk))
    note_merged([DeliveredEvent(1, "partner.merged", 1, NOW, NOW, SYSTEM, subjects, {})])

    assert [row[2] for row in rows()] == [world.aurora.pk] * 3
    noted = PendingFact.objects.filter(source="standings").order_by("row_id")
    assert list(noted.values_list("row_id", flat=True)) == [event.id for event in events[:2]]
