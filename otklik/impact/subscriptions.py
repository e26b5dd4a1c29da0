"""When rows that are written already tell of something else than what is known by now.

What happens today is behind no answer: it is told by the rows of the answers to come. Here stands what
changes the past: history brought in, the same matter found twice, a mistake put right. All rows are then
written anew by the next run, once, however often this was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from otklik.analytics.public import facts_changed
from otklik.desk.public import Outcome, TicketStatus
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.impact.facts import EXPOSURES
from otklik.impact.queries.touched import answered_since, partner_answered, tickets_touch_answers
from otklik.payouts.public import MoneyFileKind

_BROUGHT_IN = frozenset({Origin.IMPORT})
# The demo is told of once, by its end.
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})


@on_many("ticket.created", name="impact.old_tickets", origins=_BROUGHT_IN)
@on_many("ticket.status_changed", name="impact.old_statuses", origins=_BROUGHT_IN)
@on_many("ticket.message_sent", name="impact.old_replies", origins=_BROUGHT_IN)
@on_many("ticket.message_received", name="impact.old_messages", origins=_BROUGHT_IN)
@on_many("ticket.owner_changed", name="impact.old_owners", origins=_BROUGHT_IN)
@on_many("ticket.team_changed", name="impact.old_teams", origins=_BROUGHT_IN)
def note_old_tickets(events: Sequence[DeliveredEvent]) -> None:
    if tickets_touch_answers(_tickets(events)):
        facts_changed(EXPOSURES)


@on_many("ticket.merged", name="impact.merged_tickets", origins=_ONE_BY_ONE)
@on_many("ticket.partner_set", name="impact.tickets_of_others", origins=_ONE_BY_ONE)
def note_moved_tickets(events: Sequence[DeliveredEvent]) -> None:
    """Whose it was before has rows that count it, too."""
    before = {pk for event in events for pk in [event.data.get("before")] if pk is not None}
    if tickets_touch_answers(_tickets(events), also_of=before):
        facts_changed(EXPOSURES)


@on_many("ticket.status_changed", name="impact.spam", origins=_ONE_BY_ONE)
def note_spam(events: Sequence[DeliveredEvent]) -> None:
    """Taken for spam, or not any more: the only way out of the last status."""
    moved = [
        event
        for event in events
        if event.data.get("outcome") == Outcome.SPAM or event.data.get("before") == TicketStatus.CLOSED
    ]
    if moved and tickets_touch_answers(_tickets(moved)):
        facts_changed(EXPOSURES)


@on("partner.merged", name="impact.merged_partners", origins=_ONE_BY_ONE)
@on("contact.merged", name="impact.merged_contacts", origins=_ONE_BY_ONE)
def note_merged(event: DeliveredEvent) -> None:
    if partner_answered(event.subject("partner")):
        facts_changed(EXPOSURES)


@on_many("payout.paid", name="impact.payouts_noted_late", origins=_ONE_BY_ONE)
def note_payouts(events: Sequence[DeliveredEvent]) -> None:
    """Noted today that the money came some days ago: whoever answered in between had it."""
    behind = {
        event.subject("partner"): date.fromisoformat(event.data["on"])
        for event in events
        if event.data.get("on", "") < event.happened_at.date().isoformat() and event.data.get("on")
    }
    if behind and answered_since(behind):
        facts_changed(EXPOSURES)


@on("money.imported", name="impact.old_payouts", origins=_ONE_BY_ONE)
def note_old_payouts(event: DeliveredEvent) -> None:
    if event.data["kind"] == MoneyFileKind.PAYOUTS and (event.data["new"] or event.data["changed"]):
        facts_changed(EXPOSURES)


@on("clocks.recomputed", name="impact.recomputed_clocks", origins=ALL_ORIGINS)
@on("demo.loaded", name="impact.facts_of_the_demo", origins=ALL_ORIGINS)
def note_all(event: DeliveredEvent) -> None:
    facts_changed(EXPOSURES)


def _tickets(events: Iterable[DeliveredEvent]) -> set[int]:
    return {event.subject("ticket") for event in events}
