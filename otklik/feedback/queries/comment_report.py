"""What comments say, counted: topics with their score, words that separate, clusters beyond the topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from otklik.feedback.access import Scope
from otklik.feedback.queries.comment_rows import (
    MOST_COMMENTS,
    CommentFilter,
    CommentRow,
    comment_rows,
    comments_in,
)
from otklik.feedback.queries.dictionaries import edited_topics
from otklik.feedback.queries.known_names import known_names
from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.sentiment import WISH
from otklik.feedback.rules.texts.topics import Topic
from otklik.kit.texts.clusters import cluster
from otklik.stats.logodds import WordsVerdict, separating_words
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE, counts_from_histogram
from otklik.stats.verdicts import Summary, summarise_one

LANGUAGES = ("ru", "en")
MOST_WORDS = 15


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """``summary``: the score of NPS answers whose comment speaks of it. ``praise`` and ``complaint`` sound so
    where they speak of it, ``mixed`` both, ``wishes`` neither; of the others one cannot tell."""

    key: str
    rows: tuple[CommentRow, ...]
    summary: Summary
    praise: int
    complaint: int
    mixed: int
    wishes: int

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class SeparatingWord:
    """In how many comments of each side."""

    key: str
    word: str
    promoters: int
    detractors: int


@dataclass(frozen=True, slots=True)
class Separation:
    """Of the comments in one language: a word of the other would only tell who writes in which."""

    language: str
    verdict: WordsVerdict
    promoters: tuple[SeparatingWord, ...]
    detractors: tuple[SeparatingWord, ...]
    promoter_comments: int
    detractor_comments: int


@dataclass(frozen=True, slots=True)
class Cluster:
    name: str
    rows: tuple[CommentRow, ...]


@dataclass(frozen=True, slots=True)
class CommentReport:
    """``total``: comments under the filter; ``rows``: the newest of them, 3,000 at most. ``others``: those
    no topic is found in."""

    asked: CommentFilter
    total: int
    rows: tuple[CommentRow, ...]
    waiting: int
    topics: tuple[TopicFigures, ...]
    others: tuple[CommentRow, ...]
    names: dict[str, Topic]
    separations: tuple[Separation, ...]
    clusters: tuple[Cluster, ...]

    @property
    def read(self) -> int:
        return len(self.rows) - self.waiting

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def comment_report(scope: Scope, asked: CommentFilter) -> CommentReport:
    """Six queries, whatever the number of comments."""
    found = comments_in(scope, asked)
    rows = comment_rows(found)
    total = found.count() if len(rows) == MOST_COMMENTS else len(rows)
    known = known_names(rows)
    read = [_nameless(row, known) for row in rows if row.is_read]
    names = topic_names()
    others = [row for row in read if not row.topics]
    return CommentReport(
        asked,
        total,
        tuple(rows),
        len(rows) - len(read),
        _topics(read, names),
        tuple(others),
        names,
        tuple(_separation(read, language) for language in LANGUAGES if asked.language in ("", language)),
        tuple(
            Cluster(one.name, tuple(others[number] for number in one.members))
            for one in cluster([(row.text, row.words) for row in others])
        ),
    )


def _nameless(row: CommentRow, known: Set[str]) -> CommentRow:
    """A partner called Best Traffic must not take "traffic" from the rest: a capital is asked for too."""
    words = [word for word in row.words if word.key not in known or not row.text[word.start].isupper()]
    return row if len(words) == len(row.words) else replace(row, words=tuple(words))


def topic_names() -> dict[str, Topic]:
    """By key: as edited for all programs, else for one, else as it comes."""
    names = {topic.key: topic for topic in DEFAULT_TOPICS}
    for edited in sorted(edited_topics(), key=lambda one: (one.program_id is None, one.program_id or 0)):
        names[edited.topic.key] = edited.topic
    return names


def summary_of(rows: Iterable[CommentRow]) -> Summary:
    scores = [0] * 11
    for row in rows:
        if row.is_nps:
            scores[row.score] += 1
    return summarise_one(counts_from_histogram(scores))


def _topics(rows: Sequence[CommentRow], names: dict[str, Topic]) -> tuple[TopicFigures, ...]:
    by_key: dict[str, list[CommentRow]] = {}
    for row in rows:
        for key in row.topics:
            by_key.setdefault(key, []).append(row)
    figures = []
    for key, own in by_key.items():
        # Read by a dictionary that is gone since, and waiting to be read again.
        if key not in names:
            continue
        sounds = Counter(row.topic_sentiments.get(key) for row in own)
        figures.append(
            TopicFigures(
                key, tuple(own), summary_of(own), sounds[1], sounds[-1], sounds[0], wishes=sounds[WISH]
            )
        )
    return tuple(sorted(figures, key=lambda one: (-one.count, one.key)))


def _separation(rows: Sequence[CommentRow], language: str) -> Separation:
    own = [row for row in rows if row.is_nps and row.language == language]
    promoters = [row for row in own if row.score > LAST_PASSIVE_SCORE]
    detractors = [row for row in own if row.score <= LAST_DETRACTOR_SCORE]
    # Once a comment, however often it says a word: one long angry letter is one voice.
    ours, theirs = _voices(promoters), _voices(detractors)
    keys = sorted({*ours, *theirs})
    found = separating_words([ours[key] for key in keys], [theirs[key] for key in keys])
    written = _written([*promoters, *detractors], {keys[n] for n in (*found.first, *found.second)})

    def named(numbers: Sequence[int]) -> tuple[SeparatingWord, ...]:
        chosen = (keys[number] for number in numbers[:MOST_WORDS])
        return tuple(SeparatingWord(key, written[key], ours[key], theirs[key]) for key in chosen)

    return Separation(
        language, found.verdict, named(found.first), named(found.second), len(promoters), len(detractors)
    )


def _voices(rows: Sequence[CommentRow]) -> Counter[str]:
    return Counter(key for row in rows for key in {word.key for word in row.words})


def _written(rows: Sequence[CommentRow], keys: set[str]) -> dict[str, str]:
    """Each of these as it is written most often."""
    forms: dict[str, Counter[str]] = {key: Counter() for key in keys}
    for row in rows:
        for word in row.words:
            if word.key in keys:
                forms[word.key][row.text[word.start : word.end].casefold()] += 1
    return {key: min(own.items(), key=lambda pair: (-pair[1], pair[0]))[0] for key, own in forms.items()}
