"""Setting up a partner's own sign-in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Partner
from otklik.portal.models import CompanySignIn


@dataclass(frozen=True, slots=True)
class CompanyTerms:
    """``secret``: empty keeps the one there is. ``domains``: lower case, at least one."""

    issuer: str
    client_id: str
    secret: str
    domains: Sequence[str]
    is_active: bool


def save_company(*, partner: Partner, terms: CompanyTerms, by: Actor, at: datetime) -> CompanySignIn:
    with transaction.atomic():
        company = CompanySignIn.objects.select_for_update().filter(partner=partner).first()
        company = company or CompanySignIn(partner=partner, key=secrets.token_urlsafe(12), client_secret="")
        company.issuer, company.client_id = terms.issuer, terms.client_id
        company.domains, company.is_active = list(terms.domains), terms.is_active
        if terms.secret:
            company.client_secret = terms.secret
        company.changed_at = at
        company.save()
        data = {"issuer": terms.issuer, "domains": list(terms.domains), "is_active": terms.is_active}
        subjects = [Subject("partner", partner.pk)]
        record("company_sign_in.changed", by=by, at=at, subjects=subjects, data=data)
    return company


def remove_company(*, partner: Partner, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        gone, _ = CompanySignIn.objects.filter(partner=partner).delete()
        if gone:
            subjects = [Subject("partner", partner.pk)]
            record("company_sign_in.removed", by=by, at=at, subjects=subjects)
