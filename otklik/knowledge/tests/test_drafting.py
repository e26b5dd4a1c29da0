"""A machine's draft is a beginning for an editor: readers never see it, and its marks survive."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import TranslationSettings
from otklik.desk.operations.translators import InUse
from otklik.desk.public import TranslationOff
from otklik.kit.translation.checked import CheckedTranslator
from otklik.kit.translation.protocol import Term, TranslatorSlow
from otklik.knowledge.models import ArticleText, DraftTranslation
from otklik.knowledge.operations.drafting import ask_draft, make_draft
from otklik.knowledge.rules.drafting import batches, parts_of
from otklik.knowledge.tests.shelf import SYSTEM, written
from tests.world import World

BODY = "# Payouts\n\nSee [the page](rules.md#part) and `send --now`.\n\n  - one\n  - two\n"


class Shouting:
    """Says everything louder, and keeps placeholders."""

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        return [text.upper().strip() for text in texts]


class Slow(Shouting):
    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        raise TranslatorSlow("30 s")


def active(provider: Shouting) -> InUse:
    row = TranslationSettings.objects.create(is_active=True, key="secret:fx")
    return InUse(CheckedTranslator(provider), "deepl:1", row)


def test_an_article_falls_into_parts_that_join_again() -> None:
    assert "".join(parts_of(BODY)) == BODY
    assert batches(["aa", "b", "cccc", "d"], most=2, longest=4) == [["aa", "b"], ["cccc"], ["d"]]


@pytest.mark.django_db
def test_a_draft_keeps_links_code_and_indents_and_no_reader_sees_it(world: World, client: Client) -> None:
    translator = active(Shouting())
    article = written("Payouts", BODY)
    row = ask_draft(article_id=article.pk, language="ru", by=SYSTEM, at=world.now)
    make_draft(draft_id=row.pk, active=translator)
    row.refresh_from_db()
    assert row.title == "PAYOUTS"
    assert row.body == "# PAYOUTS\n\nSEE [THE PAGE](rules.md#part) AND `send --now`.\n\n  - ONE\n  - TWO"
    assert ArticleText.objects.filter(article=article).count() == 1

    client.force_login(world.anna)
    editor = reverse("article-edit", args=[article.pk, "ru"])
    assert "SEE [THE PAGE]" not in client.get(editor).content.decode()
    assert "SEE [THE PAGE](rules.md#part)" in client.get(editor, {"machine": "1"}).content.decode()
    asked = reverse("article-draft-translation", args=[article.pk, "ru"])
    assert client.post(asked).status_code == 302
    assert DraftTranslation.objects.get().state == "wanted"
    assert client.post(reverse("article-draft-translation", args=[article.pk, "en"])).status_code == 404
    client.force_login(world.stranger)
    assert client.post(asked).status_code == 403


@pytest.mark.django_db
def test_a_translator_that_fails_is_told_of_and_one_that_is_off_is_not_asked(world: World) -> None:
    article = written("Payouts", BODY)
    with pytest.raises(TranslationOff):
        ask_draft(article_id=article.pk, language="ru", by=SYSTEM, at=world.now)
    translator = active(Slow())
    row = ask_draft(article_id=article.pk, language="ru", by=SYSTEM, at=world.now)
    make_draft(draft_id=row.pk, active=translator)
    row.refresh_from_db()
    assert (row.state, row.failure, row.body) == ("failed", "slow", "")
