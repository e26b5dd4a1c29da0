"""The coverage contracts of a program: how many of each role are to be known and asked, by tier."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.relationships.access import contract_programs, visible_contracts
from otklik.relationships.models import CoverageContract
from otklik.relationships.operations.coverage import OddContract, drop_contract, set_contract
from otklik.relationships.queries.partner import read_contract
from otklik.relationships.web.forms import ContractForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def index(request: StaffRequest) -> HttpResponse:
    programs = contract_programs(request.user).order_by("name")
    form = ContractForm(request.POST or None, programs=programs)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            set_contract(
                program_id=said["program"].pk,
                tier=said["tier"],
                needs=form.needs(),
                months=said["months"],
                by=actor_for(request),
                at=now(),
            )
        except OddContract:
            form.add_error(None, _("Somebody has to be wanted, and no more asked than known."))
        else:
            messages.success(request, _("The contract is set."))
            return redirect("map-coverage")
    rows = visible_contracts(request.user).select_related("program").order_by("program__name", "tier")
    context = {"form": form, "contracts": [(row, read_contract(row)) for row in rows]}
    return render(request, "relationships/coverage.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs(Right.MANAGE_PROGRAMS)
def drop(request: StaffRequest, contract_id: int) -> HttpResponse:
    rows = visible_contracts(request.user).filter(program__in=contract_programs(request.user))
    row = get_object_or_404(rows, pk=contract_id)
    with suppress(CoverageContract.DoesNotExist):
        drop_contract(contract_id=row.pk, by=actor_for(request), at=now())
    messages.success(request, _("The tier follows the contract of all others again."))
    return redirect("map-coverage")
