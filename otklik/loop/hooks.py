"""What erasing and merging partners and people do to the loop."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.loop.models import (
    Alert,
    Ask,
    AskConsent,
    FollowUp,
    ImprovementPartner,
    ReAsk,
    Referral,
)
from otklik.loop.operations.findable import ALERT
from otklik.loop.rules.asking import OPEN_ASKS
from otklik.loop.rules.vocabulary import AskState
from otklik.search.public import forget


def erase(noun: str, ids: Sequence[int]) -> None:
    """What was said about them goes, and nobody is asked again; that they were followed up, and what became
    of it, stays and names nobody."""
    theirs = Q(**{f"{noun}_id__in": ids})
    alerts = Alert.objects.filter(theirs)
    alerts.update(result="", snooze_reason="")
    FollowUp.objects.filter(Q(alert__in=alerts)).update(text="", nine="")
    if noun == "contact":
        FollowUp.objects.filter(theirs).update(text="", nine="")
        ReAsk.objects.filter(theirs, asked_at=None).delete()
    else:
        ReAsk.objects.filter(alert__in=alerts, asked_at=None).delete()
    # Nobody is left to be told.
    alerts.update(owes_word=False)
    _erase_asks(theirs)
    if found := list(alerts.values_list("pk", flat=True)):
        forget(ALERT, found)


def _erase_asks(theirs: Q) -> None:
    """That they were asked and what came of it counts on; what was said does not stay, and whoever is being
    asked is let alone."""
    asks = Ask.objects.filter(theirs)
    AskConsent.objects.filter(ask__in=asks).update(exactly="")
    asks.filter(state__in=OPEN_ASKS).update(state=AskState.DROPPED)
    asks.update(text="", result="")


def merge(noun: str, source_id: int, target_id: int) -> None:
    Alert.objects.filter(**{f"{noun}_id": source_id}).update(**{f"{noun}_id": target_id})
    Ask.objects.filter(**{f"{noun}_id": source_id}).update(**{f"{noun}_id": target_id})
    if noun == "contact":
        for model in (FollowUp, ReAsk, AskConsent):
            model._default_manager.filter(contact_id=source_id).update(contact_id=target_id)
    else:
        _merge_partners(source_id, target_id)


def _merge_partners(source_id: int, target_id: int) -> None:
    """Who came by a referral came once; who is affected by an improvement is told once."""
    if Referral.objects.filter(partner_id=target_id).exists():
        Referral.objects.filter(partner_id=source_id).delete()
    Referral.objects.filter(partner_id=source_id).update(partner_id=target_id)
    # Nobody refers itself.
    Referral.objects.filter(partner_id=target_id, ask__partner_id=target_id).delete()
    kept = {row.improvement_id: row for row in ImprovementPartner.objects.filter(partner_id=target_id)}
    for row in ImprovementPartner.objects.filter(partner_id=source_id):
        stays = kept.get(row.improvement_id)
        if stays is None:
            row.partner_id = target_id
            row.save(update_fields=["partner"])
            continue
        stays.alerts += row.alerts
        if stays.told_at is None:
            stays.told_at, stays.announcement_id, stays.people = row.told_at, row.announcement_id, row.people
        stays.save()
        row.delete()


_MODELS = (
    "loop.Alert",
    "loop.Ask",
    "loop.AskConsent",
    "loop.FollowUp",
    "loop.ImprovementPartner",
    "loop.ReAsk",
    "loop.Referral",
)
erasure = ErasureHook("loop", erase, _MODELS)
merging = MergeHook("loop", merge, _MODELS)
