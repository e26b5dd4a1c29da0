"""What workers do for assist. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.assist.operations import finding_news, mail, sending_notices, settling
from otklik.assist.operations.examples import begin_with_examples
from otklik.assist.operations.teaching import TooFewExamples, teach
from otklik.assist.queries.understanding import some_model_is_taught
from otklik.events.public import Actor
from otklik.jobs.public import every
from otklik.kit.clock import now

ANSWER = "otklik.assist.jobs.answer_tickets"
TEACH = "otklik.assist.jobs.teach_now"


def register() -> None:
    every("assist.settle_answers", "otklik.assist.jobs.settle_answers", minutes=60)
    every("assist.send_notices", "otklik.assist.jobs.send_notices", minutes=5)
    every("assist.find_news", "otklik.assist.jobs.find_news", minutes=60)
    every("assist.first_lesson", "otklik.assist.jobs.first_lesson", minutes=60)


def answer_tickets(ticket_ids: Sequence[int]) -> None:
    mail.answer_tickets(ticket_ids, at=now())


def settle_answers() -> None:
    settling.settle_answers(at=now())


def send_notices() -> None:
    """Promises come near by the minute: they are looked for each time."""
    at = now()
    finding_news.find_promises(at=at)
    sending_notices.send_notices(at=at)


def find_news() -> None:
    at = now()
    finding_news.find_silences(at=at)
    finding_news.find_renewals(at=at)
    finding_news.find_lonely_partners(at=at)


def first_lesson() -> None:
    """An installation that was never taught learns from the sentences of the product."""
    if not some_model_is_taught():
        begin_with_examples(at=now())
        teach_now(None)


def teach_now(user_id: int | None) -> None:
    """``user_id``: who asked for it; None: nobody."""
    by = Actor.person(user_id) if user_id is not None else Actor.system()
    try:
        teach(by=by, at=now())
    except TooFewExamples:
        return
