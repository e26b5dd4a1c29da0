"""What erasing and merging people do to their accounts."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.portal.models import PortalAccount


def erase(noun: str, ids: Sequence[int]) -> None:
    """With the account go its sessions. The people at a partner are erased one by one."""
    if noun == "contact":
        PortalAccount.objects.filter(contact_id__in=ids).delete()


def merge(noun: str, source_id: int, target_id: int) -> None:
    """Two people became one: whoever had no account gets the other's, else the older way in ends."""
    if noun != "contact":
        return
    theirs = PortalAccount.objects.filter(contact_id=source_id)
    if PortalAccount.objects.filter(contact_id=target_id).exists():
        theirs.delete()
    else:
        theirs.update(contact_id=target_id)


_MODELS = ("portal.PortalAccount",)
erasure = ErasureHook("portal", erase, _MODELS)
merging = MergeHook("portal", merge, _MODELS)
