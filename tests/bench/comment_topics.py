"""How well topics and sentiment of comments are told, on our labelled sentences: those the dictionaries were
mended by, those held out, and those written when all was mended. The last are the ones to believe; see
otklik/feedback/tests/texts/labelled.py. Only totals are printed, so that nobody mends by the last two."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.sentiment import WISH, sentiment
from otklik.feedback.rules.texts.topics import TopicMatcher
from otklik.feedback.tests.texts.labelled import Labelled, afterwards, development, held_out
from otklik.kit.texts.reading import language_of, read
from tests.bench.harness import Sheet

_LANGUAGES = ("ru", "en")
_TONES = {-1: "complaint", 0: "wish, neutral or mixed", 1: "praise"}


@dataclass(slots=True)
class Marks:
    """``tones``: how often what was labelled (-1, 0, 1) was told as what (None: cannot tell)."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    tones: Counter[tuple[int, int | None]] = field(default_factory=Counter)

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

    def tone_accuracy(self) -> float:
        """ "Cannot tell" is never right here, not even of a neutral comment."""
        return sum(self.tones[tone, tone] for tone in _TONES) / self.tones.total()

    def tone_f1(self, tone: int) -> float:
        right = self.tones[tone, tone]
        told = sum(count for (_, found), count in self.tones.items() if found == tone)
        labelled = sum(count for (label, _), count in self.tones.items() if label == tone)
        return _f1(right, told - right, labelled - right)

    def untold(self) -> int:
        return sum(count for (_, found), count in self.tones.items() if found is None)


def mark(comments: Iterable[Labelled], matcher: TopicMatcher) -> Marks:
    marks = Marks()
    for one in comments:
        reading = read(one.text)
        found = {topic.key for topic in matcher.find(reading)}
        marks.right.update(found & one.topics)
        marks.wrong.update(found - one.topics)
        marks.missed.update(one.topics - found)
        value = sentiment(reading).value
        marks.tones[one.sentiment, 0 if value == WISH else value] += 1
    return marks


def run() -> Sheet:
    sheet = Sheet("Comments: topics and sentiment (no target: what is found is printed)")
    matcher = TopicMatcher(DEFAULT_TOPICS)
    sets = {"development": development(), "held out": held_out(), "written afterwards": afterwards()}
    marked = {name: mark(comments, matcher) for name, comments in sets.items()}
    for name, marks in marked.items():
        _add_totals(sheet, name, marks)
        for language in _LANGUAGES:
            own = (one for one in sets[name] if language_of(read(one.text)) == language)
            part = mark(own, matcher)
            note = f"{part.tones.total()} comments, sentiment right in {part.tone_accuracy():.2f}"
            sheet.add(f"{name}, {language}: micro F1", f"{part.micro[2]:.3f}", note)
    for topic in DEFAULT_TOPICS:
        for name, marks in marked.items():
            key = topic.key
            right, wrong, missed = marks.right[key], marks.wrong[key], marks.missed[key]
            sheet.add(
                f"{key}, {name}", f"{marks.f1(key):.2f}", f"{right} right, {wrong} wrong, {missed} missed"
            )
    _speed(sheet, [one.text for comments in sets.values() for one in comments], matcher)
    return sheet


def _add_totals(sheet: Sheet, name: str, marks: Marks) -> None:
    precision, recall, f1 = marks.micro
    comments = marks.tones.total()
    sheet.add(f"{name}: micro F1", f"{f1:.3f}", f"precision {precision:.3f}, recall {recall:.3f}")
    sheet.add(f"{name}: macro F1", f"{marks.macro:.3f}", f"{comments} comments")
    each = ", ".join(f"{words} {marks.tone_f1(tone):.2f}" for tone, words in _TONES.items())
    macro = sum(map(marks.tone_f1, _TONES)) / len(_TONES)
    sheet.add(f"{name}: sentiment right", f"{marks.tone_accuracy():.3f}", f"macro F1 {macro:.3f}: {each}")
    untold = marks.untold()
    sheet.add(f"{name}: cannot tell", f"{untold / comments:.1%}", f"{untold} comments, counted as not right")


def _speed(sheet: Sheet, texts: Sequence[str], matcher: TopicMatcher) -> None:
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
