"""Root causes of alerts, counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.db.models.expressions import Combinable

from otklik.loop.models import Alert
from otklik.loop.rules.pareto import Behind, Together
from otklik.partners.public import Partner

_CENT = Decimal("0.01")


def named_together(rows: QuerySet[Alert]) -> list[Together]:
    """One query."""
    links = rows.filter(causes__isnull=False).order_by().values_list("pk", "causes__cause_id")
    found: Counter[frozenset[int]] = Counter()
    for names, alerts in _asked(_TOGETHER.replace("{names}", _NAMES[connection.vendor]), links):
        found[frozenset(map(int, names.split(",")))] += alerts
    return [Together(causes, alerts) for causes, alerts in found.items()]


def partners_behind(
    rows: QuerySet[Alert], tops: Mapping[int, int], *, with_revenue: bool
) -> dict[int, Behind]:
    """By cause, or by that of ``tops`` which stands for it. One query."""
    links = rows.filter(causes__isnull=False).annotate(counted=_counted(tops)).order_by()
    found = _asked(_BEHIND, links.values_list("counted", "partner_id").distinct())
    return {
        cause: Behind(partners, _money(revenue) if with_revenue else None, known if with_revenue else 0)
        for cause, partners, revenue, known in found
    }


def _counted(tops: Mapping[int, int]) -> Combinable:
    below: dict[int, list[int]] = defaultdict(list)
    for cause, top in tops.items():
        if cause != top:
            below[top].append(cause)
    moved = [When(causes__cause_id__in=causes, then=Value(top)) for top, causes in below.items()]
    of_row = F("causes__cause_id")
    return Case(*moved, default=of_row, output_field=BigIntegerField()) if moved else of_row


def _asked(statement: str, links: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    inner, values = links.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{links}", inner), values)
        return list(cursor.fetchall())


def _money(revenue: Any) -> Decimal | None:
    return None if revenue is None else Decimal(str(revenue)).quantize(_CENT)


# By hand: the ORM groups no rows that it has grouped, or made distinct, before.
_TOGETHER = """
WITH link(alert, cause) AS ({links}),
named AS (SELECT {names} AS causes FROM link GROUP BY alert)
SELECT causes, COUNT(*) FROM named GROUP BY causes"""
_NAMES = {"sqlite": "GROUP_CONCAT(cause)", "postgresql": "STRING_AGG(cause::text, ',')"}
_BEHIND = f"""
WITH link(cause, partner) AS ({{links}})
SELECT link.cause, COUNT(link.partner), SUM(partner.revenue), COUNT(partner.revenue)
FROM link LEFT JOIN {Partner._meta.db_table} partner ON partner.id = link.partner
GROUP BY link.cause"""  # noqa: S608 - names of tables only
