"""Taking in what people answer: a chunk in one transaction, each with its event and its place in the counts.

The page saves as one types, so that most calls are "the same again" or "and this comment". Whatever comes
twice is one answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from otklik.analytics.public import count_scores
from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.feedback.models import AnswerTrace, Invitation, Response, Survey, SurveyLink, SurveyVersion
from otklik.feedback.operations.answer_ground import Ground, form_of, read_ground
from otklik.feedback.operations.noting import note_answers
from otklik.feedback.operations.responses import score_fact
from otklik.feedback.operations.set_aside import Doubles, find_doubles
from otklik.feedback.operations.traces import is_inside, scrambled
from otklik.feedback.rules.answering import KEPT, Outcome, clean_text, is_on_scale, is_too_long
from otklik.feedback.rules.forms import read_answers
from otklik.feedback.rules.vocabulary import (
    Channel,
    Gesture,
    InvitationState,
    ResponseStatus,
    SurveyKind,
    WaveState,
)
from otklik.kit.bulk import insert_for_ids, insert_rows, update_rows
from otklik.partners.public import ContactRole

RACES = 3
# Who has the page open when a link closes may finish.
LINK_GRACE = timedelta(hours=1)
_GONE = (InvitationState.LEFT_OUT, InvitationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a person said on the page of an invitation, or of a link under a key that their browser keeps.

    comment, answers, may_contact: None leaves what was said before. ``device`` and ``network`` as they came
    with the request; only their hashes are kept. ``seconds``: since the page was opened. ``version_id``: the
    wording that was shown at a link.
    """

    score: int
    at: datetime
    invitation_id: int | None = None
    link_id: int | None = None
    client_key: str = ""
    version_id: int | None = None
    comment: str | None = None
    answers: Mapping[str, Any] | None = None
    may_contact: bool | None = None
    language: str = ""
    gesture: str = Gesture.SUBMIT
    device: str = ""
    network: str = ""
    seconds: int | None = None

    @property
    def key(self) -> str:
        """Of the response, in its program."""
        if self.invitation_id is not None:
            return f"inv:{self.invitation_id}"
        return f"link:{self.link_id}:{self.client_key}"


@dataclass(frozen=True, slots=True)
class Taken:
    """``response_id`` is None exactly when the answer was refused."""

    outcome: Outcome
    response_id: int | None = None

    @property
    def is_kept(self) -> bool:
        return self.outcome in KEPT


def take_answers(given: Sequence[GivenAnswer], *, by: Actor | None = None) -> list[Taken]:
    """Store a chunk (a few hundred at most) in one transaction, in any order of people; what became of each,
    in the order of ``given``. The number of statements does not grow with the chunk. Idempotent."""
    for attempt in range(RACES):
        try:
            with transaction.atomic():
                return _take(given, by or Actor.system())
        except IntegrityError:
            # Somebody stored one of these keys between our look and our insert; look again.
            if attempt == RACES - 1:
                raise
    raise AssertionError("unreachable")


@dataclass(slots=True)
class _Draft:
    """A response on its way: a new one, or one that stands already, with what it was before."""

    response: Response
    given: GivenAnswer
    before: int | None = None
    is_changed: bool = False


def _take(given: Sequence[GivenAnswer], by: Actor) -> list[Taken]:
    ground = read_ground(
        (one.invitation_id for one in given if one.invitation_id is not None),
        ((one.link_id, one.key) for one in given if one.link_id is not None),
    )
    doubles = find_doubles([one for one in given if one.link_id is not None], ground)
    drafts: dict[str, _Draft] = {}
    outcomes = [_outcome(one, ground, doubles, drafts) for one in given]
    fresh = [draft for draft in drafts.values() if draft.response.pk is None]
    changed = [draft for draft in drafts.values() if draft.response.pk is not None and draft.is_changed]
    _insert(fresh, ground)
    _update(changed)
    _tell(fresh, changed, by)
    return [
        Taken(outcome, drafts[one.key].response.pk if outcome in KEPT else None)
        for one, outcome in zip(given, outcomes, strict=True)
    ]


def _outcome(one: GivenAnswer, ground: Ground, doubles: Doubles, drafts: dict[str, _Draft]) -> Outcome:
    """Writes the draft of what is kept."""
    invitation = ground.invitations.get(one.invitation_id or 0)
    link = ground.links.get(one.link_id or 0)
    version = _version(one, ground, invitation, link)
    if version is None:
        return Outcome.UNKNOWN
    survey = ground.surveys[version.survey_id]
    draft = drafts.get(one.key) or _standing(one, ground)
    refusal = _refusal(one, ground, invitation, link, survey, is_new=draft is None)
    if refusal is not None:
        return refusal
    if draft is not None:
        drafts[one.key] = draft
        return _change(draft, one, survey)
    if link is not None and doubles.is_too_many(one, survey.pk):
        return Outcome.TOO_MANY
    is_double = link is not None and not link.is_shared and doubles.is_double(one, survey.pk)
    response = _new(one, ground, invitation, link, version, survey)
    if is_double:
        response.status = ResponseStatus.DUPLICATE
    drafts[one.key] = _Draft(response, one)
    return Outcome.SET_ASIDE if is_double else Outcome.RECORDED


def _version(
    one: GivenAnswer, ground: Ground, invitation: Invitation | None, link: SurveyLink | None
) -> SurveyVersion | None:
    """The wording that was shown; the latest one where a link's page did not say."""
    if invitation is not None:
        return ground.versions[invitation.version_id]
    if link is None:
        return None
    shown = ground.versions.get(one.version_id or 0)
    return shown if shown and shown.survey_id == link.survey_id else ground.latest.get(link.survey_id)


def _standing(one: GivenAnswer, ground: Ground) -> _Draft | None:
    found = ground.by_invitation.get(one.invitation_id or 0) or ground.by_key.get(one.key)
    if found is None:
        return None
    if found.version_id in ground.versions:
        found.version = ground.versions[found.version_id]
    if found.invitation_id is not None:
        found.invitation = ground.invitations[found.invitation_id]
    return _Draft(found, one, found.score)


def _refusal(
    one: GivenAnswer,
    ground: Ground,
    invitation: Invitation | None,
    link: SurveyLink | None,
    survey: Survey,
    *,
    is_new: bool,
) -> Outcome | None:
    if invitation is not None:
        if invitation.state in _GONE:
            return Outcome.WITHDRAWN
        if ground.erased.get(invitation.contact_id, one.at) is not None:
            return Outcome.ERASED
        if invitation.is_expired(one.at):
            return Outcome.EXPIRED
    if link is not None and is_link_closed(link, survey, one.at - LINK_GRACE):
        return Outcome.CLOSED
    if not is_on_scale(SurveyKind(survey.kind), one.score):
        return Outcome.OFF_SCALE
    return Outcome.TOO_LONG if is_too_long(one.comment, one.answers) else None


def is_link_closed(link: SurveyLink, survey: Survey, at: datetime) -> bool:
    ends = [end for end in (link.closes_at, survey.archived_at) if end is not None]
    return any(at >= end for end in ends)


def _new(
    one: GivenAnswer,
    ground: Ground,
    invitation: Invitation | None,
    link: SurveyLink | None,
    version: SurveyVersion,
    survey: Survey,
) -> Response:
    response = Response(
        version=version,
        kind=survey.kind,
        language=one.language[:10],
        link=link,
        score=one.score,
        comment=clean_text(one.comment or ""),
        answers=_answers(one.answers or {}, version, survey, one.score),
        may_contact=one.may_contact,
        source_key=one.key,
        responded_at=one.at,
        recorded_at=one.at,
        program_id=survey.program_id,
        role=ContactRole.UNKNOWN.value,
        channel=Channel.LINK.value,
        is_late=link is not None and is_link_closed(link, survey, one.at),
    )
    if invitation is None:
        return response
    wave = ground.waves[invitation.wave_id]
    response.invitation = invitation
    response.partner_id, response.contact_id = invitation.partner_id, invitation.contact_id
    response.program_id, response.manager_id = invitation.program_id, invitation.manager_id
    response.segment, response.tier = invitation.segment, invitation.tier
    response.country, response.role = invitation.country, invitation.role
    response.channel = (Channel.EMAIL if invitation.address else Channel.LINK).value
    # The job that closes a wave comes some minutes after its time.
    ended = any(end is not None and one.at >= end for end in (wave.closes_at, wave.closed_at))
    response.is_late = ended or wave.state in (WaveState.CLOSED, WaveState.CANCELLED)
    return response


def _answers(given: Mapping[str, Any], version: SurveyVersion, survey: Survey, score: int) -> dict[str, Any]:
    if not given:
        return {}
    whole = {key: clean_text(value) if isinstance(value, str) else value for key, value in given.items()}
    return read_answers(form_of(version, survey.kind), score, whole)


def _change(draft: _Draft, one: GivenAnswer, survey: Survey) -> Outcome:
    """Of a response that stands already, or of one that came earlier in this chunk."""
    row = draft.response
    answers = row.answers if one.answers is None else one.answers
    wanted = {
        "score": one.score,
        "comment": row.comment if one.comment is None else clean_text(one.comment),
        # What was asked at the old score and is not at the new one goes with it.
        "answers": _answers(answers, row.version, survey, one.score),
        "may_contact": row.may_contact if one.may_contact is None else one.may_contact,
    }
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return Outcome.SAME
    for name, value in wanted.items():
        setattr(row, name, value)
    row.language = one.language[:10] or row.language
    if row.pk is not None:
        row.changed_at = max(one.at, row.responded_at)
    draft.is_changed, draft.given = True, replace(one)
    return Outcome.CHANGED


_COLUMNS = [field.attname for field in Response._meta.concrete_fields if not field.primary_key]
_CHANGED = ("score", "comment", "answers", "may_contact", "language", "changed_at")
_TRACE = ("response_id", "device", "network", "is_own_network", "seconds", "at")


def _insert(fresh: Sequence[_Draft], ground: Ground) -> None:
    rows = [tuple(getattr(draft.response, name) for name in _COLUMNS) for draft in fresh]
    for draft, pk in zip(fresh, insert_for_ids(Response, _COLUMNS, rows), strict=True):
        draft.response.pk = pk
    insert_rows(AnswerTrace, _TRACE, [_trace(draft, ground) for draft in fresh])
    asked = sorted(
        (draft.response.invitation_id, draft.response.responded_at)
        for draft in fresh
        if draft.response.invitation_id is not None
    )
    # Nobody is reminded of what they answered.
    update_rows(Invitation, ("answered_at", "remind_at"), [(at, None, pk) for pk, at in asked])


def _trace(draft: _Draft, ground: Ground) -> tuple[Any, ...]:
    response, given = draft.response, draft.given
    sent_at = response.invitation.sent_at if response.invitation is not None else None
    seconds = given.seconds if sent_at is None else int((given.at - sent_at).total_seconds())
    return (
        response.pk,
        scrambled(given.device, given.at),
        scrambled(given.network, given.at),
        is_inside(given.network, ground.own_networks.get(response.program_id, ())),
        # Clocks of two machines may differ: nobody answers before they were asked.
        None if seconds is None else min(max(0, seconds), 2**31 - 1),
        response.responded_at,
    )


def _update(changed: Sequence[_Draft]) -> None:
    rows = sorted((draft.response for draft in changed), key=lambda row: row.pk)
    update_rows(Response, _CHANGED, [(*(getattr(row, name) for name in _CHANGED), row.pk) for row in rows])


def _tell(fresh: Sequence[_Draft], changed: Sequence[_Draft], by: Actor) -> None:
    """The counts, the facts and the log. Answers set aside are in the log alone."""
    drafts = [*fresh, *changed]
    if not drafts:
        return
    counted = [draft for draft in fresh if draft.response.status == ResponseStatus.COMPLETE]
    moved = [
        draft
        for draft in changed
        if draft.response.status == ResponseStatus.COMPLETE and draft.before != draft.response.score
    ]
    facts = [score_fact(draft.response) for draft in counted]
    for draft in moved:
        fact = score_fact(draft.response)
        facts += [replace(fact, score=draft.before or 0, amount=-1), fact]
    count_scores(facts)
    note_answers([draft.response.pk for draft in (*counted, *moved)])
    last = max(draft.given.at for draft in drafts)
    record_many([_event(draft) for draft in drafts], by=by, at=last)


def _event(draft: _Draft) -> NewEvent:
    response = draft.response
    subjects = [Subject("response", response.pk), Subject("survey", response.version.survey_id)]
    data: dict[str, Any] = {
        "kind": response.kind,
        "score": response.score,
        "role": response.role,
        "channel": response.channel,
        "version": response.version_id,
    }
    if response.partner_id is not None:
        subjects.append(Subject("partner", response.partner_id))
    if response.contact_id is not None:
        subjects.append(Subject("contact", response.contact_id))
    if response.invitation is not None:
        data |= {"invitation": response.invitation_id, "wave": response.invitation.wave_id}
    if response.status != ResponseStatus.COMPLETE:
        return NewEvent("response.set_aside", draft.given.at, subjects, data)
    if draft.before is None:
        return NewEvent("response.recorded", response.responded_at, subjects, data)
    return NewEvent("response.changed", draft.given.at, subjects, data | {"before": draft.before})
