"""Writing down what somebody said in a talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import GuideVersion, Interview, InterviewQuote
from otklik.feedback.operations.voices.understanding import said_in, topic_column
from otklik.feedback.rules.voices.guides import kept_notes
from otklik.feedback.rules.voices.vocabulary import InterviewChannel, QuoteConsent
from otklik.partners.public import Contact, Partner

LONGEST_WORDS, LONGEST_QUOTE, MOST_QUOTES = 50_000, 2_000, 20


class InterviewRefused(Exception):
    """``problem``: a word of PROBLEMS."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


NOT_THEIRS = "not_theirs"
"""The contact is not one of the partner's."""
TO_COME = "to_come"
NOTHING_SAID = "nothing_said"
ERASED = "erased"
PROBLEMS = (NOT_THEIRS, TO_COME, NOTHING_SAID, ERASED)


class InterviewChangedMeanwhile(Exception):
    """Somebody else changed it after it was opened."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What is written down. ``notes`` by the key of the guide's question, ``quotes`` with the consent to
    each; ``topics``: chosen by a person, none: as the words tell."""

    held_on: date
    channel: InterviewChannel
    contact_id: int | None = None
    version_id: int | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    quotes: Sequence[tuple[str, QuoteConsent]] = ()
    topics: Sequence[str] = ()
    score: int | None = None


def record_interview(
    *, partner_id: int, talk: Talk, interviewer_id: int, by: Actor, at: datetime
) -> Interview:
    """Raises InterviewRefused."""
    version = _version(talk)
    partner = _living_partner(partner_id)
    interview = Interview(
        partner_id=partner_id,
        program_id=partner.program_id,
        interviewer_id=interviewer_id,
        version=version,
        created_at=at,
    )
    _fill(interview, talk, at)
    with transaction.atomic():
        _check_people(partner_id, talk)
        interview.save()
        _keep_quotes(interview, talk)
        _told("interview.recorded", interview, by, at)
    return interview


def change_interview(*, interview_id: int, talk: Talk, revision: int, by: Actor, at: datetime) -> Interview:
    """The guide stays the one it followed. Raises InterviewRefused, InterviewChangedMeanwhile."""
    draft = Interview.objects.select_related("version").get(pk=interview_id)
    _fill(draft, talk, at)
    with transaction.atomic():
        interview = (
            Interview.objects.select_for_update(of=("self",)).select_related("version").get(pk=interview_id)
        )
        if interview.revision != revision:
            raise InterviewChangedMeanwhile(interview_id)
        _check_people(interview.partner_id, talk)
        for name in _FILLED:
            setattr(interview, name, getattr(draft, name))
        interview.changed_at, interview.revision = at, revision + 1
        interview.save()
        interview.quotes.all().delete()
        _keep_quotes(interview, talk)
        _told("interview.changed", interview, by, at)
    return interview


_FILLED = ("held_at", "channel", "contact_id", "notes", "words", "score", "sentiment", "topics")


def _fill(interview: Interview, talk: Talk, at: datetime) -> None:
    """Everything that is not a look at the database; the words are read here, outside the transaction."""
    if talk.held_on > (at + timedelta(hours=14)).date():
        raise InterviewRefused(TO_COME)
    interview.held_at = datetime.combine(talk.held_on, time(12), tzinfo=UTC)
    interview.channel, interview.contact_id, interview.score = talk.channel, talk.contact_id, talk.score
    interview.notes = kept_notes(interview.version.questions if interview.version else (), talk.notes)
    interview.words = talk.words.strip()[:LONGEST_WORDS]
    quoted = [text for text, _ in _quotes(talk)]
    if not (interview.notes or interview.words or quoted or talk.score is not None):
        raise InterviewRefused(NOTHING_SAID)
    said = said_in(interview.program_id, ["\n".join([interview.words, *interview.notes.values(), *quoted])])[
        0
    ]
    interview.sentiment = said.sentiment
    interview.topics = topic_column(list(talk.topics)) if talk.topics else said.topics


def _version(talk: Talk) -> GuideVersion | None:
    return GuideVersion.objects.get(pk=talk.version_id) if talk.version_id else None


def _living_partner(partner_id: int) -> Partner:
    partner = Partner.objects.get(pk=partner_id)
    if partner.erased_at is not None:
        raise InterviewRefused(ERASED)
    return partner


def _check_people(partner_id: int, talk: Talk) -> None:
    _living_partner(partner_id)
    theirs = Contact.objects.filter(partner_id=partner_id, erased_at=None)
    if talk.contact_id is not None and not theirs.filter(pk=talk.contact_id).exists():
        raise InterviewRefused(NOT_THEIRS)


def _quotes(talk: Talk) -> list[tuple[str, QuoteConsent]]:
    said = [(text.strip()[:LONGEST_QUOTE], consent) for text, consent in talk.quotes[:MOST_QUOTES]]
    return [(text, consent) for text, consent in said if text]


def _keep_quotes(interview: Interview, talk: Talk) -> None:
    for text, consent in _quotes(talk):
        InterviewQuote.objects.create(interview=interview, text=text, consent=consent)


def _told(kind: str, interview: Interview, by: Actor, at: datetime) -> None:
    subjects = [
        Subject("interview", interview.pk),
        Subject("partner", interview.partner_id),
        Subject("program", interview.program_id),
    ]
    if interview.contact_id:
        subjects.append(Subject("contact", interview.contact_id))
    data = {
        "score": interview.score,
        "sentiment": interview.sentiment,
        "channel": str(interview.channel),
        "held_at": interview.held_at.isoformat(),
    }
    record(kind, by=by, at=at, subjects=subjects, data=data)
