"""What the staff's home shows of asks and improvements."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import Panel
from otklik.loop.queries.outer_waiting import outer_waiting_for

MOST = 5


def draw_outer(request: HttpRequest, subject: Any) -> str:
    """Nothing where nothing waits."""
    if not isinstance(request.user, User):
        return ""
    waiting = outer_waiting_for(request.user, on=timezone.localdate(now()), limit=MOST)
    if waiting.is_empty:
        return ""
    return render_to_string("loop/_outer_dashboard.html", {"waiting": waiting}, request=request)


outer_panel = Panel("loop.outer", draw_outer, 12, Right.RUN_DIALOGUE)
