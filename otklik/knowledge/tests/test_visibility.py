"""Who reads what: one table, and the database agrees with it in every case."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from otklik.knowledge.access import visible_articles
from otklik.knowledge.models import Article
from otklik.knowledge.queries.reading import readable_articles
from otklik.knowledge.rules.visibility import ANYBODY, Reader, may_read
from otklik.knowledge.rules.vocabulary import ArticleState, Visibility
from tests.world import World

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DRAFT, PUBLISHED, ARCHIVED = ArticleState.DRAFT, ArticleState.PUBLISHED, ArticleState.ARCHIVED
PUBLIC, PARTNERS, TIER, STAFF = Visibility.PUBLIC, Visibility.PARTNERS, Visibility.TIER, Visibility.STAFF
GOLD = Reader(program_id=1, partner_id=11, tier="gold", contact_id=5)
OTHER_PROGRAM = Reader(program_id=2, partner_id=12, tier="gold", contact_id=6)
NO_TIER = Reader(program_id=1, partner_id=13, contact_id=7)
COLLEAGUE = Reader(is_staff=True)


@pytest.mark.parametrize(
    ("reader", "visibility", "program_id", "reads"),
    [
        (ANYBODY, PUBLIC, None, True),
        (ANYBODY, PUBLIC, 1, True),
        (ANYBODY, PARTNERS, None, False),
        (ANYBODY, TIER, None, False),
        (ANYBODY, STAFF, None, False),
        (GOLD, PUBLIC, 2, True),
        (GOLD, PARTNERS, None, True),
        (GOLD, PARTNERS, 1, True),
        (GOLD, PARTNERS, 2, False),
        (GOLD, TIER, 1, True),
        (GOLD, TIER, 2, False),
        (GOLD, STAFF, 1, False),
        (OTHER_PROGRAM, PARTNERS, 1, False),
        (OTHER_PROGRAM, TIER, 1, False),
        (NO_TIER, PARTNERS, 1, True),
        (NO_TIER, TIER, 1, False),
        (COLLEAGUE, STAFF, 2, True),
        (COLLEAGUE, TIER, 2, True),
    ],
)
def test_who_reads_a_published_article(
    reader: Reader, visibility: Visibility, program_id: int | None, reads: bool
) -> None:
    for state in ArticleState:
        expected = state is not DRAFT if reader.is_staff else reads and state is PUBLISHED
        tiers = ["gold", "platinum"]
        assert (
            may_read(reader, state=state, visibility=visibility, program_id=program_id, tiers=tiers)
            is expected
        )


def test_an_article_of_no_tier_is_read_by_no_tier() -> None:
    for tier in ("", "gold"):
        reader = Reader(program_id=1, partner_id=1, tier=tier)
        assert not may_read(reader, state=PUBLISHED, visibility=TIER, program_id=1, tiers=["", "Gold"][1:])


def test_the_database_says_what_the_table_says(world: World) -> None:
    other = world.program.__class__.objects.create(name="South", slug="south", created_at=AT)
    programs = (None, world.program.pk, other.pk)
    rows = [
        Article(
            slug=f"a{number}",
            state=state,
            visibility=visibility,
            program_id=program,
            source_language="en",
            created_at=AT,
            updated_at=AT,
        )
        for number, (state, visibility, program) in enumerate(product(ArticleState, Visibility, programs))
    ]
    Article.objects.bulk_create(rows)
    for row in rows[::2]:
        row.tiers.create(tier="gold")
    tiers = {row.pk: ["gold"] if number % 2 == 0 else [] for number, row in enumerate(rows)}
    readers = [ANYBODY, COLLEAGUE] + [
        Reader(program_id=program, partner_id=1, tier=tier)
        for program, tier in product(programs[1:], ["", "gold", "Gold", "silver"])
    ]
    for reader in readers:
        read = set(readable_articles(reader).values_list("slug", flat=True))
        assert read == {
            row.slug
            for row in rows
            if may_read(
                reader,
                state=row.state,
                visibility=row.visibility,
                program_id=row.program_id,
                tiers=tiers[row.pk],
            )
        }, reader
    assert visible_articles(world.dmitri).count() == len(rows)
    assert set(visible_articles(world.boris)) == set(readable_articles(COLLEAGUE))
