"""Finding articles as people type: any form, beginnings, mistakes, questions; never what is not theirs.

Many queries a test: the shelf takes longer to fill than to search.
"""

from __future__ import annotations

import pytest

from otklik.knowledge.models import Article, Word
from otklik.knowledge.operations.articles import archive_article
from otklik.knowledge.operations.texts import Written, save_text
from otklik.knowledge.queries.searching import search, search_articles
from otklik.knowledge.rules.visibility import ANYBODY, Reader
from otklik.knowledge.rules.vocabulary import Visibility
from otklik.knowledge.tests.shelf import AT, SYSTEM, translated, written

RUSSIAN = Reader(program_id=1, partner_id=1, language="ru")
ENGLISH = Reader(program_id=1, partner_id=1, language="en")


@pytest.fixture
def payouts(db: None) -> Article:
    article = written(
        "Когда приходят выплаты", "Деньги уходят **раз в месяц**, десятого числа.", language="ru"
    )
    translated(article, "en", "When payouts arrive", "Money is sent once a month, on the tenth.")
    written("Hold on a part of a balance", "We check traffic before the money is free.")
    written("Postbacks", "How to set up a postback for your links.")
    return article


def titles(text: str, reader: Reader = ENGLISH) -> list[str]:
    return [one.title for one in search_articles(text, reader, 10)]


RU_FORMS = ("выплаты", "выплату", "выплат", "ВЫПЛАТАМИ", "выпл", "Когда выплата?")
EN_FORMS = ("payout", "payouts", "Payout's", "payou", "when payouts arrive")


def test_any_form_of_a_word_finds_the_article(payouts: Article) -> None:
    for text in RU_FORMS:
        assert titles(text, RUSSIAN) == ["Когда приходят выплаты"], text
    for text in EN_FORMS:
        assert titles(text) == ["When payouts arrive"], text


MISTAKES = {
    "выплты": "выплаты",
    "dsgkfns": "выплаты",
    "payuots": "payouts",
    "зфнщгеы": "payouts",
    "xyzzy": "",
    "pay": "",
}


def test_a_mistake_is_understood_and_said(payouts: Article) -> None:
    for text, shown_for in MISTAKES.items():
        results = search(text, RUSSIAN, 10)
        assert (results.shown_for, bool(results.found)) == (shown_for, text != "xyzzy"), text


def test_one_reads_ones_own_language_whatever_one_searched_in(payouts: Article) -> None:
    assert titles("payouts", RUSSIAN) == ["Когда приходят выплаты"]
    french = Reader(program_id=1, partner_id=1, language="fr")
    assert titles("payouts", french) == ["Когда приходят выплаты"]


def test_a_whole_question_finds_what_holds_most_of_it(payouts: Article) -> None:
    question = "Здравствуйте! Подскажите, пожалуйста, когда придёт выплата за март на мою карту?"
    assert titles(question, RUSSIAN) == ["Когда приходят выплаты"]
    found = search_articles("why is there a hold on my money, is it about traffic", ENGLISH, 10)
    assert found[0].title == "Hold on a part of a balance"
    assert 0.3 < found[0].score <= 1
    assert titles("что это и как?", RUSSIAN) == []


def test_a_title_weighs_more_than_the_text_and_the_shorter_one_goes_first(db: None) -> None:
    written("Links", "One word about the balance.")
    written("Balance and all that one may want to know of it", "Text")
    written("Balance", "Text")
    assert titles("balance") == ["Balance", "Balance and all that one may want to know of it", "Links"]


def test_nobody_finds_what_they_may_not_read_nor_hears_its_words(payouts: Article) -> None:
    written("Secretword inside", visibility=Visibility.STAFF)
    written("Secretwork draft", is_published=False)
    archive_article(article_id=written("Secretworn gone").pk, by=SYSTEM, at=AT)
    written("Goldword", visibility=Visibility.TIER, tier="gold")
    written("Southword", visibility=Visibility.PARTNERS, program_id=None)
    for text in ("secretword", "secretwork", "secretworn", "secretwerd", "secret", "goldword"):
        for reader in (ANYBODY, ENGLISH):
            assert search(text, reader, 10).found == [], text
            assert search(text, reader, 10).shown_for == ""
    assert titles("southword", ANYBODY) == []
    assert titles("southword") == ["Southword"]
    assert titles("goldword", Reader(program_id=1, partner_id=1, tier="gold")) == ["Goldword"]
    assert titles("secretword", Reader(is_staff=True)) == ["Secretword inside"]


def test_what_is_shown_is_the_place_of_the_word_without_marks(db: None) -> None:
    written("Rules", "# Rules\n\n" + "word " * 60 + "the **wallet** of [yours](https://a.example)")
    (found,) = search_articles("wallets", ENGLISH, 1)
    assert "wallet of yours" in found.excerpt
    assert found.excerpt.startswith("… ")
    assert "**" not in found.excerpt


def test_a_changed_text_is_found_by_its_new_words_and_its_old_ones_are_forgotten(db: None) -> None:
    article = written("Holds", "Ask Margarita")
    new = Written(title="Holds", body="Ask us", based_on=1)
    save_text(article_id=article.pk, language="en", written=new, by=SYSTEM, at=AT)
    assert titles("margarita") == []
    assert set(Word.objects.values_list("text", "texts")) == {("holds", 1), ("ask", 1), ("us", 1)}


ODD = ["", "   ", "%", "_", "'; --", "a" * 5000, "\x00", "ё" * 400, "🙂", "§article", "\ud800"]


def test_odd_input_finds_nothing_and_breaks_nothing(payouts: Article) -> None:
    for text in ODD:
        assert titles(text) == [], repr(text)
