"""Where a partner's money goes: one says it, another confirms it, and only then a batch pays there.

Nothing of the account itself stands in an event: who reads the log has no right to it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Contact, Partner
from otklik.payouts.models import AccountDetails
from otklik.payouts.operations.adjustments import NeedsPerson
from otklik.payouts.operations.balances import person
from otklik.payouts.operations.holds import NeedsSecondPerson
from otklik.payouts.operations.requests import NotTheirContact
from otklik.payouts.rules.accounts import AccountProblem, account_problem, hint_of, plain_account
from otklik.payouts.rules.vocabulary import DetailsState, PayMethod


class DetailsRefused(Exception):
    def __init__(self, problem: AccountProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class DetailsDecided(Exception):
    """Confirmed, declined or replaced already."""


@transaction.atomic
def propose_details(
    *,
    partner_id: int,
    method: PayMethod,
    holder: str,
    account: str,
    contact_id: int | None = None,
    form_key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> AccountDetails:
    """Changes nothing yet; what was proposed before and not decided gives way to it. ``contact_id``: the
    person at the partner who asks. Raises DetailsRefused, NotTheirContact, Partner.DoesNotExist."""
    account, holder = plain_account(method, account), " ".join(holder.split())
    if problem := account_problem(method, holder, account):
        raise DetailsRefused(problem)
    _lock(partner_id)
    if form_key and (before := AccountDetails.objects.filter(form_key=form_key).first()):
        return before
    if contact_id is not None:
        theirs = Contact.objects.filter(pk=contact_id, partner_id=partner_id, erased_at=None)
        if not theirs.exists():
            raise NotTheirContact(contact_id)
    waiting = AccountDetails.objects.filter(partner_id=partner_id, state=DetailsState.PROPOSED)
    waiting.update(state=DetailsState.DECLINED, decided_at=at)
    row = AccountDetails.objects.create(
        partner_id=partner_id,
        method=method,
        holder=holder,
        account=account,
        hint=hint_of(account),
        proposed_by_id=person(by),
        asked_by_contact_id=contact_id,
        proposed_at=at,
        form_key=form_key,
    )
    _tell("payout_details.proposed", row, by, at)
    return row


@transaction.atomic
def confirm_details(*, details_id: int, by: Actor, at: datetime) -> AccountDetails:
    """From now on batches pay there; a payout that was calculated before is not sent to the old account.
    Raises NeedsSecondPerson for whoever proposed it, NeedsPerson, DetailsDecided,
    AccountDetails.DoesNotExist."""
    row, decider = _waiting(details_id, by)
    if decider == row.proposed_by_id:
        raise NeedsSecondPerson(details_id)
    old = AccountDetails.objects.filter(partner_id=row.partner_id, state=DetailsState.CONFIRMED)
    old.update(state=DetailsState.REPLACED)
    _decide(row, DetailsState.CONFIRMED, decider, at)
    _tell("payout_details.confirmed", row, by, at)
    return row


@transaction.atomic
def decline_details(*, details_id: int, by: Actor, at: datetime) -> AccountDetails:
    """Also by whoever proposed it. Raises NeedsPerson, DetailsDecided, AccountDetails.DoesNotExist."""
    row, decider = _waiting(details_id, by)
    _decide(row, DetailsState.DECLINED, decider, at)
    _tell("payout_details.declined", row, by, at)
    return row


def _lock(partner_id: int) -> None:
    """Against a second proposal, a decision and a batch that is being calculated."""
    Partner.objects.select_for_update(no_key=True).get(pk=partner_id)


def _waiting(details_id: int, by: Actor) -> tuple[AccountDetails, int]:
    decider = person(by)
    if decider is None:
        raise NeedsPerson
    _lock(AccountDetails.objects.values_list("partner_id", flat=True).get(pk=details_id))
    row = AccountDetails.objects.get(pk=details_id)
    if row.state != DetailsState.PROPOSED:
        raise DetailsDecided(details_id)
    return row, decider


def _decide(row: AccountDetails, state: DetailsState, decider: int, at: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at = state, decider, at
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _tell(kind: str, row: AccountDetails, by: Actor, at: datetime) -> None:
    subjects = [Subject("payout_details", row.pk), Subject("partner", row.partner_id)]
    if row.asked_by_contact_id:
        subjects.append(Subject("contact", row.asked_by_contact_id))
    record(kind, by=by, at=at, subjects=subjects, data={"method": str(row.method)})
