"""What workers do about money. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from datetime import timedelta

from otklik.events.public import Actor
from otklik.jobs.public import every
from otklik.kit.clock import now
from otklik.partners.public import Program
from otklik.payouts.operations.notices import tell_due
from otklik.payouts.operations.statements import issue_statements
from otklik.payouts.operations.uploads import forget_uploads, take_upload

UPLOADS_KEPT = timedelta(days=90)


def register() -> None:
    every("payouts.tell_due", "otklik.payouts.jobs.tell_due_now", minutes=60)
    every("payouts.issue_statements", "otklik.payouts.jobs.issue_due", minutes=60)
    every("payouts.forget_uploads", "otklik.payouts.jobs.forget_old_uploads", minutes=24 * 60)


def tell_due_now() -> None:
    at = now()
    tell_due(on=at.date(), by=Actor.system(), at=at)


def issue_due() -> None:
    """Statements of every period that is over, by the terms of each program."""
    for program_id in Program.objects.order_by("pk").values_list("pk", flat=True):
        issue_for(program_id)


def issue_for(program_id: int, user_id: int | None = None) -> None:
    """``user_id``: who did not want to wait for the hour."""
    at = now()
    by = Actor.system() if user_id is None else Actor.person(user_id)
    issue_statements(program_id=program_id, on=at.date(), by=by, at=at)


def take_money_file(upload_id: int) -> None:
    take_upload(upload_id=upload_id, clock=now)


def forget_old_uploads() -> None:
    forget_uploads(before=now() - UPLOADS_KEPT)
