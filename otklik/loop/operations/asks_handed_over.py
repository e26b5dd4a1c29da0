"""Asks follow the people who may speak to the partner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.loop.access import may_speak_for
from otklik.loop.models import Ask
from otklik.loop.rules.asking import OPEN_ASKS


@transaction.atomic
def hand_over_asks(
    *, partner_ids: Collection[int] = (), user_id: int | None = None, by: Actor, at: datetime
) -> int:
    """Open ones at these partners, or of this colleague, whose owner does not see the partner any more or may
    not speak for us: they go to the account manager, or to nobody. How many."""
    theirs = Q(partner_id__in=list(partner_ids)) | Q(owner_id=user_id, owner__isnull=False)
    rows = Ask.objects.select_for_update(of=("self",)).filter(theirs, state__in=OPEN_ASKS)
    events = []
    for ask in rows.select_related("owner", "partner__manager").order_by("pk"):
        if ask.owner is not None and may_speak_for(ask.owner, ask.partner_id):
            continue
        manager = ask.partner.manager
        before, ask.owner = ask.owner_id, None
        if manager is not None and may_speak_for(manager, ask.partner_id):
            ask.owner = manager
        if ask.owner_id == before:
            continue
        ask.version += 1
        ask.save()
        subjects = [
            Subject("ask", ask.pk),
            Subject("partner", ask.partner_id),
            Subject("contact", ask.contact_id),
        ]
        data = {"ask": str(ask.kind), "from": before, "to": ask.owner_id}
        events.append(NewEvent("ask.assigned", at, subjects, data))
    record_many(events, by=by, at=at)
    return len(events)
