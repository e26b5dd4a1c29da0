"""What the desk does once something happened in a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django_q.tasks import async_task

from otklik.desk.operations.assigning import CHUNK
from otklik.desk.operations.automation import queue_triggers
from otklik.desk.operations.colleagues import SUBJECTS, followed_among, tell_colleagues
from otklik.desk.operations.first_policy import begin_with_a_policy
from otklik.desk.operations.priorities import refresh_priorities
from otklik.desk.operations.routing import route_tickets
from otklik.desk.queries.automation import some_trigger_listens
from otklik.desk.rules.automation import EVENTS, TIME_PASSED
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import MESSAGE_RECEIVED, MESSAGE_SENT, TICKET_CREATED, TOPIC_CHANGED
from otklik.events.public import ALL_ORIGINS, Actor, DeliveredEvent, on, on_many
from otklik.kit.clock import now

# Mails are written in the transaction that remembers them; on SQLite nobody else writes meanwhile.
_WRITTEN_AT_ONCE = 50
# Who gives out tickets locks them first and then the profiles of agents: a second chunk in the same
# transaction would lock tickets with profiles in hand, and a deadlock with the next worker would end it.
_GIVEN_OUT_AT_ONCE = CHUNK


@on_many(TICKET_CREATED, name="desk.route_new", at_once=_GIVEN_OUT_AT_ONCE)
def find_owners(events: Sequence[DeliveredEvent]) -> None:
    route_tickets(_tickets(events), by=Actor.system(), at=now())


@on_many(TOPIC_CHANGED, name="desk.route_by_topic", at_once=_GIVEN_OUT_AT_ONCE)
def find_owners_by_topic(events: Sequence[DeliveredEvent]) -> None:
    route_tickets(_tickets(events), by=Actor.system(), at=now())


@on_many(MESSAGE_RECEIVED, name="desk.weigh_after_message")
def weigh(events: Sequence[DeliveredEvent]) -> None:
    refresh_priorities(_tickets(events), by=Actor.system(), at=now())


@on_many(TICKET_CREATED, name="desk.languages_of_new")
def read_first_words(events: Sequence[DeliveredEvent]) -> None:
    _read_languages([event for event in events if event.data.get("side") in OUTSIDE])


@on_many(MESSAGE_RECEIVED, name="desk.languages")
def read_words(events: Sequence[DeliveredEvent]) -> None:
    _read_languages(events)


@on_many(MESSAGE_SENT, name="desk.languages_of_sent")
def read_answers(events: Sequence[DeliveredEvent]) -> None:
    """Their readers may want them in another language."""
    _read_languages(events)


def _read_languages(events: Sequence[DeliveredEvent]) -> None:
    """In a job of its own: it reads a model, and nobody else writes until this transaction ends."""
    if ids := [event.data["message"] for event in events if event.data.get("message")]:
        async_task("otklik.desk.jobs.read_languages", ids)


@on("program.created", name="desk.first_policy", origins=ALL_ORIGINS)
def promise_something(event: DeliveredEvent) -> None:
    """A fresh installation has deadlines before anybody thought of them."""
    begin_with_a_policy(by=event.actor, at=now())


@on("user.deactivated", name="desk.hand_over")
def share_out_tickets(event: DeliveredEvent) -> None:
    """In a job of its own: hundreds of tickets are not one transaction."""
    async_task("otklik.desk.jobs.hand_over_of_left", event.subject("user"))


def _tell_colleagues(kind: str) -> None:
    @on_many(kind, name=f"desk.colleagues:{kind}", at_once=_WRITTEN_AT_ONCE)
    def tell(events: Sequence[DeliveredEvent]) -> None:
        tell_colleagues(events, at=now())


for _kind in sorted(set(SUBJECTS) - {MESSAGE_RECEIVED}):
    _tell_colleagues(_kind)


@on_many(MESSAGE_RECEIVED, name=f"desk.colleagues:{MESSAGE_RECEIVED}", at_once=_WRITTEN_AT_ONCE)
def tell_followers(events: Sequence[DeliveredEvent]) -> None:
    """Few tickets are followed, and mail comes by the hundred: one question for all of them."""
    followed = followed_among(_tickets(events))
    tell_colleagues([event for event in events if event.subject("ticket") in followed], at=now())


def _tell_triggers(kind: str) -> None:
    @on_many(kind, name=f"desk.triggers:{kind}", is_wanted=partial(some_trigger_listens, kind))
    def run(events: Sequence[DeliveredEvent]) -> None:
        queue_triggers(kind, events, at=now())


for _kind in sorted(EVENTS - {TIME_PASSED}):
    _tell_triggers(_kind)


def _tickets(events: Sequence[DeliveredEvent]) -> list[int]:
    return sorted({event.subject("ticket") for event in events})
