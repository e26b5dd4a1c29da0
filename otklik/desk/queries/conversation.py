"""What a ticket's page shows: its messages, and the people who have it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from otklik.desk.access import untold_money, visible_tickets
from otklik.desk.models import Callback, Clock, Draft, Message, SubRequest, Ticket, TicketLink, Viewing
from otklik.desk.operations.translators import is_translating
from otklik.desk.queries.columns import own_columns
from otklik.desk.queries.doors import is_only_typed
from otklik.desk.queries.flags import warnings_of
from otklik.desk.queries.sides import family_ids, newest_messages
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import HISTORY, ClockState, MessageKind, Side
from otklik.identity.public import User

PAGE_SIZE = 30
# All of a message, and the names of its people: what else is known of them is thirty columns more.
_SHOWN = (*own_columns(Message), "author__name", "contact__name", "customer__name")
# A page says every 20 seconds that it is open; after a missed one it counts as closed.
STALE = timedelta(seconds=50)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages oldest first; ``earlier`` is the id to go on before, None at the beginning."""

    messages: list[Message]
    earlier: int | None
    newest: int
    warnings: Mapping[int, list[str]]
    """By message: what was odd about how it got here."""
    has_translations: bool = False
    is_translated: bool = False
    """Whether somebody translates: then what is in no language of the reader may be asked for."""
    untold: frozenset[int] = frozenset()
    """Messages about money that the reader may not read; nor, then, what the others quote."""

    def shows_history(self, message: Message) -> bool:
        """What it quotes, and the whole of it as it was written."""
        return not (message.quote and self.untold)

    @property
    def answering(self) -> Side | None:
        """Whoever outside wrote last: whom a reply is for, unless its writer says otherwise."""
        heard = (m for m in reversed(self.messages) if m.kind == MessageKind.INCOMING and m.side in OUTSIDE)
        last = next(heard, None)
        return Side(last.side) if last else None


def conversation(
    ticket: Ticket,
    *,
    reader: User,
    before: int | None = None,
    has_merged: bool = True,
    has_translator: bool = True,
) -> Conversation:
    """The newest messages of a ticket, or those before one of them. Five queries, however long the thread,
    two with translations, one where something is quoted, and one more for each ticket merged into it.
    ``has_merged``, ``has_translator``: False if it is known that there are none."""
    family = family_ids(ticket.pk) if has_merged else [ticket.pk]
    if len(family) == 1:
        rows = Message.objects.filter(ticket=ticket)
    else:
        # Tickets that were merged into this one keep their messages; staff read them as one conversation.
        rows = Message.objects.filter(pk__in=newest_messages(family, limit=PAGE_SIZE + 1, before=before))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("author", "contact", "customer").only(*_SHOWN)
    rows = rows.prefetch_related("attachments__blob", *(["translations"] if has_translator else []))
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    earlier = shown[-1].pk if len(found) > PAGE_SIZE else None
    warnings = warnings_of(family)
    for message in shown:
        if is_only_typed(message):
            warnings.setdefault(message.pk, []).append(
                _("The address was typed into a form: nothing proves it.")
            )
    newest = shown[0].pk if shown else 0
    is_translated = has_translator and is_translating()
    is_asked = any(message.quote or message.about_money for message in shown)
    untold = untold_money(reader, [*family, ticket.follow_up_of_id]) if is_asked else frozenset()
    return Conversation(shown[::-1], earlier, newest, warnings, has_translator, is_translated, untold)


def open_clocks(ticket: Ticket) -> list[Clock]:
    """What is still owed, and what was missed, the nearest first."""
    ended = (ClockState.MET, ClockState.CANCELLED)
    return list(Clock.objects.filter(ticket=ticket).exclude(state__in=ended).order_by("due_at", "pk"))


def others_at(ticket: Ticket, user: User, *, now: datetime) -> list[Viewing]:
    rows = Viewing.objects.filter(ticket=ticket, seen_at__gt=now - STALE).exclude(user=user)
    return list(rows.select_related("user").order_by("-is_writing", "pk"))


def draft_of(ticket: Ticket, user: User) -> Draft | None:
    return Draft.objects.filter(ticket=ticket, user=user).prefetch_related("attachments").first()


def questions_of(ticket: Ticket) -> list[SubRequest]:
    rows = SubRequest.objects.filter(ticket=ticket)
    return list(rows.select_related("team", "asked_by", "answered_by").order_by("pk"))


def callbacks_of(ticket: Ticket) -> list[Callback]:
    return list(Callback.objects.filter(ticket=ticket, done_at=None).order_by("due_at", "pk"))


@dataclass(frozen=True, slots=True)
class Linked:
    id: int
    ticket: Ticket
    kind: str
    leads_here: bool

    @property
    def is_history(self) -> bool:
        """It tells of something that happened, so it stays."""
        return self.kind in HISTORY


def links_of(ticket: Ticket, user: User) -> list[Linked]:
    """Tickets this one is tied to in either direction, as far as this person sees them."""
    ahead = TicketLink.objects.filter(source=ticket).values_list("pk", "target_id", "kind")
    back = TicketLink.objects.filter(target=ticket).values_list("pk", "source_id", "kind")
    # By their ids: "in all that I see" as a subquery makes SQLite walk through all the tickets there are.
    ends = [(*end, False) for end in ahead] + [(*end, True) for end in back]
    seen = visible_tickets(user).in_bulk({end[1] for end in ends}) if ends else {}
    return [
        Linked(link_id, seen[other], kind, leads_here)
        for link_id, other, kind, leads_here in ends
        if other in seen
    ]


def open_matters(ticket: Ticket, user: User, *, limit: int = 6) -> list[Ticket]:
    """Other open tickets of the same partner, the latest first."""
    if ticket.partner_id is None:
        return []
    rows = visible_tickets(user).filter(partner_id=ticket.partner_id, is_open=True, merged_into=None)
    rows = rows.exclude(pk=ticket.pk).only("subject", "status")
    return list(rows.order_by("-updated_at", "pk")[:limit])
