"""What we mean to reach with a partner, and who does what for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.partners.public import Contact, Partner
from otklik.relationships.models import AccountPlan, PlanAction
from otklik.relationships.operations.people import NotOnStaff, NotTheirPerson, person_of


class PlanChanged(Exception):
    """Somebody saved the plan after it was opened here."""


class ActionDone(Exception):
    """It was done before."""


@transaction.atomic
def save_plan(
    *,
    partner_id: int,
    text: str,
    next_review_on: date | None,
    expected_version: int,
    by: Actor,
    at: datetime,
) -> AccountPlan:
    """``expected_version``: of the plan as it was read, 0 where there was none. Raises PlanChanged,
    Partner.DoesNotExist."""
    plan = _locked_plan(partner_id)
    if (plan.version if plan else 0) != expected_version:
        raise PlanChanged(partner_id)
    plan = plan or AccountPlan(partner_id=partner_id, version=0)
    plan.text, plan.next_review_on = text.strip(), next_review_on
    plan.changed_by_id, plan.changed_at = person_of(by), at
    plan.version += 1
    plan.save()
    data = {"next_review_on": next_review_on.isoformat() if next_review_on else None}
    _tell("account_plan.saved", partner_id, data, by, at)
    return plan


@transaction.atomic
def add_action(
    *,
    partner_id: int,
    text: str,
    due_on: date,
    owner_id: int,
    contact_id: int | None = None,
    key: str = "",
    by: Actor,
    at: datetime,
) -> PlanAction:
    """The same ``key`` of the same person is the same action. Begins the plan where there is none. Raises
    NotOnStaff, NotTheirPerson, Partner.DoesNotExist."""
    plan = _locked_plan(partner_id)
    own = f"{person_of(by) or 0}:{key}"[:80] if key else None
    if own and (known := PlanAction.objects.filter(key=own, plan=plan).first()):
        return known
    if not User.objects.filter(pk=owner_id, is_active=True).exists():
        raise NotOnStaff(owner_id)
    if contact_id is not None:
        theirs = Contact.objects.filter(pk=contact_id, partner_id=partner_id, erased_at=None)
        if not theirs.exists():
            raise NotTheirPerson(contact_id)
    if plan is None:
        plan = AccountPlan.objects.create(
            partner_id=partner_id, changed_by_id=person_of(by), changed_at=at, version=1
        )
    action = PlanAction(
        plan=plan,
        text=text.strip(),
        contact_id=contact_id,
        owner_id=owner_id,
        due_on=due_on,
        created_at=at,
        key=own,
    )
    action.save()
    data = {"owner": owner_id, "due_on": due_on.isoformat()}
    _tell("plan_action.added", partner_id, data, by, at)
    return action


@transaction.atomic
def finish_action(*, action_id: int, by: Actor, at: datetime) -> PlanAction:
    """Raises ActionDone, PlanAction.DoesNotExist."""
    rows = PlanAction.objects.select_for_update(of=("self",)).select_related("plan")
    action = rows.get(pk=action_id)
    if action.done_at is not None:
        raise ActionDone(action_id)
    action.done_at = at
    action.save(update_fields=["done_at"])
    _tell("plan_action.done", action.plan.partner_id, {"due_on": action.due_on.isoformat()}, by, at)
    return action


def _locked_plan(partner_id: int) -> AccountPlan | None:
    """By the lock of its partner: two who begin a plan at once begin one."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner_id, erased_at=None)
    return AccountPlan.objects.filter(partner_id=partner_id).first()


def _tell(kind: str, partner_id: int, data: Mapping[str, object], by: Actor, at: datetime) -> None:
    record(kind, by=by, at=at, subjects=[Subject("partner", partner_id)], data=data)
