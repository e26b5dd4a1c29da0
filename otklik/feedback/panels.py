"""What other rooms show of the answers: the head's first page, the partner's page, columns of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from otklik.feedback.access import scope_of
from otklik.feedback.charts import kinds_picture
from otklik.feedback.queries.voices import (
    LastScore,
    last_scores_of_contacts,
    last_scores_of_partners,
    partner_voices,
)
from otklik.feedback.web.dashboard import dashboard
from otklik.feedback.words import interval_words, score_text, summary_sentence
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import NavigationItem, Panel, Provider
from otklik.kit.templatetags.otklik import local_date, score_badge


def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    if not isinstance(request.user, User):
        return ""
    shown = dashboard(scope_of(request.user), timezone.localdate(now()))
    may_import = request.user.may(Right.IMPORT)
    return render_to_string(
        "feedback/_dashboard.html", {"shown": shown, "may": {"import": may_import}}, request=request
    )


def draw_partner(request: HttpRequest, partner: Any) -> str:
    found = partner_voices(partner.pk)
    context = {
        "found": found,
        "score": score_text(found.summary.nps),
        "interval": interval_words(found.summary.interval),
        "sentence": summary_sentence(found.summary),
        "kinds_picture": kinds_picture(found.summary, key="partner-kinds")
        if found.summary.nps is not None
        else None,
    }
    return render_to_string("feedback/_partner_panel.html", context, request=request)


def _badges(found: Mapping[int, LastScore]) -> dict[int, str]:
    return {
        pk: format_html("{} {}", score_badge(last.score), local_date(last.responded_at))
        for pk, last in found.items()
    }


def partner_column(ids: Sequence[int]) -> dict[int, str]:
    return _badges(last_scores_of_partners(ids))


def contact_column(ids: Sequence[int]) -> dict[int, str]:
    return _badges(last_scores_of_contacts(ids))


navigation_item = NavigationItem("nps", _("NPS"), "nps", "chart", 20, Right.SEE_FEEDBACK)
surveys_item = NavigationItem("surveys", _("Surveys"), "surveys", "message", 22, Right.SEE_FEEDBACK)
dashboard_panel = Panel("feedback.nps", draw_dashboard, 10, Right.SEE_FEEDBACK)
partner_panel = Panel("feedback.voices", draw_partner, 10, Right.SEE_FEEDBACK)
partner_provider = Provider("feedback.last_score", partner_column, _("Last score"), 10, Right.SEE_FEEDBACK)
contact_provider = Provider("feedback.last_score", contact_column, _("Last score"), 10, Right.SEE_FEEDBACK)
