"""How often something was done lately, counted for all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

# A row in the cache's table, which forgets by itself what has expired. Through the cache it would take a
# lock, a reading and a writing, each with a transaction of its own.
_COUNT = """
INSERT INTO otklik_cache AS known (cache_key, value, expires) VALUES (%s, '1', %s)
    ON CONFLICT (cache_key) DO UPDATE SET
       value = CASE WHEN known.expires <= %s THEN '1' ELSE CAST(CAST(known.value AS integer) + 1 AS text) END,
       expires = CASE WHEN known.expires <= %s THEN excluded.expires ELSE known.expires END
RETURNING value
"""


def count(name: str, *, span: timedelta, at: datetime) -> int:
    """Counts this time. How many there were, with it, since the first of them, which is forgotten after
    ``span`` with all that followed. ``name``: at most 240 signs."""
    moment = connection.ops.adapt_datetimefield_value
    now, then = moment(at.replace(microsecond=0)), moment((at + span).replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [f"limit:{name}", then, now, now])
        return int(cursor.fetchone()[0])
