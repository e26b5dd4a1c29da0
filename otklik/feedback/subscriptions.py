"""What surveys do once something happened elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from otklik.desk.public import TicketStatus
from otklik.events.public import DeliveredEvent, on
from otklik.feedback.operations.occasions import ask_after_ticket
from otklik.feedback.operations.own_occasions import (
    ask_after_application,
    ask_after_onboarding,
    ask_after_payout,
)
from otklik.feedback.rules.plans import APPLICATION_APPROVED, ONBOARDING_FINISHED, PAYOUT_PAID
from otklik.kit.clock import now


@on("ticket.status_changed", name="feedback.ask_after_ticket")
def ask_after_solved_ticket(event: DeliveredEvent) -> None:
    if event.data.get("after") == TicketStatus.SOLVED:
        ask_after_ticket(ticket_id=event.subject("ticket"), happened_at=event.happened_at, at=now())


@on(PAYOUT_PAID, name="feedback.ask_after_payout")
def ask_after_paid_payout(event: DeliveredEvent) -> None:
    ask_after_payout(payout_id=event.subject("payout"), happened_at=_paid_at(event), at=now())


@on(ONBOARDING_FINISHED, name="feedback.ask_after_onboarding")
def ask_after_finished_onboarding(event: DeliveredEvent) -> None:
    number = event.subject("onboarding")
    ask_after_onboarding(onboarding_id=number, happened_at=event.happened_at, at=now())


@on(APPLICATION_APPROVED, name="feedback.ask_after_application")
def ask_after_accepted_application(event: DeliveredEvent) -> None:
    number = event.subject("application")
    ask_after_application(application_id=number, happened_at=event.happened_at, at=now())


def _paid_at(event: DeliveredEvent) -> datetime:
    """By the day that was told: a file may bring payouts of long ago, and who is asked about those is
    puzzled."""
    day = event.data.get("on")
    if not day:
        return event.happened_at
    return min(event.happened_at, datetime.combine(date.fromisoformat(day), time(12), UTC))
