"""Interviews and mentions on the partner's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from otklik.feedback.queries.topic_names import topic_names
from otklik.feedback.queries.voice_stream import latest_of_partner
from otklik.feedback.web.voices.lines import voice_lines
from otklik.identity.public import Right
from otklik.kit.registry import Panel

SHOWN = 4


def draw_voices(request: HttpRequest, partner: Any) -> str:
    found = latest_of_partner(partner.pk, limit=SHOWN + 1)
    if not found:
        return ""
    context = {
        "lines": voice_lines(found[:SHOWN], topic_names()),
        "has_more": len(found) > SHOWN,
        "partner": partner,
    }
    return render_to_string("feedback/voices/_partner_panel.html", context, request=request)


voices_panel = Panel("feedback.other_voices", draw_voices, 12, Right.SEE_FEEDBACK)
