from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.kit.limits import count

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 2, 12, 0, 7, 5, tzinfo=UTC)


def test_times_are_counted_until_the_span_after_the_first_is_over() -> None:
    moments = [NOON, NOON, NOON + timedelta(minutes=59), NOON + HOUR, NOON + timedelta(minutes=100)]
    assert [count("visits", span=HOUR, at=moment) for moment in moments] == [1, 2, 3, 1, 2]


def test_each_name_is_counted_for_itself_and_the_cache_knows_none_of_them() -> None:
    assert count("visits", span=HOUR, at=NOON) == 1
    assert count("calls", span=HOUR, at=NOON) == 1
    assert cache.get("visits") is None
    cache.set("visits", 40)
    assert count("visits", span=HOUR, at=NOON) == 2


def test_counting_is_one_statement() -> None:
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            count("visits", span=HOUR, at=NOON)
        assert len(seen) == 1


def test_many_visitors_of_a_form_do_not_make_other_counters_forgotten() -> None:
    now = datetime.now(UTC)  # the cache has a clock of its own
    cache.set("sign-in", 4, timeout=600)
    for number in range(400):
        count(f"visitor-{number}", span=HOUR, at=now)
    cache.set("other", 1, timeout=600)
    assert cache.get("sign-in") == 4
