"""Scores that raised an alert with the next ones of the same people, counted by the database."""

from __future__ import annotations

from collections import Counter

from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.loop.models import Alert
from otklik.loop.rules.recovered import Pair


def counted_pairs(rows: QuerySet[Alert]) -> Counter[Pair]:
    """Of each person the first of these alerts that an answer to the recommendation question raised, and
    their next such answer; closed is what was closed by then. First by when they answered, not by when we
    looked: an answer that came meanwhile is a next one too. One query."""
    order = (F("said_at").asc(), F("pk").asc())
    first = (
        rows.filter(said_at__isnull=False, contact__isnull=False, score__isnull=False)
        .annotate(turn=Window(RowNumber(), partition_by=F("contact_id"), order_by=order))
        .values("contact_id", "said_at", "score", "closed_at", "turn")
        .order_by()
    )
    inner, asked = first.query.sql_with_params()
    answer = [SurveyKind.NPS.value, ResponseStatus.COMPLETE.value]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.replace("{first}", inner), [*asked, *answer])
        return Counter(
            {Pair(before, after, bool(closed)): n for before, after, closed, n in cursor.fetchall()}
        )


# By hand: a thousand times as many rows would come over to be counted here, and what groups over a window the
# ORM does not write.
_COUNTED = f"""
WITH alert AS ({{first}}),
paired AS (
    SELECT alert.score AS before, alert.closed_at, (
        SELECT answer.id FROM {Response._meta.db_table} answer
        WHERE answer.contact_id = alert.contact_id AND answer.kind = %s AND answer.status = %s
          AND answer.responded_at > alert.said_at
        ORDER BY answer.responded_at, answer.id LIMIT 1
    ) AS next_id
    FROM alert WHERE alert.turn = 1
)
SELECT paired.before, answer.score,
       paired.closed_at IS NOT NULL AND paired.closed_at <= answer.responded_at AS was_closed, COUNT(*)
FROM paired JOIN {Response._meta.db_table} answer ON answer.id = paired.next_id
GROUP BY 1, 2, 3"""  # noqa: S608 - names of tables only
