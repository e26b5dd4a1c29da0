"""From the first word to the answer after: nothing closes without outcome and root cause."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from otklik.dialogue.models import Commitment
from otklik.dialogue.public import PromiseState, move_commitment, promises_to
from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import Response
from otklik.feedback.tests.invited import wave_of
from otklik.identity.rules.roles import RIGHTS, Role
from otklik.loop.models import Alert, FollowUp, ReAsk, RootCause
from otklik.loop.operations.closing import (
    CannotClose,
    NotClosed,
    NotTheirCause,
    close_alert,
    name_causes,
    reopen_alert,
)
from otklik.loop.operations.locking import AlertChanged, AlertClosed
from otklik.loop.operations.reasking import (
    AskedAlready,
    DayOver,
    NobodyToAsk,
    ask_due,
    compare_answers,
    plan_re_ask,
)
from otklik.loop.operations.reasking import NotClosed as NotClosedYet
from otklik.loop.operations.working import (
    NoPartner,
    NotTheirPerson,
    NotYet,
    ReasonMissing,
    SnoozeRefused,
    Spoken,
    follow_promises,
    note_follow_up,
    promise_action,
    snooze_alert,
    tell_partner,
    wake_alert,
)
from otklik.loop.rules.vocabulary import AlertState, ClosingProblem, Outcome, Way
from otklik.loop.tests.stories import AT, TODAY, answered, by, called, cause, raised
from otklik.partners.models import Program
from otklik.partners.public import shown_timeline
from tests.world import NOW, World

SYSTEM = Actor.system()
DUE = date(2026, 3, 20)
LATER = AT + timedelta(days=30)


def promised(world: World, alert: Alert, *, key: str = "") -> Commitment:
    said = {"text": "Pay by the 20th", "due_on": DUE, "on": TODAY, "key": key}
    return promise_action(alert_id=alert.pk, **said, by=by(world.boris), at=AT)  # type: ignore[arg-type]


def closed(world: World, alert: Alert, outcome: Outcome | None = Outcome.MENDED, **more: Any) -> Alert:
    causes = more.pop("causes", None)
    ids = [(RootCause.objects.first() or cause(world)).pk] if causes is None else causes
    return close_alert(alert_id=alert.pk, outcome=outcome, cause_ids=ids, by=by(world.boris), at=AT, **more)


def fresh(alert: Alert) -> Alert:
    alert.refresh_from_db()
    return alert


def test_a_first_word_keeps_the_promise_and_wakes_the_alert(world: World) -> None:
    alert = raised(world)
    until = AT + timedelta(days=2)
    snooze_alert(alert_id=alert.pk, until=until, reason="Trade fair", by=by(world.boris), at=AT)
    called(world, alert, at=AT + timedelta(hours=3))
    assert (alert.state, alert.first_contact_at) == (AlertState.CONTACTED, AT + timedelta(hours=3))
    assert (alert.snoozed_until, alert.snooze_reason) == (None, "")
    follow_up = FollowUp.objects.get()
    assert (follow_up.contact, follow_up.by, follow_up.way) == (world.vera, world.boris, "call")
    # What was said is nobody's business in the log.
    assert "angry" not in str(list(Event.objects.values_list("data", flat=True)))


def test_the_earlier_of_two_words_is_the_first_whichever_is_noted_first(world: World) -> None:
    alert = raised(world)
    called(world, alert, at=AT + timedelta(hours=9))
    spoken = Spoken(Way.LETTER, AT + timedelta(hours=1), contact_id=world.gleb.pk)
    later = AT + timedelta(hours=10)
    for _ in range(2):
        note_follow_up(alert_id=alert.pk, spoken=spoken, key="k", by=by(world.boris), at=later)
    assert fresh(alert).first_contact_at == AT + timedelta(hours=1)
    assert alert.follow_ups.count() == 2


@pytest.mark.parametrize("hours", [-1, 2])
def test_nobody_spoke_before_the_alert_or_tomorrow(world: World, hours: int) -> None:
    alert = raised(world)
    spoken = Spoken(Way.CALL, AT + timedelta(hours=hours))
    with pytest.raises(NotYet):
        note_follow_up(alert_id=alert.pk, spoken=spoken, by=by(world.boris), at=AT)
    with pytest.raises(NotYet):
        tell_partner(
            alert_id=alert.pk, how=Way.CALL, happened_at=spoken.happened_at, by=by(world.boris), at=AT
        )


def test_a_person_of_another_partner_was_not_the_one_who_was_called(world: World) -> None:
    alert = raised(world)
    world.gleb.partner = world.borealis
    world.gleb.save()
    with pytest.raises(NotTheirPerson):
        note_follow_up(
            alert_id=alert.pk, spoken=Spoken(Way.CALL, AT, "", world.gleb.pk), by=by(world.boris), at=AT
        )


def test_a_snooze_needs_a_reason_and_an_end_and_moves_no_deadline(world: World) -> None:
    alert = raised(world)
    who = {"alert_id": alert.pk, "by": by(world.boris), "at": AT}
    with pytest.raises(ReasonMissing):
        snooze_alert(until=AT + timedelta(days=1), reason="  ", **who)
    for until in (AT, AT + timedelta(days=61)):
        with pytest.raises(SnoozeRefused):
            snooze_alert(until=until, reason="x", **who)
    snooze_alert(until=AT + timedelta(days=1), reason="Trade fair", expected_version=1, **who)
    with pytest.raises(AlertChanged):
        snooze_alert(until=AT + timedelta(days=2), reason="x", expected_version=1, **who)
    assert fresh(alert).due_at == AT + timedelta(hours=48)
    assert wake_alert(**who).snoozed_until is None
    assert Event.objects.filter(kind__in=["alert.snoozed", "alert.woken"]).count() == 2


def test_what_we_promise_stands_on_the_partners_page_and_holds_the_alert(world: World) -> None:
    alert = raised(world)
    called(world, alert)
    promise = promised(world, alert, key="form")
    assert promised(world, alert, key="form") == promise
    assert [line.text for line in promises_to(world.aurora.pk, today=TODAY)] == ["Pay by the 20th"]
    assert (promise.side, promise.owner, promise.contact) == ("ours", world.boris, world.vera)
    assert fresh(alert).state == AlertState.WAITING
    with pytest.raises(CannotClose) as refused:
        closed(world, alert)
    assert refused.value.problems == (ClosingProblem.PROMISE_OPEN,)
    move_commitment(commitment_id=promise.pk, state=PromiseState.DONE, on=TODAY, by=by(world.boris), at=AT)
    for moved in (1, 0):
        assert follow_promises(commitment_ids=[promise.pk], by=SYSTEM, at=AT) == moved
    assert fresh(alert).state == AlertState.CONTACTED
    assert closed(world, alert).is_closed


def test_nothing_closes_without_an_outcome_a_root_cause_and_a_word(world: World) -> None:
    alert = raised(world)
    for outcome, causes, problems in (
        (None, [], {ClosingProblem.NO_OUTCOME, ClosingProblem.NO_ROOT_CAUSE}),
        (Outcome.MENDED, None, {ClosingProblem.NOBODY_SPOKE}),
        (Outcome.NOT_REACHED, [], {ClosingProblem.NO_ROOT_CAUSE}),
    ):
        with pytest.raises(CannotClose) as refused:
            closed(world, alert, outcome, causes=causes)
        assert set(refused.value.problems) == problems
    assert not fresh(alert).is_closed
    assert not alert.causes.exists()
    assert closed(world, alert, Outcome.NOT_REACHED).outcome == Outcome.NOT_REACHED


def test_a_cause_of_another_program_or_out_of_use_is_not_taken(world: World) -> None:
    alert = raised(world)
    called(world, alert)
    mine = cause(world)
    foreign = RootCause.objects.create(
        program=Program.objects.create(name="South", slug="south", created_at=NOW), names={"en": "x"}
    )
    for ids in ([foreign.pk], [mine.pk, foreign.pk], [0]):
        with pytest.raises(NotTheirCause):
            closed(world, alert, causes=ids)
    RootCause.objects.filter(pk=mine.pk).update(is_active=False)
    with pytest.raises(NotTheirCause):
        closed(world, alert, causes=[mine.pk])


def test_several_causes_are_named_and_one_that_went_out_of_use_stays(world: World) -> None:
    alert, first, second = raised(world), cause(world), cause(world, "Nobody answers")
    called(world, alert)
    closed(world, alert, causes=[first.pk, second.pk, second.pk])
    RootCause.objects.filter(pk=first.pk).update(is_active=False)
    name_causes(alert_id=alert.pk, cause_ids=[first.pk], by=by(world.boris), at=AT)
    assert list(alert.causes.values_list("cause_id", flat=True)) == [first.pk]
    with pytest.raises(CannotClose):
        name_causes(alert_id=alert.pk, cause_ids=[], by=by(world.boris), at=AT)


def test_closed_it_waits_until_the_partner_was_told(world: World) -> None:
    alert = raised(world)
    called(world, alert)
    closed(world, alert, result="Paid on the 3rd", expected_version=2)
    assert fresh(alert).owes_word
    later = AT + timedelta(hours=2)
    for how in (Way.CALL, Way.LETTER):
        tell_partner(alert_id=alert.pk, how=how, happened_at=later, by=by(world.boris), at=later)
    fresh(alert)
    assert (alert.owes_word, alert.told_at, alert.told_how) == (False, later, "call")
    assert Event.objects.filter(kind="alert.partner_told").count() == 1
    with pytest.raises(AlertClosed):
        closed(world, alert)


def test_reopened_it_has_to_be_told_anew_and_keeps_what_was_found(world: World) -> None:
    alert = raised(world)
    with pytest.raises(NotClosed):
        reopen_alert(alert_id=alert.pk, by=by(world.boris), at=AT)
    called(world, alert)
    closed(world, alert)
    tell_partner(alert_id=alert.pk, how=Way.CALL, happened_at=AT, by=by(world.boris), at=AT)
    reopen_alert(alert_id=alert.pk, by=by(world.boris), at=AT)
    fresh(alert)
    assert (alert.state, alert.outcome, alert.told_at) == (AlertState.CONTACTED, "", None)
    assert (alert.reopened, alert.causes.count()) == (1, 1)
    closed(world, alert)
    assert fresh(alert).owes_word


def test_a_mention_by_nobody_we_know_has_nobody_to_promise_or_tell(world: World) -> None:
    alert = raised(world)
    Alert.objects.update(partner=None, contact=None)
    with pytest.raises(NoPartner):
        promised(world, alert)
    with pytest.raises(NoPartner):
        tell_partner(alert_id=alert.pk, how=Way.CALL, happened_at=AT, by=by(world.boris), at=AT)
    called(world, alert)
    assert not closed(world, alert).owes_word
    with pytest.raises(NobodyToAsk):
        plan_re_ask(alert_id=alert.pk, due_on=DUE, on=TODAY, by=by(world.boris), at=AT)


def done(world: World) -> Alert:
    alert = raised(world)
    called(world, alert)
    closed(world, alert)
    return fresh(alert)


def test_they_are_asked_again_on_the_day_and_the_answer_stands_beside_the_first(world: World) -> None:
    alert = done(world)
    version = Response.objects.get().version
    wave_of(version, mode="event", plan={"event": "loop.closed"})
    plan_re_ask(alert_id=alert.pk, due_on=DUE, on=TODAY, by=by(world.boris), at=AT)
    assert ask_due(on=DUE - timedelta(days=1), by=SYSTEM, at=LATER) == 0
    assert ask_due(on=DUE, by=SYSTEM, at=LATER) == 1
    assert ask_due(on=DUE, by=SYSTEM, at=LATER) == 0
    planned = ReAsk.objects.get()
    assert (planned.surveys, planned.before, planned.after) == (1, 3, None)
    with pytest.raises(AskedAlready):
        plan_re_ask(alert_id=alert.pk, due_on=DUE, on=TODAY, by=by(world.boris), at=AT)
    day = (LATER + timedelta(days=2)).date().isoformat()
    ids = [
        answered(world, 5, version=version.pk, day="2026-03-02", at=LATER),
        answered(world, 10, contact=world.gleb, version=version.pk, day=day, at=LATER + timedelta(days=3)),
        answered(world, 9, version=version.pk, day=day, at=LATER + timedelta(days=3)),
    ]
    for found in (1, 0):
        assert compare_answers(response_ids=ids, by=SYSTEM, at=LATER + timedelta(days=3)) == found
    planned.refresh_from_db()
    assert (planned.before, planned.after, planned.response_id) == (3, 9, ids[2])


def test_asking_again_needs_a_closed_alert_a_day_ahead_and_a_survey_that_waits_for_it(
    world: World,
) -> None:
    alert = raised(world)
    plan = {"alert_id": alert.pk, "on": TODAY, "by": by(world.boris), "at": AT}
    with pytest.raises(NotClosedYet):
        plan_re_ask(due_on=DUE, **plan)
    called(world, alert)
    closed(world, alert)
    with pytest.raises(DayOver):
        plan_re_ask(due_on=TODAY - timedelta(days=1), **plan)
    for day in (DUE, DUE + timedelta(days=5)):
        plan_re_ask(due_on=day, **plan)
    assert ask_due(on=DUE, by=SYSTEM, at=LATER) == 0
    reopen_alert(alert_id=alert.pk, by=by(world.boris), at=AT)
    assert ask_due(on=LATER.date(), by=SYSTEM, at=LATER) == 0
    closed(world, alert)
    assert ask_due(on=LATER.date(), by=SYSTEM, at=LATER) == 1
    # No survey waited for it, which is said, and the day can be set anew.
    assert ReAsk.objects.get().surveys == 0
    plan_re_ask(due_on=DUE, **plan)
    assert ReAsk.objects.get().asked_at is None


def test_the_timeline_tells_it_to_those_who_read_answers(world: World) -> None:
    alert = raised(world)
    called(world, alert)
    promise = promised(world, alert)
    move_commitment(commitment_id=promise.pk, state=PromiseState.DONE, on=TODAY, by=by(world.boris), at=AT)
    closed(world, alert)
    tell_partner(alert_id=alert.pk, how=Way.LETTER, happened_at=AT, by=by(world.boris), at=AT)
    lines, _ = shown_timeline("partner", world.aurora.pk, rights=frozenset(map(str, RIGHTS[Role.HEAD])))
    said = [line.text for line in lines]
    for text in (
        "An alert was raised: detractor.",
        "They were followed up: call.",
        "Something was promised after an alert, for 20 March 2026.",
        "An alert was closed: mended.",
        "They were told what was done: letter.",
    ):
        assert any(text.split(",")[0].rstrip(".") in one for one in said), (text, said)
    hidden, _ = shown_timeline("partner", world.aurora.pk, rights=frozenset())
    assert not any("alert" in line.text for line in hidden)
