"""Answers with what was lived through before them, as rows for analytics: surrogate ids, closed-list words
and counts. Columns of exposures have the names of ``Exposure``; those of the person who answered begin with
"own_"."""

from __future__ import annotations

from otklik.analytics.public import ColumnType, FactSource, ids_in
from otklik.feedback.public import Response
from otklik.impact.queries.exposures import exposure_rows

EXPOSURES = "exposures"
COLUMNS = (
    ("id", ColumnType.BIG),
    ("responded_at", ColumnType.INSTANT),
    ("day", ColumnType.DAY),
    ("kind", ColumnType.WORD),
    ("score", ColumnType.SMALL),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    ("contact", ColumnType.BIG),
    ("manager", ColumnType.BIG),
    ("segment", ColumnType.WORD),
    ("tier", ColumnType.WORD),
    ("country", ColumnType.WORD),
    ("role", ColumnType.WORD),
    ("channel", ColumnType.WORD),
    # The program's first ticket; empty where it had none yet: then nothing is known of support.
    ("desk_since", ColumnType.INSTANT),
    ("tickets", ColumnType.BIG),
    # Hours of business time; empty where nothing was answered.
    ("wait_median", ColumnType.REAL),
    ("wait_long", ColumnType.REAL),
    ("breaches", ColumnType.BIG),
    ("unanswered", ColumnType.BIG),
    ("reopened", ColumnType.BIG),
    ("handed_over", ColumnType.BIG),
    ("foreign_language", ColumnType.BIG),
    ("money_held", ColumnType.BIG),
    ("payouts_late", ColumnType.BIG),
    ("manager_changed", ColumnType.BIG),
    ("main_channel", ColumnType.WORD),
    ("main_topic", ColumnType.BIG),
    ("main_team", ColumnType.BIG),
    # The same as from tickets to foreign_language, of the tickets of the person who answered.
    ("own_tickets", ColumnType.BIG),
    ("own_wait_median", ColumnType.REAL),
    ("own_wait_long", ColumnType.REAL),
    ("own_breaches", ColumnType.BIG),
    ("own_unanswered", ColumnType.BIG),
    ("own_reopened", ColumnType.BIG),
    ("own_handed_over", ColumnType.BIG),
    ("own_foreign_language", ColumnType.BIG),
)


exposures = FactSource(
    EXPOSURES, COLUMNS, exposure_rows, lambda waiting: ids_in(Response.objects.all(), waiting)
)
