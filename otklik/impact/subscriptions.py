"""When rows that are written already tell of something else than what is known by now.

What happens today is behind no answer: it is told by the rows of the answers to come. Here stands what
changes the past: history brought in, the same matter found twice, a mistake put right. The answers that have
it behind them are written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from otklik.analytics.public import facts_changed, note_facts
from otklik.desk.public import Outcome, TicketStatus, tickets_with_words_of
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.impact.facts import EXPOSURES
from otklik.impact.queries.touched import after_tickets, moves_desk, of_partners, since_days

_BROUGHT_IN = frozenset({Origin.IMPORT})
# The demo is told of once, by its end.
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})
_PAYOUTS = ("planned", "approved", "sent", "paid", "failed", "returned", "cancelled", "corrected")
_DAYS_TOLD = ("on", "expected_on", "sent_before", "sent_after", "paid_before", "paid_after")


@on_many("ticket.created", name="impact.old_tickets", origins=_BROUGHT_IN)
def note_created_tickets(events: Sequence[DeliveredEvent]) -> None:
    tickets = _tickets(events)
    note_facts(EXPOSURES, after_tickets(tickets))
    if moves_desk(tickets):
        facts_changed(EXPOSURES)


@on_many("ticket.status_changed", name="impact.old_statuses", origins=_BROUGHT_IN)
@on_many("ticket.message_sent", name="impact.old_replies", origins=_BROUGHT_IN)
@on_many("ticket.message_received", name="impact.old_messages", origins=_BROUGHT_IN)
@on_many("ticket.owner_changed", name="impact.old_owners", origins=_BROUGHT_IN)
@on_many("ticket.team_changed", name="impact.old_teams", origins=_BROUGHT_IN)
def note_old_tickets(events: Sequence[DeliveredEvent]) -> None:
    note_facts(EXPOSURES, after_tickets(_tickets(events)))


@on_many("ticket.merged", name="impact.merged_tickets", origins=_ONE_BY_ONE)
@on_many("ticket.partner_set", name="impact.tickets_of_others", origins=_ONE_BY_ONE)
def note_moved_tickets(events: Sequence[DeliveredEvent]) -> None:
    """Whose it was before has rows that count it, too."""
    before = {pk for event in events for pk in [event.data.get("before")] if pk is not None}
    note_facts(EXPOSURES, after_tickets(_tickets(events), also_of=before))
    left = [event for event in events if "program_before" in event.data]
    if moves_desk(_tickets(left), programs_before={event.data["program_before"] for event in left}):
        facts_changed(EXPOSURES)


@on_many("ticket.split", name="impact.split_tickets", origins=_ONE_BY_ONE)
def note_split_tickets(events: Sequence[DeliveredEvent]) -> None:
    """The new one is as old as the words that it begins with."""
    made = {event.data["into"] for event in events}
    note_facts(EXPOSURES, after_tickets(_tickets(events) | made))


@on_many("ticket.status_changed", name="impact.spam", origins=_ONE_BY_ONE)
def note_spam(events: Sequence[DeliveredEvent]) -> None:
    """Taken for spam, or not any more: the only way out of the last status."""
    moved = [
        event
        for event in events
        if event.data.get("outcome") == Outcome.SPAM or event.data.get("before") == TicketStatus.CLOSED
    ]
    if moved:
        note_facts(EXPOSURES, after_tickets(_tickets(moved)))


@on_many("partner.merged", name="impact.merged_partners", origins=_ONE_BY_ONE)
@on_many("contact.merged", name="impact.merged_contacts", origins=_ONE_BY_ONE)
def note_merged(events: Sequence[DeliveredEvent]) -> None:
    """The first partner named is the one that stays."""
    note_facts(EXPOSURES, of_partners({event.subject("partner") for event in events}))


def note_payouts(events: Sequence[DeliveredEvent]) -> None:
    """Told today of a day that is over: whoever answered in between waited for the money, or had it."""
    behind: dict[int, date] = {}
    for event in events:
        told = [event.data[name] for name in _DAYS_TOLD if event.data.get(name)]
        day = min(map(date.fromisoformat, told), default=date.max)
        if day < event.happened_at.date():
            partner = event.subject("partner")
            behind[partner] = min(day, behind.get(partner, day))
    if behind:
        note_facts(EXPOSURES, since_days(behind))


for _state in _PAYOUTS:
    on_many(f"payout.{_state}", name=f"impact.payouts:{_state}", origins=_ONE_BY_ONE)(note_payouts)


@on_many("desk.setting_saved", name="impact.languages_of_staff", origins=_ONE_BY_ONE)
def note_languages(events: Sequence[DeliveredEvent]) -> None:
    """What somebody was found to speak holds for all that they have answered."""
    of_people = [event for event in events if event.subjects and event.subjects[0].noun == "agent_profile"]
    profiles = {event.subjects[0].id for event in of_people if "languages" in event.data["changed"]}
    if profiles:
        note_facts(EXPOSURES, after_tickets(tickets_with_words_of(profiles)))


@on("clocks.recomputed", name="impact.recomputed_clocks", origins=ALL_ORIGINS)
@on("demo.loaded", name="impact.facts_of_the_demo", origins=ALL_ORIGINS)
def note_all(event: DeliveredEvent) -> None:
    facts_changed(EXPOSURES)


def _tickets(events: Iterable[DeliveredEvent]) -> set[int]:
    return {event.subject("ticket") for event in events}
