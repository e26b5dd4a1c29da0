"""What assist does once something happened elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from django_q.tasks import async_task

from otklik.assist.jobs import ANSWER
from otklik.assist.operations.mail import CHANNELS
from otklik.assist.operations.money_news import FAILED, tell_of_hold, tell_of_payout
from otklik.assist.queries.understanding import some_model_is_taught
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, on, on_many
from otklik.kit.clock import now

_CHANNELS = {channel.value for channel in CHANNELS}


@on_many("ticket.created", name="assist.answer_new", is_wanted=some_model_is_taught)
def answer_new(events: Sequence[DeliveredEvent]) -> None:
    """In a job of its own: what a text means is not found out inside a transaction."""
    ids = [
        event.subject("ticket")
        for event in events
        if event.data.get("channel") in _CHANNELS and not event.data.get("follow_up_of")
    ]
    if ids:
        async_task(ANSWER, ids)


def _tell_of_payouts(kind: str) -> None:
    @on(kind, name=f"assist.notice:{kind}")
    def tell(event: DeliveredEvent) -> None:
        notice = event.data.get("notice", "")
        payout_id = event.subject("payout")
        tell_of_payout(kind=event.kind, notice=notice, payout_id=payout_id, event_id=event.id, at=now())


for _kind in ("payout.notice_due", "payout.delayed", *FAILED):
    _tell_of_payouts(_kind)


@on("hold.notice_due", name="assist.notice:hold.notice_due")
def tell_about_hold(event: DeliveredEvent) -> None:
    notice = event.data.get("notice", "")
    tell_of_hold(notice=notice, hold_id=event.subject("hold"), event_id=event.id, at=now())


@on("program.created", name="assist.first_lesson", origins=ALL_ORIGINS)
def learn(event: DeliveredEvent) -> None:
    async_task("otklik.assist.jobs.first_lesson")
