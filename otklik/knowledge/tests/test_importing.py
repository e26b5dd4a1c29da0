"""A folder of files comes in whole or not at all, and comes out as it went in."""

from __future__ import annotations

import pytest

from otklik.knowledge.models import Article, ArticleText, Folder
from otklik.knowledge.operations.importing import ArticleFilesRefused, import_articles
from otklik.knowledge.queries.exporting import exported_files
from otklik.knowledge.rules.front_matter import BadArticleFile, FileProblem, read_file
from otklik.knowledge.tests.shelf import AT, SYSTEM

RU = "---\ntitle: Выплаты\nfolder: Деньги\nstate: published\nsource: true\n---\n\nДесятого."
EN = "---\ntitle: Payouts\nfolder: Money\nvisibility: tier\ntiers: gold, silver\n---\n\nOn the tenth.\n"
FILES = {"payouts.ru.md": RU, "payouts.en.md": EN, "holds.en.md": "---\ntitle: Holds\n---\nText"}


def bring_in(files: dict[str, str]) -> tuple[int, int, int]:
    told = import_articles(files=files, program_id=None, by=SYSTEM, at=AT)
    return told.articles, told.texts, told.unchanged


@pytest.mark.parametrize(
    ("name", "text", "problem", "line"),
    [
        ("Payouts.ru.md", RU, "bad_name", 0),
        ("../payouts.ru.md", RU, "bad_name", 0),
        ("payouts.md", RU, "bad_name", 0),
        ("a.ru.md", "Text", "no_front_matter", 1),
        ("a.ru.md", "---\ntitle: A\nText", "unknown_line", 3),
        ("a.ru.md", "---\ntitle: A", "no_front_matter", 0),
        ("a.ru.md", "---\nowner: root\ntitle: A\n---\nText", "unknown_line", 2),
        ("a.ru.md", "---\nfolder: A\n---\nText", "no_title", 0),
        ("a.ru.md", "---\ntitle: A\n---\n \n", "no_text", 0),
        ("a.ru.md", "---\ntitle: A\nvisibility: all\n---\nText", "bad_visibility", 3),
        ("a.ru.md", "---\ntitle: A\nvisibility: tier\n---\nText", "no_tiers", 3),
        ("a.ru.md", "---\ntitle: A\nstate: out\n---\nText", "bad_state", 3),
        ("a.ru.md", "---\ntitle: A\nreview_on: 31.12.2027\n---\nText", "bad_day", 3),
        ("a.ru.md", "x" * 200_001, "too_long", 0),
    ],
)
def test_what_is_wrong_is_named_with_its_line(name: str, text: str, problem: str, line: int) -> None:
    with pytest.raises(BadArticleFile) as caught:
        read_file(name, text)
    assert (caught.value.problem, caught.value.line) == (FileProblem(problem), line)


def test_a_folder_comes_in_once_and_later_only_what_changed(db: None) -> None:
    assert bring_in(FILES) == (2, 3, 0)
    assert bring_in(FILES) == (0, 0, 3)
    article = Article.objects.get(slug="payouts")
    assert (article.source_language, article.state, article.visibility) == ("ru", "published", "partners")
    assert Folder.objects.get().names == {"ru": "Деньги", "en": "Money"}
    assert bring_in({"payouts.ru.md": RU + " Всегда."}) == (0, 1, 0)
    assert ArticleText.objects.get(language="en", article=article).state == "stale"
    assert dict(exported_files(Article.objects.filter(pk=article.pk)))["payouts.en.md"] == (
        "---\ntitle: Payouts\nfolder: Money\nvisibility: partners\nstate: published\n---\n\nOn the tenth.\n"
    )


def test_a_translation_that_came_again_as_it_was_stays_behind_its_source(db: None) -> None:
    bring_in(FILES)
    for _ in range(2):
        bring_in(FILES | {"payouts.ru.md": RU + " Всегда."})
        assert ArticleText.objects.get(language="en", article__slug="payouts").state == "stale"
    bring_in(FILES | {"payouts.ru.md": RU + " Всегда.", "payouts.en.md": EN + " Always."})
    assert ArticleText.objects.get(language="en", article__slug="payouts").state == "fresh"


def test_one_wrong_file_refuses_the_folder(db: None) -> None:
    with pytest.raises(ArticleFilesRefused) as caught:
        bring_in(FILES | {"a.ru.md": "Text", "payouts.de.md": RU})
    assert sorted(caught.value.problems) == ["a.ru.md", "payouts.ru.md"]
    assert not Article.objects.exists()
