"""Whoever applies gets an answer in time; an approved one becomes a partner who starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from otklik.dialogue.models import Application, Onboarding, OnboardingStep, ProgramManners, VettingStep
from otklik.dialogue.operations.applications import (
    AlreadyDecided,
    NothingAsked,
    NotTaken,
    ReasonNeeded,
    StepsLeft,
    add_words,
    decide_application,
    set_step,
)
from otklik.dialogue.operations.onboarding import (
    NewStep,
    NotTheirStep,
    StartedAlready,
    finish_step,
    set_steps,
    start_onboarding,
)
from otklik.dialogue.operations.telling_staff import tell_staff
from otklik.dialogue.queries.partner_side import onboarding_progress
from otklik.dialogue.rules.vocabulary import Decision, Reason, Side, StepKind, VettingOutcome
from otklik.dialogue.tests.stories import AT, TODAY, applied, at_partner, by, idea_of, takes_applications
from otklik.jobs.models import OutgoingMail
from otklik.partners.models import Contact, Partner
from otklik.partners.public import PartnerExists
from tests.world import World

STEPS = [
    NewStep(StepKind.ARTICLE, {"en": "Read", "ru": "Прочитайте"}, Side.THEIRS, 3, "/portal/"),
    NewStep(StepKind.LINK, {"en": "Link", "ru": "Ссылка"}, Side.OURS, 5),
]


def decided(world: World, application: Application, decision: Decision, **more: object) -> Application:
    return decide_application(
        application_id=application.pk, decision=decision, on=TODAY, by=by(world.anna), at=AT, **more  # type: ignore[arg-type]
    )  # fmt: skip


def mails() -> list[str]:
    return [mail.message["text"] for mail in OutgoingMail.objects.order_by("pk")]


def test_a_form_sent_twice_is_one_application_with_one_receipt(world: World) -> None:
    takes_applications(world.program)
    assert applied(world.program).pk == applied(world.program).pk
    application = Application.objects.get()
    # No calendar: around the clock, so to the end of the third day.
    assert application.due_at == datetime(2026, 3, 6, tzinfo=UTC)
    assert VettingStep.objects.count() == len(mails()) == 1
    assert "Спасибо" in mails()[0]
    assert "Comet" not in mails()[0]


def test_those_who_vet_hear_of_an_application_of_a_late_answer_and_of_an_idea(
    world: World, settings: Any
) -> None:
    """Each once, whoever may answer and nobody else; an hour is one mail, however much came in it."""
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")
    takes_applications(world.program)
    application = applied(world.program)
    applied(world.program, company="Meteor", key="k2")
    idea_of(world.vera)
    OutgoingMail.objects.all().delete()
    assert tell_staff(at=AT) == 0, "the hour is not over"
    told = tell_staff(at=AT + timedelta(hours=1))
    assert told == OutgoingMail.objects.count()
    assert tell_staff(at=AT + timedelta(hours=2)) == 0
    by_address = {mail.message["to"]: mail.message["text"] for mail in OutgoingMail.objects.all()}
    assert len(by_address) == told
    assert {"anna@example.com", "boris@example.com"} <= set(by_address)
    assert "dmitri@example.com" not in by_address
    for words in ("Comet", "Meteor", "Payouts twice a month", f"/applications/{application.pk}/"):
        assert words in by_address["anna@example.com"]
    assert "Payouts twice" not in by_address["clara@example.com"], "of a partner she does not see"
    OutgoingMail.objects.all().delete()
    decided(world, application, Decision.DECLINED, reason=Reason.NO_ROOM_NOW)
    OutgoingMail.objects.all().delete()
    assert tell_staff(at=application.due_at + timedelta(hours=1))
    late = mails()[0]
    assert ("Meteor" in late, "Comet" in late) == (True, False)


def test_a_program_that_takes_nobody_takes_nobody(world: World) -> None:
    with pytest.raises(NotTaken):
        applied(world.program)
    assert ProgramManners.objects.count() == 0


def test_nothing_is_approved_past_a_step_that_is_left_or_failed(world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program)
    step = application.steps.get()
    with pytest.raises(StepsLeft):
        decided(world, application, Decision.APPROVED)
    set_step(step_id=step.pk, outcome=VettingOutcome.FAILED, note="404", by=by(world.anna), at=AT)
    with pytest.raises(StepsLeft):
        decided(world, application, Decision.APPROVED)
    assert Partner.objects.filter(name="Comet").count() == 0


def test_an_approved_applicant_becomes_a_partner_who_starts(world: World) -> None:
    takes_applications(world.program, vetting=())
    set_steps(program_id=world.program.pk, steps=STEPS, by=by(world.anna), at=AT)
    application = decided(world, applied(world.program), Decision.APPROVED, manager_id=world.boris.pk)
    partner = Partner.objects.get(name="Comet")
    assert (application.partner_id, partner.manager_id) == (partner.pk, world.boris.pk)
    assert Contact.objects.get(partner=partner).addresses.get().value == "zoya@comet.example"
    assert Onboarding.objects.get(partner=partner).steps.count() == 2
    assert "одобрена" in mails()[-1]
    with pytest.raises(AlreadyDecided):
        decided(world, application, Decision.DECLINED, reason=Reason.NO_ROOM_NOW)


def test_a_company_that_is_a_partner_is_not_made_twice(world: World) -> None:
    takes_applications(world.program, vetting=())
    application = applied(world.program, company="AURORA")
    with pytest.raises(PartnerExists):
        decided(world, application, Decision.APPROVED)
    application.refresh_from_db()
    assert application.state == "new"


def test_a_refusal_has_a_reason_of_the_list_and_a_sentence(world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program)
    for wrong in (None, Reason.DETAILS_MISSING):
        with pytest.raises(ReasonNeeded):
            decided(world, application, Decision.DECLINED, reason=wrong)
    decided(world, application, Decision.DECLINED, reason=Reason.COUNTRY_NOT_SERVED)
    assert "пока не работает" in mails()[-1]


def test_more_is_wanted_and_the_clock_begins_anew_with_the_answer(world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program)
    with pytest.raises(NothingAsked):
        add_words(application_id=application.pk, text="x", key="a", at=AT)
    decided(world, application, Decision.MORE_WANTED, reason=Reason.TRAFFIC_UNCLEAR)
    for _ in range(2):
        application = add_words(application_id=application.pk, text="Search", key="a", at=AT)
    assert (application.state, application.words.count()) == ("vetting", 1)


def test_a_partner_does_their_steps_and_not_ours(world: World) -> None:
    set_steps(program_id=world.program.pk, steps=STEPS, by=by(world.anna), at=AT)
    start_onboarding(partner_id=world.aurora.pk, on=TODAY, by=by(world.anna), at=AT)
    with pytest.raises(StartedAlready):
        start_onboarding(partner_id=world.aurora.pk, on=TODAY, by=by(world.anna), at=AT)
    theirs, ours = OnboardingStep.objects.order_by("position")
    found = onboarding_progress(world.aurora.pk, language="ru")
    assert found is not None
    assert (found.done, found.total, found.next_title) == (0, 2, "Прочитайте")
    with pytest.raises(NotTheirStep):
        finish_step(step_id=ours.pk, done=True, by=at_partner(world.vera), at=AT)
    finish_step(step_id=theirs.pk, done=True, by=at_partner(world.vera), at=AT)
    finish_step(step_id=ours.pk, done=True, by=by(world.anna), at=AT)
    assert Onboarding.objects.get().finished_at == AT
    finish_step(step_id=ours.pk, done=False, by=by(world.anna), at=AT)
    assert Onboarding.objects.get().finished_at is None
    assert onboarding_progress(world.borealis.pk, language="en") is None
