"""Sentences, numbers and dates in two languages, with and without a compiled catalogue."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from otklik.kit import catalogues
from otklik.kit.phrases import language_of, phrases

KIT = Path(catalogues.__file__).parent / "locale"

CATALOGUE = """
msgid ""
msgstr ""
"Language: ru\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; "
"plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "Hello, %(name)s"
msgstr "Здравствуйте, %(name)s"

msgid "%(n)s answer"
msgid_plural "%(n)s answers"
msgstr[0] "%(n)s ответ"
msgstr[1] "%(n)s ответа"
msgstr[2] "%(n)s ответов"
"""


@pytest.fixture
def folder(tmp_path):
    catalogue = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 ответов"),
        (1, "1 ответ"),
        (2, "2 ответа"),
        (5, "5 ответов"),
        (11, "11 ответов"),
        (21, "21 ответ"),
        (112, "112 ответов"),
        (1234, "1\u00a0234 ответа"),
    ],
)
def test_russian_plurals_fit_the_number(folder, n, text):
    assert phrases("ru", folder).ngettext("%(n)s answer", "%(n)s answers", n) == text


def test_english_needs_no_catalogue(folder):
    say = phrases("en", folder)

    assert [say.ngettext("%(n)s answer", "%(n)s answers", n) for n in (1, 2000)] == [
        "1 answer",
        "2,000 answers",
    ]
    assert say.gettext("Hello, %(name)s", name="Ann") == "Hello, Ann"


def test_a_compiled_catalogue_gives_the_same_as_its_source(folder, tmp_path_factory):
    copy = tmp_path_factory.mktemp("compiled")
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    catalogues.compile_stale(_package_around(copy))
    compiled = copy / "app" / "locale"

    assert (compiled / "ru" / "LC_MESSAGES" / "django.mo").exists()
    assert phrases("ru", compiled).gettext("Hello, %(name)s", name="А") == "Здравствуйте, А"
    assert phrases("ru", folder).gettext("Hello, %(name)s", name="А") == "Здравствуйте, А"


def _package_around(folder):
    (folder / "app").mkdir()
    (folder / "app" / "locale").mkdir()
    shutil.move(folder / "ru", folder / "app" / "locale" / "ru")
    return folder


def test_sentences_of_the_kit_itself_are_always_there(folder):
    assert phrases("ru", folder).gettext("The file is empty.") == "Файл пуст."


def test_an_unknown_sentence_stays_english(folder):
    assert phrases("ru", folder).gettext("Something new") == "Something new"


def test_numbers_are_written_as_each_language_does():
    russian, english = phrases("ru"), phrases("en")

    assert [russian.number(-13612.456, 1), english.number(-13612.456, 1)] == ["−13\u00a0612,5", "−13,612.5"]
    assert [russian.percent(0.623, 1), english.percent(0.623, 1)] == ["62,3\u00a0%", "62.3%"]
    assert [english.signed(value, 1) for value in (3.24, -3.24, 0.04, -0.04)] == [
        "+3.2",
        "−3.2",
        "0.0",
        "0.0",
    ]
    assert russian.span(-3, 4.5) == "−3,0\u00a0…\u00a04,5"


def test_months_and_quarters_have_names():
    day = dt.date(2025, 3, 1)

    assert [phrases("ru").month(day), phrases("ru").month(day, short=True)] == ["март 2025", "март 25"]
    assert [phrases("en").month(day, short=True), phrases("en").quarter(day)] == ["Mar 25", "Q1 2025"]


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ru", "LANG": "en_US"}, "ru"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": ""}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_says_which_language(environ, language):
    assert language_of(environ, ("en", "ru")) == language
