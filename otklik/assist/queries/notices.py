"""What somebody was told lately, for the first page of the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from otklik.assist.models import Notice, NoticeSetting
from otklik.assist.queries.permission import who_see_money
from otklik.assist.rules.notices import ABOUT_MONEY, DAYS
from otklik.assist.rules.vocabulary import NoticeKind, NoticeState

_LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """``lines`` are safe HTML, a paragraph each. ``link_name`` "": it leads to no page."""

    id: int
    kind: NoticeKind
    title: str
    lines: tuple[SafeString, ...]
    why: str
    link_name: str
    link_args: tuple[Any, ...]
    at: datetime


def notices_for(contact_id: int, *, at: datetime, limit: int = 5) -> list[ShownNotice]:
    """The newest first, of the last two weeks. About money only while they see it. Two queries."""
    rows = Notice.objects.filter(contact_id=contact_id, created_at__gt=at - _LATELY, send_at__lte=at)
    rows = rows.exclude(state=NoticeState.DROPPED).exclude(title="")
    if not who_see_money([contact_id]):
        rows = rows.exclude(kind__in=[kind.value for kind in ABOUT_MONEY])
    return [
        ShownNotice(
            id=notice.pk,
            kind=NoticeKind(notice.kind),
            title=notice.title,
            lines=tuple(escape(line) for line in notice.lines),
            why=notice.why,
            link_name=notice.link.get("name", ""),
            link_args=tuple(notice.link.get("args", ())),
            at=notice.created_at,
        )
        for notice in rows.order_by("-created_at", "-pk")[:limit]
    ]


def notice_settings() -> list[NoticeSetting]:
    """Of every kind, as kept or as it begins."""
    kept = {row.kind: row for row in NoticeSetting.objects.all()}
    return [kept.get(kind) or NoticeSetting(kind=kind, days=DAYS.get(kind, 0)) for kind in NoticeKind]
