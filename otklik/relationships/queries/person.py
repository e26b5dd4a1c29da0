"""One person of the map with what they said and asked: what stands beside the picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from otklik.desk.public import Ticket, visible_tickets
from otklik.feedback.public import Interview, scope_of, visible_interviews
from otklik.identity.public import User
from otklik.partners.public import Contact
from otklik.relationships.models import InfluenceLine
from otklik.relationships.queries.heard import Whose, answers_of, log_of, ties_of
from otklik.relationships.queries.lines import Entry
from otklik.relationships.queries.partner import Person, dated, person_of
from otklik.relationships.rules.freshness import stale_of
from otklik.relationships.rules.log import Dealings

SHOWN = 5
"""Of comments, tickets and interviews, the latest first."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """``over``: tickets that are no longer open. ``leads`` and ``led``: who this person has a say with, and
    who has one with them."""

    person: Person
    comments: tuple[Entry, ...]
    over: tuple[Ticket, ...]
    interviews: tuple[Interview, ...]
    leads: tuple[InfluenceLine, ...]
    led: tuple[InfluenceLine, ...]


def person_page(contact: Contact, *, user: User, since: datetime | None, at: datetime) -> PersonPage:
    """``contact`` comes from ``access.map_people``, with its partner. Ten queries."""
    whose = Whose(contact.partner, contact.pk)
    answers = answers_of(whose, user, at)
    dealings, tickets = log_of(whose, user, at)
    colleagues = Contact.objects.filter(partner=contact.partner, erased_at=None, is_active=True)
    person = person_of(
        contact,
        answers,
        ties_of(whose).get(contact.pk, []),
        dealings.get(contact.pk, Dealings()),
        tickets,
        stale_of(dated(one, at) for one in colleagues),
        since=since,
        at=at,
    )
    said = [one for one in reversed(person.line) if one.comment]
    over = visible_tickets(user).filter(contact=contact, is_open=False).order_by("-updated_at", "-pk")
    interviews = visible_interviews(scope_of(user)).filter(contact=contact)
    lines = InfluenceLine.objects.select_related("source", "target").order_by("pk")
    return PersonPage(
        person,
        tuple(said[:SHOWN]),
        tuple(over[:SHOWN]),
        tuple(interviews.prefetch_related("quotes").order_by("-held_at", "-pk")[:SHOWN]),
        tuple(lines.filter(source=contact, target__erased_at=None)),
        tuple(lines.filter(target=contact, source__erased_at=None)),
    )
