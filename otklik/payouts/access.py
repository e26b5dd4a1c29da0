"""Whose money somebody sees: that of the partners they see, where they may see money at all. Batches name
every partner of a program, and are for those who see them all."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from otklik.identity.public import Right, User
from otklik.partners.public import Partner, visible_partners
from otklik.payouts.models import (
    AccountDetails,
    Adjustment,
    Balance,
    Entry,
    Hold,
    MoneyImport,
    MoneyUpload,
    PartnerReport,
    Payout,
    PayoutBatch,
    PayoutRequest,
    Statement,
)

Row = TypeVar("Row", bound=Model)


def payout_scope(user: User) -> Q:
    """As a condition on rows with a ``partner``."""
    if not user.may(Right.SEE_MONEY):
        return Q(pk__in=())
    if user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(partner__in=visible_partners(user))


def money_partners(user: User) -> QuerySet[Partner]:
    """Partners whose money this person sees."""
    return visible_partners(user) if user.may(Right.SEE_MONEY) else Partner.objects.none()


def visible_payouts(user: User) -> QuerySet[Payout]:
    return Payout.objects.filter(payout_scope(user))


def visible_holds(user: User) -> QuerySet[Hold]:
    return Hold.objects.filter(payout_scope(user))


def visible_statements(user: User) -> QuerySet[Statement]:
    return Statement.objects.filter(payout_scope(user))


def visible_balances(user: User) -> QuerySet[Balance]:
    return Balance.objects.filter(payout_scope(user))


def visible_entries(user: User) -> QuerySet[Entry]:
    return Entry.objects.filter(payout_scope(user))


def visible_requests(user: User) -> QuerySet[PayoutRequest]:
    return PayoutRequest.objects.filter(payout_scope(user))


def visible_adjustments(user: User) -> QuerySet[Adjustment]:
    return Adjustment.objects.filter(payout_scope(user))


def visible_details(user: User) -> QuerySet[AccountDetails]:
    """Where money goes. Holder and account are for who may change them; others see the hint."""
    return AccountDetails.objects.filter(payout_scope(user))


def visible_reports(user: User) -> QuerySet[PartnerReport]:
    return PartnerReport.objects.filter(payout_scope(user))


def visible_batches(user: User) -> QuerySet[PayoutBatch]:
    sees_all = user.may(Right.SEE_MONEY) and user.may(Right.SEE_ALL_PARTNERS)
    return PayoutBatch.objects.all() if sees_all else PayoutBatch.objects.none()


def visible_imports(user: User) -> QuerySet[MoneyImport]:
    """A file names partners of a whole program."""
    sees_all = user.may(Right.SEE_MONEY) and user.may(Right.SEE_ALL_PARTNERS)
    return MoneyImport.objects.all() if sees_all else MoneyImport.objects.none()


def visible_uploads(user: User) -> QuerySet[MoneyUpload]:
    sees_all = user.may(Right.EDIT_MONEY) and user.may(Right.SEE_ALL_PARTNERS)
    return MoneyUpload.objects.all() if sees_all else MoneyUpload.objects.none()


def editable(user: User, rows: QuerySet[Row, Any]) -> QuerySet[Row, Any]:
    """Of visible rows: those this person may change."""
    return rows if user.may(Right.EDIT_MONEY) else rows.none()


def approvable_batches(user: User) -> QuerySet[PayoutBatch]:
    return visible_batches(user) if user.may(Right.APPROVE_MONEY) else PayoutBatch.objects.none()


# For the partner's own pages: whatever they name is looked for among these.


def partner_payouts(partner_id: int) -> QuerySet[Payout]:
    return Payout.objects.filter(partner_id=partner_id)


def partner_holds(partner_id: int) -> QuerySet[Hold]:
    return Hold.objects.filter(partner_id=partner_id)


def partner_statements(partner_id: int) -> QuerySet[Statement]:
    return Statement.objects.filter(partner_id=partner_id)


def partner_details(partner_id: int) -> QuerySet[AccountDetails]:
    return AccountDetails.objects.filter(partner_id=partner_id)


def partner_requests(partner_id: int) -> QuerySet[PayoutRequest]:
    return PayoutRequest.objects.filter(partner_id=partner_id)


def partner_reports(partner_id: int) -> QuerySet[PartnerReport]:
    return PartnerReport.objects.filter(partner_id=partner_id)
