"""What the base lacks is found from tickets, decided by people, and counted the same everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import Ticket, Topic
from otklik.desk.tests.operations.stories import asked
from otklik.events.public import Actor
from otklik.knowledge.models import Article, Gap, KnowledgeFigures, View
from otklik.knowledge.operations.gaps import (
    NoReason,
    compute_figures,
    ignore_gap,
    open_gap_again,
    write_from_gap,
)
from otklik.knowledge.operations.readers import Verdict, give_feedback
from otklik.knowledge.queries.gaps import gaps_in, unhelpful
from otklik.knowledge.rules.vocabulary import CameFrom, GapState
from otklik.knowledge.tests.shelf import SYSTEM, written
from tests.world import World

pytestmark = pytest.mark.django_db
QUESTIONS = ("не приходит постбек", "пропал постбек", "как настроить постбек")


def ask_all(world: World, topic: Topic | None = None) -> list[Ticket]:
    return [
        asked(world, subject="вопрос", text=text, topic_id=topic.pk if topic else None) for text in QUESTIONS
    ]


def compute(world: World, days: int = 0) -> KnowledgeFigures:
    return compute_figures(by=SYSTEM, at=world.now + timedelta(days=days, hours=1))


def test_tickets_without_an_article_are_a_gap_until_one_is_published(world: World) -> None:
    tickets = ask_all(world, topic := Topic.objects.create(key="tracking"))
    compute(world)
    gap = Gap.objects.get()
    assert (gap.tickets, gap.partners, gap.topic) == (3, 1, topic)
    assert sorted(gap.examples) == [ticket.pk for ticket in tickets]
    article = written("Как настроить постбек", language="ru")
    Gap.objects.all().delete()
    compute(world)
    assert not Gap.objects.exists(), article


def test_what_was_decided_outlives_the_next_computation(world: World) -> None:
    ask_all(world)
    compute(world)
    gap = Gap.objects.get()
    with pytest.raises(NoReason):
        ignore_gap(gap_id=gap.pk, reason="  ", by=SYSTEM, at=world.now)
    ignore_gap(gap_id=gap.pk, reason="seasonal", by=Actor.person(world.anna.pk), at=world.now)
    compute(world)
    gap.refresh_from_db()
    assert (gap.state, gap.reason, gap.decided_by) == (GapState.IGNORED, "seasonal", world.anna)
    compute(world, days=60)
    gap.refresh_from_db()
    assert (gap.state, gap.tickets, gap.examples) == (GapState.IGNORED, 0, [])
    open_gap_again(gap_id=gap.pk, by=SYSTEM, at=world.now)
    compute(world, days=60)
    assert not Gap.objects.exists(), "nobody asks any more, and nobody decided anything"


def test_the_article_is_begun_once_and_copies_no_words_of_the_tickets(world: World) -> None:
    ask_all(world, topic := Topic.objects.create(key="tracking"))
    compute(world)
    gap = Gap.objects.get()
    by = Actor.person(world.anna.pk)
    article = write_from_gap(gap_id=gap.pk, by=by, at=world.now)
    assert write_from_gap(gap_id=gap.pk, by=by, at=world.now) == article
    text = article.texts.get()
    assert (text.language, list(article.topics.all())) == ("ru", [topic])
    assert "приходит" not in text.body
    assert gaps_in(GapState.WRITTEN)[0].article == article
    assert Article.objects.count() == 1


def test_articles_that_readers_say_no_to_are_named_and_few_voices_tell_nothing(world: World) -> None:
    bad, quiet = written("Payouts"), written("Links")
    for number in range(6):
        give_feedback(
            article_id=bad.pk,
            language="en",
            verdict=Verdict(helped=False),
            by=Actor.system(),
            visit=f"v{number}",
            at=world.now,
        )
    give_feedback(
        article_id=quiet.pk,
        language="en",
        verdict=Verdict(helped=False),
        by=Actor.contact(world.vera.pk),
        at=world.now,
    )
    rows, unclear = unhelpful("en", at=world.now)
    assert [(row.article, row.said.yes, row.said.n) for row in rows] == [(bad, 0, 6)]
    assert unclear == 1


def test_deflection_is_stored_as_it_was_counted(world: World) -> None:
    article = written("Payouts")
    for contact in (world.vera, world.gleb, None):
        View.objects.create(
            article=article, language="en", contact=contact, came_from=CameFrom.ASK, at=world.now
        )
    Ticket.objects.filter(pk=asked(world, at=world.now + timedelta(hours=5)).pk).update(topic=None)
    figures = compute(world, days=5)
    assert figures.deflection["counted"] == 2
    assert (figures.deflection["solved"], figures.deflection["solved_by_company"]) == (1, 0)
    assert figures.deflection["anonymous"] == 1
    assert figures.by_article[str(article.pk)] == figures.deflection
