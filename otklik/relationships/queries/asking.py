"""Who of a partner a wave asks, and whether those are the friendly ones. Few queries, however many people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from otklik.feedback.public import (
    Invitation,
    InvitationState,
    Refusal,
    Response,
    ResponseStatus,
    SurveyKind,
    Wave,
    WaveState,
    foreseen,
)
from otklik.relationships.rules.quality import Asked, Friendly, friendly_only
from otklik.relationships.rules.vocabulary import category_of

_NOT_ASKED = frozenset({InvitationState.LEFT_OUT, InvitationState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Place:
    """In a wave. ``refusal``: a Refusal, where there is one; ``state``: of the invitation, once there is."""

    is_asked: bool
    refusal: str = ""
    state: str = ""

    @property
    def is_dropped(self) -> bool:
        return self.refusal == Refusal.BY_HAND


def places_in(wave: Wave, contact_ids: Sequence[int], *, at: datetime) -> dict[int, Place]:
    """By contact; who is absent is not of the wave's audience."""
    if wave.state == WaveState.DRAFT:
        found = foreseen(wave, contact_ids, at=at)
        return {pk: Place(why is None, str(why or "")) for pk, why in found.items()}
    rows = Invitation.objects.filter(wave=wave, contact__in=contact_ids).order_by("pk")
    return {
        pk: Place(state not in _NOT_ASKED, reason if state in _NOT_ASKED else "", state)
        for pk, state, reason in rows.values_list("contact_id", "state", "reason")
    }


def friendliness(contact_ids: Sequence[int], asked: Collection[int], *, before: datetime) -> Friendly:
    """Of these people, were those who liked us before asked more often than chance would have it?"""
    last = last_scores(contact_ids, before=before)
    return friendly_only(
        Asked(category_of(last[pk]) if pk in last else None, pk in asked) for pk in contact_ids
    )


def last_scores(contact_ids: Sequence[int], *, before: datetime) -> Mapping[int, int]:
    rows = Response.objects.filter(
        contact__in=contact_ids,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__lt=before,
    ).order_by("responded_at", "pk")
    return dict(rows.values_list("contact_id", "score"))
