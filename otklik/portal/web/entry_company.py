"""Coming in through the partner's own sign-in."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.kit.clock import now
from otklik.kit.secrets import SecretUnreadable
from otklik.portal.models import CompanySignIn
from otklik.portal.operations import company as provider
from otklik.portal.operations.company import Attempt, NotVouchedFor, ProviderAway, ProviderWrong
from otklik.portal.operations.sessions import begin_session
from otklik.portal.queries.company import company_called
from otklik.portal.rules.keys import digest
from otklik.portal.rules.vocabulary import Way
from otklik.portal.web.entry import REMEMBERED, device, welcomed
from otklik.portal.web.guard import PATH, door_page, safe_next
from otklik.portal.web.limits import is_too_often, used_before

COOKIE = "otklik_portal_company"
_SALT = "otklik.portal.company"
_LASTS = timedelta(minutes=10)
_YEAR = 31_536_000


@require_safe
@door_page
def begin(request: HttpRequest, company_key: str) -> HttpResponse:
    company = _company(company_key)
    if is_too_often(request, "company", at=now()):
        return _failed(request, company, _("Too many attempts. Try again in an hour."), status=429)
    try:
        address, attempt = provider.begin(
            company, back=back_address(), wanted=safe_next(request.GET.get("next", ""))
        )
    except ProviderAway:
        return _failed(
            request, company, _("Your company's sign-in does not answer at the moment."), status=502
        )
    except ProviderWrong:
        return _failed(request, company, _("Your company's sign-in is not set up rightly."), status=502)
    response = HttpResponseRedirect(address)
    _keep(response, COOKIE, signing.dumps(asdict(attempt), salt=_SALT), int(_LASTS.total_seconds()))
    return response


@require_safe
@door_page
def back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser. What it says counts only for the attempt this browser began."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return _failed(request, None, _("This attempt ran out, or began in another browser. Begin anew."))
    attempt, at = Attempt(**kept), now()
    company = _company(attempt.company)
    if not _is_meant(request, attempt, company):
        return _failed(request, company, _("This attempt ran out, or began in another browser. Begin anew."))
    if used_before(digest(attempt.state), span=2 * _LASTS, at=at):
        return _failed(request, company, _("This attempt was used already. Begin anew."))
    if not (code := request.GET.get("code", "")) or len(code) > 4000:
        return _failed(request, company, _("Your company's sign-in did not let you through."))
    try:
        account = provider.finish(company, attempt, code=code, back=back_address(), at=at)
    except ProviderAway:
        return _failed(
            request, company, _("Your company's sign-in does not answer at the moment."), status=502
        )
    except (ProviderWrong, SecretUnreadable):
        return _failed(request, company, _("Your company's sign-in is not set up rightly."), status=502)
    except NotVouchedFor:
        text = _(
            "Your company knows you, but we know nobody by your address there. Ask whoever looks after you."
        )
        return _failed(request, company, text, status=403)
    key = begin_session(account=account, way=Way.COMPANY, device=device(request), at=at)
    response = welcomed(request, key, attempt.wanted)
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    _keep(response, REMEMBERED, company.key, _YEAR)
    return response


def _is_meant(request: HttpRequest, attempt: Attempt, company: CompanySignIn) -> bool:
    """All providers send people to one address here: one that says who it is has to be the one that was
    asked, or a code of one goes to another (RFC 9207, 2.4)."""
    same = hmac.compare_digest(request.GET.get("state", "").encode(), attempt.state.encode())
    return same and request.GET.get("iss", company.issuer) == company.issuer


def back_address() -> str:
    """On the installation's own address, whatever host the request claimed to be for."""
    return f"{settings.OTKLIK.public_url}{reverse('portal-company-back')}"


def _company(key: str) -> CompanySignIn:
    company = company_called(key) if len(key) <= 40 and "\0" not in key else None
    if company is None:
        raise Http404
    return company


def _failed(
    request: HttpRequest, company: CompanySignIn | None, text: str, *, status: int = 400
) -> HttpResponse:
    context = {"company": company, "text": text}
    return render(request, "portal/entry/company_failed.html", context, status=status)


def _keep(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=PATH,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
