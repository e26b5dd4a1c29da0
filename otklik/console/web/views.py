from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from otklik.console.operations.quarantine import dismiss_quarantined, replay_quarantined
from otklik.console.web.pages import operations_page, state_page
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.jobs.public import NobodyReplays, NotWaiting
from otklik.kit.clock import now
from otklik.kit.registry import operations_panels, render_panels


@require_GET
@needs(Right.SEE_OPERATIONS)
def operations(request: StaffRequest) -> HttpResponse:
    panels = render_panels(operations_panels, request, None, request.user.rights)
    return render(request, "console/operations.html", {"page": operations_page(at=now()), "panels": panels})


@require_GET
@needs(Right.SEE_OPERATIONS)
def operations_state(request: StaffRequest) -> HttpResponse:
    return render(request, "console/_state.html", {"state": state_page(at=now())})


@require_POST
@needs(Right.SEE_OPERATIONS)
def replay(request: StaffRequest, item_id: int) -> HttpResponse:
    try:
        replay_quarantined(item_id=item_id, by=actor_for(request), at=now())
    except NotWaiting:
        messages.info(request, _("Somebody has dealt with this already."))
    except NobodyReplays:
        messages.error(request, _("Nothing in this version knows how to try this again. Dismiss it."))
    else:
        messages.success(request, _("It is in the queue again. If it fails once more, it comes back here."))
    return redirect("operations")


@require_POST
@needs(Right.SEE_OPERATIONS)
def dismissal(request: StaffRequest, item_id: int) -> HttpResponse:
    try:
        dismiss_quarantined(item_id=item_id, by=actor_for(request), at=now())
    except NotWaiting:
        messages.info(request, _("Somebody has dealt with this already."))
    else:
        messages.success(request, _("Dismissed. It will not be tried again."))
    return redirect("operations")
