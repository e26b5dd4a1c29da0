"""Canned answers for a ticket: which there are, and their variables filled in for its recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format

from otklik.desk import labels
from otklik.desk.models import AgentProfile, CannedAnswer, Ticket
from otklik.desk.queries.sides import subject_for
from otklik.desk.rules.canned import NoText, Rendered, render_for
from otklik.desk.rules.vocabulary import Side, TicketStatus
from otklik.identity.public import User

MOST = 100


@dataclass(frozen=True, slots=True)
class Offered:
    name: str
    shortcut: str
    rendered: Rendered


def offered_answers(ticket: Ticket, agent: User, *, now: datetime) -> list[Offered]:
    """Those of the ticket's topic first; one that has no text in any language is left out. Two queries."""
    rows = list(CannedAnswer.objects.filter(is_active=True)[:MOST])
    rows.sort(key=lambda row: (ticket.topic_id is None or row.topic_id != ticket.topic_id, row.name))
    language = ticket.language or (ticket.mailbox.language if ticket.mailbox else "") or "en"
    values = variable_values(ticket, agent, language=language, now=now)
    found = []
    for row in rows:
        try:
            rendered = render_for(row.texts, values, wanted=language, fallback="en")
        except NoText:
            continue
        found.append(Offered(row.name, row.shortcut, rendered))
    return found


def variable_values(
    ticket: Ticket, agent: User | None, *, language: str, now: datetime
) -> Mapping[str, str | None]:
    """What ``rules/canned.py`` may name, ready to read in the recipient's language and time zone."""
    partner, contact = ticket.partner, ticket.contact
    zone = (contact.time_zone if contact else "") or (partner.time_zone if partner else "") or "UTC"
    name = contact.name if contact else ticket.requester_name
    profile = AgentProfile.objects.filter(user=agent).first() if agent else None
    with translation.override(language):
        return {
            "partner.name": partner.name if partner else None,
            "partner.tier": partner.tier if partner else None,
            "partner.manager": partner.manager.name if partner and partner.manager else None,
            "contact.name": name,
            "contact.first_name": name.split(" ")[0] if name else None,
            "contact.job_title": contact.job_title if contact else None,
            "customer.name": ticket.customer.name if ticket.customer else None,
            "ticket.number": f"#{ticket.pk}",
            # As the partner knows it: staff rename tickets in words of their own.
            "ticket.subject": subject_for(Side.PARTNER, ticket),
            "ticket.topic": str(ticket.topic.names.get(language) or ticket.topic) if ticket.topic else None,
            "ticket.status": str(labels.STATUS_FOR_PARTNER[TicketStatus(ticket.status)]),
            "ticket.due": _moment(ticket.due_at, zone),
            "ticket.created": _moment(ticket.created_at, zone),
            "agent.name": agent.name if agent else None,
            "agent.first_name": agent.get_short_name() if agent else None,
            "agent.signature": profile.signature if profile else None,
            "team.name": ticket.team.name if ticket.team else None,
            "program.name": ticket.program.name,
            "today": date_format(now.astimezone(ZoneInfo(zone)).date(), "DATE_FORMAT"),
        }


def _moment(moment: datetime | None, zone: str) -> str | None:
    return date_format(moment.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT") if moment else None
