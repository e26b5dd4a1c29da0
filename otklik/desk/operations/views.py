"""Saved views of the inbox: a name for a filter, nobody's business but its owner's, so without an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from otklik.desk.models import SavedView


class NameTaken(Exception):
    """Another view of the same people has this name."""


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


def change_view(
    *, view_id: int, name: str, filters: Mapping[str, str], owner_id: int | None, position: int
) -> SavedView:
    """Raises SavedView.DoesNotExist, NameTaken."""
    view = SavedView.objects.get(pk=view_id)
    if SavedView.objects.filter(name=name, owner_id=owner_id).exclude(pk=view_id).exists():
        # Keeping a filter under that name again would not know which of them is meant.
        raise NameTaken(name)
    view.name, view.filters, view.owner_id, view.position = name, dict(filters), owner_id, position
    view.save()
    return view


def remove_view(*, view_id: int) -> None:
    SavedView.objects.filter(pk=view_id).delete()
