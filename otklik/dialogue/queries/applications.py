"""What staff read of applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from otklik.dialogue.models import Application
from otklik.dialogue.rules.vocabulary import ApplicationState
from otklik.partners.public import Partner, contacts_with_address

AWAITS_US = (ApplicationState.NEW, ApplicationState.VETTING)
_ALIKE = 88
_MOST = 200


@dataclass(frozen=True, slots=True)
class Double:
    """A partner there is already; ``by_address``: one of its people has the applicant's address."""

    partner: Partner
    by_address: bool


def overdue(rows: QuerySet[Application], at: datetime) -> QuerySet[Application]:
    return rows.filter(state__in=AWAITS_US, due_at__lt=at)


def doubles_of(application: Application, visible: QuerySet[Partner]) -> list[Double]:
    """Partners of the program with this address or nearly this name, among those the reader sees."""
    if not application.company_key:
        return []
    # Only whoever vets needs it.
    from rapidfuzz import fuzz

    known = contacts_with_address(application.address, program_id=application.program_id)
    by_address = {partner_id for _contact, partner_id in known}
    begins = application.company_key.split()[0][:4]
    near = visible.filter(program_id=application.program_id, erased_at=None).filter(
        Q(name_key__startswith=begins) | Q(pk__in=by_address)
    )
    found = [
        Double(partner, partner.pk in by_address)
        for partner in near.order_by("name_key", "pk")[:_MOST]
        if partner.pk in by_address
        or fuzz.token_sort_ratio(partner.name_key, application.company_key) >= _ALIKE
    ]
    return [one for one in found if one.partner.pk != application.partner_id]


def earlier_of(application: Application) -> QuerySet[Application]:
    """Others of the same address or company."""
    same = Q(address=application.address) | Q(company_key=application.company_key)
    rows = Application.objects.filter(same, program_id=application.program_id)
    return rows.exclude(pk=application.pk).exclude(address="").order_by("-pk")
