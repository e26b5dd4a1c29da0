""" "You said, we did": written, looked at, sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.markup import html_of
from otklik.loop.access import editable_improvements
from otklik.loop.operations.telling import NobodyLeft, NotDone, tell_affected
from otklik.loop.queries.improvements import people_to_tell, to_tell
from otklik.loop.web.outer_forms import TellForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def tell(request: StaffRequest, improvement_id: int) -> HttpResponse:
    """Nothing leaves before it was looked at: the first button shows, the second one sends."""
    rows = editable_improvements(request.user).select_related("program")
    improvement = get_object_or_404(rows, pk=improvement_id)
    form = TellForm(request.POST or None, improvement=improvement)
    is_valid = form.is_valid()
    if is_valid and request.POST.get("step") == "send":
        try:
            tell_affected(
                improvement_id=improvement.pk,
                texts=form.texts(),
                author=request.user,
                by=actor_for(request),
                at=now(),
            )
        except NotDone:
            messages.error(request, _("Nobody is told before it is done. Set the state first."))
        except NobodyLeft:
            messages.info(request, _("Everybody was told already, or there is nobody there to tell."))
        else:
            messages.success(request, _("Sent. They read it in the portal, and get a copy by mail."))
        return redirect("improvement", improvement.pk)
    preview = [(code, one, html_of(one.body)) for code, one in form.texts().items()] if is_valid else []
    context = {
        "improvement": improvement,
        "form": form,
        "preview": preview,
        "partners": to_tell(request.user, improvement).count(),
        "people": people_to_tell(request.user, improvement),
    }
    return render(request, "loop/improvement_tell.html", context, status=422 if form.errors else 200)
