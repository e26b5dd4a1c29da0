"""What erasing and merging partners and people do to the loop."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.loop.models import Alert, FollowUp, ReAsk


def erase(noun: str, ids: Sequence[int]) -> None:
    """What was said about them goes, and nobody is asked again; that they were followed up, and what became
    of it, stays and names nobody."""
    theirs = Q(**{f"{noun}_id__in": ids})
    alerts = Alert.objects.filter(theirs)
    alerts.update(result="", snooze_reason="")
    FollowUp.objects.filter(Q(alert__in=alerts)).update(text="")
    if noun == "contact":
        FollowUp.objects.filter(theirs).update(text="")
        ReAsk.objects.filter(theirs, asked_at=None).delete()
    else:
        ReAsk.objects.filter(alert__in=alerts, asked_at=None).delete()
    # Nobody is left to be told.
    alerts.update(owes_word=False)


def merge(noun: str, source_id: int, target_id: int) -> None:
    Alert.objects.filter(**{f"{noun}_id": source_id}).update(**{f"{noun}_id": target_id})
    if noun == "contact":
        for model in (FollowUp, ReAsk):
            model._default_manager.filter(contact_id=source_id).update(contact_id=target_id)


_MODELS = ("loop.Alert", "loop.FollowUp", "loop.ReAsk")
erasure = ErasureHook("loop", erase, _MODELS)
merging = MergeHook("loop", merge, _MODELS)
