"""What a partner's timeline says about tickets: how they began and ended, not every step between."""

from __future__ import annotations

from django.utils.translation import gettext as _

from otklik.desk.rules.vocabulary import (
    CALL_LOGGED,
    RATED,
    SLA_BREACHED,
    STATUS_CHANGED,
    TICKET_CREATED,
    TICKET_MERGED,
    TicketStatus,
)
from otklik.events.public import EventLine
from otklik.identity.public import Right
from otklik.partners.public import Names, Sentence, sentences

_ENDED = (TicketStatus.SOLVED, TicketStatus.CLOSED)


def register() -> None:
    for kind, tell, icon in (
        (TICKET_CREATED, _created, "message"),
        (STATUS_CHANGED, _status_changed, "check"),
        (TICKET_MERGED, _merged, "copy"),
        (CALL_LOGGED, _called, "phone"),
        (SLA_BREACHED, _breached, "clock"),
        (RATED, _rated, "star"),
    ):
        sentences.add(Sentence(kind, tell, icon, Right.SEE_TICKETS))


def _created(line: EventLine, names: Names) -> str:
    name = _who(line, names)
    if name:
        return _("%(name)s: ticket #%(id)s begun.") % {"name": name, "id": _ticket(line)}
    return _("Ticket #%(id)s begun.") % {"id": _ticket(line)}


def _status_changed(line: EventLine, names: Names) -> str:
    before, after = line.data.get("before"), line.data.get("after")
    if after == TicketStatus.SOLVED:
        return _("Ticket #%(id)s was solved.") % {"id": _ticket(line)}
    if before in _ENDED and after not in _ENDED:
        return _("Ticket #%(id)s was opened again.") % {"id": _ticket(line)}
    return ""


def _merged(line: EventLine, names: Names) -> str:
    if line.data.get("role") != "source":
        return ""
    return _("Ticket #%(id)s was merged into #%(into)s.") % {
        "id": _ticket(line),
        "into": line.data.get("into"),
    }


def _called(line: EventLine, names: Names) -> str:
    return _("A call about ticket #%(id)s.") % {"id": _ticket(line)}


def _breached(line: EventLine, names: Names) -> str:
    return _("Ticket #%(id)s: a deadline was missed.") % {"id": _ticket(line)}


def _rated(line: EventLine, names: Names) -> str:
    rating = {"id": _ticket(line), "value": line.data.get("value")}
    return _("The help with ticket #%(id)s was rated %(value)s of 5.") % rating


def _ticket(line: EventLine) -> int:
    return next((subject.id for subject in line.subjects if subject.noun == "ticket"), 0)


def _who(line: EventLine, names: Names) -> str:
    ids = (subject.id for subject in line.subjects if subject.noun == "contact")
    return next((names.contacts[one] for one in ids if one in names.contacts), "")
