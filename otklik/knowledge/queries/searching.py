"""Finding articles: any form of a word, the beginning of the last one, mistyped words, and the words of a
whole question of which no article holds every one.

Rights are part of every query: neither an article nor a word of one that the reader may not read comes out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from heapq import nlargest

from django.db.models import QuerySet

from otklik.kit.markup import text_of
from otklik.knowledge.models import ArticleText
from otklik.knowledge.operations.indexing import KIND
from otklik.knowledge.queries.reading import readable
from otklik.knowledge.queries.vocabulary import begun_with, guesses
from otklik.knowledge.rules.excerpts import excerpt_around
from otklik.knowledge.rules.languages import best_language
from otklik.knowledge.rules.queries import other_layout, telling, told
from otklik.knowledge.rules.visibility import Reader
from otklik.search.public import objects_with, stem, words_of

FEW = 3
"""Articles below which a query is read more generously."""
MOST_TYPED = 400
_INSIDE, _IN_TITLE, _TITLE_ONLY = 0.5, 0.4, 0.1
_OTHER_LANGUAGE = 0.9
_LOOKED_AT = 300
_FAR_BEHIND = 0.3
"""Of the best one's score: what has less only shares a word with the question."""


@dataclass(frozen=True, slots=True)
class Found:
    article_id: int
    slug: str
    title: str
    excerpt: str
    language: str
    score: float
    """The share of what was asked that the article holds, weighed by how rare its words are, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Results:
    found: list[Found]
    shown_for: str = ""
    """The query as it was understood, where something in it was taken for a mistake."""


@dataclass(slots=True)
class _Match:
    """A text that holds some of the words; ``groups`` are their numbers."""

    article_id: int
    language: str
    title_terms: frozenset[str]
    title_words: int
    groups: set[int]


Group = tuple[str, ...]


def search_articles(text: str, reader: Reader, limit: int) -> list[Found]:
    """Best first. ``text``: what somebody types, or a question of theirs in whole sentences."""
    return search(text, reader, limit).found


def search(text: str, reader: Reader, limit: int) -> Results:
    """Two queries where the words are found as they stand, and some more for each word where not."""
    typed = telling(words_of(text[:MOST_TYPED]))
    if not typed:
        return Results([])
    groups = _groups(typed, is_typing=text[-1:].isalnum())
    matches = _holding_all(groups, reader)
    if _articles(matches) >= FEW or (matches and len(groups) == 1):
        return Results(_best(matches, groups, {}, reader, limit))
    known: dict[int, int] = {}
    matches = _holding_any(groups, reader, known)
    missing = [number for number in range(len(groups)) if not known[number]]
    replaced = _understood([typed[number] for number in missing], reader) if missing else {}
    if not replaced:
        return Results(_best(matches, groups, known, reader, limit))
    groups = [(replaced.get(word) or group) for word, group in zip(typed, groups, strict=True)]
    known = {}
    matches = _holding_any(groups, reader, known)
    shown = told(typed, [(word, group[0]) for word, group in replaced.items()])
    return Results(_best(matches, groups, known, reader, limit), shown)


def _groups(typed: Sequence[str], *, is_typing: bool) -> list[Group]:
    """The last word may not be typed to its end yet: words that begin so count as well."""
    groups: list[Group] = [(word,) for word in typed]
    if is_typing:
        groups[-1] = (typed[-1], *begun_with(typed[-1]))
    return groups


def _texts(groups: Sequence[Group], reader: Reader) -> QuerySet[ArticleText]:
    return ArticleText.objects.filter(readable(reader, "article__"), pk__in=objects_with(groups, KIND))


def _matches(texts: QuerySet[ArticleText], groups_of: Callable[[int], set[int]]) -> dict[int, _Match]:
    rows = texts.values_list("pk", "article_id", "language", "title_terms", "title")
    return {
        pk: _Match(article_id, language, frozenset(terms.split()), len(title.split()), groups_of(pk))
        for pk, article_id, language, terms, title in rows
    }


def _holding_all(groups: Sequence[Group], reader: Reader) -> dict[int, _Match]:
    numbers = set(range(len(groups)))
    return _matches(_texts(groups, reader), lambda pk: numbers)


def _holding_any(groups: Sequence[Group], reader: Reader, known: dict[int, int]) -> dict[int, _Match]:
    """``known`` gets how many texts hold each group. Of many texts those that hold most of what tells are
    looked at: their titles are read."""
    held: dict[int, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        holding = _texts([group], reader).values_list("pk", flat=True)
        known[number] = len(holding)
        for pk in holding:
            held[pk].add(number)
    weights = _weights(groups, known)
    inside = {pk: sum(weights[number] for number in numbers) for pk, numbers in held.items()}
    looked_at = nlargest(_LOOKED_AT, inside, key=lambda pk: (inside[pk], pk))
    return _matches(ArticleText.objects.filter(pk__in=looked_at), held.__getitem__)


def _weights(groups: Sequence[Group], known: dict[int, int]) -> list[float]:
    """The rarer a word, the more it tells; one that none holds counts against all of them."""
    return [1 / math.log2(2 + known.get(number, 0)) for number in range(len(groups))]


def _articles(matches: dict[int, _Match]) -> int:
    return len({match.article_id for match in matches.values()})


def _understood(missing: Collection[str], reader: Reader) -> dict[str, Group]:
    """What each word that nothing readable holds may have been meant as; only words that find something."""
    found: dict[str, Group] = {}
    for word in missing:
        for guess in [other_layout(word), *guesses(word)]:
            if ArticleText.objects.filter(
                readable(reader, "article__"), pk__in=objects_with([(guess,)], KIND)
            ).exists():
                found[word] = (guess,)
                break
    return found


def _best(
    matches: dict[int, _Match],
    groups: Sequence[Group],
    known: dict[int, int],
    reader: Reader,
    limit: int,
) -> list[Found]:
    if not matches:
        return []
    stems = [frozenset(stem(word) for word in group) for group in groups]
    weights = _weights(groups, known)
    scores: dict[int, float] = {}
    for match in matches.values():
        score = _score(match, stems, weights)
        if match.language != reader.language:
            score *= _OTHER_LANGUAGE
        scores[match.article_id] = max(score, scores.get(match.article_id, 0.0))
    least = max(scores.values()) * _FAR_BEHIND
    near = [pk for pk, score in scores.items() if score >= least]
    return _shown(sorted(near, key=lambda pk: (-scores[pk], -pk))[:limit], scores, stems, reader)


def _score(match: _Match, stems: Sequence[frozenset[str]], weights: Sequence[float]) -> float:
    """What the text holds of the question, what its title does, and how much else the title is about."""
    titled = [number for number in match.groups if stems[number] & match.title_terms]
    inside = sum(weights[number] for number in match.groups) / sum(weights)
    in_title = sum(weights[number] for number in titled) / sum(weights)
    title_only = min(1.0, len(titled) / max(1, match.title_words))
    return _INSIDE * inside + _IN_TITLE * in_title + _TITLE_ONLY * title_only


def _shown(
    chosen: Sequence[int], scores: dict[int, float], stems: Sequence[frozenset[str]], reader: Reader
) -> list[Found]:
    wanted = frozenset().union(*stems)
    texts: dict[int, dict[str, ArticleText]] = {}
    rows = ArticleText.objects.filter(article__in=chosen).select_related("article")
    for text in rows.defer("words", "title_terms"):
        texts.setdefault(text.article_id, {})[text.language] = text
    found = []
    for pk in chosen:
        there = texts.get(pk, {})
        source = next(iter(there.values())).article.source_language if there else ""
        language = best_language(there, wanted=reader.language, source=source)
        if language is None:
            continue
        text = there[language]
        around = excerpt_around(text_of(text.body), lambda word: _is_one_of(word, wanted))
        found.append(Found(pk, text.article.slug, text.title, around, language, round(scores[pk], 3)))
    return found


def _is_one_of(word: str, wanted: frozenset[str]) -> bool:
    return any(stem(part) in wanted for part in words_of(word))
