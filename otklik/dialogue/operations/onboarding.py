"""Newcomers' first steps: who takes them, by when, how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from otklik.dialogue.models import Onboarding, OnboardingStep, StepTemplate
from otklik.dialogue.operations.sides import side_of, user_of
from otklik.dialogue.rules.vocabulary import Side, StepKind
from otklik.events.public import Actor, Subject, record
from otklik.partners.public import Partner


class NoSteps(Exception):
    """The program has not said what newcomers begin with."""


class StartedAlready(Exception):
    """The partner has an onboarding."""


class NotTheirStep(Exception):
    """A step of ours; the partner cannot say that it is done."""


@dataclass(frozen=True, slots=True)
class NewStep:
    """``titles``: by language. ``due_days`` count from the start."""

    kind: StepKind
    titles: Mapping[str, str]
    side: Side
    due_days: int
    link: str = ""


@transaction.atomic
def set_steps(*, program_id: int, steps: Sequence[NewStep], by: Actor, at: datetime) -> None:
    """For those who start from now on: who is under way goes on with what they began with."""
    StepTemplate.objects.filter(program_id=program_id).delete()
    StepTemplate.objects.bulk_create(
        StepTemplate(
            program_id=program_id,
            position=place,
            kind=step.kind,
            titles=dict(step.titles),
            link=step.link,
            side=step.side,
            due_days=step.due_days,
        )
        for place, step in enumerate(steps, 1)
    )
    subjects = [Subject("program", program_id)]
    record("onboarding.steps_set", by=by, at=at, subjects=subjects, data={"steps": len(steps)})


@transaction.atomic
def start_onboarding(*, partner_id: int, on: date, by: Actor, at: datetime) -> Onboarding:
    """Raises NoSteps, StartedAlready, Partner.DoesNotExist."""
    partner = Partner.objects.get(pk=partner_id, erased_at=None)
    templates = list(StepTemplate.objects.filter(program_id=partner.program_id))
    if not templates:
        raise NoSteps(partner.program_id)
    try:
        # A savepoint: two people may press at once.
        with transaction.atomic():
            onboarding = Onboarding.objects.create(partner=partner, started_at=at, started_by_id=user_of(by))
    except IntegrityError:
        raise StartedAlready(partner_id) from None
    OnboardingStep.objects.bulk_create(
        OnboardingStep(
            onboarding=onboarding,
            position=one.position,
            kind=one.kind,
            titles=one.titles,
            link=one.link,
            side=one.side,
            due_on=on + timedelta(days=one.due_days),
        )
        for one in templates
    )
    _tell("onboarding.started", onboarding, by, at, data={"steps": len(templates)})
    return onboarding


@transaction.atomic
def finish_step(*, step_id: int, done: bool, by: Actor, at: datetime) -> OnboardingStep:
    """Or take it back. The last one finishes the onboarding. Raises NotTheirStep,
    OnboardingStep.DoesNotExist."""
    known = OnboardingStep.objects.get(pk=step_id)
    onboarding = Onboarding.objects.select_for_update(of=("self",)).get(pk=known.onboarding_id)
    step = OnboardingStep.objects.get(pk=step_id)
    side = side_of(by)
    if side is Side.THEIRS and step.side != Side.THEIRS:
        raise NotTheirStep(step_id)
    if bool(step.done_at) == done:
        return step
    step.done_at = at if done else None
    step.done_by_id = user_of(by) if done else None
    step.done_by_contact_id = by.id if done and side is Side.THEIRS else None
    step.save()
    kind = "onboarding.step_done" if done else "onboarding.step_reopened"
    _tell(kind, onboarding, by, at, data={"step": step.pk, "kind": str(step.kind)})
    is_whole = not onboarding.steps.filter(done_at=None).exists()
    if is_whole != bool(onboarding.finished_at):
        onboarding.finished_at = at if is_whole else None
        onboarding.save(update_fields=["finished_at"])
        if is_whole:
            _tell("onboarding.finished", onboarding, by, at)
    return step


def _tell(
    kind: str, onboarding: Onboarding, by: Actor, at: datetime, *, data: Mapping[str, object] | None = None
) -> None:
    subjects = [Subject("onboarding", onboarding.pk), Subject("partner", onboarding.partner_id)]
    record(kind, by=by, at=at, subjects=subjects, data=data or {})
