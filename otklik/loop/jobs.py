"""What workers do for the loop. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.events.public import Actor
from otklik.jobs.public import every
from otklik.kit.clock import now
from otklik.loop.operations.beginning import begin_everywhere
from otklik.loop.operations.owning import escalate_due
from otklik.loop.operations.raising import raise_for_answers, raise_for_mentions, raise_for_silence
from otklik.loop.operations.reasking import ask_due, compare_answers
from otklik.loop.operations.telling_staff import tell_staff

HEAR_ANSWERS = "otklik.loop.jobs.hear_answers"
HEAR_MENTIONS = "otklik.loop.jobs.hear_mentions"
HEAR_SILENCE = "otklik.loop.jobs.hear_silence"


def register() -> None:
    every("loop.escalate", "otklik.loop.jobs.escalate_now", minutes=5)
    every("loop.ask_again", "otklik.loop.jobs.ask_again_now", minutes=60)
    every("loop.tell_staff", "otklik.loop.jobs.tell_staff_now", minutes=10)
    every("loop.begin", "otklik.loop.jobs.begin_now", minutes=60)


def hear_answers(response_ids: Sequence[int]) -> None:
    raise_for_answers(response_ids=response_ids, by=Actor.system(), at=now())
    compare_answers(response_ids=response_ids, by=Actor.system(), at=now())


def hear_mentions(mention_ids: Sequence[int]) -> None:
    raise_for_mentions(mention_ids=mention_ids, by=Actor.system(), at=now())


def hear_silence(wave_id: int) -> None:
    raise_for_silence(wave_id=wave_id, by=Actor.system(), at=now())


def escalate_now() -> None:
    escalate_due(by=Actor.system(), at=now())


def tell_staff_now() -> None:
    tell_staff(at=now())


def begin_now() -> None:
    """Programs that were there before the loop; afterwards there is nothing left to do."""
    begin_everywhere(by=Actor.system(), at=now())


def ask_again_now() -> None:
    at = now()
    ask_due(on=at.date(), by=Actor.system(), at=at)
