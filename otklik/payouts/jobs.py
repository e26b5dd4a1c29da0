"""What workers do about money. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from otklik.events.public import Actor
from otklik.jobs.public import every
from otklik.kit.clock import now
from otklik.payouts.operations.notices import tell_due


def register() -> None:
    every("payouts.tell_due", "otklik.payouts.jobs.tell_due_now", minutes=60)


def tell_due_now() -> None:
    at = now()
    tell_due(on=at.date(), by=Actor.system(), at=at)
