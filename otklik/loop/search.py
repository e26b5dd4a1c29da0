"""Alerts as something that staff find in the search of the whole house."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.loop.access import visible_alerts
from otklik.loop.operations.findable import ALERT, all_documents, make_findable, renew_of
from otklik.search.public import SearchKind, put, search_kinds

# Those of the demo are made findable at once, when it is loaded.
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})


def register() -> None:
    search_kinds.add(
        SearchKind(
            name=ALERT,
            label=_("Alerts"),
            scope=_scope,
            links=lambda ids: {pk: reverse("alert", args=[pk]) for pk in ids},
            documents=all_documents,
            right=Right.SEE_FEEDBACK,
            order=55,
        )
    )


def _scope(user: User) -> Q:
    if user.may(Right.SEE_FEEDBACK) and user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(object_id__in=visible_alerts(user).values("pk"))


def _follow(kind: str) -> None:
    @on_many(kind, name=f"loop.find:{kind}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        make_findable({event.subject("alert") for event in events}, at=now())


for _kind in ("alert.raised", "alert.closed"):
    _follow(_kind)


def _follow_names(noun: str) -> None:
    @on_many(f"{noun}.changed", name=f"loop.find_renamed:{noun}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        renamed = [event for event in events if "name" in event.data.get("fields", ())]
        renew_of(noun, {event.subject(noun) for event in renamed}, at=now())

    @on_many(f"{noun}.merged", name=f"loop.find_merged:{noun}", origins=_ONE_BY_ONE)
    def follow_merged(events: Sequence[DeliveredEvent]) -> None:
        ids = {one.id for event in events for one in event.subjects if one.noun == noun}
        renew_of(noun, ids, at=now())


for _noun in ("partner", "contact"):
    _follow_names(_noun)


@on("demo.loaded", name="loop.find_demo", origins=ALL_ORIGINS)
def _follow_demo(event: DeliveredEvent) -> None:
    for documents in all_documents():
        put(documents, at=now())
