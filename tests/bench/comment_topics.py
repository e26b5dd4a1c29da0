"""How well topics and sentiment of comments are told: precision, recall and F1 on our labelled sentences.

Three sets: those the dictionaries were mended by, those held out from mending, and those written afterwards
in other words. The last are the ones to believe; see otklik/feedback/tests/texts/labelled.py.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.reading import read
from otklik.feedback.rules.texts.sentiment import sentiment
from otklik.feedback.rules.texts.topics import TopicMatcher
from otklik.feedback.tests.texts.labelled import Labelled, first_half, fresh, held_out, reworded
from tests.bench.harness import Sheet


@dataclass(slots=True)
class Marks:
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    sentiment_right: int = 0
    sentiment_told: int = 0
    sentiment_told_right: int = 0
    comments: int = 0

    def f1(self, key: str) -> float:
        return _f1(self.right[key], self.wrong[key], self.missed[key])

    @property
    def micro(self) -> tuple[float, float, float]:
        right, wrong, missed = self.right.total(), self.wrong.total(), self.missed.total()
        return right / (right + wrong), right / (right + missed), _f1(right, wrong, missed)

    @property
    def macro(self) -> float:
        keys = {*self.right, *self.missed}
        return sum(map(self.f1, keys)) / len(keys)


def mark(comments: Sequence[Labelled]) -> Marks:
    """ "Cannot tell" is right where the comment is neutral, and wrong where it is not."""
    matcher, marks = TopicMatcher(DEFAULT_TOPICS), Marks(comments=len(comments))
    for one in comments:
        reading = read(one.text)
        found = {topic.key for topic in matcher.find(reading)}
        marks.right.update(found & one.topics)
        marks.wrong.update(found - one.topics)
        marks.missed.update(one.topics - found)
        value = sentiment(reading).value
        marks.sentiment_right += (value or 0) == one.sentiment
        marks.sentiment_told += value is not None
        marks.sentiment_told_right += value == one.sentiment
    return marks


def run() -> Sheet:
    sheet = Sheet("Comments: topics and sentiment (no target: what is found is printed)")
    sets = {
        "mended by": [*first_half(), *reworded()],
        "held out, same hand": held_out(),
        "written afterwards": fresh(),
    }
    marked = {name: mark(comments) for name, comments in sets.items()}
    for name, marks in marked.items():
        precision, recall, f1 = marks.micro
        sheet.add(f"{name}: micro F1", f"{f1:.3f}", f"precision {precision:.3f}, recall {recall:.3f}")
        sheet.add(f"{name}: macro F1", f"{marks.macro:.3f}", f"{marks.comments} comments")
        sheet.add(
            f"{name}: sentiment",
            f"{marks.sentiment_right / marks.comments:.3f}",
            f"of {marks.sentiment_told} where it is told, {marks.sentiment_told_right} are right",
        )
    for topic in DEFAULT_TOPICS:
        for name, marks in marked.items():
            key = topic.key
            right, wrong, missed = marks.right[key], marks.wrong[key], marks.missed[key]
            sheet.add(
                f"{key}, {name}", f"{marks.f1(key):.2f}", f"{right} right, {wrong} wrong, {missed} missed"
            )
    _speed(sheet)
    return sheet


def _speed(sheet: Sheet) -> None:
    texts = [one.text for one in [*first_half(), *held_out(), *reworded(), *fresh()]]
    matcher = TopicMatcher(DEFAULT_TOPICS)
    before = time.process_time()
    for _ in range(10):
        for text in texts:
            reading = read(text)
            matcher.find(reading)
            sentiment(reading)
    spent = (time.process_time() - before) / (10 * len(texts))
    sheet.add("one comment, topics and sentiment", f"{spent * 1e6:.0f} us", "CPU, words already looked up")
    before = time.process_time()
    long = read("Выплаты задержали, поддержка не отвечает. <b>😡</b> " * 25_000)
    matcher.find(long)
    sentiment(long)
    sheet.add("a comment of 1 MB", f"{(time.process_time() - before) * 1e3:.0f} ms", "read in part")


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 1.0
