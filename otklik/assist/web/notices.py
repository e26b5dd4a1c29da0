"""Which notices are sent, and the page that ends them for one person."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.assist.models import NoticeStop
from otklik.assist.operations.notices import set_notice, stop_notices
from otklik.assist.operations.sending_notices import SALT
from otklik.assist.queries.notices import notice_settings
from otklik.assist.queries.permission import reachable
from otklik.assist.rules.notices import DAYS, MOST_DAYS, MOST_MAILS_A_DAY
from otklik.assist.rules.vocabulary import NoticeKind
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_LONGEST_TOKEN = 200


class NoticeForm(forms.Form):
    is_on = forms.BooleanField(label=gettext_lazy("Tell about this"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=MOST_DAYS, required=False)


@require_safe
@needs(Right.SEE_TICKETS)
def show(request: StaffRequest) -> HttpResponse:
    context = {
        "settings": [(row, NoticeKind(row.kind) in DAYS) for row in notice_settings()],
        "most": MOST_MAILS_A_DAY,
        "most_days": MOST_DAYS,
        "may_edit": request.user.may(Right.MANAGE_ANSWERS),
    }
    return render(request, "assist/notices.html", context)


@require_POST
@needs(Right.MANAGE_ANSWERS)
def save(request: StaffRequest, kind_name: str) -> HttpResponse:
    kind = _kind(kind_name)
    form = NoticeForm(request.POST)
    if form.is_valid():
        days = form.cleaned_data["days"] or DAYS.get(kind, 0)
        set_notice(kind=kind, is_on=form.cleaned_data["is_on"], days=days, by=actor_for(request), at=now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Days are a number from 1 to %(most)s.") % {"most": MOST_DAYS})
    return redirect("answers-notices")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link may end these mails and begin them again, which is why no form key is asked for:
    mail programs post here by themselves (RFC 8058). Opening it changes nothing."""
    contact_id, kind = _meant(token)
    if request.method == "POST":
        is_stopped = request.POST.get("again") != "1"
        stop_notices(contact_id=contact_id, kind=kind, is_stopped=is_stopped, at=now())
    is_stopped = NoticeStop.objects.filter(contact_id=contact_id, kind=kind).exists()
    response = render(request, "assist/notice_stop.html", {"kind": kind, "is_stopped": is_stopped})
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _meant(token: str) -> tuple[int, NoticeKind]:
    try:
        contact_id, kind = signing.loads(token[:_LONGEST_TOKEN], salt=SALT)
        found = int(contact_id), NoticeKind(kind)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if reachable(found[0]) is None:
        raise Http404
    return found


def _kind(name: str) -> NoticeKind:
    try:
        return NoticeKind(name)
    except ValueError:
        raise Http404 from None
