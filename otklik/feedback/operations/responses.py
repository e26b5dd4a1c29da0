"""Storing answers: one door for the import, the demo, the API and every channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from otklik.analytics.public import ScoreFact, count_scores
from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.feedback.models import Response, SurveyVersion
from otklik.feedback.operations.noting import note_answers
from otklik.feedback.rules.vocabulary import SCALES, Channel, RowProblem, RowResult, SurveyKind
from otklik.kit.bulk import insert_for_ids
from otklik.partners.public import Contact, ContactRole, Partner

# Clocks of senders differ a little; an answer from tomorrow is a wrong date.
CLOCK_SLACK = timedelta(hours=1)
RACES = 3


class ResponseRefused(Exception):
    """A single answer that cannot be stored; ``problem`` says why."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One answer to store. ``source_key`` names it in the system it came from, once per program.

    ``contact_id`` None: an answer of the company without a name; its role is then unknown unless stated.
    role, tier, segment, country, manager_id: None takes them from the contact and the partner as they are
    now; a value wins, "" and ``manager_id`` 0 state that there was none.
    """

    source_key: str
    partner_id: int
    version_id: int
    score: int
    responded_at: datetime
    contact_id: int | None = None
    comment: str = ""
    language: str = ""
    channel: str = Channel.IMPORT
    role: str | None = None
    tier: str | None = None
    segment: str | None = None
    country: str | None = None
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """``problem`` is None exactly when the row was stored; ``response_id`` is None exactly when it failed."""

    result: RowResult
    response_id: int | None = None
    problem: RowProblem | None = None


def record_response(row: ResponseRow, *, by: Actor, at: datetime) -> RowOutcome:
    """One answer. The same ``source_key`` again is skipped. Raises ResponseRefused."""
    outcome = record_responses([row], by=by, at=at)[0]
    if outcome.result is RowResult.FAILED and outcome.problem is not None:
        raise ResponseRefused(outcome.problem)
    return outcome


def record_responses(rows: Sequence[ResponseRow], *, by: Actor, at: datetime) -> list[RowOutcome]:
    """Store a chunk in one transaction, with its events and histograms; outcomes in the order of ``rows``.

    The number of queries does not grow with the chunk (a few hundred rows are a good size: SQLite has one
    writer).
    Idempotent by program and ``source_key``, within the chunk too; a row that fails leaves the others alone.
    """
    for attempt in range(RACES):
        try:
            with transaction.atomic():
                return _store(rows, by, at)
        except IntegrityError:
            # Somebody stored one of these keys between our look and our insert; look again.
            if attempt == RACES - 1:
                raise
    raise AssertionError("unreachable")


class _Partner(NamedTuple):
    id: int
    program_id: int
    segment: str
    tier: str
    country: str
    manager_id: int | None


class _Contact(NamedTuple):
    id: int
    partner_id: int
    role: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the chunk refers to, read once."""

    partners: dict[int, _Partner]
    contacts: dict[int, _Contact]
    versions: dict[int, SurveyVersion]
    managers: frozenset[int]
    stored: dict[tuple[int, str], int]
    now: datetime


def _store(rows: Sequence[ResponseRow], by: Actor, at: datetime) -> list[RowOutcome]:
    known = _look_up(rows, at)
    outcomes: list[RowOutcome | None] = []
    fresh: dict[tuple[int, str], Response] = {}
    waiting: dict[int, Response] = {}
    for place, row in enumerate(rows):
        problem = _problem(row, known)
        if problem is not None:
            outcomes.append(RowOutcome(RowResult.FAILED, None, problem))
            continue
        key = (known.partners[row.partner_id].program_id, row.source_key)
        outcomes.append(None)
        if key in known.stored:
            outcomes[-1] = RowOutcome(RowResult.SKIPPED, known.stored[key], RowProblem.DUPLICATE)
        elif key not in fresh:
            fresh[key] = waiting[place] = _frozen(row, known, at)
    new = list(fresh.values())
    for response, pk in zip(new, insert_for_ids(Response, _COLUMNS, list(map(_values, new))), strict=True):
        response.pk = pk
    _tell(new, by, at)
    answers = []
    for place, outcome in enumerate(outcomes):
        if outcome is None and place in waiting:
            outcome = RowOutcome(RowResult.STORED, waiting[place].pk)
        elif outcome is None:
            key = (known.partners[rows[place].partner_id].program_id, rows[place].source_key)
            outcome = RowOutcome(RowResult.SKIPPED, fresh[key].pk, RowProblem.DUPLICATE)
        answers.append(outcome)
    return answers


_COLUMNS = [field.attname for field in Response._meta.concrete_fields if not field.primary_key]
_values = attrgetter(*_COLUMNS)


def _look_up(rows: Sequence[ResponseRow], at: datetime) -> _Known:
    keys = {row.source_key for row in rows}
    partners = Partner.objects.filter(pk__in={row.partner_id for row in rows}, erased_at=None)
    contacts = Contact.objects.filter(
        pk__in={row.contact_id for row in rows if row.contact_id is not None}, erased_at=None
    )
    versions = SurveyVersion.objects.filter(pk__in={row.version_id for row in rows}).select_related("survey")
    stated = {row.manager_id for row in rows if row.manager_id}
    by_id = {found[0]: _Partner(*found) for found in partners.values_list(*_Partner._fields)}
    stored = Response.objects.filter(
        program_id__in={partner.program_id for partner in by_id.values()}, source_key__in=keys
    ).values_list("program_id", "source_key", "pk")
    return _Known(
        by_id,
        {found[0]: _Contact(*found) for found in contacts.values_list(*_Contact._fields)},
        {version.pk: version for version in versions},
        frozenset(get_user_model().objects.filter(pk__in=stated).values_list("pk", flat=True))
        if stated
        else frozenset(),
        {(program, key): pk for program, key, pk in stored},
        at,
    )


def _problem(row: ResponseRow, known: _Known) -> RowProblem | None:
    partner = known.partners.get(row.partner_id)
    version = known.versions.get(row.version_id)
    if partner is None:
        return RowProblem.UNKNOWN_PARTNER
    if version is None:
        return RowProblem.UNKNOWN_SURVEY
    if version.survey.program_id != partner.program_id:
        return RowProblem.SURVEY_OF_OTHER_PROGRAM
    if row.contact_id is not None:
        contact = known.contacts.get(row.contact_id)
        if contact is None:
            return RowProblem.UNKNOWN_CONTACT
        if contact.partner_id != partner.id:
            return RowProblem.CONTACT_OF_OTHER_PARTNER
    if row.manager_id and row.manager_id not in known.managers:
        return RowProblem.UNKNOWN_MANAGER
    return _problem_of_values(row, SurveyKind(version.survey.kind), known.now)


def _problem_of_values(row: ResponseRow, kind: SurveyKind, now: datetime) -> RowProblem | None:
    low, high = SCALES[kind]
    if not row.source_key:
        return RowProblem.NO_SOURCE_KEY
    if len(row.source_key) > 200:
        return RowProblem.SOURCE_KEY_TOO_LONG
    if not low <= row.score <= high:
        return RowProblem.SCORE_OFF_SCALE
    if row.responded_at.tzinfo is None:
        return RowProblem.NO_TIME_ZONE
    if row.responded_at > now + CLOCK_SLACK:
        return RowProblem.IN_THE_FUTURE
    if row.channel not in _CHANNELS:
        return RowProblem.UNKNOWN_CHANNEL
    if row.role is not None and row.role not in _ROLES:
        return RowProblem.UNKNOWN_ROLE
    if row.country and not (len(row.country) == 2 and row.country.isascii() and row.country.isalpha()):
        return RowProblem.BAD_COUNTRY
    if len(row.segment or "") > 60 or len(row.tier or "") > 40 or len(row.language) > 10:
        return RowProblem.VALUE_TOO_LONG
    return None


_CHANNELS = frozenset(channel.value for channel in Channel)
_ROLES = frozenset(role.value for role in ContactRole)


def _frozen(row: ResponseRow, known: _Known, at: datetime) -> Response:
    partner = known.partners[row.partner_id]
    contact = known.contacts[row.contact_id] if row.contact_id is not None else None
    version = known.versions[row.version_id]
    role = row.role if row.role is not None else contact.role if contact else ContactRole.UNKNOWN.value
    return Response(
        version=version,
        kind=version.survey.kind,
        language=row.language,
        partner_id=partner.id,
        contact_id=row.contact_id,
        score=row.score,
        comment=row.comment.strip(),
        source_key=row.source_key,
        responded_at=row.responded_at,
        recorded_at=at,
        program_id=partner.program_id,
        segment=partner.segment if row.segment is None else row.segment,
        tier=partner.tier if row.tier is None else row.tier,
        country=(partner.country if row.country is None else row.country).upper(),
        role=role,
        manager_id=partner.manager_id if row.manager_id is None else row.manager_id or None,
        channel=row.channel,
    )


def _tell(responses: Sequence[Response], by: Actor, at: datetime) -> None:
    if not responses:
        return
    count_scores(score_fact(response) for response in responses)
    note_answers([response.pk for response in responses])
    record_many([_event(response) for response in responses], by=by, at=at)


def score_fact(response: Response) -> ScoreFact:
    return ScoreFact(
        kind=response.kind,
        program=response.program_id,
        day=response.responded_at.astimezone(UTC).date(),
        score=response.score,
        segment=response.segment,
        tier=response.tier,
        country=response.country,
        manager=response.manager_id or 0,
        role=response.role,
        channel=response.channel,
    )


def _event(response: Response) -> NewEvent:
    subjects = [Subject("response", response.pk)]
    if response.partner_id is not None:
        subjects.append(Subject("partner", response.partner_id))
    if response.contact_id is not None:
        subjects.append(Subject("contact", response.contact_id))
    return NewEvent(
        "response.recorded",
        response.responded_at,
        subjects,
        {
            "kind": response.kind,
            "score": response.score,
            "role": response.role,
            "channel": response.channel,
            "version": response.version_id,
        },
    )
