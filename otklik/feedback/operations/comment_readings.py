"""Reading comments: by chunks, outside any transaction, and written down only where nobody changed the
comment meanwhile. Whatever is run twice comes out the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from otklik.feedback.models import CommentReading, Response
from otklik.feedback.queries.dictionaries import edited_topics
from otklik.feedback.rules.texts.effective import RULES, Dictionaries, Edited, effective
from otklik.feedback.rules.texts.sentiment import sentiment, sentiment_in
from otklik.feedback.rules.texts.topics import TopicMatcher, matcher_of
from otklik.feedback.rules.vocabulary import ResponseStatus
from otklik.kit.texts.reading import language_of, read
from otklik.kit.texts.words import content_words
from otklik.partners.public import Program

READ_SOME = "otklik.feedback.comment_jobs.read_some"
READ_AGAIN = "otklik.feedback.comment_jobs.read_waiting"
CHUNK = 200
_FIELDS = ("language", "sentiment", "topics", "words", "dictionary_at", "rules", "read_at")


def read_comments(*, response_ids: Sequence[int], at: datetime) -> int:
    """How many readings were written; those of comments that are gone are deleted."""
    edited = edited_topics()
    known: dict[int, tuple[Dictionaries, TopicMatcher]] = {}
    written = 0
    for start in range(0, len(response_ids), CHUNK):
        chunk = response_ids[start : start + CHUNK]
        rows = Response.objects.filter(pk__in=chunk).values_list("pk", "program_id", "comment")
        texts, readings = {}, []
        for pk, program_id, comment in rows:
            texts[pk] = comment
            if comment:
                readings.append(_reading(pk, comment, *_dictionaries(known, edited, program_id), at))
        written += _write(texts, readings)
    return written


def waiting_comments(*, limit: int) -> list[int]:
    """Ids of answers whose comment was not read yet, or by other dictionaries than count now."""
    edited = edited_topics()
    versions: dict[datetime, list[int]] = {}
    for program_id in Program.objects.values_list("pk", flat=True):
        versions.setdefault(effective(edited, program_id).version, []).append(program_id)
    found: list[int] = []
    for version, programs in versions.items():
        current = CommentReading.objects.filter(
            response_id=OuterRef("pk"), dictionary_at=version, rules=RULES
        )
        waiting = (
            Response.objects.filter(
                Q(program_id__in=programs), ~Exists(current), status=ResponseStatus.COMPLETE
            )
            .exclude(comment="")
            .order_by("-pk")
            .values_list("pk", flat=True)
        )
        found += waiting[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


def _dictionaries(
    known: dict[int, tuple[Dictionaries, TopicMatcher]], edited: Sequence[Edited], program_id: int
) -> tuple[Dictionaries, TopicMatcher]:
    if program_id not in known:
        dictionaries = effective(edited, program_id)
        known[program_id] = (dictionaries, matcher_of(dictionaries.topics))
    return known[program_id]


def _reading(
    response_id: int, comment: str, dictionaries: Dictionaries, matcher: TopicMatcher, at: datetime
) -> CommentReading:
    reading = read(comment)
    sound = sentiment(reading)
    topics = {
        topic.key: {
            "sentiment": sentiment_in(sound, topic.clauses),
            "places": [[one.start, one.end] for one in topic.evidence],
        }
        for topic in matcher.find(reading)
    }
    return CommentReading(
        response_id=response_id,
        language=language_of(reading),
        sentiment=sound.value,
        topics=topics,
        words=[list(word) for word in content_words(reading)],
        dictionary_at=dictionaries.version,
        rules=RULES,
        read_at=at,
    )


def _write(texts: dict[int, str], readings: list[CommentReading]) -> int:
    with transaction.atomic():
        # Erased or changed while we read: the change has a job of its own.
        now = dict(Response.objects.select_for_update().filter(pk__in=texts).values_list("pk", "comment"))
        same = {pk for pk, comment in now.items() if texts[pk] == comment}
        kept = [one for one in readings if one.response_id in same]
        gone = [pk for pk, comment in now.items() if not comment]
        CommentReading.objects.filter(response_id__in=gone).delete()
        CommentReading.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["response"], update_fields=_FIELDS
        )
    return len(kept)
