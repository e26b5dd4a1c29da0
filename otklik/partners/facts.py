"""How the standing of partners changed, as rows for analytics: when a contract's day was moved, and when
somebody left. From the event log, which keeps what the partner's own row forgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from typing import Any

from django.db.models import QuerySet

from otklik.analytics.public import ColumnType, FactSource, note_facts
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, ids_of_kind, logged, logged_by_id, on_many
from otklik.kit.among import Among
from otklik.partners.models import Merged, Partner

STANDINGS = "standings"
COLUMNS = (
    ("id", ColumnType.BIG),
    ("happened_at", ColumnType.INSTANT),
    ("day", ColumnType.DAY),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    # Days of renewal; empty where it was not told, or there was none.
    ("renewal_before", ColumnType.DAY),
    ("renewal_after", ColumnType.DAY),
    # Status; "" where it did not change.
    ("status_before", ColumnType.WORD),
    ("status_after", ColumnType.WORD),
)
_CHANGED, _MERGED = "partner.changed", "partner.merged"
_NOTHING = (None, None)


def _rows(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    found = [one for one in logged_by_id("partner", ids, kind=_CHANGED) if _tells(one.data)]
    merged = Merged.objects.filter(noun="partner", source_id__in={one.object_id for one in found})
    became = dict(merged.values_list("source_id", "target_id"))
    partners = {one.id: became.get(one.object_id, one.object_id) for one in found}
    programs = dict(Partner.objects.filter(pk__in=set(partners.values())).values_list("pk", "program_id"))
    for one in found:
        partner = partners[one.id]
        if partner in programs:
            renewal = [_day(text) for text in one.data["values"].get("renewal_on", _NOTHING)]
            status = [word or "" for word in one.data["values"].get("status", _NOTHING)]
            moment = one.happened_at
            yield (
                one.id,
                moment,
                moment.astimezone(UTC).date(),
                programs[partner],
                partner,
                *renewal,
                *status,
            )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _tells(data: Any) -> bool:
    return bool({"renewal_on", "status"} & set(data.get("values", ())))


def _all_ids(waiting: QuerySet[Any]) -> Iterator[Sequence[int]]:
    return ids_of_kind(_CHANGED, without=waiting)


standings = FactSource(STANDINGS, COLUMNS, _rows, _all_ids)


@on_many(_CHANGED, name="partners.standing_facts", origins=ALL_ORIGINS)
def note_standings(events: Sequence[DeliveredEvent]) -> None:
    note_facts(STANDINGS, [event.id for event in events if _tells(event.data)])


@on_many(_MERGED, name="partners.merged_standing_facts", origins=ALL_ORIGINS)
def note_merged(events: Sequence[DeliveredEvent]) -> None:
    """What is on record of all that became theirs is theirs as well."""
    partners = {event.subject("partner") for event in events}
    merged = Merged.objects.filter(noun="partner", target_id__in=Among(partners))
    changes = logged("partner", list(merged.values_list("source_id", flat=True)), kinds=[_CHANGED])
    note_facts(STANDINGS, sorted({one.id for one in changes if _tells(one.data)}))
