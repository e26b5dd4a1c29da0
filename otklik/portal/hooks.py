"""What erasing and merging people and partners do to accounts."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.partners.public import Contact
from otklik.portal.models import CompanySignIn, ErasureRequest, PortalAccount, PortalSession


def erase(noun: str, ids: Sequence[int]) -> None:
    """With the account go its sessions and keys. The people at a partner are erased one by one."""
    if noun == "contact":
        PortalAccount.objects.filter(contact_id__in=ids).delete()
        ErasureRequest.objects.filter(contact_id__in=ids).delete()
    else:
        CompanySignIn.objects.filter(partner_id__in=ids).delete()


def merge(noun: str, source_id: int, target_id: int) -> None:
    if noun == "contact":
        _merge_people(source_id, target_id)
        return
    theirs = CompanySignIn.objects.filter(partner_id=source_id)
    if CompanySignIn.objects.filter(partner_id=target_id).exists():
        theirs.delete()
    else:
        theirs.update(partner_id=target_id)


def _merge_people(source_id: int, target_id: int) -> None:
    """Whoever had no account gets the other's; of two the one that goes ends, and whoever is in is out. That
    somebody saw the money of one company lets them see no other's."""
    theirs = PortalAccount.objects.filter(contact_id=source_id)
    if PortalAccount.objects.filter(contact_id=target_id).exists():
        theirs.delete()
    else:
        PortalSession.objects.filter(account__contact_id=source_id).delete()
        theirs.update(contact_id=target_id)
        companies = Contact.objects.filter(pk__in=(source_id, target_id)).values("partner_id").distinct()
        if companies.count() > 1:
            PortalAccount.objects.filter(contact_id=target_id).update(sees_money=False)
    asked = ErasureRequest.objects.filter(contact_id=source_id)
    if ErasureRequest.objects.filter(contact_id=target_id, withdrawn_at=None, declined_at=None).exists():
        asked.filter(withdrawn_at=None, declined_at=None).delete()
    asked.update(contact_id=target_id)


_MODELS = ("portal.CompanySignIn", "portal.ErasureRequest", "portal.PortalAccount")
erasure = ErasureHook("portal", erase, _MODELS)
merging = MergeHook("portal", merge, _MODELS)
