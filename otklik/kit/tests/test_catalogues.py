"""No text reaches a person untranslated: the check of the catalogues sees each way in which one could."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from otklik.kit.catalogues import compile_stale, problems, update

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : '
    'n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"\n\n'
)
SCORE = 'msgid "Score"\nmsgstr "Оценка"\n'
PARTNERS = (
    'msgid "%(n)d partner"\nmsgid_plural "%(n)d partners"\n'
    'msgstr[0] "%(n)d партнёр"\nmsgstr[1] "%(n)d партнёра"\nmsgstr[2] "%(n)d партнёров"\n'
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small product: one app with a view, a model and a template."""
    app = tmp_path / "otklik" / "desk"
    (app / "templates" / "desk").mkdir(parents=True)
    (app / "apps.py").touch()
    (app / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        "def title(n):\n"
        "    return _('Score') + ngettext('%(n)d partner', '%(n)d partners', n) % {'n': n}\n"
    )
    return app.parent


def catalogue(package: Path, body: str) -> Path:
    path = package / "desk" / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body, encoding="utf-8")
    return path


def test_a_complete_catalogue_has_no_problems(package: Path) -> None:
    catalogue(package, SCORE + "\n" + PARTNERS)

    assert problems(package) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (PARTNERS, "'Score' (desk/views.py:3) is not in the catalogue"),
        (SCORE.replace("Оценка", "") + "\n" + PARTNERS, "'Score' (desk/views.py:3) is not translated"),
        ("#, fuzzy\n" + SCORE + "\n" + PARTNERS, "is marked fuzzy"),
        (SCORE + "\n" + PARTNERS.replace("%(n)d партнёров", ""), "is not translated"),
        (SCORE + "\n" + PARTNERS.rpartition("msgstr[2]")[0], "'%(n)d partner' (desk/views.py:3)"),
        (SCORE + '\nmsgid "%(n)d partner"\nmsgstr "%(n)d партнёр"\n', "is plural in the source or"),
        (SCORE + "\n" + PARTNERS.replace("%(n)d партнёра", "%(number)d партнёра"), "uses number"),
        (SCORE + "\n" + PARTNERS + '\nmsgid "Old"\nmsgstr "Старое"\n', "'Old' is in no source any more"),
    ],
)
def test_each_kind_of_gap_is_named(package: Path, body: str, complaint: str) -> None:
    catalogue(package, body)

    found = problems(package)

    assert len(found) == 1
    assert found[0].startswith("otklik/desk/locale/ru/LC_MESSAGES/django.po: ")
    assert complaint in found[0]


def test_texts_of_templates_are_seen_in_all_their_forms(package: Path) -> None:
    (package / "desk" / "views.py").unlink()
    (package / "desk" / "templates" / "desk" / "page.html").write_text(
        "{% load i18n %}\n<div>\n"
        "      <p title=\"{% translate 'Wave' %}\">it's</p>\n"
        "  {{ name|default:_('Nobody') }}\n"
        "    {% translate 'Open' context 'ticket' as state %}\n"
        "  {% blocktranslate trimmed with who=name %}\n     Written\n   by {{ who }}\n"
        "  {% endblocktranslate %}\n"
        "{% blocktranslate count n=total %}{{ n }} answer{% plural %}{{ n }} answers{% endblocktranslate %}\n"
        "</div>\n"
    )

    texts = {line.partition(": ")[2].partition(" (")[0] for line in problems(package)}

    assert texts == {"'Wave'", "'Nobody'", "'Open'", "'Written by %(who)s'", "'%(n)s answer'"}


def test_update_keeps_translations_adds_new_texts_and_drops_stale_ones(package: Path) -> None:
    path = catalogue(package, SCORE + '\nmsgid "Old"\nmsgstr "Старое"\n')

    assert update(package) == [path]

    text = path.read_text(encoding="utf-8")
    assert 'msgid "Score"\nmsgstr "Оценка"' in text
    assert "Old" not in text
    assert 'msgstr[2] ""' in text
    assert update(package) == []


def test_a_catalogue_of_a_folder_without_texts_is_still_checked(package: Path) -> None:
    (package / "desk" / "views.py").unlink()
    catalogue(package, SCORE)

    assert len(problems(package)) == 1


def test_compiled_catalogues_speak_and_are_made_again_only_when_older(package: Path) -> None:
    source = catalogue(package, SCORE + "\n" + PARTNERS)

    assert compile_stale(package) == [source.with_suffix(".mo")]
    assert compile_stale(package) == []

    with source.with_suffix(".mo").open("rb") as file:
        russian = gettext.GNUTranslations(file)
    assert russian.gettext("Score") == "Оценка"
    assert [russian.ngettext("%(n)d partner", "%(n)d partners", n) % {"n": n} for n in (1, 3, 11)] == [
        "1 партнёр",
        "3 партнёра",
        "11 партнёров",
    ]

    later = source.stat().st_mtime_ns + 10_000_000_000
    os.utime(source, ns=(later, later))
    assert compile_stale(package) == [source.with_suffix(".mo")]
