"""How somebody's matters stand: the one they name by its number, else those of their own that are open."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from otklik.assist.registry import Asked, Told
from otklik.assist.rules.features import numbers_of_tickets
from otklik.desk.public import (
    STATUS_FOR_PARTNER,
    MatterFilter,
    PartnerWord,
    Promised,
    TicketStatus,
    matter_of,
    matter_page,
    partner_subjects,
    partner_word,
    promises_of,
)

_MOST = 3
_WORDS = {partner_word(status): STATUS_FOR_PARTNER[status] for status in TicketStatus}


def answer_ticket_state(asked: Asked) -> Told | None:
    """None where the number is of no matter of their company, as where there is none."""
    if numbers := numbers_of_tickets(asked.text):
        return _of_number(asked, numbers[0])
    chosen = MatterFilter(is_open=True, mine=asked.contact.pk)
    page = matter_page(asked.contact.partner_id, chosen, reader=asked.contact.pk, limit=_MOST + 1)
    matters = [matter for matter in page.matters if matter.id != asked.ticket_id][:_MOST]
    if not matters:
        return None
    lines = [
        _line(matter.id, matter.subject, matter.word, matter.owner, matter.promised, asked.at)
        for matter in matters
    ]
    link = ("portal-matter", (matters[0].id,)) if len(matters) == 1 else ("portal-matters", ())
    return Told(_("How your requests stand"), lines, link, [("ticket", matter.id) for matter in matters])


def _of_number(asked: Asked, number: int) -> Told | None:
    ticket = matter_of(asked.contact.partner_id, number, reader=asked.contact.pk)
    if ticket is None or ticket.pk == asked.ticket_id:
        return None
    promised = next(iter(promises_of([ticket.pk]).get(ticket.pk, ())), None) if ticket.is_open else None
    owner = ticket.owner.name if ticket.owner else ""
    word = partner_word(TicketStatus(ticket.status))
    line = _line(ticket.pk, partner_subjects([ticket])[ticket.pk], word, owner, promised, asked.at)
    return Told(
        _("How your request #%(number)s stands") % {"number": ticket.pk},
        [line],
        ("portal-matter", (ticket.pk,)),
        [("ticket", ticket.pk)],
    )


def _line(
    number: int, subject: str, word: PartnerWord, owner: str, promised: Promised | None, at: datetime
) -> str:
    named = {"number": number, "subject": subject, "word": _WORDS[word], "owner": owner}
    parts = [_("#%(number)s “%(subject)s”: %(word)s.") % named]
    if owner:
        parts.append(_("With %(owner)s.") % named)
    if promised is not None and promised.due_at is not None:
        moment = {"moment": date_format(timezone.localtime(promised.due_at), "DATETIME_FORMAT")}
        if promised.is_late(at):
            parts.append(_("We promised an answer by %(moment)s and are late.") % moment)
        else:
            parts.append(_("We promised an answer by %(moment)s.") % moment)
    return " ".join(parts)
