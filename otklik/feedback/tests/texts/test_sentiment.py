import pytest

from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.reading import read
from otklik.feedback.rules.texts.sentiment import sentiment, sentiment_in
from otklik.feedback.rules.texts.topics import TopicMatcher


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
        ("Хотелось бы удобный кабинет", None),
        ("would be great to have an app", None),
        ("Работаем с марта", None),
        ("", None),
        ("مرحبا", None),
    ],
)
def test_how_it_sounds(text, value):
    assert sentiment(read(text)).value == value


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
