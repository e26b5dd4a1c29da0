"""What many say is improved, and those who said it hear of it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from otklik.dialogue.models import Addressee, Announcement
from otklik.dialogue.public import NoText, Wording, news_for
from otklik.events.models import Event
from otklik.feedback.models import Invitation
from otklik.feedback.tests.invited import invite, wave_of
from otklik.identity.rules.roles import RIGHTS, Role
from otklik.loop.models import Improvement, ImprovementPartner
from otklik.loop.operations.closing import close_alert
from otklik.loop.operations.improving import (
    Heard,
    ImprovementChanged,
    ImprovementTerms,
    NotTheirCause,
    Origin,
    ReasonMissing,
    TitleMissing,
    ToldAlready,
    WrongStep,
    add_affected,
    change_improvement,
    create_improvement,
    link_affected,
    move_improvement,
    remove_affected,
)
from otklik.loop.operations.telling import NobodyLeft, NotDone, tell_affected
from otklik.loop.operations.working import Spoken, note_follow_up
from otklik.loop.queries.improvements import affected, lines, listed, wishes
from otklik.loop.rules.conditions import Conditions
from otklik.loop.rules.vocabulary import Flow, ImprovementState, Outcome, Way
from otklik.loop.tests.stories import AT, TODAY, by, called, cause, raised, rule
from otklik.partners.models import Partner, Program
from otklik.partners.operations.erase import erase_partner
from otklik.partners.operations.merge import merge_partners
from otklik.partners.public import shown_timeline
from otklik.partners.rules.vocabulary import Authority, Influence
from tests.world import NOW, World, make_contact

HEARD = Heard(NOW - timedelta(days=90), NOW + timedelta(days=90))
DONE = ImprovementState.DONE
SAID = {"en": Wording("You said, we did", "Paid weekly"), "ru": Wording("Вы сказали", "Платим")}


def named(world: World, **more: Any) -> Any:
    """A closed alert of Aurora that names a cause below "Money"."""
    top = cause(world, "Money")
    below = cause(world, "Late", top)
    alert = raised(world, **more)
    called(world, alert)
    close_alert(alert_id=alert.pk, outcome=Outcome.MENDED, cause_ids=[below.pk], by=by(world.boris), at=AT)
    return top


def begun(world: World, *causes: Any, **more: Any) -> Improvement:
    terms = ImprovementTerms("Weekly payouts", "Pay on Fridays", [one.pk for one in causes])
    said = {"terms": terms, "origin": Origin(HEARD), "author": world.anna, "by": by(world.anna), "at": AT}
    return create_improvement(program_id=world.program.pk, **{**said, **more})


def moved(world: World, improvement: Improvement, state: ImprovementState, reason: str = "") -> Improvement:
    return move_improvement(
        improvement_id=improvement.pk, state=state, reason=reason, by=by(world.anna), at=AT
    )


def told(world: World, improvement: Improvement, author: Any = None) -> Announcement:
    author = author or world.anna
    return tell_affected(improvement_id=improvement.pk, texts=SAID, author=author, by=by(author), at=AT)


def people_of(world: World) -> None:
    make_contact(world.borealis, "Nadia", "nadia@borealis.example", Authority.FINAL, Influence.HIGH)


def test_who_said_it_hears_once_that_it_was_done(world: World) -> None:
    improvement = begun(world, named(world), key="k")
    assert begun(world, key="k") == improvement
    (row,) = affected(world.anna, improvement)
    assert (row.partner, row.alerts) == (world.aurora, 1)
    people_of(world)
    hand = {"improvement_id": improvement.pk, "author": world.anna, "by": by(world.anna), "at": AT}
    assert add_affected(partner_ids=[world.borealis.pk, world.aurora.pk], **hand) == 1
    with pytest.raises(NotDone):
        told(world, improvement)
    moved(world, improvement, DONE)
    # Boris speaks to his own partners only; the others are left for Anna.
    first = told(world, improvement, world.boris)
    assert {one.partner for one in Addressee.objects.filter(announcement=first)} == {world.aurora}
    second = told(world, improvement)
    assert {one.partner for one in Addressee.objects.filter(announcement=second)} == {world.borealis}
    for author in (world.anna, world.boris):
        with pytest.raises(NobodyLeft):
            told(world, improvement, author)
    assert Announcement.objects.count() == 2
    (line,) = news_for(world.vera.pk, language="ru", at=AT)
    assert line.title == "Вы сказали"
    (told_line,) = lines(world.anna, [improvement], TODAY)
    assert (told_line.behind.partners, told_line.behind.told) == (2, 2)
    assert list(affected(world.anna, improvement).values_list("people", flat=True)) == [2, 1]
    with pytest.raises(ToldAlready):
        remove_affected(partner_ids=[world.aurora.pk], **hand)
    with pytest.raises(WrongStep):
        moved(world, improvement, ImprovementState.UNDER_WAY)
    shown, _ = shown_timeline("improvement", improvement.pk, rights=frozenset(map(str, RIGHTS[Role.HEAD])))
    assert "Affected partners were told what we did: 1, people there: 1." in [one.text for one in shown]


def test_a_letter_that_says_nothing_or_reaches_nobody_leaves_nothing_behind(world: World) -> None:
    improvement = begun(world)
    moved(world, improvement, DONE)
    with pytest.raises(NobodyLeft):
        told(world, improvement)
    hand = {"improvement_id": improvement.pk, "author": world.anna, "by": by(world.anna), "at": AT}
    # Nobody is known at Borealis.
    add_affected(partner_ids=[world.borealis.pk], **hand)
    with pytest.raises(NobodyLeft):
        told(world, improvement)
    people_of(world)
    with pytest.raises(NoText):
        tell_affected(texts={"en": Wording("x", " ")}, **hand)
    assert not Announcement.objects.exists()
    assert ImprovementPartner.objects.get().told_at is None
    assert remove_affected(partner_ids=[world.borealis.pk], **hand) == 1


def test_what_an_improvement_says_and_how_far_it_is(world: World) -> None:
    top = named(world)
    improvement = begun(world, top, origin=Origin())
    assert not improvement.partners.exists()
    other = Program.objects.create(name="South", slug="south", created_at=NOW)
    change = {"improvement_id": improvement.pk, "by": by(world.anna), "at": AT}
    theirs = cause(world, "Rates")
    type(theirs).objects.filter(pk=theirs.pk).update(program=other)
    for terms, refusal in (
        (ImprovementTerms(" "), TitleMissing),
        (ImprovementTerms("x", cause_ids=[theirs.pk]), NotTheirCause),
    ):
        with pytest.raises(refusal):
            change_improvement(terms=terms, **change)
    with pytest.raises(ImprovementChanged):
        change_improvement(terms=ImprovementTerms("x"), expected_version=9, **change)
    late = ImprovementTerms("Faster", due_on=TODAY - timedelta(days=1), cause_ids=[top.pk])
    change_improvement(terms=late, **change)
    assert link_affected(heard=HEARD, author=world.clara, **change) == 0
    assert [link_affected(heard=HEARD, author=world.boris, **change) for _ in range(2)] == [1, 0]
    Partner.objects.filter(pk=world.aurora.pk).update(revenue=700)
    (line,) = lines(world.anna, list(listed(world.anna, show="open", program_id=None)), TODAY)
    assert (line.is_overdue, line.behind.partners, line.behind.revenue) == (True, 1, 700)
    assert lines(world.clara, [improvement], TODAY)[0].behind.partners == 0
    assert not listed(world.stranger, show="open", program_id=None)
    with pytest.raises(ReasonMissing):
        moved(world, improvement, ImprovementState.DROPPED)
    moved(world, improvement, ImprovementState.DROPPED, "No money")
    with pytest.raises(WrongStep):
        moved(world, improvement, ImprovementState.DROPPED, "No money")
    assert listed(world.anna, show="dropped", program_id=world.program.pk).get().reason == "No money"
    kinds = set(Event.objects.filter(kind__startswith="improvement.").values_list("kind", flat=True))
    assert kinds == {f"improvement.{word}" for word in ("created", "changed", "linked", "moved")}


def test_what_would_make_it_a_nine_becomes_an_improvement(world: World) -> None:
    rule(world, conditions=Conditions(scores=frozenset({7, 8})))
    alert = raised(world, 8)
    assert alert.flow == Flow.PASSIVE
    spoken = Spoken(Way.CALL, AT, "Nice talk", nine=" An API ")
    note_follow_up(alert_id=alert.pk, spoken=spoken, by=by(world.boris), at=AT)
    (wish,) = wishes(world.boris, program_id=world.program.pk)
    assert wish.nine == "An API"
    assert not wishes(world.clara, program_id=None)
    improvement = begun(world, origin=Origin(follow_up_ids=[wish.pk]))
    assert not wishes(world.boris, program_id=None)
    assert improvement.partners.get().partner == world.aurora


def test_merged_partners_are_told_once_and_erased_ones_never(world: World) -> None:
    improvement = begun(world, named(world))
    people_of(world)
    hand = {"improvement_id": improvement.pk, "author": world.anna, "by": by(world.anna), "at": AT}
    moved(world, improvement, DONE)
    told(world, improvement)
    add_affected(partner_ids=[world.borealis.pk], **hand)
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=by(world.root), at=AT)
    row = ImprovementPartner.objects.get()
    assert (row.partner, row.alerts, row.people) == (world.borealis, 1, 2)
    with pytest.raises(NobodyLeft):
        told(world, improvement)
    ImprovementPartner.objects.update(told_at=None)
    erase_partner(partner_id=world.borealis.pk, by=by(world.root), at=AT)
    with pytest.raises(NobodyLeft):
        told(world, improvement)


def test_who_was_spoken_to_gets_no_reminder_in_its_place(world: World) -> None:
    alert = raised(world)
    assert alert.response is not None
    waiting = invite(wave_of(alert.response.version), world.vera, remind_at=AT)
    called(world, alert)
    assert Invitation.objects.get(pk=waiting.pk).remind_at is not None
    type(alert).objects.update(flow=Flow.SILENT)
    called(world, alert)
    assert Invitation.objects.get(pk=waiting.pk).remind_at is None
    assert Event.objects.filter(kind="invitation.spared").count() == 1
