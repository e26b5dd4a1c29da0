"""A partner asks for money."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Contact, Partner
from otklik.payouts.models import PaymentTerms, PayoutRequest
from otklik.payouts.operations.amounts import refuse_wrong, told
from otklik.payouts.operations.balances import locked_balance, person
from otklik.payouts.rules.balance import available
from otklik.payouts.rules.vocabulary import DeclineReason, RequestState


class AlreadyAsked(Exception):
    """There is an open request in this currency; one is enough."""


class MoreThanAvailable(Exception):
    """``available``: what could be asked for now."""

    def __init__(self, free: Decimal) -> None:
        super().__init__(str(free))
        self.available = free


class BelowMinimum(Exception):
    """No batch would ever pay so little; ``minimum``: the smallest payout."""

    def __init__(self, minimum: Decimal) -> None:
        super().__init__(str(minimum))
        self.minimum = minimum


class NotTheirContact(Exception):
    """The person belongs to another partner."""


class RequestClosed(Exception):
    """Planned, declined or withdrawn already."""


@transaction.atomic
def ask_payout(
    *,
    partner_id: int,
    currency: str,
    amount: Decimal | None = None,
    contact_id: int | None = None,
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> PayoutRequest:
    """``amount``: None for all there is. ``contact_id``: the person at the partner who asks. The same form
    twice is one request, also after it was answered. Raises AlreadyAsked, MoreThanAvailable, BelowMinimum,
    NotTheirContact, WrongAmount, Partner.DoesNotExist."""
    if amount is not None:
        refuse_wrong(amount, currency)
    balance = locked_balance(partner_id, currency)
    if contact_id is not None:
        people = Contact.objects.filter(pk=contact_id, partner_id=partner_id, erased_at=None)
        if not people.exists():
            raise NotTheirContact(contact_id)
    theirs = PayoutRequest.objects.filter(partner_id=partner_id)
    if form_key and (before := theirs.filter(form_key=form_key).first()):
        return before
    if theirs.filter(currency=currency, state=RequestState.ASKED).exists():
        raise AlreadyAsked(partner_id)
    free = available(balance.total, balance.held, balance.planned)
    if free <= 0 or (amount is not None and amount > free):
        raise MoreThanAvailable(free)
    if amount is not None and amount < (least := _smallest_payout(partner_id, currency)):
        raise BelowMinimum(least)
    request = PayoutRequest.objects.create(
        partner_id=partner_id,
        currency=currency,
        amount=amount,
        asked_by_contact_id=contact_id,
        asked_by_user_id=person(by),
        form_key=form_key,
        created_at=at,
    )
    _tell("payout.requested", request, by, at)
    return request


@transaction.atomic
def withdraw_request(*, request_id: int, by: Actor, at: datetime) -> PayoutRequest:
    """Raises RequestClosed, PayoutRequest.DoesNotExist."""
    request = _close(request_id, RequestState.WITHDRAWN, at)
    request.save()
    _tell("payout.request_withdrawn", request, by, at)
    return request


@transaction.atomic
def decline_request(*, request_id: int, reason: DeclineReason, by: Actor, at: datetime) -> PayoutRequest:
    """Raises RequestClosed, PayoutRequest.DoesNotExist."""
    request = _close(request_id, RequestState.DECLINED, at)
    request.decline_reason = reason
    request.save()
    _tell("payout.declined", request, by, at)
    return request


def _smallest_payout(partner_id: int, currency: str) -> Decimal:
    """By the partner's own terms where there are some; zero where none say."""
    program_id = Partner.objects.values_list("program_id", flat=True).get(pk=partner_id)
    rows = PaymentTerms.objects.filter(Q(partner=None) | Q(partner_id=partner_id), program_id=program_id)
    found: dict[int | None, dict[str, str]] = dict(rows.values_list("partner_id", "minimum"))
    terms = found.get(partner_id) if partner_id in found else found.get(None)
    return Decimal((terms or {}).get(currency, "0"))


def _close(request_id: int, state: RequestState, at: datetime) -> PayoutRequest:
    known = PayoutRequest.objects.get(pk=request_id)
    # A batch that is being calculated holds the balance, and looks at requests only then.
    locked_balance(known.partner_id, known.currency)
    request = PayoutRequest.objects.get(pk=request_id)
    if request.state != RequestState.ASKED:
        raise RequestClosed(request_id)
    request.state, request.decided_at = state, at
    return request


def _tell(kind: str, request: PayoutRequest, by: Actor, at: datetime) -> None:
    amount = None if request.amount is None else told(request.amount, request.currency)
    data = {"amount": amount, "currency": request.currency}
    if request.decline_reason:
        data["reason"] = str(request.decline_reason)
    subjects = [Subject("payout_request", request.pk), Subject("partner", request.partner_id)]
    if request.asked_by_contact_id:
        subjects.append(Subject("contact", request.asked_by_contact_id))
    record(kind, by=by, at=at, subjects=subjects, data=data)
