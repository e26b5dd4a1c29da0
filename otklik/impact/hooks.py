"""What erasing and merging partners does to policy changes."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.impact.models import PolicyStart
from otklik.kit.registry import ErasureHook, MergeHook


def erase(noun: str, ids: Sequence[int]) -> None:
    """From which day something held for whom stays as a figure of the past, and names nobody."""


def merge(noun: str, source_id: int, target_id: int) -> None:
    """Of two days of the same partner the earlier one holds."""
    if noun != "partner":
        return
    kept = {start.change_id: start for start in PolicyStart.objects.filter(partner_id=target_id)}
    for start in PolicyStart.objects.filter(partner_id=source_id):
        other = kept.get(start.change_id)
        if other is None:
            start.partner_id = target_id
            start.save(update_fields=["partner"])
            continue
        if start.starts_on < other.starts_on:
            other.starts_on, other.tier, other.is_listed = start.starts_on, start.tier, start.is_listed
            other.save(update_fields=["starts_on", "tier", "is_listed"])
        start.delete()


_MODELS = ("impact.PolicyStart",)
erasure = ErasureHook("impact", erase, _MODELS)
merging = MergeHook("impact", merge, _MODELS)
