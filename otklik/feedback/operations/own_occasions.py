"""Asking after what happened in this very program: a payout that arrived, an onboarding that is finished, an
application that was accepted. Other systems tell of theirs by ``note_occasion``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from otklik.dialogue.public import Application, Onboarding
from otklik.feedback.models import Wave
from otklik.feedback.operations.occasions import ask_first
from otklik.feedback.queries.occasions import own_key
from otklik.feedback.rules.plans import APPLICATION_APPROVED, ONBOARDING_FINISHED, PAYOUT_PAID
from otklik.feedback.rules.vocabulary import WaveMode, WaveState
from otklik.kit.registry import contact_rights, gather
from otklik.partners.public import Contact, ContactRole
from otklik.payouts.public import Payout

_MONEY = "money"


@transaction.atomic
def ask_after_payout(*, payout_id: int, happened_at: datetime, at: datetime) -> int:
    """Whoever asked for it; where nobody did, one of those who see the partner's money. How many surveys."""
    payout = Payout.objects.filter(pk=payout_id).first()
    if payout is None or not _is_awaited(PAYOUT_PAID, payout.program_id):
        return 0
    asked = payout.requests.exclude(asked_by_contact=None).values_list("asked_by_contact_id", flat=True)
    people = list(asked.order_by("-pk")) or _who_see_money(payout.partner_id)
    return ask_first(payout.program_id, people, PAYOUT_PAID, own_key(payout_id), happened_at, at)


@transaction.atomic
def ask_after_onboarding(*, onboarding_id: int, happened_at: datetime, at: datetime) -> int:
    """Whoever did the last of the partner's steps, or applied; else whoever decides there."""
    rows = Onboarding.objects.filter(pk=onboarding_id, finished_at__isnull=False)
    onboarding = rows.select_related("partner").first()
    if onboarding is None or not _is_awaited(ONBOARDING_FINISHED, onboarding.partner.program_id):
        return 0
    did = onboarding.steps.exclude(done_by_contact=None).order_by("-done_at", "-pk")
    applied = Application.objects.filter(partner=onboarding.partner_id).exclude(contact=None)
    people = _once(
        [
            *did.values_list("done_by_contact_id", flat=True),
            *applied.order_by("-pk").values_list("contact_id", flat=True),
            *_by_importance(onboarding.partner_id),
        ]
    )
    program_id = onboarding.partner.program_id
    return ask_first(program_id, people, ONBOARDING_FINISHED, own_key(onboarding_id), happened_at, at)


@transaction.atomic
def ask_after_application(*, application_id: int, happened_at: datetime, at: datetime) -> int:
    """Whoever applied."""
    application = Application.objects.filter(pk=application_id, contact__isnull=False).first()
    if application is None or application.contact_id is None:
        return 0
    key, people = own_key(application_id), [application.contact_id]
    return ask_first(application.program_id, people, APPLICATION_APPROVED, key, happened_at, at)


def _is_awaited(event: str, program_id: int) -> bool:
    """Most of what happens no survey waits for: then nobody is looked for either."""
    waves = Wave.objects.filter(program_id=program_id, mode=WaveMode.EVENT, state=WaveState.RUNNING)
    return waves.filter(plan__event=event).exists()


def _who_see_money(partner_id: int) -> list[int]:
    people = _by_importance(partner_id)
    seeing = gather(contact_rights, people, [_MONEY]).get(_MONEY, {})
    return [pk for pk in people if seeing.get(pk)]


def _by_importance(partner_id: int) -> list[int]:
    """Those who decide first."""
    rows = Contact.objects.filter(partner_id=partner_id, is_active=True, erased_at=None)
    found = rows.order_by("pk").values_list("pk", "role")
    return [pk for pk, role in sorted(found, key=lambda one: one[1] != ContactRole.DECISION_MAKER)]


def _once(people: Iterable[int | None]) -> Sequence[int]:
    return list(dict.fromkeys(pk for pk in people if pk is not None))
