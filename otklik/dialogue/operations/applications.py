"""Applications: sent, vetted, answered in time, and what becomes of an approved one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from otklik.desk.public import program_calendar
from otklik.dialogue.letters import tell_applicant
from otklik.dialogue.models import Application, ApplicationWord, ProgramManners, VettingStep
from otklik.dialogue.operations.onboarding import NoSteps, StartedAlready, start_onboarding
from otklik.dialogue.operations.once import made_once
from otklik.dialogue.operations.sides import user_of
from otklik.dialogue.rules.deadlines import answer_due
from otklik.dialogue.rules.vocabulary import (
    OPEN_APPLICATIONS,
    REFUSED_FOR,
    WANTED_MORE,
    ApplicationState,
    Decision,
    Reason,
    VettingOutcome,
)
from otklik.events.public import Actor, Origin, Subject, record
from otklik.partners.public import (
    AddressKind,
    PartnerStatus,
    assign_manager,
    create_contact,
    create_partner,
    name_key,
)

_SYSTEM = Actor.system()


class NotTaken(Exception):
    """The program takes no applications now."""


class AlreadyDecided(Exception):
    """Approved, declined or withdrawn meanwhile."""


class ReasonNeeded(Exception):
    """Declined, or more is wanted, without one of the reasons on the list."""


class StepsLeft(Exception):
    """Vetting steps without an outcome, or with a failed one: nothing is approved past them."""


class NothingAsked(Exception):
    """Nobody waits for words of the applicant now."""


@dataclass(frozen=True, slots=True)
class NewApplication:
    """``answers``: question and answer. ``address``: normalised."""

    company: str
    person: str
    address: str
    site: str = ""
    country: str = ""
    language: str = ""
    answers: Sequence[tuple[str, str]] = ()


@transaction.atomic
def apply(
    *, program_id: int, asked: NewApplication, key: str, by: Actor = _SYSTEM, at: datetime
) -> Application:
    """The same ``key`` is the same application. Raises NotTaken."""
    manners = ProgramManners.objects.select_related("program").filter(program_id=program_id).first()
    if manners is None or not manners.takes_applications:
        raise NotTaken(program_id)

    def make() -> Application:
        return Application.objects.create(
            program_id=program_id,
            company=asked.company,
            company_key=name_key(asked.company)[:200],
            person=asked.person,
            address=asked.address,
            site=asked.site,
            country=asked.country,
            language=asked.language,
            answers=[{"question": q, "answer": a} for q, a in asked.answers],
            consented_at=at,
            due_at=answer_due(program_calendar(program_id), at, manners.answer_days),
            created_at=at,
            public_key=secrets.token_urlsafe(18),
            key=key,
        )

    application, is_new = made_once(Application, key, make)
    if is_new:
        VettingStep.objects.bulk_create(
            VettingStep(application=application, position=place, name=name)
            for place, name in enumerate(manners.vetting, 1)
        )
        _tell("application.sent", application, by, at)
        _write(application, by, at)
    return application


@transaction.atomic
def set_step(
    *, step_id: int, outcome: VettingOutcome | None, note: str = "", by: Actor, at: datetime
) -> VettingStep:
    """None takes the outcome back. The first one begins the vetting. Raises AlreadyDecided,
    VettingStep.DoesNotExist."""
    known = VettingStep.objects.get(pk=step_id)
    application = _locked(known.application_id)
    step = VettingStep.objects.get(pk=step_id)
    step.outcome, step.note = outcome or "", note.strip()
    step.done_by_id, step.done_at = (user_of(by), at) if outcome else (None, None)
    step.save()
    if application.state == ApplicationState.NEW:
        application.state = ApplicationState.VETTING
        application.save(update_fields=["state"])
    _tell("application.step_set", application, by, at, step=step.pk, outcome=str(step.outcome))
    return step


@transaction.atomic
def decide_application(
    *,
    application_id: int,
    decision: Decision,
    reason: Reason | None = None,
    note: str = "",
    manager_id: int | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> Application:
    """The applicant is told by mail, whatever it is. Approved, the partner, the person and the onboarding are
    made. Raises AlreadyDecided, ReasonNeeded, StepsLeft, PartnerExists, Application.DoesNotExist."""
    application = _locked(application_id)
    allowed = {Decision.DECLINED: REFUSED_FOR, Decision.MORE_WANTED: WANTED_MORE}
    if decision in allowed and reason not in allowed[decision]:
        raise ReasonNeeded(decision)
    if decision is Decision.APPROVED:
        passed = (VettingOutcome.PASSED, VettingOutcome.SKIPPED)
        if application.steps.exclude(outcome__in=passed).exists():
            raise StepsLeft(application_id)
        _begin(application, manager_id, on, by, at)
    told_reason = reason if decision in allowed else None
    application.decide(
        ApplicationState(decision.value),
        reason=told_reason or "",
        note=note.strip(),
        by_user=user_of(by),
        at=at,
    )
    application.save()
    _tell(f"application.{decision}", application, by, at, reason=str(told_reason or ""))
    _write(application, by, at)
    return application


@transaction.atomic
def add_words(*, application_id: int, text: str, key: str, at: datetime) -> Application:
    """What the applicant adds; an answer is due anew. The same ``key`` is the same words. Raises
    NothingAsked, Application.DoesNotExist."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    own_key = f"{application_id}:{key}"[:80]
    if ApplicationWord.objects.filter(key=own_key).exists():
        return application
    if application.state != ApplicationState.MORE_WANTED:
        raise NothingAsked(application_id)
    ApplicationWord.objects.create(application=application, text=text.strip(), created_at=at, key=own_key)
    manners = ProgramManners.objects.filter(program_id=application.program_id).first()
    days = manners.answer_days if manners is not None else 3
    application.state = ApplicationState.VETTING
    application.due_at = answer_due(program_calendar(application.program_id), at, days)
    application.save(update_fields=["state", "due_at"])
    _tell("application.words_added", application, Actor.system(), at)
    return application


@transaction.atomic
def forget_application(*, application_id: int, by: Actor, at: datetime) -> Application:
    """Who applied and what they wrote goes; that somebody did, and the decision, stays. Raises
    Application.DoesNotExist."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    blank_applications([application.pk])
    _tell("application.forgotten", application, by, at)
    application.refresh_from_db()
    return application


def blank_applications(ids: Sequence[int]) -> None:
    Application.objects.filter(pk__in=ids).update(
        company="", company_key="", person="", address="", site="", answers=[], note=""
    )
    ApplicationWord.objects.filter(application_id__in=ids).delete()
    VettingStep.objects.filter(application_id__in=ids).update(note="")


def _begin(application: Application, manager_id: int | None, on: date, by: Actor, at: datetime) -> None:
    facts: Mapping[str, str] = {
        "name": application.company,
        "status": PartnerStatus.ACTIVE,
        "country": application.country,
        "language": application.language,
    }
    partner = create_partner(program_id=application.program_id, facts=facts, by=by, at=at)
    if manager_id is not None:
        assign_manager(partner_id=partner.pk, manager_id=manager_id, by=by, at=at)
    languages = [application.language] if application.language else []
    contact = create_contact(
        partner_id=partner.pk,
        facts={"name": application.person, "languages": languages},
        addresses=[(AddressKind.EMAIL, application.address)],
        by=by,
        at=at,
    )
    application.partner, application.contact = partner, contact
    try:
        start_onboarding(partner_id=partner.pk, on=on, by=by, at=at)
    except (NoSteps, StartedAlready):
        # Nothing to begin with is no reason to keep somebody out.
        return


def _write(application: Application, by: Actor, at: datetime) -> None:
    """People of the demo are nobody's."""
    if by.origin is not Origin.DEMO:
        tell_applicant(application, at=at)


def _locked(application_id: int) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("program")
    application = rows.get(pk=application_id)
    if application.state not in OPEN_APPLICATIONS:
        raise AlreadyDecided(application_id)
    return application


def _tell(kind: str, application: Application, by: Actor, at: datetime, **data: object) -> None:
    subjects = [Subject("application", application.pk)]
    if application.partner_id:
        subjects.append(Subject("partner", application.partner_id))
    record(kind, by=by, at=at, subjects=subjects, data=data)
