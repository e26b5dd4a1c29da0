"""Telling a colleague whose mail was kept as an internal note: they believe that the partner has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otklik.desk.access import visible_tickets
from otklik.desk.models import Ticket
from otklik.identity.public import User
from otklik.jobs.public import queue_mail
from otklik.kit.mail import Message as Mail


class KeptBecause(StrEnum):
    UNPROVED = "unproved"
    """It did not come by an address that was given to this colleague."""
    NOT_ALLOWED = "not_allowed"
    """They may not answer this ticket (any more)."""
    THIRD_SIDE = "third_side"
    """An end customer takes part: a mail does not say for whom it is."""
    CLOSED = "closed"
    NOBODY = "nobody"
    """No address of anybody outside is known."""


_WHY: Mapping[KeptBecause, Promise] = {
    KeptBecause.UNPROVED: gettext_lazy(
        "Nothing proves that it was you: answer the mails that Otklik sends you, or write on the ticket's "
        "page. If you did not write this mail, tell your administrator."
    ),
    KeptBecause.NOT_ALLOWED: gettext_lazy("You may not answer this ticket any more."),
    KeptBecause.THIRD_SIDE: gettext_lazy(
        "An end customer takes part by now, and a mail does not say whether it is for the partner or for "
        "them. Answer on the ticket's page, where you choose."
    ),
    KeptBecause.CLOSED: gettext_lazy(
        "The ticket was closed. Open it again and answer on its page, or begin a new ticket."
    ),
    KeptBecause.NOBODY: gettext_lazy(
        "No address of anybody outside is known in this ticket. Add somebody on its page, and answer there."
    ),
}


def tell_kept(*, user_id: int, ticket_id: int, mail_id: int, why: KeptBecause, at: datetime) -> bool:
    """Whether they were told now. Of mails that prove nothing once a day and ticket: whoever forges them must
    not flood the one they are forged for."""
    person = User.objects.filter(pk=user_id, is_active=True).prefetch_related("grants", "teams").first()
    if person is None:
        return False
    occasion = f"{ticket_id}:{at:%Y-%m-%d}" if why is KeptBecause.UNPROVED else f"mail:{mail_id}"
    mail = _mail(person, ticket_id, why)
    return queue_mail(key=f"desk-kept:{user_id}:{occasion}", message=mail, at=at)


def _mail(person: User, ticket_id: int, why: KeptBecause) -> Mail:
    seen: Ticket | None = visible_tickets(person).filter(pk=ticket_id).first()
    with translation.override(person.language):
        subject = _("Your mail in ticket #%(number)s did not go to the partner") % {"number": ticket_id}
        parts = [_("It was kept as an internal note."), str(_WHY[why])]
    if seen is not None:
        # What the ticket is about is only for who may still see it.
        link = settings.OTKLIK.public_url + reverse("ticket", args=[ticket_id])
        parts.append(f"#{ticket_id} {seen.subject}\n{link}")
    return Mail(to=person.email, subject=subject, text="\n\n".join(parts) + "\n")
