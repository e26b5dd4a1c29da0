"""What workers do for the knowledge base. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.knowledge.operations import drafting
from otklik.knowledge.operations.gaps import compute_figures as compute


def compute_figures() -> None:
    compute(by=Actor.system(), at=now())


def make_draft(draft_id: int) -> None:
    drafting.make_draft(draft_id=draft_id)
