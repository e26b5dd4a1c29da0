"""Django merges all catalogues of a language into one: where two apps translate the same words differently,
one of them silently loses. A word with two meanings gets a context or another English text."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from otklik.kit.catalogues import KEYWORDS

ROOT = Path(__file__).resolve().parents[2]


def meanings(language: str) -> dict[tuple[object, str | None], dict[object, list[str]]]:
    """(message, context) -> translation -> the apps that say so."""
    found: dict[tuple[object, str | None], dict[object, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "otklik").glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string:
                    place = path.relative_to(ROOT / "otklik").parts[0]
                    found[message.id, message.context][message.string].append(place)
    return found


@pytest.mark.parametrize("language", ["ru"])
def test_the_same_words_are_translated_alike_everywhere(language: str) -> None:
    torn = {
        message: {str(text): places for text, places in texts.items()}
        for (message, _), texts in meanings(language).items()
        if len(texts) > 1
    }
    assert not torn, "\n".join(f"{message!r}: {texts}" for message, texts in torn.items())


def test_our_own_translations_go_before_those_of_packages() -> None:
    """Of two apps with the same message the one that is installed first is heard."""
    ours = [number for number, app in enumerate(settings.INSTALLED_APPS) if app.startswith("otklik.")]
    assert ours == list(range(len(ours)))


def test_gettext_is_called_by_names_that_are_looked_for() -> None:
    """``from ... import gettext as translated`` works, and its sentences never reach a translator."""
    known = {*KEYWORDS, "_"}
    renamed = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name.asname}"
        for path in sorted((ROOT / "otklik").glob("**/*.py"))
        if "django.utils.translation" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in KEYWORDS and (name.asname or name.name) not in known
    ]
    assert not renamed, "\n".join(renamed)
