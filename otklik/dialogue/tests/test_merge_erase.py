"""Two partners or people who become one lose no vote and no receipt; who is erased leaves no words."""

from __future__ import annotations

from datetime import timedelta

from otklik.dialogue.models import Addressee, Application, Commitment, Idea, NoNewsMails, Onboarding, Vote
from otklik.dialogue.operations.announcements import acknowledge, mark_read
from otklik.dialogue.operations.goals import PromiseTerms, propose_commitment
from otklik.dialogue.operations.ideas import vote
from otklik.dialogue.operations.mailing import set_news_mails
from otklik.dialogue.operations.onboarding import NewStep, set_steps, start_onboarding
from otklik.dialogue.personal import personal_data
from otklik.dialogue.queries.audience import Audience
from otklik.dialogue.rules.vocabulary import Side, StepKind
from otklik.dialogue.tests.stories import (
    AT,
    DUE,
    TODAY,
    applied,
    at_partner,
    by,
    draft,
    published,
    shown_idea,
    takes_applications,
    terms,
)
from otklik.partners.operations.erase import erase_contact, erase_partner
from otklik.partners.operations.merge import merge_contacts, merge_partners
from tests.world import World


def test_merged_people_have_read_what_either_read_and_vote_once(world: World) -> None:
    news, idea = published(world), shown_idea(world, world.vera)
    vote(idea_id=idea.pk, contact=world.gleb, wants=True, by=at_partner(world.gleb), at=AT)
    mark_read(announcement_id=news.pk, contact_id=world.gleb.pk, by=at_partner(world.gleb), at=AT)
    later = AT + timedelta(hours=1)
    acknowledge(announcement_id=news.pk, contact_id=world.vera.pk, by=at_partner(world.vera), at=later)
    set_news_mails(contact_id=world.gleb.pk, wanted=False, by=at_partner(world.gleb), at=AT)
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=by(world.root), at=AT)
    row = Addressee.objects.get()
    assert (row.contact_id, row.read_at, row.acknowledged_at) == (world.vera.pk, AT, later)
    assert Vote.objects.get().contact_id == NoNewsMails.objects.get().contact_id == world.vera.pk


def test_merged_partners_keep_promises_drafts_and_one_onboarding(world: World) -> None:
    step = NewStep(StepKind.OTHER, {"en": "x"}, Side.OURS, 1)
    set_steps(program_id=world.program.pk, steps=[step], by=by(world.root), at=AT)
    for partner in (world.aurora, world.borealis):
        start_onboarding(partner_id=partner.pk, on=TODAY, by=by(world.root), at=AT)
        said = PromiseTerms(Side.OURS, "Banners", DUE)
        propose_commitment(partner_id=partner.pk, terms=said, on=TODAY, by=by(world.root), at=AT)
    news = draft(world, terms(audience=Audience(partners=[world.aurora.pk])))
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.root), at=AT)
    assert Onboarding.objects.get().partner_id == world.borealis.pk
    assert Commitment.objects.filter(partner=world.borealis).count() == 2
    news.refresh_from_db()
    assert news.audience["partners"] == [world.borealis.pk]


def test_who_is_erased_leaves_no_words_and_still_counts(world: World) -> None:
    published(world)
    idea = shown_idea(world, world.vera, "A secret of Vera")
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=AT)
    idea.refresh_from_db()
    assert (idea.title, idea.moderation) == ("", "hidden")
    assert (Addressee.objects.count(), Vote.objects.count()) == (2, 1)


def test_an_erased_partner_takes_its_goals_and_its_application_along(world: World) -> None:
    takes_applications(world.program)
    application = applied(world.program)
    Application.objects.filter(pk=application.pk).update(partner=world.aurora)
    said = PromiseTerms(Side.OURS, "Banners", DUE)
    propose_commitment(partner_id=world.aurora.pk, terms=said, on=TODAY, by=by(world.root), at=AT)
    erase_partner(partner_id=world.aurora.pk, by=by(world.root), at=AT)
    application.refresh_from_db()
    assert (application.company, application.address, Commitment.objects.get().text) == ("", "", "")
    assert Idea.objects.count() == 0


def test_a_person_takes_everything_of_theirs_along(world: World) -> None:
    published(world)
    shown_idea(world, world.vera, "Dark theme")
    found = personal_data(world.vera.pk)
    assert found["ideas"][0]["title"] == "Dark theme"
    assert len(found["announcements"]) == len(found["votes"]) == 1
    assert personal_data(world.gleb.pk)["ideas"] == []
