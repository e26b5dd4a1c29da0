"""Partners by the date of renewal, each with its risk and what that rests on."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.partners.public import may_see_revenue
from otklik.relationships.access import map_partners
from otklik.relationships.queries.accounts import A_PAGE, accounts_of, by_renewal
from otklik.relationships.rules.renewals import risk_of


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    rows = map_partners(request.user)
    mine = "mine" in request.GET
    if mine:
        rows = rows.filter(manager=request.user)
    found = Paginator(by_renewal(rows).select_related("manager"), A_PAGE)
    page = found.get_page(request.GET.get("page"))
    partners = list(page.object_list)
    accounts = accounts_of(partners, with_revenue=may_see_revenue(request.user), at=now())
    lines = [(one, risk_of(accounts[one.pk])) for one in partners]
    return render(request, "relationships/renewals.html", {"page": page, "lines": lines, "mine": mine})
