"""From text to search terms, and from what a person typed to a query: the same for both databases.

A term is a run of letters and digits, case folded, with ё as е. Words are indexed as they stand and as their
stem (Snowball, Russian or English by script), so any form of a word finds any other; the last word of a query
also matches as a beginning, because people look at results while they type.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LONGEST_TERM = 64
MOST_QUERY_TERMS = 12

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[а-я]+")
_LATIN = re.compile(r"[a-z]+")
# "AB-12/34", "1.2.3": pieces of one identifier, which people also type without the signs between.
_IDENTIFIER = re.compile(r"[^\W_]+(?:[-_/.#:][^\W_]+)+")
_PHONE = re.compile(r"(?<!\w)\+?\(?\d[\d ().\u00a0-]{5,}\d(?!\w)")
# Signs of an e-mail address are as telling as its letters: looked for as a whole, or as its beginning.
_EMAIL = re.compile(r"[^\s@,;<>\"']+@[^\s@,;<>\"']*")
_WHOLE = re.compile(f"{_EMAIL.pattern}|{_PHONE.pattern}")
# Nearly every text: nothing in it has a mark but й, and looking at each sign takes most of the time.
_WITHOUT_MARKS = re.compile("[\x00-\x7f\xa0-\xbfа-я\u2010-\u2027\u2030-\u205e\u20a0-\u20c0]*")
_LEAST_PHONE_DIGITS = 7
# A number is also known without its country code (ten digits) and within its city (seven).
_PHONE_TAILS = (10, 7)


@dataclass(frozen=True, slots=True)
class Term:
    text: str
    is_beginning: bool = False


# Terms that must all occur; one of several such alternatives answers for a word of the query.
Alternative = tuple[Term, ...]
Clause = tuple[Alternative, ...]


def index_terms(texts: Iterable[str]) -> str:
    """Terms of these texts, each once, in order of appearance, separated by one space."""
    found: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        for term in _terms_of(folded):
            found.setdefault(term[:LONGEST_TERM])
    return " ".join(found)


def kind_term(kind: str) -> str:
    """What every document of a kind holds besides its words; nobody can type it."""
    return f"§{kind}"


def parse_query(text: str) -> tuple[Clause, ...]:
    """Clauses that must all hold; empty where nothing can be looked for. Any signs in the text are safe:
    what comes out consists of letters and digits only."""
    folded = fold(text)[:400]
    clauses: list[Clause] = []
    position = 0
    for match in _WHOLE.finditer(folded):
        whole = _whole_clause(match.group(), last=not _words(folded[match.end() :]))
        if whole is None:
            continue
        clauses += [word_clause(word, last=False) for word in _words(folded[position : match.start()])]
        clauses.append(whole)
        position = match.end()
    rest = _words(folded[position:])
    clauses += [word_clause(word, last=number == len(rest)) for number, word in enumerate(rest, 1)]
    return tuple(clauses[:MOST_QUERY_TERMS])


def without_beginnings(clauses: tuple[Clause, ...]) -> tuple[Clause, ...] | None:
    """The same for whole words only; None where there is nothing but a beginning to ask for (a telephone
    number, an address)."""
    whole = tuple(
        tuple(one for one in clause if not any(term.is_beginning for term in one)) for clause in clauses
    )
    return whole if all(whole) else None


def holds(terms: str, clauses: tuple[Clause, ...]) -> bool:
    """Whether a document with these terms (``index_terms``) is found by the query."""
    words = set(terms.split())

    def is_there(term: Term) -> bool:
        return term.text in words or (term.is_beginning and any(word.startswith(term.text) for word in words))

    return all(any(all(map(is_there, one)) for one in clause) for clause in clauses)


def fold(text: str) -> str:
    """Case, compatibility forms, ё and accents levelled out; й stays й."""
    levelled = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    if _WITHOUT_MARKS.fullmatch(levelled):
        return levelled
    kept = unicodedata.normalize("NFD", levelled)
    # Only й keeps its mark: и and й are two letters, e and é are one to whoever searches.
    without_marks = "".join(
        sign
        for place, sign in enumerate(kept)
        if not unicodedata.combining(sign) or (sign == "\u0306" and kept[place - 1] == "и")
    )
    return unicodedata.normalize("NFC", without_marks)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word; a word with digits or of another script is its own stem."""
    if _CYRILLIC.fullmatch(word):
        return str(snowballstemmer.stemmer("russian").stemWord(word))
    if _LATIN.fullmatch(word):
        return str(snowballstemmer.stemmer("english").stemWord(word))
    return word


def words_of(text: str) -> list[str]:
    """The folded words of a text, each once, in their order."""
    return list(dict.fromkeys(_words(fold(text))))


def _terms_of(folded: str) -> Iterator[str]:
    for word in dict.fromkeys(_words(folded)):
        yield word
        yield stem(word)
    for match in _IDENTIFIER.finditer(folded):
        joined = "".join(_words(match.group()))
        if any(sign.isdigit() for sign in joined):
            yield joined
    for match in _EMAIL.finditer(folded):
        yield "".join(_words(match.group()))
    for match in _PHONE.finditer(folded):
        digits = _digits(match.group())
        if len(digits) >= _LEAST_PHONE_DIGITS:
            yield digits
            yield from (digits[-tail:] for tail in _PHONE_TAILS if len(digits) > tail)


def _words(folded: str) -> list[str]:
    return [word[:LONGEST_TERM] for word in _WORD.findall(folded)]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def word_clause(word: str, *, last: bool) -> Clause:
    """For a folded word, in any of its forms; the last one of a query is also a beginning."""
    by_stem: Alternative = (Term(stem(word)),)
    if not last:
        return (by_stem,) if stem(word) == word else (by_stem, (Term(word),))
    return (by_stem, (Term(word, is_beginning=True),))


def _whole_clause(text: str, *, last: bool) -> Clause | None:
    """For an e-mail address or a telephone number; None where the text only looked like one."""
    if "@" in text:
        joined = "".join(_words(text))[:LONGEST_TERM]
        return ((Term(joined, is_beginning=last),),) if joined else None
    digits = _digits(text)
    if len(digits) < _LEAST_PHONE_DIGITS:
        return None
    # However it is written, with or without the country code; or else the numbers as they stand
    # ("2024 2025 2026").
    known_as = digits[-10:] if len(digits) >= 10 else digits
    return ((Term(known_as, is_beginning=True),), tuple(Term(word) for word in _words(text)))
