"""Coming in with a password; somebody with accounts at several partners then says which."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.kit.clock import now
from otklik.portal.models import PortalAccount
from otklik.portal.operations.passwords import accounts_by_password
from otklik.portal.operations.sessions import begin_session
from otklik.portal.queries.people import may_enter
from otklik.portal.rules.vocabulary import Way
from otklik.portal.web.entry import device, gone, number, shown, welcomed
from otklik.portal.web.forms import PasswordForm
from otklik.portal.web.guard import door_page, safe_next
from otklik.portal.web.limits import is_too_often

_CHOICE = "otklik.portal.choice"
_CHOICE_SECONDS = 300


@require_POST
@door_page
def enter(request: HttpRequest) -> HttpResponse:
    form, at = PasswordForm(request.POST), now()
    if not form.is_valid():
        return shown(request, password_form=form, status=422)
    said = form.cleaned_data
    if is_too_often(request, "password", said["email"], at=at):
        form.add_error(None, _("Too many wrong attempts. Wait a quarter of an hour, or come in by a link."))
        return shown(request, password_form=form, status=429)
    accounts = accounts_by_password(said["email"], said["password"])
    wanted = safe_next(said["next"])
    if not accounts:
        form.add_error(None, _("Address and password do not go together. You can come in by a link as well."))
        return shown(request, password_form=form, status=422)
    if len(accounts) > 1:
        choice = signing.dumps({"accounts": [one.pk for one in accounts], "next": wanted}, salt=_CHOICE)
        return render(request, "portal/entry/which.html", {"accounts": accounts, "choice": choice})
    key = begin_session(account=accounts[0], way=Way.PASSWORD, device=device(request), at=at)
    return welcomed(request, key, wanted)


@require_POST
@door_page
def choose(request: HttpRequest) -> HttpResponse:
    try:
        said = signing.loads(request.POST.get("choice", ""), salt=_CHOICE, max_age=_CHOICE_SECONDS)
    except signing.BadSignature:
        return gone(request)
    chosen = number(request.POST.get("account", ""))
    rows = PortalAccount.objects.select_related("contact__partner").filter(pk__in=said["accounts"])
    account = rows.filter(pk=chosen).first()
    if account is None or not may_enter(account):
        return gone(request)
    key = begin_session(account=account, way=Way.PASSWORD, device=device(request), at=now())
    return welcomed(request, key, said["next"])
