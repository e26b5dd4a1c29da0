"""What both sides say to each other, for the walk through all addresses: of Aurora, as the rest of it."""

from __future__ import annotations

from otklik.desk.public import Channel, Side, create_ticket
from otklik.dialogue.letters import stop_key
from otklik.dialogue.models import (
    Addressee,
    Announcement,
    AnnouncementQuestion,
    AnnouncementText,
    Application,
    Commitment,
    Goal,
    Idea,
    Onboarding,
    OnboardingStep,
    ProgramManners,
    VettingStep,
)
from otklik.events.public import Actor
from tests.world import World


def of_dialogue(world: World) -> dict[str, object]:
    news, is_new = Announcement.objects.get_or_create(
        program=world.program, key="walk",
        defaults={"state": "published", "visible_from": world.now, "created_at": world.now},
    )  # fmt: skip
    if is_new:
        AnnouncementText.objects.create(announcement=news, language="en", title="Rates", body="Soon")
        Addressee.objects.create(announcement=news, partner=world.aurora, contact=world.vera)
    theirs = {"partner": world.aurora, "due_on": world.now.date(), "created_at": world.now}
    goal, _ = Goal.objects.get_or_create(**theirs, text="More", proposed_by="ours")
    promise, _ = Commitment.objects.get_or_create(**theirs, text="Site", proposed_by="ours", side="theirs")
    # Before anybody has looked at it, others do not see it.
    idea, _ = Idea.objects.get_or_create(
        program=world.program, partner=world.aurora, contact=world.vera, title="Dark", created_at=world.now
    )
    begun, _ = Onboarding.objects.get_or_create(partner=world.aurora, started_at=world.now)
    step, _ = OnboardingStep.objects.get_or_create(
        onboarding=begun, position=1, kind="other", side="theirs", due_on=world.now.date()
    )
    return {
        "announcement_id": news.pk,
        "asked_id": _question(world, news).pk,
        "goal_id": goal.pk,
        "commitment_id": promise.pk,
        "idea_id": idea.pk,
        "step_id": step.pk,
        "stop_key": stop_key(world.vera.pk),
        **_application(world),
    }


def _question(world: World, news: Announcement) -> AnnouncementQuestion:
    ticket = create_ticket(
        program_id=world.program.pk, subject="Rates", channel=Channel.PORTAL, side=Side.PARTNER, text="When?",
        partner_id=world.aurora.pk, contact_id=world.vera.pk, created_key="walk-news", by=Actor.system(),
        at=world.now,
    )  # fmt: skip
    return AnnouncementQuestion.objects.get_or_create(
        announcement=news, partner=world.aurora, contact=world.vera, ticket_id=ticket.pk, asked_at=world.now
    )[0]


def _application(world: World) -> dict[str, object]:
    ProgramManners.objects.get_or_create(program=world.program, takes_applications=True)
    sent, _ = Application.objects.get_or_create(
        program=world.program, company="Comet", address="z@comet.example", public_key="walk",
        consented_at=world.now, due_at=world.now, created_at=world.now,
    )  # fmt: skip
    step, _ = VettingStep.objects.get_or_create(application=sent, position=1, name="Site")
    return {
        "application_id": sent.pk,
        "vetting_id": step.pk,
        "public_key": sent.public_key,
        "program_slug": world.program.slug,
    }
