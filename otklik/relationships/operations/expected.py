"""Before a wave: what the team expects of each person, and who signed off whom there is to ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.feedback.public import (
    REMOVED_FOR,
    HandReason,
    NotADraft,
    SurveyKind,
    Wave,
    WaveState,
    choose_of_draft,
)
from otklik.partners.public import Contact, Partner
from otklik.relationships.models import ExpectedScore, SignOff
from otklik.relationships.operations.people import person_of
from otklik.stats.nps import HIGHEST_SCORE


class ExpectationsLocked(Exception):
    """The wave has begun, or was called off: nobody expects any more."""


class NotAScoreSurvey(Exception):
    """Scores from 0 to 10 are expected of a survey that asks for them."""


class OffScale(Exception):
    """The score is none from 0 to 10."""


class NotAsked(Exception):
    """Somebody of another program, or who was erased or left."""


class OddReason(Exception):
    """Nobody is left out of a wave for this reason."""


@transaction.atomic
def enter_expected(
    *, wave_id: int, user_id: int, scores: Mapping[int, int | None], by: Actor, at: datetime
) -> int:
    """By contact; None takes an earlier one back. How many stand there now for this person. The event says
    that and how many, never what: until the start it is nobody else's business. Raises ExpectationsLocked,
    NotAScoreSurvey, OffScale, NotAsked, Wave.DoesNotExist."""
    if any(score is not None and not 0 <= score <= HIGHEST_SCORE for score in scores.values()):
        raise OffScale
    wave = _draft(wave_id)
    people = dict(
        Contact.objects.filter(
            pk__in=scores, partner__program_id=wave.program_id, erased_at=None, is_active=True
        ).values_list("pk", "partner_id")
    )
    if people.keys() != scores.keys():
        raise NotAsked(sorted(scores.keys() - people.keys()))
    mine = ExpectedScore.objects.filter(wave=wave, user_id=user_id)
    before = dict(mine.filter(contact__in=people).values_list("contact_id", "score"))
    changed = {pk: score for pk, score in scores.items() if before.get(pk) != score}
    if changed:
        mine.filter(contact__in=changed).delete()
        ExpectedScore.objects.bulk_create(
            ExpectedScore(wave=wave, contact_id=pk, user_id=user_id, score=score, entered_at=at)
            for pk, score in changed.items()
            if score is not None
        )
        partners = [Subject("partner", pk) for pk in sorted({people[pk] for pk in changed})]
        subjects = [Subject("wave", wave_id), *partners]
        record("expected_scores.entered", by=by, at=at, subjects=subjects, data={"changed": len(changed)})
    return mine.count()


@transaction.atomic
def note_lock(*, wave_id: int, by: Actor, at: datetime) -> int:
    """The wave has begun: say in the log how many expectations it locked. Nothing where nobody expected
    anything."""
    locked = ExpectedScore.objects.filter(wave_id=wave_id)
    count = locked.count()
    if count:
        data = {"scores": count, "people": locked.values("contact").distinct().count()}
        record("expected_scores.locked", by=by, at=at, subjects=[Subject("wave", wave_id)], data=data)
    return count


@transaction.atomic
def sign_off(
    *, wave_id: int, partner_id: int, dropped: Mapping[int, HandReason], by: Actor, at: datetime
) -> SignOff:
    """Everybody at this partner who could be asked is, but for those ``dropped``, each for a reason: the wave
    leaves them out. Again it replaces the earlier one. Raises ExpectationsLocked, NotAScoreSurvey, NotAsked,
    OddReason, Wave.DoesNotExist."""
    if not set(dropped.values()) <= set(REMOVED_FOR):
        raise OddReason
    rows = Contact.objects.filter(partner_id=partner_id, erased_at=None, is_active=True)
    there = set(rows.values_list("pk", flat=True))
    if not dropped.keys() <= there:
        raise NotAsked(sorted(dropped.keys() - there))
    people = sorted(there - dropped.keys())
    try:
        wave = choose_of_draft(wave_id=wave_id, out=dropped.keys(), back=people, by=by, at=at)
    except NotADraft:
        raise ExpectationsLocked(wave_id) from None
    if wave.survey.kind != SurveyKind.NPS:
        raise NotAScoreSurvey(wave_id)
    if not Partner.objects.filter(pk=partner_id, program_id=wave.program_id, erased_at=None).exists():
        raise NotAsked(partner_id)
    reasons = {str(pk): why.value for pk, why in sorted(dropped.items())}
    found, _ = SignOff.objects.update_or_create(
        wave=wave,
        partner_id=partner_id,
        defaults={"people": people, "dropped": reasons, "by_id": person_of(by), "at": at},
    )
    subjects = [Subject("wave", wave_id), Subject("partner", partner_id)]
    data = {"people": len(people), "left_out": len(dropped)}
    record("wave.signed_off", by=by, at=at, subjects=subjects, data=data)
    return found


def _draft(wave_id: int) -> Wave:
    """Locked: the start waits until what is being entered stands, or comes first and locks it out."""
    wave = Wave.objects.select_for_update(of=("self",)).select_related("survey").get(pk=wave_id)
    if wave.state != WaveState.DRAFT:
        raise ExpectationsLocked(wave_id)
    if wave.survey.kind != SurveyKind.NPS:
        raise NotAScoreSurvey(wave_id)
    return wave
