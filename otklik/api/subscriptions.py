"""What the API listens to."""

from __future__ import annotations

from otklik.api.operations.tokens import revoke_tokens_of
from otklik.events.public import DeliveredEvent, on


@on("user.deactivated", name="api.revoke_tokens")
def end_tokens(event: DeliveredEvent) -> None:
    """They open nothing while their owner is gone; whoever comes back begins with new ones, as with a new
    password."""
    revoke_tokens_of(owner_id=event.subject("user"), by=event.actor, at=event.recorded_at)
