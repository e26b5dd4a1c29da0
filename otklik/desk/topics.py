"""Who may hear that a ticket changed while its page is open."""

from __future__ import annotations

from otklik.desk.access import visible_tickets
from otklik.identity.public import Right, User
from otklik.kit.registry import TopicGuard, topic_guards


def register() -> None:
    topic_guards.add(TopicGuard("ticket", may_watch_ticket))
    topic_guards.add(TopicGuard("call", may_hear_calls))


def may_watch_ticket(user: User, which: str) -> bool:
    """A star says only that some ticket changed; the list that is then fetched holds one's own rows."""
    if which == "*":
        return user.may(Right.SEE_TICKETS)
    return which.isdigit() and visible_tickets(user).filter(pk=int(which)).exists()


def may_hear_calls(user: User, which: str) -> bool:
    """One's own calls, and those to everybody (0)."""
    return user.may(Right.ANSWER_TICKETS) and which in ("0", str(user.pk))
