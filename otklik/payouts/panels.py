"""What other rooms show of money: the partner's page and the ticket's side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.kit.registry import NavigationItem, Panel
from otklik.partners.public import Partner
from otklik.payouts.access import money_partners
from otklik.payouts.queries.partner_money import partner_money


def draw_partner(request: HttpRequest, partner: Any) -> str:
    return _draw(request, partner, shows_nothing=True)


def draw_ticket(request: HttpRequest, ticket: Any) -> str:
    """Nothing, where the ticket is of nobody who is ever paid."""
    return _draw(request, ticket.partner, shows_nothing=False) if ticket.partner_id else ""


def _draw(request: HttpRequest, partner: Partner, *, shows_nothing: bool) -> str:
    user = request.user
    if not isinstance(user, User) or not money_partners(user).filter(pk=partner.pk).exists():
        return ""
    today = timezone.localdate(now())
    found = partner_money(partner, today)
    if found.is_empty and not shows_nothing:
        return ""
    may_edit = user.may(Right.EDIT_MONEY) and not partner.erased_at
    context = {
        "found": found,
        "partner": partner,
        "today": today,
        "may_hold": may_edit and bool(found.balances),
        "may_ask": may_edit and found.has_available,
    }
    return render_to_string("payouts/_partner_panel.html", context, request=request)


navigation_item = NavigationItem("payouts", _("Payouts"), "money", "calendar", 24, Right.SEE_MONEY)
partner_panel = Panel("payouts.money", draw_partner, 15, Right.SEE_MONEY)
ticket_panel = Panel("payouts.money", draw_ticket, 15, Right.SEE_MONEY)
