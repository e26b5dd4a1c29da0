"""Ideas: moderated, voted for once by each person, merged, answered, and told of when done."""

from __future__ import annotations

import pytest

from otklik.dialogue.models import Idea, ProgramManners, Vote
from otklik.dialogue.operations.ideas import (
    CannotMergeIdeas,
    CannotVote,
    ReasonWanted,
    merge_ideas,
    moderate_idea,
    set_idea_state,
    vote,
    write_idea,
)
from otklik.dialogue.operations.mailing import TAKEN_BACK, tell_done
from otklik.dialogue.queries.partner_side import counted, done_ideas, shown_ideas, similar_ideas
from otklik.dialogue.rules.vocabulary import IdeaState, Moderation
from otklik.dialogue.tests.stories import AT, at_partner, by, idea_of, shown_idea
from otklik.events.models import Event
from otklik.events.operations.deliver import deliver_batch
from otklik.identity.models import User
from otklik.partners.models import Contact, Program
from otklik.partners.operations.contacts import create_contact
from otklik.partners.operations.erase import erase_contact
from otklik.search.public import find, reindex, search_kinds
from tests.world import NOW, World


def stranger_of(world: World) -> Contact:
    return create_contact(partner_id=world.borealis.pk, facts={"name": "Bela"}, by=by(world.anna), at=AT)


def votes(idea: Idea) -> tuple[int, int]:
    found = counted(Idea.objects.filter(pk=idea.pk)).get()
    return found.people, found.companies


def test_others_see_an_idea_once_somebody_has_looked(world: World) -> None:
    idea = idea_of(world.vera)
    assert list(shown_ideas(world.program.pk, world.borealis.pk)) == []
    assert list(shown_ideas(world.program.pk, world.aurora.pk)) == [idea]
    with pytest.raises(CannotVote):
        vote(idea_id=idea.pk, contact=stranger_of(world), wants=True, by=by(world.anna), at=AT)
    moderate_idea(idea_id=idea.pk, shown=True, by=by(world.anna), at=AT)
    assert list(shown_ideas(world.program.pk, world.borealis.pk)) == [idea]
    moderate_idea(idea_id=idea.pk, shown=False, by=by(world.anna), at=AT)
    assert list(shown_ideas(world.program.pk, world.aurora.pk)) == []


def test_a_program_may_trust_its_partners(world: World) -> None:
    ProgramManners.objects.create(program=world.program, moderates_ideas=False)
    assert idea_of(world.vera).moderation == Moderation.SHOWN


def test_one_vote_a_person_shown_as_people_and_companies(world: World) -> None:
    idea, bela = shown_idea(world, world.vera), stranger_of(world)
    for who in (world.vera, world.gleb, world.gleb, bela):
        vote(idea_id=idea.pk, contact=who, wants=True, by=at_partner(who), at=AT)
    assert votes(idea) == (3, 2)
    vote(idea_id=idea.pk, contact=world.gleb, wants=False, by=at_partner(world.gleb), at=AT)
    assert votes(idea) == (2, 2)


def test_nobody_votes_in_another_program_or_for_what_is_decided(world: World) -> None:
    idea = shown_idea(world, world.vera)
    south = Program.objects.create(name="South", slug="south", created_at=NOW)
    world.borealis.program = south
    world.borealis.save()
    with pytest.raises(CannotVote):
        vote(idea_id=idea.pk, contact=stranger_of(world), wants=True, by=by(world.anna), at=AT)
    set_idea_state(idea_id=idea.pk, state=IdeaState.DECLINED, reason="Why", by=by(world.anna), at=AT)
    with pytest.raises(CannotVote):
        vote(idea_id=idea.pk, contact=world.gleb, wants=True, by=at_partner(world.gleb), at=AT)


def test_declined_needs_a_reason_and_done_says_what_was_done(world: World) -> None:
    idea = shown_idea(world, world.vera)
    for state in (IdeaState.DECLINED, IdeaState.DONE):
        with pytest.raises(ReasonWanted):
            set_idea_state(idea_id=idea.pk, state=state, reason=" ", outcome="", by=by(world.anna), at=AT)


def test_merged_ideas_count_each_voter_once(world: World) -> None:
    first, second = shown_idea(world, world.vera), shown_idea(world, world.gleb, "Payouts every two weeks")
    vote(idea_id=second.pk, contact=world.vera, wants=True, by=at_partner(world.vera), at=AT)
    merge_ideas(idea_id=second.pk, into_id=first.pk, by=by(world.anna), at=AT)
    assert votes(first) == (2, 1)
    assert Vote.objects.count() == 2
    with pytest.raises(CannotMergeIdeas):
        merge_ideas(idea_id=first.pk, into_id=second.pk, by=by(world.anna), at=AT)
    with pytest.raises(CannotVote):
        vote(idea_id=second.pk, contact=world.vera, wants=True, by=at_partner(world.vera), at=AT)


def test_voters_hear_once_that_it_is_done(world: World) -> None:
    idea = shown_idea(world, world.vera)
    vote(idea_id=idea.pk, contact=world.gleb, wants=True, by=at_partner(world.gleb), at=AT)
    done = {"idea_id": idea.pk, "state": IdeaState.DONE, "outcome": "Since May", "by": by(world.anna)}
    set_idea_state(**done, at=AT)
    # A slip of the hand can be taken back before anybody reads of it, whenever the job comes.
    assert tell_done(at=AT + TAKEN_BACK / 2) == 0
    later = AT + TAKEN_BACK
    assert [tell_done(at=later), tell_done(at=later)] == [2, 0]
    set_idea_state(idea_id=idea.pk, state=IdeaState.PLANNED, by=by(world.anna), at=AT)
    set_idea_state(**done, at=AT)
    assert tell_done(at=later) == 0
    assert [one.pk for one in done_ideas(world.program.pk)] == [idea.pk]


def test_similar_ideas_are_those_the_reader_may_see(world: World) -> None:
    idea_of(world.vera, "Payouts twice a month")
    shown = shown_ideas(world.program.pk, world.borealis.pk)
    assert similar_ideas("payout twice a month", shown) == []
    assert len(similar_ideas("payout twice a month", shown_ideas(world.program.pk, world.aurora.pk))) == 1


def test_the_same_form_is_one_idea(world: World) -> None:
    sent = {"title": "A", "text": "", "language": "en", "key": "k", "at": AT}
    for _ in range(2):
        write_idea(contact=world.vera, **sent, by=at_partner(world.vera))
    assert Idea.objects.count() == Vote.objects.count() == 1


def test_an_idea_is_found_by_its_words_by_who_reads_ideas(world: World) -> None:
    """What waits for moderation an account manager finds of own partners only."""
    idea, bela = idea_of(world.vera, title="Export to spreadsheets"), stranger_of(world)
    hidden = idea_of(bela, title="Spreadsheets by mail")
    for batch_id in set(Event.objects.filter(kind="idea.written").values_list("batch_id", flat=True)):
        assert batch_id is not None
        deliver_batch(batch_id)
    kinds = [kind for kind in search_kinds if kind.name == "idea"]

    def found(user: User) -> list[int]:
        return sorted(hit.object_id for hit in find("spreadsheet", kinds=kinds, user=user, limit=9)["idea"])

    assert found(world.anna) == [idea.pk, hidden.pk]
    assert found(world.boris) == [idea.pk]
    assert found(world.stranger) == []
    erase_contact(contact_id=bela.pk, by=by(world.root), at=AT)
    assert found(world.anna) == [idea.pk]
    reindex(at=AT)
    assert found(world.anna) == [idea.pk]
