"""How survey mail goes, for the operations page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from otklik.feedback.queries.sending import sending_state
from otklik.identity.public import Right
from otklik.kit.clock import now
from otklik.kit.registry import Panel


def draw(request: HttpRequest, subject: Any) -> str:
    context = {"state": sending_state(None, at=now())}
    return render_to_string("feedback/mailing/_state.html", context, request=request)


panel = Panel("feedback.mail", draw, 20, Right.RUN_SURVEYS)
