"""Which tickets somebody may see and answer. Pages and the API get them only through here: what is outside
is not found."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from otklik.desk.models import Follower, Mention, Message, SubRequest, Ticket
from otklik.desk.rules.vocabulary import SubRequestState
from otklik.identity.public import Right, User
from otklik.partners.public import visible_partners


def visible_tickets(user: User) -> QuerySet[Ticket]:
    """Without SEE_ALL_TICKETS: own and followed ones, those of one's teams or in which a team of theirs is
    asked, those one was mentioned in, and with SEE_PARTNER_TICKETS those of the partners one sees."""
    if not user.may(Right.SEE_TICKETS):
        return Ticket.objects.none()
    if user.may(Right.SEE_ALL_TICKETS):
        return Ticket.objects.all()
    return Ticket.objects.filter(_concerns(user))


def sees_all_of_partners(user: User) -> bool:
    """Whether they see every ticket of each partner they see."""
    return user.may(Right.SEE_TICKETS) and (
        user.may(Right.SEE_ALL_TICKETS) or user.may(Right.SEE_PARTNER_TICKETS)
    )


def visible_one_by_one(user: User) -> QuerySet[Ticket]:
    """The same tickets, for lists that are walked in their own order with a look at each: no index answers a
    CASE. Otherwise SQLite gathers all that somebody sees, which may be most of the tickets there are, to show
    fifty of them."""
    if not user.may(Right.SEE_TICKETS) or user.may(Right.SEE_ALL_TICKETS):
        return visible_tickets(user)
    concerns = Case(
        When(_concerns(user), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return Ticket.objects.filter(concerns)


def answerable_tickets(user: User) -> QuerySet[Ticket]:
    """A ticket that was merged away is answered in its survivor."""
    found = visible_tickets(user) if user.may(Right.ANSWER_TICKETS) else Ticket.objects.none()
    return found.filter(merged_into=None)


def visible_messages(user: User) -> QuerySet[Message]:
    """Staff see every side of a ticket they see; partners and customers never come through here."""
    if not user.may(Right.SEE_TICKETS):
        return Message.objects.none()
    rows = Message.objects.filter(money_scope(user))
    if user.may(Right.SEE_ALL_TICKETS):
        return rows
    seen = visible_tickets(user).values("pk")
    # What was said in a ticket merged into one they see is read there.
    merged = Ticket.objects.filter(merged_into_id__in=seen).values("pk")
    return rows.filter(Q(ticket_id__in=seen) | Q(ticket_id__in=merged))


def answerable_sub_requests(user: User) -> QuerySet[SubRequest]:
    """Open questions that this person may answer or pass on: of their own teams, and any in a ticket they own
    or lead the desk of."""
    if not user.may(Right.ANSWER_TICKETS):
        return SubRequest.objects.none()
    found = SubRequest.objects.filter(state=SubRequestState.ASKED)
    if user.may(Right.MANAGE_DESK):
        return found.filter(ticket__in=visible_tickets(user).values("pk"))
    teams = list(user.teams.values_list("pk", flat=True))
    return found.filter(Q(team_id__in=teams) | Q(ticket__owner=user))


def ticket_scope(user: User) -> Q:
    """The same rows as a condition on search documents of kind "ticket"."""
    if user.may(Right.SEE_TICKETS) and user.may(Right.SEE_ALL_TICKETS):
        return Q()
    return _looked_at(visible_tickets(user).filter(pk=OuterRef("object_id")))


def money_scope(user: User) -> Q:
    """As a condition on messages: what a machine told about money is for whoever sees the partner's."""
    if not user.may(Right.SEE_MONEY):
        return Q(about_money=False)
    if user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(about_money=False) | Q(ticket__partner_id__in=visible_partners(user).values("pk"))


def untold_money(user: User, ticket_ids: Collection[int | None]) -> frozenset[int]:
    """Messages about money in these tickets which this person may not read: what quotes them is not theirs
    either. One query, none for whoever sees all money."""
    if user.may(Right.SEE_MONEY) and user.may(Right.SEE_ALL_PARTNERS):
        return frozenset()
    ids = [pk for pk in ticket_ids if pk is not None]
    told = Message.objects.filter(about_money=True, ticket_id__in=ids).exclude(money_scope(user))
    return frozenset(told.values_list("pk", flat=True))


def message_scope(user: User) -> Q:
    if user.may(Right.SEE_TICKETS) and user.may(Right.SEE_ALL_TICKETS):
        return Q()
    if not user.may(Right.SEE_TICKETS):
        return _looked_at(Message.objects.none())
    read_in = Q(pk=OuterRef("ticket_id")) | Q(pk=OuterRef("ticket__merged_into_id"))
    seen = Exists(visible_tickets(user).filter(read_in))
    return _looked_at(Message.objects.filter(seen, pk=OuterRef("object_id")))


def _looked_at(one: QuerySet[Ticket] | QuerySet[Message]) -> Q:
    """PostgreSQL would make a join of a bare EXISTS and gather all that somebody sees, for the sake of a few
    documents."""
    return Q(Case(When(Exists(one), then=Value(True)), default=Value(False), output_field=BooleanField()))


def _concerns(user: User) -> Q:
    # Subqueries instead of joins: each side of the OR has an index of its own, and no row comes twice.
    teams = list(user.teams.values_list("pk", flat=True))
    asked = SubRequest.objects.filter(team_id__in=teams).values("ticket_id")
    followed = Follower.objects.filter(user=user).values("ticket_id")
    mentioned = Mention.objects.filter(user=user).values("message__ticket_id")
    mine = Q(owner=user) | Q(team_id__in=teams) | Q(pk__in=asked) | Q(pk__in=followed) | Q(pk__in=mentioned)
    if user.may(Right.SEE_PARTNER_TICKETS):
        mine |= Q(partner_id__in=visible_partners(user).values("pk"))
    return mine
