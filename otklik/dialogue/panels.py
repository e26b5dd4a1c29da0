"""What other rooms show of the dialogue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from otklik.dialogue.access import dialogue_partners
from otklik.dialogue.models import Onboarding
from otklik.dialogue.queries.partner_side import agreements, onboarding_progress
from otklik.dialogue.queries.waiting import waiting_at_us
from otklik.dialogue.rules.vocabulary import Side
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import NavigationItem, Panel


def draw_partner(request: HttpRequest, partner: Any) -> str:
    user = request.user
    if not isinstance(user, User) or not dialogue_partners(user).filter(pk=partner.pk).exists():
        return ""
    today = timezone.localdate(now())
    onboarding = Onboarding.objects.filter(partner_id=partner.pk).first()
    language = (get_language() or "en")[:2]
    context = {
        "partner": partner,
        "found": agreements(partner.pk, side=Side.OURS, today=today),
        "onboarding": onboarding,
        "progress": onboarding_progress(partner.pk, language=language) if onboarding else None,
    }
    return render_to_string("dialogue/_partner_panel.html", context, request=request)


def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    """What waits for whoever looks; nothing where nothing does."""
    if not isinstance(request.user, User):
        return ""
    at = now()
    waiting = waiting_at_us(request.user, today=timezone.localdate(at), at=at)
    if waiting.is_empty:
        return ""
    return render_to_string("dialogue/_dashboard.html", {"waiting": waiting}, request=request)


navigation_items = (
    NavigationItem("dialogue", _("Dialogue"), "dialogue", "message", 26, Right.RUN_DIALOGUE),
    NavigationItem("applications", _("Applications"), "applications", "users", 27, Right.VET_APPLICATIONS),
)
dashboard_panel = Panel("dialogue.waiting", draw_dashboard, 12, Right.RUN_DIALOGUE)
partner_panel = Panel("dialogue.partner", draw_partner, 18, Right.RUN_DIALOGUE)
