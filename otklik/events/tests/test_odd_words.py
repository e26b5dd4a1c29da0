"""Rows that go past the model layer come back as they were given, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from otklik.events.models import Event
from otklik.kit.bulk import insert_for_ids

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
COLUMNS = (
    "kind",
    "version",
    "happened_at",
    "recorded_at",
    "origin",
    "actor_kind",
    "actor_id",
    "data",
    "batch_id",
)
ODD = [
    "",
    "NULL",
    "null",
    '"',
    "\\",
    'a"b\\c',
    "{1,2}",
    "a,b",
    " spaces ",
    "'",
    "{",
    "Ёж 😀",
    "line\nline",
    "\t",
    "%s",
]


@pytest.mark.django_db
def test_odd_words_come_back_as_they_went() -> None:
    rows = [
        (f"k{n}", n, AT, AT, "live", "system", None, {"said": word, "list": [word, None, n]}, None)
        for n, word in enumerate(ODD)
    ]
    ids = insert_for_ids(Event, COLUMNS, rows)
    found = Event.objects.in_bulk(ids)
    assert [found[pk].data["said"] for pk in ids] == ODD
    assert [found[pk].version for pk in ids] == list(range(len(ODD)))
    assert found[ids[0]].happened_at == AT
    assert found[ids[0]].actor_id is None
