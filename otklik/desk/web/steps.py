"""What may be done with a ticket as it stands, in words: only steps that will be taken are offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from otklik.desk import labels
from otklik.desk.operations.automation import MacroFailed
from otklik.desk.operations.bulk import Skipped
from otklik.desk.operations.tickets import NotAllowed
from otklik.desk.queries.absences import away_now
from otklik.desk.rules.statuses import next_statuses, reachable_statuses
from otklik.desk.rules.vocabulary import OPEN_STATUSES, Side, TicketStatus
from otklik.desk.web.settings import words
from otklik.identity.public import active_staff

Choices = Sequence[tuple[str, str]]
# Numbers in a message; the others are counted.
_MOST_NAMED = 8

_AFTER_REPLY: Mapping[TicketStatus, Promise] = {
    TicketStatus.WAITING: gettext_lazy("then wait for the partner"),
    TicketStatus.SOLVED: gettext_lazy("then mark as solved"),
    TicketStatus.ON_HOLD: gettext_lazy("then put on hold"),
}
_SKIPPED: Mapping[Skipped, Promise] = {
    Skipped.GONE: pgettext_lazy("ticket", "no longer there"),
    Skipped.MERGED: gettext_lazy("merged into another ticket meanwhile"),
    Skipped.NOT_ALLOWED: gettext_lazy("the present status does not lead there"),
    Skipped.NO_SUCH_OWNER: gettext_lazy("this person no longer works here"),
    Skipped.NO_SUCH_TOPIC: gettext_lazy("this topic is no longer there"),
}


def status_choices(status: TicketStatus) -> Choices:
    """The present one first: it is what the list shows until another is chosen."""
    return [(step.value, str(labels.STATUS[step])) for step in (status, *next_statuses(status, Side.STAFF))]


def after_reply_choices(status: TicketStatus) -> Choices:
    """A reply into a closed ticket opens it: there is nothing to choose."""
    again = (TicketStatus.OPEN.value, _("and open the ticket again"))
    if status is TicketStatus.CLOSED:
        return [again]
    steps = {status, *next_statuses(status, Side.STAFF)}
    choices = [("", _("leave the status to the rules"))]
    choices += [(step.value, str(text)) for step, text in _AFTER_REPLY.items() if step in steps]
    return choices if status in OPEN_STATUSES else [*choices, again]


def reachable_choices() -> Choices:
    """For many tickets at once, and for rules: nothing goes back to "new"."""
    return [(step.value, str(labels.STATUS[step])) for step in reachable_statuses(Side.STAFF)]


def owner_choices(at: datetime) -> Sequence[tuple[int, str]]:
    """Who is away is seen to be, and so is that they are back. Two queries."""
    away = away_now(at)
    return [
        (pk, _("%(name)s (away)") % {"name": name} if pk in away else name)
        for pk, name in active_staff().values_list("pk", "name")
    ]


def refusal(found: NotAllowed) -> str:
    steps = [str(labels.STATUS[step]) for step in next_statuses(found.before, Side.STAFF)]
    return _("The ticket is “%(before)s”: from there it can only become %(steps)s.") % {
        "before": labels.STATUS[found.before],
        "steps": ", ".join(f"“{step}”" for step in steps),
    }


def macro_refusal(name: str, found: MacroFailed) -> str:
    if found.kind is None:
        text = _("“%(name)s” cannot be read any more: write it anew. Nothing was changed.")
        return text % {"name": name}
    return _("“%(name)s” stopped at “%(step)s”: %(why)s. Nothing was changed.") % {
        "name": name,
        "step": words.ACTION[found.kind],
        "why": words.WHY[found.why],
    }


def skipped_words(skipped: Mapping[int, Skipped]) -> Iterable[str]:
    """A line for each reason, with the numbers of the tickets."""
    for why in Skipped:
        ids = [pk for pk, reason in skipped.items() if reason is why]
        if ids:
            yield ngettext(
                "%(n)s ticket stayed as it was (%(numbers)s): %(why)s.",
                "%(n)s tickets stayed as they were (%(numbers)s): %(why)s.",
                len(ids),
            ) % {"n": len(ids), "numbers": _numbers(ids), "why": _SKIPPED[why]}


def _numbers(ids: Sequence[int]) -> str:
    named = ", ".join(f"#{pk}" for pk in ids[:_MOST_NAMED])
    return f"{named}…" if len(ids) > _MOST_NAMED else named
