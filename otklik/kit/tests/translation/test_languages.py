"""How often the language of a message is found, on sentences partners could have written."""

from __future__ import annotations

from pathlib import Path

import pytest

from otklik.kit.languages import find_language

LINES = [
    line.split("\t", 1)
    for line in (Path(__file__).parent / "sentences.tsv").read_text(encoding="utf-8").splitlines()
]


def test_of_our_own_sentences_hardly_one_is_taken_for_another_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = [(wanted, text, find_language(text).language) for wanted, text in LINES if wanted != "-"]
    right = sum(found == wanted for wanted, _, found in told)
    unknown = sum(found == "" for _, _, found in told)
    wrong = [line for line in told if line[2] not in ("", line[0])]
    with capsys.disabled():
        print(
            f"\nlanguages: {right} of {len(told)} found, {unknown} unknown, {len(wrong)} wrong: "
            f"accuracy where told {right / (len(told) - unknown):.3f}, unknown {unknown / len(told):.3f}"
        )
    assert len(wrong) <= 0.03 * len(told), wrong
    assert unknown <= 0.1 * len(told)


def test_russian_and_english_are_never_mixed_up() -> None:
    told = {(wanted, find_language(text).language) for wanted, text in LINES if wanted in ("ru", "en")}
    assert not told & {("ru", "en"), ("en", "ru")}


@pytest.mark.parametrize("text", [text for wanted, text in LINES if wanted == "-"])
def test_what_is_in_no_language_is_unknown(text: str) -> None:
    assert find_language(text).language == ""


def test_a_short_word_is_read_in_the_writers_own_language() -> None:
    assert find_language("Danke").language == ""
    assert find_language("Danke", likely=["de"]).language == "de"
    assert find_language("Where is our payout?", likely=["ru"]).language == "en"
