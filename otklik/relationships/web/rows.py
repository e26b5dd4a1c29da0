"""The map in words: a row a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from otklik.desk.public import Ticket
from otklik.kit.templatetags.otklik import score_badge
from otklik.relationships.queries.partner import Person
from otklik.relationships.rules.vocabulary import Standing
from otklik.relationships.templatetags.map_words import standing_tone
from otklik.relationships.web.words import Words


@dataclass(frozen=True, slots=True)
class Row:
    """Ready words: a template that looks each of them up for 300 people takes longer than all queries."""

    id: int
    name: str
    job_title: str
    title_doubt: str
    role: str
    badge: SafeString
    recent: str
    authority: str
    influence: str
    is_place_old: bool
    ties: tuple[str, ...]
    doubts: str
    log: str
    comment: str
    tickets: tuple[Ticket, ...]


def rows_of(people: Iterable[Person], words: Words) -> list[Row]:
    badges: dict[int | Standing, SafeString] = {}
    return [_row(one, words, badges) for one in people]


def _badge(one: Person, made: dict[int | Standing, SafeString]) -> SafeString:
    """The score, or what there is instead. There are seventeen of them."""
    score = one.member.score
    key = one.standing if score is None else score
    if key not in made:
        made[key] = standing_tone(one.standing) if score is None else score_badge(score)
    return made[key]


def _row(one: Person, words: Words, badges: dict[int | Standing, SafeString]) -> Row:
    doubts = {doubt for tie in one.ties for doubt in tie.judged.doubts}
    return Row(
        one.id,
        one.row.name,
        one.row.job_title,
        words.title(one.title_doubt),
        words.role[one.member.role],
        _badge(one, badges),
        one.recent if len(one.line) > 1 else "",
        words.authority[one.member.authority],
        words.influence[one.member.influence],
        one.is_place_old,
        tuple(words.tie(tie) for tie in one.ties),
        " ".join(words.doubt[doubt] for doubt in sorted(doubts)),
        words.contacts(one.dealings.all),
        one.comment[:240],
        one.open_tickets[:3],
    )
