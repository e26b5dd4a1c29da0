"""What erasing and merging partners and people do to answers and notices."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.assist.models import AutomaticAnswer, Notice, NoticeStop
from otklik.kit.registry import ErasureHook, MergeHook


def erase(noun: str, ids: Sequence[int]) -> None:
    """What was asked and told goes; that something was told, and what came of it, stays: figures count it."""
    chosen = {f"{noun}_id__in": list(ids)}
    AutomaticAnswer.objects.filter(**chosen).update(
        question="", title="", lines=[], link={}, reasons=[], review_note=""
    )
    Notice.objects.filter(**chosen).update(title="", lines=[], link={}, why="")
    if noun == "contact":
        NoticeStop.objects.filter(contact_id__in=list(ids)).delete()


def merge(noun: str, source_id: int, target_id: int) -> None:
    for model in (AutomaticAnswer, Notice):
        model.objects.filter(**{f"{noun}_id": source_id}).update(**{f"{noun}_id": target_id})
    if noun == "contact":
        known = NoticeStop.objects.filter(contact_id=target_id).values_list("kind", flat=True)
        NoticeStop.objects.filter(contact_id=source_id, kind__in=list(known)).delete()
        NoticeStop.objects.filter(contact_id=source_id).update(contact_id=target_id)


_MODELS = ("assist.AutomaticAnswer", "assist.Notice", "assist.NoticeStop")
erasure = ErasureHook("assist", erase, _MODELS)
merging = MergeHook("assist", merge, _MODELS)
