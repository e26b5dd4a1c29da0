"""Scores that raised an alert with the next ones of the same people, counted by the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.loop.models import Alert
from otklik.loop.rules.recovered import Pair
from otklik.stats.nps import LAST_DETRACTOR_SCORE


@dataclass(frozen=True, slots=True)
class Paired:
    """``counted``: how many people have each pair. ``risen``: ids of an alert and of the answer after it, of
    detractors who are none any more, the latest first."""

    counted: Counter[Pair]
    risen: list[tuple[int, int]]


def paired(rows: QuerySet[Alert], *, latest: int = 0) -> Paired:
    """Of each person the first of these alerts that an answer to the recommendation question raised, and
    their next such answer; closed is what was closed by then. First by when they answered, not by when we
    looked: an answer that came meanwhile is a next one too. ``latest``: as many of ``risen``. One query."""
    order = (F("said_at").asc(), F("pk").asc())
    first = (
        rows.filter(said_at__isnull=False, contact__isnull=False, score__isnull=False)
        .annotate(turn=Window(RowNumber(), partition_by=F("contact_id"), order_by=order))
        .values_list("pk", "contact_id", "said_at", "score", "closed_at", "turn")
        .order_by()
    )
    inner, asked = first.query.sql_with_params()
    kind = [SurveyKind.NPS.value, ResponseStatus.COMPLETE.value]
    ends = [LAST_DETRACTOR_SCORE, LAST_DETRACTOR_SCORE, latest]
    found, risen = Counter[Pair](), []
    with connection.cursor() as cursor:
        cursor.execute(_PAIRED.replace("{first}", inner), [*asked, *kind, *ends])
        for before, after, closed, people, alert, answer in cursor.fetchall():
            if people is not None:
                found[Pair(before, after, bool(closed))] = people
            else:
                risen.append((alert, answer))
    return Paired(found, risen)


# By hand: a thousand times as many rows would come over to be counted here, and what groups over a window the
# ORM does not write.
_PAIRED = f"""
WITH alert(id, contact_id, said_at, score, closed_at, turn) AS ({{first}}),
next_one AS (
    SELECT alert.id, alert.score, alert.closed_at, (
        SELECT answer.id FROM {Response._meta.db_table} answer
        WHERE answer.contact_id = alert.contact_id AND answer.kind = %s AND answer.status = %s
          AND answer.responded_at > alert.said_at
        ORDER BY answer.responded_at, answer.id LIMIT 1
    ) AS next_id
    FROM alert WHERE alert.turn = 1
),
pair AS (
    SELECT next_one.id AS alert_id, answer.id AS answer_id, next_one.score AS score_before,
           answer.score AS score_after, answer.responded_at,
           next_one.closed_at IS NOT NULL AND next_one.closed_at <= answer.responded_at AS was_closed
    FROM next_one JOIN {Response._meta.db_table} answer ON answer.id = next_one.next_id
)
SELECT score_before, score_after, was_closed, COUNT(*), NULL, NULL FROM pair GROUP BY 1, 2, 3
UNION ALL
SELECT score_before, score_after, was_closed, NULL, alert_id, answer_id FROM (
    SELECT * FROM pair WHERE score_before <= %s AND score_after > %s
    ORDER BY responded_at DESC, answer_id DESC LIMIT %s
) risen"""  # noqa: S608 - names of tables only
