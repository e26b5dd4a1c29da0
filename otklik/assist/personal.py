"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from otklik.assist.models import AutomaticAnswer, Notice, NoticeStop
from otklik.assist.queries.permission import who_see_money
from otklik.assist.rules.notices import ABOUT_MONEY as NOTICES_OF_MONEY
from otklik.assist.rules.vocabulary import ABOUT_MONEY


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601. What the company's money was said to be
    goes only to whoever may see it still: that something was told stays."""
    of = {"contact_id": contact_id}
    is_shown = bool(who_see_money([contact_id]))
    answers = _rows(
        AutomaticAnswer.objects.filter(**of).order_by("pk"),
        ("question", "title", "lines", "intent", "channel", "confidence", "outcome", "told_at"),
    )
    notices = _rows(
        Notice.objects.filter(**of).order_by("pk"),
        ("kind", "title", "lines", "state", "sent_at", "created_at"),
    )
    return {
        "automatic_answers": answers if is_shown else _without_sums(answers, "intent", ABOUT_MONEY),
        "notices": notices if is_shown else _without_sums(notices, "kind", NOTICES_OF_MONEY),
        "notices_stopped": _rows(NoticeStop.objects.filter(**of).order_by("pk"), ("kind", "at")),
    }


def _without_sums(
    rows: list[dict[str, Any]], column: str, about_money: Collection[str]
) -> list[dict[str, Any]]:
    hidden = {"title": "", "lines": []}
    return [row | hidden if row[column] in about_money else row for row in rows]


def _rows(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows.values(*columns)
    ]
