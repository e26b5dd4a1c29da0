"""What the inbox and the page of a ticket show, read with a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from otklik.desk import labels
from otklik.desk.access import answerable_sub_requests, answerable_tickets
from otklik.desk.models import (
    Callback,
    Clock,
    Draft,
    Follower,
    Macro,
    Participant,
    Rating,
    SavedView,
    SubRequest,
    Tag,
    Ticket,
    Topic,
    Viewing,
)
from otklik.desk.queries.beside import Beside, what_stands_beside
from otklik.desk.queries.conversation import (
    Conversation,
    Linked,
    callbacks_of,
    conversation,
    draft_of,
    links_of,
    open_clocks,
    open_matters,
    others_at,
    questions_of,
)
from otklik.desk.queries.duplicates import Likely, likely_duplicates
from otklik.desk.queries.inbox import COUNT_CAP, inbox_page, read_cursor, view_counts
from otklik.desk.queries.inbox_filter import InboxFilter, Order, View, read_filter
from otklik.desk.queries.outside import beside_the_requester
from otklik.desk.rules.vocabulary import Channel, Priority, TicketStatus
from otklik.desk.web.filter_words import Chip, chips_of, days_trouble
from otklik.desk.web.inbox_rows import draw_rows
from otklik.desk.web.reply_translation import ReplyTranslation, reply_translation
from otklik.desk.web.steps import after_reply_choices, owner_choices, reachable_choices, status_choices
from otklik.identity.public import Right, StaffRequest, Team, User
from otklik.kit.registry import contact_providers, gather, partner_providers, render_panels, ticket_panels
from otklik.partners.public import visible_programs

MOST_TABS = 12
TABS = "desk_tabs"


@dataclass(frozen=True, slots=True)
class ViewLine:
    name: str
    label: str
    url: str
    count: str
    is_current: bool
    saved_id: int | None = None
    may_remove: bool = False


@dataclass(frozen=True, slots=True)
class InboxShown:
    chosen: InboxFilter
    heading: str
    views: list[ViewLine]
    saved: list[ViewLine]
    trouble: str
    chips: list[Chip]
    rows: SafeString
    next_url: str
    is_first: bool
    choices: dict[str, Sequence[tuple[Any, Any]]]
    may_answer: bool
    may_manage: bool
    query: str


def inbox_shown(request: StaffRequest, *, now: datetime) -> InboxShown:
    user = request.user
    may_answer = user.may(Right.ANSWER_TICKETS)
    chosen = read_filter(request.GET, default=View.MINE if may_answer else View.OPEN)
    after = read_cursor(request.GET.get("after", ""))
    page = inbox_page(user, chosen, after=after, now=now)
    saved = _saved_lines(user, request.GET.get("saved", ""))
    return InboxShown(
        chosen=chosen,
        heading=next((line.label for line in saved if line.is_current), str(labels.VIEW[chosen.view])),
        views=_view_lines(user, chosen, now=now, lit=not any(line.is_current for line in saved)),
        saved=saved,
        trouble=days_trouble(request.GET),
        chips=chips_of(chosen, user),
        rows=draw_rows(page.tickets, choosable=may_answer, now=now),
        next_url="?" + urlencode({**chosen.as_query(), "after": str(page.next)}) if page.next else "",
        is_first=after is None,
        choices=inbox_choices(user, chosen, now),
        may_answer=may_answer,
        may_manage=user.may(Right.MANAGE_DESK),
        query=urlencode(chosen.as_query()),
    )


def _view_lines(user: User, chosen: InboxFilter, *, now: datetime, lit: bool) -> list[ViewLine]:
    # The count of everything would say nothing, so that view has none.
    counted = [view for view in View if view is not View.ALL]
    counts = view_counts(user, counted, now=now)
    return [
        ViewLine(
            name=view,
            label=str(labels.VIEW[view]),
            url=f"{reverse('inbox')}?view={view}",
            count=_capped(counts.get(view, 0)),
            is_current=lit and view is chosen.view,
        )
        for view in View
    ]


def _saved_lines(user: User, current: str) -> list[ViewLine]:
    rows = SavedView.objects.filter(Q(owner=user) | Q(owner=None))
    return [
        ViewLine(
            name=f"saved-{row.pk}",
            label=row.name,
            url=f"{reverse('inbox')}?{urlencode({**row.filters, 'saved': row.pk})}",
            count="",
            is_current=current == str(row.pk),
            saved_id=row.pk,
            may_remove=row.owner_id == user.pk or user.may(Right.MANAGE_DESK),
        )
        for row in rows[:30]
    ]


def _capped(count: int) -> str:
    if count >= COUNT_CAP:
        return f"{COUNT_CAP - 1}+"
    return str(count) if count else ""


def inbox_choices(user: User, chosen: InboxFilter, now: datetime) -> dict[str, Sequence[tuple[Any, Any]]]:
    return {
        "status": [(status.value, labels.STATUS[status]) for status in TicketStatus],
        "next_status": reachable_choices(),
        "priority": [(priority.value, labels.PRIORITY[priority]) for priority in labels.PRIORITY],
        "channel": [(channel.value, labels.CHANNEL[channel]) for channel in Channel],
        "order": [(order.value, labels.ORDER[order]) for order in Order],
        "topic": topic_choices(chosen.topic),
        "team": list(Team.objects.values_list("pk", "name")),
        "owner": owner_choices(now),
        "program": list(visible_programs(user).order_by("name", "pk").values_list("pk", "name")),
    }


def topic_choices(also: int | None = None) -> list[tuple[int, str]]:
    """``also``: one that is chosen already, though it may be offered no more."""
    from otklik.desk.templatetags.desk_words import named_topic

    rows = Topic.objects.filter(Q(is_active=True) | Q(pk=also)).values_list("pk", "key", "names")
    return [(pk, named_topic(key, names)) for pk, key, names in rows]


@dataclass(frozen=True, slots=True)
class Tab:
    id: int
    label: str
    is_current: bool


def open_tab(request: StaffRequest, ticket: Ticket) -> list[Tab]:
    """The tickets this person has open, this one among them; the oldest gives way."""
    ids = [pk for pk in request.session.get(TABS, []) if isinstance(pk, int)]
    if ticket.pk not in ids:
        ids = [*ids, ticket.pk][-MOST_TABS:]
        request.session[TABS] = ids
    names = {ticket.pk: ticket.subject}
    if others := [pk for pk in ids if pk != ticket.pk]:
        names |= dict(answerable_tickets(request.user).filter(pk__in=others).values_list("pk", "subject"))
    return [Tab(pk, names[pk], pk == ticket.pk) for pk in ids if pk in names]


def close_tab(request: StaffRequest, ticket_id: int) -> int | None:
    """The tab to show next, if any is left."""
    ids = [pk for pk in request.session.get(TABS, []) if pk != ticket_id]
    request.session[TABS] = ids
    return ids[-1] if ids else None


@dataclass(frozen=True, slots=True)
class TicketShown:
    ticket: Ticket
    conversation: Conversation
    clocks: list[Clock]
    draft: Draft | None
    questions: list[SubRequest]
    answerable_questions: frozenset[int]
    callbacks: list[Callback]
    links: list[Linked]
    others: list[Viewing]
    matters: list[Ticket]
    duplicates: list[Likely]
    followers: list[Follower]
    participants: list[Participant]
    tags: list[Tag]
    rating: Rating | None
    macros: list[Macro]
    tabs: list[Tab]
    panels: list[str]
    partner_facts: list[tuple[Any, Any]]
    contact_facts: list[tuple[Any, Any]]
    choices: dict[str, Sequence[tuple[Any, Any]]]
    is_followed: bool
    has_news_for_reader: bool
    translation: ReplyTranslation | None
    may_answer: bool
    may_manage: bool
    now: datetime


def ticket_shown(request: StaffRequest, ticket: Ticket, *, now: datetime) -> TicketShown:
    """Only what stands beside the ticket is asked for in full."""
    user, there = request.user, what_stands_beside(ticket.pk, request.user.pk)
    followers = _followers(ticket) if Beside.FOLLOWERS in there else []
    merged, translator = Beside.MERGED in there, Beside.TRANSLATOR in there
    said = conversation(ticket, reader=user, has_merged=merged, has_translator=translator)
    draft = draft_of(ticket, user) if Beside.DRAFT in there else None
    may_answer = user.may(Right.ANSWER_TICKETS) and ticket.merged_into_id is None
    return TicketShown(
        ticket=ticket,
        conversation=said,
        clocks=open_clocks(ticket),
        draft=draft,
        questions=questions_of(ticket) if Beside.QUESTIONS in there else [],
        answerable_questions=_answerable_questions(ticket, user, there),
        callbacks=callbacks_of(ticket) if Beside.CALLBACKS in there else [],
        links=links_of(ticket, user) if Beside.LINKS in there else [],
        others=others_at(ticket, user, now=now) if Beside.OTHERS in there else [],
        matters=open_matters(ticket, user),
        duplicates=likely_duplicates(ticket, user),
        followers=followers,
        participants=list(beside_the_requester(ticket)[:50]),
        tags=list(ticket.tags.all()) if Beside.TAGS in there else [],
        rating=Rating.objects.filter(ticket=ticket).first() if Beside.RATING in there else None,
        macros=list(Macro.objects.filter(Q(owner=user) | Q(owner=None), is_active=True)),
        tabs=open_tab(request, ticket),
        panels=render_panels(ticket_panels, request, ticket, user.rights),
        partner_facts=_facts(partner_providers, ticket.partner_id, user),
        contact_facts=_facts(contact_providers, ticket.contact_id, user),
        choices=ticket_choices(ticket, now),
        is_followed=any(follower.user_id == user.pk for follower in followers),
        has_news_for_reader=Beside.MENTIONS in there,
        translation=reply_translation(ticket, user, said, draft) if may_answer else None,
        may_answer=may_answer,
        may_manage=user.may(Right.MANAGE_DESK),
        now=now,
    )


def _followers(ticket: Ticket) -> list[Follower]:
    return list(Follower.objects.filter(ticket=ticket).select_related("user"))


def _answerable_questions(ticket: Ticket, user: User, there: Collection[Beside]) -> frozenset[int]:
    if ticket.merged_into_id is not None or Beside.QUESTIONS not in there:
        return frozenset()
    return frozenset(answerable_sub_requests(user).filter(ticket=ticket).values_list("pk", flat=True))


def ticket_choices(ticket: Ticket, now: datetime) -> dict[str, Sequence[tuple[Any, Any]]]:
    status = TicketStatus(ticket.status)
    return {
        "status": status_choices(status),
        "after_reply": after_reply_choices(status),
        "priority": [(priority.value, labels.PRIORITY[priority]) for priority in Priority],
        "topic": topic_choices(),
        "team": list(Team.objects.values_list("pk", "name")),
        "owner": owner_choices(now),
    }


def _facts(providers: Any, object_id: int | None, user: User) -> list[tuple[Any, Any]]:
    """What upper rooms know about the partner or the person, as far as the reader may see it."""
    if object_id is None:
        return []
    allowed = [p for p in providers if p.label and (p.right is None or p.right in user.rights)]
    values = gather(providers, [object_id], [p.name for p in allowed])
    return [(p.label, values[p.name][object_id]) for p in allowed if object_id in values[p.name]]
