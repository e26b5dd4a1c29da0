"""What the loop does once something happened. Only what happens now: history that is imported, and a demo,
call nobody to work."""

from __future__ import annotations

from collections.abc import Sequence

from django_q.tasks import async_task

from otklik.events.public import ALL_ORIGINS, Actor, DeliveredEvent, Origin, on, on_many
from otklik.kit.clock import now
from otklik.loop.jobs import HEAR_ANSWERS, HEAR_MENTIONS, HEAR_SILENCE
from otklik.loop.models import Alert, AlertRule, ReAsk
from otklik.loop.operations.asks_handed_over import hand_over_asks
from otklik.loop.operations.beginning import begin_loop
from otklik.loop.operations.owning import hand_over, hand_over_from, hand_over_mention
from otklik.loop.operations.working import follow_promises


def _is_anybody_listening() -> bool:
    """Without rules nothing is looked at, and no job made of it."""
    return AlertRule.objects.filter(is_active=True).exists() or ReAsk.objects.exists()


def _hear(event_kind: str) -> None:
    @on_many(event_kind, name=f"loop.hear:{event_kind}", is_wanted=_is_anybody_listening)
    def hear(events: Sequence[DeliveredEvent]) -> None:
        # Words are read and rules asked outside of this transaction.
        async_task(HEAR_ANSWERS, sorted({event.subject("response") for event in events}))


for _kind in ("response.recorded", "response.changed"):
    _hear(_kind)


@on_many("mention.recorded", name="loop.hear_mentions", is_wanted=_is_anybody_listening)
def hear_mentions(events: Sequence[DeliveredEvent]) -> None:
    async_task(HEAR_MENTIONS, sorted({event.subject("mention") for event in events}))


@on("wave.closed", name="loop.hear_silence")
def hear_silence(event: DeliveredEvent) -> None:
    async_task(HEAR_SILENCE, event.subject("wave"))


@on("program.created", name="loop.begin", origins=ALL_ORIGINS)
def begin(event: DeliveredEvent) -> None:
    begin_loop(program_id=event.subject("program"), by=event.actor, at=now())


@on("mention.attached", name="loop.follow_mention")
def follow_mention(event: DeliveredEvent) -> None:
    mention_id = event.subject("mention")
    Alert.objects.filter(mention_id=mention_id, closed_at=None).update(partner_id=event.data["to"])
    hand_over_mention(mention_id=mention_id, by=Actor.system(), at=now())


# Whoever brings it: an open alert must not stay with somebody who has left the partner.
@on_many("partner.manager_changed", name="loop.hand_over", origins=frozenset({Origin.LIVE, Origin.IMPORT}))
def follow_managers(events: Sequence[DeliveredEvent]) -> None:
    partners = sorted({event.subject("partner") for event in events})
    hand_over(partner_ids=partners, by=Actor.system(), at=now())
    hand_over_asks(partner_ids=partners, by=Actor.system(), at=now())


@on("partner.merged", name="loop.hand_over_merged")
def follow_merged(event: DeliveredEvent) -> None:
    partners = [subject.id for subject in event.subjects if subject.noun == "partner"]
    hand_over(partner_ids=partners, by=Actor.system(), at=now())
    hand_over_asks(partner_ids=partners, by=Actor.system(), at=now())


# A role that is taken away may be the one that let them follow up, or see the partner.
@on("role.revoked", name="loop.hand_over_after_role")
@on("user.deactivated", name="loop.hand_over_from")
def follow_leavers(event: DeliveredEvent) -> None:
    hand_over_from(user_id=event.subject("user"), by=Actor.system(), at=now())
    hand_over_asks(user_id=event.subject("user"), by=Actor.system(), at=now())


def _follow_promises(event_kind: str) -> None:
    @on_many(event_kind, name=f"loop.follow:{event_kind}")
    def follow(events: Sequence[DeliveredEvent]) -> None:
        promises = sorted({event.subject("commitment") for event in events})
        follow_promises(commitment_ids=promises, by=Actor.system(), at=now())


for _kind in ("commitment.done", "commitment.dropped"):
    _follow_promises(_kind)
