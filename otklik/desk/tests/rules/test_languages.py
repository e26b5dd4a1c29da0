from __future__ import annotations

import pytest

from otklik.desk.rules.languages import chosen_language, language_of, needs_translation
from otklik.desk.rules.references import digest_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Где наша выплата?", "ru"),
        ("Не приходит postback с кампании WEBMASTER, CPA offer 4412", "ru"),
        ("Where is our payout?", "en"),
        ("Our manager is Дмитрий, he promised to call us back on Monday", "en"),
        ("12 500 USD", "en"),
        ("!!! 42 ???", ""),
        ("", ""),
    ],
)
def test_the_alphabet_says_russian_or_english_or_nothing(text: str, language: str) -> None:
    assert language_of(text) == language


def test_what_is_known_goes_before_the_alphabet() -> None:
    assert chosen_language("", "kk", "de", text="Where?") == "kk"
    assert chosen_language("", "", text="Где?") == "ru"


def test_brackets_and_spaces_around_a_message_id_do_not_matter() -> None:
    assert digest_of(" <a@x> ") == digest_of("a@x") != digest_of("A@x")
    assert len(digest_of("half \ud83d")) == 16


@pytest.mark.parametrize(
    ("language", "is_sure", "text", "reads", "needs"),
    [
        ("de", True, "Guten Tag zusammen", ["ru"], True),
        ("de", True, "Guten Tag zusammen", ["ru", "de"], False),
        ("pt-BR", True, "Bom dia", ["pt"], False),
        ("ru", False, "Спасибо", ["en"], True),
        ("ru", False, "Дякую", ["ru"], False),
        ("en", False, "OK", ["en"], False),
        ("en", False, "OK, thanks", ["ru"], True),
        ("", False, "12 500", ["ru"], False),
        ("de", True, "   ", ["ru"], False),
        ("de", True, "Guten Tag", [], False),
    ],
)
def test_only_what_somebody_cannot_read_needs_a_translation(
    language: str, is_sure: bool, text: str, reads: list[str], needs: bool
) -> None:
    assert needs_translation(language=language, is_sure=is_sure, text=text, reads=reads) is needs
