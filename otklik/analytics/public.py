"""The door of analytics."""

from otklik.analytics.engines.tables import facts
from otklik.analytics.operations.bring_up_to_date import bring_up_to_date
from otklik.analytics.operations.count_scores import ScoreFact, count_scores
from otklik.analytics.operations.note_facts import facts_changed, note_facts
from otklik.analytics.operations.rebuild_scores import rebuild_month
from otklik.analytics.queries.facts import (
    SegmentMonth,
    columns_of,
    nps_by_segment_month,
    rows_of,
)
from otklik.analytics.queries.scores import (
    NO_SCORES,
    ByMonth,
    ByValue,
    Question,
    Scores,
    add,
    months_counted,
    scores_by_month,
    scores_by_value,
    scores_by_value_and_month,
    values_seen,
)
from otklik.analytics.store.sources import ColumnType, FactSource, fact_sources, ids_in
from otklik.analytics.vocabulary import PAIRED, SCORES, Dimension

__all__ = [
    "NO_SCORES",
    "PAIRED",
    "SCORES",
    "ByMonth",
    "ByValue",
    "ColumnType",
    "Dimension",
    "FactSource",
    "Question",
    "ScoreFact",
    "Scores",
    "SegmentMonth",
    "add",
    "bring_up_to_date",
    "columns_of",
    "count_scores",
    "fact_sources",
    "facts",
    "facts_changed",
    "ids_in",
    "months_counted",
    "note_facts",
    "nps_by_segment_month",
    "rebuild_month",
    "rows_of",
    "scores_by_month",
    "scores_by_value",
    "scores_by_value_and_month",
    "values_seen",
]
