"""What the rooms below may ask of somebody's rights on their own pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from otklik.kit.registry import Provider
from otklik.portal.models import PortalAccount


def see_money(contact_ids: Sequence[int]) -> Mapping[int, bool]:
    """Whoever has an account that may be entered and sees the company's money there."""
    rows = PortalAccount.objects.filter(contact_id__in=contact_ids, disabled_at=None, sees_money=True)
    return dict.fromkeys(rows.values_list("contact_id", flat=True), True)


money = Provider("money", see_money)
