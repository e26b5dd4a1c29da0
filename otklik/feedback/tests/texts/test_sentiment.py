import pytest

from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.sentiment import WISH, sentiment, sentiment_in
from otklik.feedback.rules.texts.topics import TopicMatcher
from otklik.feedback.tests.texts.labelled import development
from otklik.kit.texts.reading import read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Отличная поддержка", 1),
        ("Поддержка не отличная", -1),
        ("Ужасно долго", -1),
        ("Проблем нет", 1),
        ("Без проблем", 1),
        ("Работаем без задержек", 1),
        ("Кабинет не работает", -1),
        ("Great team", 1),
        ("not great", -1),
        ("isn’t helpful", -1),
        ("never had a problem", 1),
        ("no complaints", 1),
        ("Выплаты быстрые, но поддержка ужасная", -1),
        ("Выплаты отличные, а поддержка ужасная", 0),
        ("😡😡😡", -1),
        ("👍", 1),
        ("Хотелось бы удобный кабинет", WISH),
        ("would be great to have an app", WISH),
        ("Работаем с марта", None),
        ("", None),
        ("مرحبا", None),
    ],
)
def test_how_it_sounds(text, value):
    assert sentiment(read(text)).value == value


def test_problems_that_were_not_there_are_praise():
    assert sentiment(read("Работаем третий год, проблем не было")).value == 1


def test_a_denied_word_that_nobody_listed_hints_at_a_complaint():
    found = sentiment(read("Метки не прорастают"))
    assert found.value == -1
    assert [one.words for one in found.evidence] == ["не прорастают"]
    assert sentiment(read("Не только баннеры")).value is None


def test_a_hint_does_not_make_clear_praise_a_mixed_comment():
    assert sentiment(read("Отличная поддержка, всегда ответят, хоть ночью не звони")).value == 1


@pytest.mark.parametrize(
    "text", ["Добавьте фильтр", "Add a filter", "Больше вебинаров", "Можно ли получать отчёт быстрее?"]
)
def test_what_is_asked_for_is_a_wish(text):
    assert sentiment(read(text)).value == WISH


def test_a_wish_with_a_complaint_is_a_complaint():
    assert sentiment(read("Переделайте кабинет, он ужасный")).value == -1


def test_the_lexicon_knows_how_partners_sound():
    """A floor against an edit that breaks it, on sentences it was made with."""
    told = [(sentiment(read(one.text)).value, one.sentiment) for one in development()]
    right = sum((0 if value == WISH else value) == label for value, label in told)
    assert right >= len(told) * 0.85


def test_what_was_weighed_is_shown():
    found = sentiment(read("Очень долго, зато вежливо"))
    assert [one.words for one in found.evidence] == ["долго", "вежливо"]
    assert found.evidence[0].weight < -1 < 1 < found.evidence[1].weight


def test_a_topic_sounds_as_the_clauses_that_speak_of_it():
    reading = read("Выплаты быстрые, но менеджер ужасный")
    topics = {topic.key: topic for topic in TopicMatcher(DEFAULT_TOPICS).find(reading)}
    whole = sentiment(reading)
    assert sentiment_in(whole, topics["payouts"].clauses) == 1
    assert sentiment_in(whole, topics["manager"].clauses) == -1
    assert sentiment_in(whole, frozenset()) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It couldn't be better", 1),
        ("Ничего не меняйте", WISH),
        ("Don't change anything", None),
        ("Нечего добавить", None),
        ("Nothing to add", None),
    ],
)
def test_a_denial_in_what_contented_people_say_is_no_complaint(text, value):
    assert sentiment(read(text)).value == value
