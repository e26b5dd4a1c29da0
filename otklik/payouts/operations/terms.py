"""When and from what amount a program pays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Partner, Program
from otklik.payouts.models import PaymentTerms
from otklik.payouts.operations.amounts import refuse_wrong, told
from otklik.payouts.rules.schedule import Terms, TermsProblem, terms_problem


class TermsRefused(Exception):
    def __init__(self, problem: TermsProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class TermsChanged(Exception):
    """Somebody else changed them after they were opened for editing; ``version`` is the one of now."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


@transaction.atomic
def follow_program(*, partner_id: int, by: Actor, at: datetime) -> bool:
    """The partner's own terms end, those of the program hold again; False where there were none."""
    partner = Partner.objects.get(pk=partner_id)
    Program.objects.select_for_update(no_key=True).get(pk=partner.program_id)
    dropped, _rows = PaymentTerms.objects.filter(partner_id=partner_id).delete()
    if dropped:
        subjects = [Subject("program", partner.program_id), Subject("partner", partner_id)]
        record("payment_terms.dropped", by=by, at=at, subjects=subjects, data={})
    return bool(dropped)


def set_terms(
    *,
    program_id: int,
    partner_id: int | None = None,
    terms: Terms,
    minimum: Mapping[str, Decimal],
    needs_details: bool = True,
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PaymentTerms:
    """The program's, or those agreed with one partner. ``minimum``: by currency. ``expected_version``: 0
    where there were none. Raises TermsRefused, TermsChanged, WrongAmount."""
    if problem := terms_problem(terms):
        raise TermsRefused(problem)
    for currency, amount in minimum.items():
        refuse_wrong(amount, currency)
    values = {
        "schedule": terms.schedule,
        "day": terms.day,
        "net_days": terms.net_days,
        "notice_days": terms.notice_days,
        "needs_details": needs_details,
        "minimum": {currency: told(amount, currency) for currency, amount in sorted(minimum.items())},
    }
    with transaction.atomic():
        Program.objects.select_for_update(no_key=True).get(pk=program_id)
        known = PaymentTerms.objects.filter(program_id=program_id, partner=partner_id).first()
        row = known or PaymentTerms(program_id=program_id, partner_id=partner_id)
        if known and all(getattr(known, name) == value for name, value in values.items()):
            return known
        if expected_version is not None and row.version != expected_version:
            raise TermsChanged(row.version)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        subjects = [Subject("program", program_id)]
        if partner_id is not None:
            subjects.append(Subject("partner", partner_id))
        record("payment_terms.changed", by=by, at=at, subjects=subjects, data=values)
    return row
