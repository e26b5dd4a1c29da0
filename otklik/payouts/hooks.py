"""What erasing and merging partners and people do to their money."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.payouts.earnings import note_earnings_of
from otklik.payouts.models import (
    AccountDetails,
    Adjustment,
    Balance,
    Entry,
    Hand,
    Hold,
    LeftOut,
    PartnerReport,
    PaymentTerms,
    Payout,
    PayoutRequest,
    Statement,
)
from otklik.payouts.operations.balances import keep_balance, locked_balances
from otklik.payouts.operations.findable import forget_partners
from otklik.payouts.rules.vocabulary import DetailsState, RequestState


def erase(noun: str, ids: Sequence[int]) -> None:
    """Amounts and days stay: books are kept by law, and name nobody. What somebody wrote beside them goes,
    with the bank's reference and the partner's own figures."""
    if noun == "contact":
        # What the row of a request points to is blank from now on; nothing else of theirs is here.
        return
    Entry.objects.filter(partner_id__in=ids).update(note="")
    Hold.objects.filter(partner_id__in=ids).update(checking="", outcome_note="")
    Adjustment.objects.filter(partner_id__in=ids).update(why="")
    Payout.objects.filter(partner_id__in=ids).update(reference="")
    # Blank ones are no longer in force: no batch pays to nowhere.
    details = AccountDetails.objects.filter(partner_id__in=ids)
    details.filter(state=DetailsState.CONFIRMED).update(state=DetailsState.REPLACED)
    details.filter(state=DetailsState.PROPOSED).update(state=DetailsState.DECLINED)
    details.update(holder="", account="", hint="")
    PartnerReport.objects.filter(partner_id__in=ids).delete()
    forget_partners(ids)


def merge(noun: str, source_id: int, target_id: int) -> None:
    if noun == "contact":
        for asked in (PayoutRequest, AccountDetails):
            asked.objects.filter(asked_by_contact_id=source_id).update(asked_by_contact_id=target_id)
        reports = PartnerReport.objects.filter(uploaded_by_contact_id=source_id)
        reports.update(uploaded_by_contact_id=target_id)
        return
    note_earnings_of(source_id)
    _merge_balances(source_id, target_id)
    _close_second_requests(source_id, target_id)
    _close_second_details(source_id, target_id)
    theirs = PaymentTerms.objects.filter(partner_id=source_id)
    if PaymentTerms.objects.filter(partner_id=target_id).exists():
        theirs.delete()
    for model in (
        AccountDetails,
        Entry,
        Hand,
        Hold,
        Payout,
        PayoutRequest,
        LeftOut,
        Statement,
        Adjustment,
        PartnerReport,
        PaymentTerms,
    ):
        model.objects.filter(partner_id=source_id).update(partner_id=target_id)


def _merge_balances(source_id: int, target_id: int) -> None:
    currencies = Balance.objects.filter(partner_id=source_id).values_list("currency", flat=True)
    for currency in sorted(currencies):
        rows = locked_balances([(source_id, currency), (target_id, currency)])
        source, target = rows[source_id, currency], rows[target_id, currency]
        target.total += source.total
        target.held += source.held
        target.planned += source.planned
        keep_balance(target)
        source.delete()


def _close_second_requests(source_id: int, target_id: int) -> None:
    """One open request a currency: the one that stays keeps its own."""
    asked = PayoutRequest.objects.filter(state=RequestState.ASKED)
    theirs = asked.filter(partner_id=target_id).values_list("currency", flat=True)
    asked.filter(partner_id=source_id, currency__in=list(theirs)).update(state=RequestState.WITHDRAWN)


def _close_second_details(source_id: int, target_id: int) -> None:
    """One account in force and one proposed: the one that stays keeps its own."""
    for state, closed in (
        (DetailsState.CONFIRMED, DetailsState.REPLACED),
        (DetailsState.PROPOSED, DetailsState.DECLINED),
    ):
        if AccountDetails.objects.filter(partner_id=target_id, state=state).exists():
            AccountDetails.objects.filter(partner_id=source_id, state=state).update(state=closed)


_MODELS = (
    "payouts.AccountDetails",
    "payouts.Adjustment",
    "payouts.Balance",
    "payouts.Entry",
    "payouts.Hand",
    "payouts.Hold",
    "payouts.LeftOut",
    "payouts.PartnerReport",
    "payouts.PaymentTerms",
    "payouts.Payout",
    "payouts.PayoutRequest",
    "payouts.Statement",
)
erasure = ErasureHook("payouts", erase, _MODELS)
merging = MergeHook("payouts", merge, _MODELS)
