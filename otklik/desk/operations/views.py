"""Saved views of the inbox: a name for a filter, nobody's business but its owner's, so without an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from otklik.desk.models import SavedView


def keep_view(*, name: str, filters: Mapping[str, str], owner_id: int | None, at: datetime) -> SavedView:
    """``owner_id`` None: for everybody. The same name again replaces the filter."""
    view, _ = SavedView.objects.update_or_create(
        name=name,
        owner_id=owner_id,
        defaults={"filters": dict(filters)},
        create_defaults={
            "filters": dict(filters),
            "created_at": at,
        },
    )
    return view


def remove_view(*, view_id: int) -> None:
    SavedView.objects.filter(pk=view_id).delete()
