from __future__ import annotations

import math

import numpy as np
import pytest

from otklik.assist.rules.asking import asks_something
from otklik.assist.rules.classifier import Classifier, fit
from otklik.assist.rules.features import counted, fold, numbers_of_tickets
from otklik.assist.rules.lbfgs import minimise
from otklik.assist.rules.sentences import LANGUAGES, TEACH, TEST, sentences
from otklik.assist.rules.thresholds import SILENT, Guess, best_guess, choose_thresholds, figures
from otklik.assist.rules.vocabulary import ANSWERED, Intent
from otklik.assist.tests.stage import small_classifier

WHEN, NONE = Intent.PAYOUT_WHEN, Intent.NONE


def test_the_minimum_of_a_bowl_is_found_from_afar() -> None:
    matrix = np.array([[4.0, 1.0], [1.0, 3.0]])
    wanted = np.array([1.0, -2.0])

    def bowl(point: np.ndarray) -> tuple[float, np.ndarray]:  # type: ignore[type-arg]
        off = point - wanted
        return float(off @ matrix @ off / 2), matrix @ off

    assert np.allclose(minimise(bowl, np.array([100.0, 100.0])), wanted, atol=1e-4)


def test_likelihoods_are_those_of_the_formula() -> None:
    """At the minimum the gradient of log-loss and penalty is zero: here counted from the weights anew."""
    texts = ["когда выплата", "когда перевод", "где договор", "пришлите договор"]
    labels = ["when", "when", "document", "document"]
    penalty = 0.01
    taught = fit(texts, labels, penalty=penalty)
    gradient = penalty * taught.weights.astype(float)
    for text, label in zip(texts, labels, strict=True):
        vector = _vector(taught, text)
        likely = taught.probabilities(text)
        for column, intent in enumerate(taught.intents):
            gradient[:, column] += vector * (likely[intent] - (intent == label)) / len(texts)
    assert np.abs(gradient).max() < 1e-3
    assert math.isclose(sum(taught.probabilities("договор").values()), 1, rel_tol=1e-6)


def _vector(taught: Classifier, text: str) -> np.ndarray:  # type: ignore[type-arg]
    from otklik.assist.rules.classifier import _vector as sparse

    places, values = sparse(counted(text), taught.places, taught.rarity)
    vector = np.zeros(len(taught.terms))
    vector[places] = values
    return vector


def test_the_same_examples_give_the_same_weights_and_survive_storage() -> None:
    texts, labels = ["when is the payout", "where is the contract"], ["a", "b"]
    first, second = fit(texts, labels), fit(texts, labels)
    assert np.array_equal(first.weights, second.weights)
    stored = Classifier.from_bytes(first.to_bytes())
    assert stored.probabilities("payout") == first.probabilities("payout")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Здравствуйте! Когда придёт выплата за ноябрь?", Intent.PAYOUT_WHEN),
        ("when is my payout coming?", Intent.PAYOUT_WHEN),
        ("Почему деньги на удержании?", Intent.HOLD_WHY),
        ("Why are my earnings on hold?", Intent.HOLD_WHY),
        ("Что с моим обращением #512?", Intent.TICKET_STATE),
        ("Сколько ещё продлится проверка трафика?", Intent.TRAFFIC_CHECK),
        ("Where do I download the contract?", Intent.DOCUMENT),
        ("Как записаться на вебинар?", Intent.COURSE),
        ("Why is my commission rate so low?", Intent.NONE),
        ("Выплата снова пришла поздно, надоело", Intent.NONE),
        ("", Intent.NONE),
        ("???", Intent.NONE),
    ],
)
def test_what_people_ask_is_understood(text: str, intent: Intent) -> None:
    assert best_guess(small_classifier(), text)[0] is intent


def test_a_letter_of_many_words_is_no_question_for_a_machine() -> None:
    assert best_guess(small_classifier(), "когда выплата? " * 60) == (Intent.NONE, 1.0)


def test_the_words_that_told_are_named_as_they_were_written() -> None:
    words = [reason.word for reason in small_classifier().reasons("Где мой договор?", Intent.DOCUMENT)]
    assert "договор" in words


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Платите вовремя, претензий нет", False),
        ("Сообщите дату", True),
        ("status of payout 4", True),
        ("My ticket has been in progress for nine days", False),
        ("is there any news on it", True),
        ("no need to answer me, all is well here", False),
    ],
)
def test_whoever_asks_nothing_is_told_nothing(text: str, asks: bool) -> None:
    assert asks_something(fold(text)) is asks


def test_greetings_closings_and_numbers_say_nothing() -> None:
    plain, dressed = "когда выплата 0?", "Добрый день, коллеги! Когда выплата 12 500,00?\nС уважением, Олег"
    assert counted(plain).words == counted(dressed).words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("What about #12 and 13?", (12,)),
        ("обращение № 7781, ответьте", (7781,)),
        ("заявка 5519 от 3.11 на 1,5 млн", (5519,)),
        ("no numbers", ()),
        ("x" * 50 + "9" * 40, ()),
    ],
)
def test_numbers_of_tickets_are_read(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_of_tickets(text) == numbers


def test_a_threshold_leaves_room_for_one_more_wrong_answer() -> None:
    right = [Guess(WHEN, 0.9 - number / 1000, WHEN) for number in range(30)]
    assert choose_thresholds([*right, Guess(WHEN, 0.5, NONE)])[WHEN] == pytest.approx(0.871)
    assert choose_thresholds([Guess(WHEN, 0.95, NONE), *right])[WHEN] == SILENT


def test_too_few_examples_stay_silent() -> None:
    assert choose_thresholds([Guess(WHEN, 0.9, WHEN)] * 18)[WHEN] == SILENT
    assert choose_thresholds([Guess(WHEN, 0.9, WHEN)] * 19)[WHEN] == 0.9


def test_figures_come_with_their_intervals() -> None:
    """Of 20 answers 19 right: Wilson's interval 0.764 … 0.991 (Newcombe 1998, method 3)."""
    found = [Guess(WHEN, 0.9, WHEN, "ru")] * 19 + [Guess(WHEN, 0.9, NONE, "ru")]
    found += [Guess(NONE, 0.9, WHEN, "en")]
    thresholds = dict.fromkeys(ANSWERED, 0.5)
    whole = figures(found, thresholds, WHEN)
    assert whole.precision == pytest.approx((0.95, 0.7639, 0.9911), abs=1e-3)
    assert (whole.answered, whole.right, whole.asked) == (20, 19, 20)
    english = figures(found, thresholds, WHEN, language="en")
    assert (english.precision, english.recall[0] if english.recall else None) == (None, 0.0)


def test_our_sentences_are_many_in_both_languages_and_no_test_sentence_is_taught() -> None:
    taught, tested = sentences(TEACH), sentences(TEST)
    assert len(taught) + len(tested) >= 500
    for language in LANGUAGES:
        for intent in Intent:
            least = 150 // 2 if intent is Intent.NONE else 35
            assert sum(s.intent is intent and s.language == language for s in (*taught, *tested)) >= least
    assert not {s.text for s in taught} & {s.text for s in tested}
