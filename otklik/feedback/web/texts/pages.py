"""What the pages of comments show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from otklik.feedback.labels import PRESET_LABELS
from otklik.feedback.queries.comment_report import (
    Cluster,
    CommentReport,
    SeparatingWord,
    Separation,
    TopicFigures,
)
from otklik.feedback.queries.comment_rows import CommentRow
from otklik.feedback.rules.periods import Preset
from otklik.feedback.rules.texts.quotes import LONGEST_QUOTE, Piece, pieces
from otklik.feedback.rules.texts.topics import Topic
from otklik.feedback.web.texts.filters import AskedForComments
from otklik.feedback.words import interval_words, period_text, score_text
from otklik.kit.registry import Text
from otklik.kit.templatetags.otklik import figure
from otklik.stats.logodds import WordsVerdict

_QUOTES_OF_A_CLUSTER = 3
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Quote:
    """``score`` with ``is_nps``: other scales have no colour of their own."""

    id: int
    pieces: tuple[Piece, ...]
    score: int
    is_nps: bool
    partner_id: int | None
    partner_name: str
    survey: str
    responded_at: datetime


@dataclass(frozen=True, slots=True)
class TopicLine:
    key: str
    name: str
    count: int
    share: str
    answers: int
    score: str
    interval: str
    praise: int
    complaint: int
    mixed: int
    wishes: int
    query: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class WordLine:
    word: str
    promoters: int
    detractors: int
    query: str


@dataclass(frozen=True, slots=True)
class SeparationPart:
    """``can_tell`` False: too few words; ``differs`` False: none beyond chance."""

    language: str
    can_tell: bool
    differs: bool
    promoters: tuple[WordLine, ...]
    detractors: tuple[WordLine, ...]
    promoter_comments: int
    detractor_comments: int


@dataclass(frozen=True, slots=True)
class ClusterPart:
    name: str
    count: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: Text
    is_chosen: bool


class CommentsPage:
    """Everything the template asks for; what is counted comes from the report."""

    def __init__(
        self, report: CommentReport, asked: AskedForComments, surveys: Iterable[tuple[int, str]]
    ) -> None:
        self.report = report
        self.asked = asked
        self.surveys = list(surveys)
        self.period = period_text(report.asked.period)

    def survey_choices(self) -> Iterator[Choice]:
        chosen = self.asked.chosen.survey_id
        for pk, name in self.surveys:
            yield Choice(str(pk), name, pk == chosen)

    def periods(self) -> Iterator[Choice]:
        for preset in Preset:
            yield Choice(preset.value, PRESET_LABELS[preset], preset is self.asked.preset)

    def topics(self) -> Iterator[TopicLine]:
        for figures in self.report.topics:
            yield self._topic(figures)

    @property
    def others_share(self) -> str:
        return percent(len(self.report.others), self.report.read)

    @property
    def chosen_name(self) -> str:
        """The topic or word whose comments are shown; empty for the overview."""
        if self.asked.topic in self.report.names:
            return name_of(self.report.names[self.asked.topic])
        return self.asked.word.removeprefix("~")

    @property
    def overview_query(self) -> str:
        return self.asked.query(topic="", word="")

    def chosen_quotes(self) -> list[Quote]:
        return [quote(row, places) for row, places in self._chosen()[:MOST_SHOWN]]

    @property
    def chosen_count(self) -> int:
        return len(self._chosen())

    def separations(self) -> Iterator[SeparationPart]:
        for found in self.report.separations:
            if found.promoter_comments and found.detractor_comments:
                yield self._separation(found)

    def clusters(self) -> Iterator[ClusterPart]:
        for found in self.report.clusters:
            yield _cluster(found)

    def _chosen(self) -> list[tuple[CommentRow, Sequence[tuple[int, int]]]]:
        if self.asked.topic in self.report.names:
            key = self.asked.topic
            return [(row, row.topics[key]) for row in self.report.rows if key in row.topics]
        found: list[tuple[CommentRow, Sequence[tuple[int, int]]]] = []
        for row in self.report.rows:
            places = [(word.start, word.end) for word in row.words if word.key == self.asked.word]
            if places:
                found.append((row, places))
        return found

    def _topic(self, figures: TopicFigures) -> TopicLine:
        summary = figures.summary
        return TopicLine(
            figures.key,
            name_of(self.report.names[figures.key]),
            figures.count,
            percent(figures.count, self.report.read),
            summary.n,
            score_text(summary.nps),
            interval_words(summary.interval),
            figures.praise,
            figures.complaint,
            figures.mixed,
            figures.wishes,
            self.asked.query(topic=figures.key, word=""),
            tuple(_one_of_each_kind(figures)),
        )

    def _separation(self, found: Separation) -> SeparationPart:
        def lines(words: Iterable[SeparatingWord]) -> tuple[WordLine, ...]:
            return tuple(
                WordLine(one.word, one.promoters, one.detractors, self.asked.query(word=one.key, topic=""))
                for one in words
            )

        return SeparationPart(
            found.language,
            found.verdict is not WordsVerdict.CANNOT_TELL,
            found.verdict is WordsVerdict.DIFFERENT,
            lines(found.promoters),
            lines(found.detractors),
            found.promoter_comments,
            found.detractor_comments,
        )


def quote(row: CommentRow, places: Iterable[tuple[int, int]] = (), *, longest: int = LONGEST_QUOTE) -> Quote:
    return Quote(
        row.id,
        pieces(row.text, places, longest=longest),
        row.score,
        row.is_nps,
        row.partner_id,
        row.partner_name,
        row.survey,
        row.responded_at,
    )


def name_of(topic: Topic) -> str:
    return topic.name_ru if (get_language() or "en").startswith("ru") else topic.name_en


def percent(part: int, whole: int) -> str:
    return f"{figure(round(100 * part / whole))}\u00a0%" if whole else "–"


def _one_of_each_kind(figures: TopicFigures) -> Iterator[Quote]:
    """The newest complaint and the newest praise; the newest of all where neither is."""
    key = figures.key
    shown = [
        next((row for row in figures.rows if row.topic_sentiments.get(key) == sign), None) for sign in (-1, 1)
    ]
    for row in [row for row in shown if row is not None] or figures.rows[:1]:
        yield quote(row, row.topics[key])


def _cluster(found: Cluster) -> ClusterPart:
    quotes = tuple(quote(row) for row in found.rows[:_QUOTES_OF_A_CLUSTER])
    return ClusterPart(found.name, len(found.rows), quotes)
