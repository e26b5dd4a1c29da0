"""A letter goes only when everything in it was filled in."""

from __future__ import annotations

import pytest

from otklik.loop.first_letters import FIRST_LETTERS
from otklik.loop.rules.letters import PLACES, filled, kind_for, open_places, unknown_places
from otklik.loop.rules.vocabulary import Flow, LetterKind


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Hello {name}, {score}", ()),
        ("Hello {nmae}", ("{nmae}",)),
        ("Hello {name", ("{",)),
        ("Hello name} {}", ("{}", "}")),
        ("{name.__class__} {{name}}", ("{name.__class__}", "{", "}")),
        ("{na me}", ("{", "}")),
    ],
)
def test_only_places_that_can_be_filled_in_may_stand_in_a_letter(text: str, unknown: tuple[str, ...]) -> None:
    assert unknown_places(text) == unknown


def test_what_is_not_known_stays_open_and_a_value_is_never_a_place() -> None:
    text = filled("{name} of {partner}: {done} {other}", {"name": "{score}", "partner": "Aurora", "done": ""})
    assert text == "{score} of Aurora: {done} {other}"
    assert open_places("{done} {other} {done}") == ("{done}",)


def test_every_first_letter_is_there_in_both_languages_and_can_be_filled_in() -> None:
    assert set(FIRST_LETTERS) == {(kind, language) for kind in LetterKind for language in ("en", "ru")}
    values = dict.fromkeys(PLACES, "x")
    for subject, text in FIRST_LETTERS.values():
        assert not unknown_places(subject + text)
        assert "{" not in filled(subject + text, values)
        assert " \n" not in text


def test_which_letter_comes_first() -> None:
    assert {kind_for(flow, owes_word=False) for flow in Flow} == set(LetterKind) - {LetterKind.DONE}
    assert kind_for(Flow.DETRACTOR, owes_word=True) is LetterKind.DONE
