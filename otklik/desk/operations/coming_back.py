"""The end of an absence: its person is told what is with others, and takes back what they choose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otklik.desk.models import Absence
from otklik.desk.operations.locking import TicketGone, TicketMergedAway, locked_ticket
from otklik.desk.operations.tickets import assign
from otklik.desk.queries.absences import WithOthers, just_over, with_others
from otklik.desk.rules.routing import Reason
from otklik.desk.rules.vocabulary import ABSENCE_ENDED
from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User, active_managers
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message as Mail
from otklik.partners.public import AlreadyErased, assign_manager

_MOST_NAMED = 10


def end_due_absences(*, at: datetime) -> int:
    """The job: how many were told. Nothing moves by it: whether the partner changes hands again is for the
    two to say."""
    return sum(_end(absence, at) for absence in just_over(at))


@transaction.atomic
def _end(absence: Absence, at: datetime) -> bool:
    found = with_others(absence)
    if not queue_mail(key=f"desk-back:{absence.pk}", message=_to_person(absence, found), at=at):
        return False
    for other in _others(found, absence):
        queue_mail(key=f"desk-back:{absence.pk}:{other.pk}", message=_to_other(absence, other, found), at=at)
    data = {"absence": absence.pk, "tickets": len(found.tickets), "partners": len(found.partners)}
    record(ABSENCE_ENDED, by=Actor.system(), at=at, subjects=[Subject("user", absence.user_id)], data=data)
    return True


def take_back(
    *,
    absence_id: int,
    ticket_ids: Collection[int],
    partner_ids: Collection[int],
    by: Actor,
    at: datetime,
) -> tuple[int, int]:
    """How many tickets and partners are theirs again; what somebody moved meanwhile stays where it is. A
    transaction for each. Raises Absence.DoesNotExist."""
    absence = Absence.objects.get(pk=absence_id)
    found = with_others(absence)
    tickets = sum(
        _take(ticket.pk, ticket.owner_id, absence.user_id, by=by, at=at)
        for ticket in found.tickets
        if ticket.pk in ticket_ids
    )
    partners = 0
    if active_managers().filter(pk=absence.user_id).exists():
        for partner in found.partners:
            if partner.pk in partner_ids:
                partners += _manage(partner.pk, absence.user_id, by=by, at=at)
    return tickets, partners


@transaction.atomic
def _take(ticket_id: int, from_id: int | None, to_id: int, *, by: Actor, at: datetime) -> bool:
    try:
        ticket = locked_ticket(ticket_id)
    except (TicketGone, TicketMergedAway):
        return False
    if ticket.owner_id != from_id or not ticket.is_open:
        return False
    assign(ticket_id=ticket_id, owner_id=to_id, reason=Reason.BACK, by=by, at=at)
    return True


def _manage(partner_id: int, manager_id: int, *, by: Actor, at: datetime) -> bool:
    try:
        assign_manager(partner_id=partner_id, manager_id=manager_id, by=by, at=at)
    except AlreadyErased:
        return False
    return True


def _others(found: WithOthers, absence: Absence) -> list[User]:
    people = {t.owner.pk: t.owner for t in found.tickets if t.owner}
    people |= {p.manager.pk: p.manager for p in found.partners if p.manager}
    if absence.deputy is not None and absence.deputy.is_active:
        people.setdefault(absence.deputy.pk, absence.deputy)
    return [person for pk, person in sorted(people.items()) if person.is_active]


def _to_person(absence: Absence, found: WithOthers) -> Mail:
    with translation.override(absence.user.language):
        parts = [_("Welcome back.")]
        if found:
            link = settings.OTKLIK.public_url + reverse("absence-end", args=[absence.pk])
            parts += [_("This is with others still:"), _listed(found)]
            parts.append(_("Take it back with one click, or leave it where it is:") + f"\n{link}")
        else:
            parts.append(_("Nothing of yours is with others."))
        subject = _("You are back: what was handed over meanwhile")
    return Mail(to=absence.user.email, subject=subject, text="\n\n".join(parts) + "\n")


def _to_other(absence: Absence, other: User, found: WithOthers) -> Mail:
    theirs = WithOthers(
        [t for t in found.tickets if t.owner_id == other.pk],
        [p for p in found.partners if p.manager_id == other.pk],
    )
    with translation.override(other.language):
        subject = _("%(name)s is back") % {"name": absence.user.name}
        parts = [_("Your colleague is back at work.")]
        if theirs:
            parts += [_("This is with you still, and they may take it back:"), _listed(theirs)]
    return Mail(to=other.email, subject=subject, text="\n\n".join(parts) + "\n")


def _listed(found: WithOthers) -> str:
    """In the active language."""
    lines = [f"#{ticket.pk} {ticket.subject}" for ticket in found.tickets[:_MOST_NAMED]]
    more = len(found.tickets) - len(lines)
    if more > 0:
        lines.append(ngettext("and %(n)s ticket more", "and %(n)s tickets more", more) % {"n": more})
    names = ", ".join(partner.name for partner in found.partners[:_MOST_NAMED])
    if names:
        rest = len(found.partners) - _MOST_NAMED
        lines.append(_("Partners: %(names)s") % {"names": f"{names} +{rest}" if rest > 0 else names})
    return "\n".join(lines)
