"""When a promoter is left in peace, how long a consent holds, and what an improvement may become."""

from __future__ import annotations

from datetime import date

import pytest

from otklik.loop.rules.asking import STEPS, Past, Said, declined_kinds, holds, rested_on, too_soon
from otklik.loop.rules.guard import Relation, refusals
from otklik.loop.rules.improving import below, is_overdue, may_become, next_step
from otklik.loop.rules.vocabulary import AskKind, AskState, ConsentSaid, GuardReason, ImprovementState

ASKED = date(2026, 1, 1)
SAID = Past(AskKind.REFERENCE, AskState.DELIVERED, ASKED, ASKED)
NO = Past(AskKind.REFERENCE, AskState.DECLINED, ASKED, ASKED)
GIVEN, TAKEN = Said(ConsentSaid.GIVEN), Said(ConsentSaid.WITHDRAWN)


@pytest.mark.parametrize(
    ("past", "on", "kind", "reasons"),
    [
        ([], ASKED, None, ()),
        ([SAID], date(2026, 6, 29), None, (GuardReason.ASKED_LATELY,)),
        ([SAID], date(2026, 6, 30), None, ()),
        ([NO], date(2026, 6, 30), AskKind.REFERENCE, (GuardReason.DECLINED,)),
        ([NO], date(2026, 6, 30), AskKind.ADVICE, ()),
        ([NO], date(2027, 1, 1), AskKind.REFERENCE, ()),
        # Never put to them: nothing to rest from, but one thing at a time.
        ([Past(AskKind.ADVICE, AskState.PROPOSED)], ASKED, None, (GuardReason.UNDER_WAY,)),
        ([Past(AskKind.ADVICE, AskState.DROPPED)], ASKED, None, ()),
        ([Past(AskKind.ADVICE, AskState.DROPPED, ASKED)], ASKED, None, (GuardReason.ASKED_LATELY,)),
    ],
)
def test_after_a_question_they_are_left_in_peace(
    past: list[Past], on: date, kind: AskKind | None, reasons: tuple[GuardReason, ...]
) -> None:
    assert too_soon(past, on, kind) == reasons


def test_it_is_told_when_they_may_be_asked_again() -> None:
    later = Past(AskKind.ADVICE, AskState.DELIVERED, date(2026, 2, 1))
    assert rested_on([later, SAID, Past(AskKind.ADVICE, AskState.PROPOSED)]) == date(2026, 7, 31)
    assert rested_on([]) is None
    assert declined_kinds([NO, later], date(2026, 12, 31)) == {AskKind.REFERENCE}


@pytest.mark.parametrize(
    ("trail", "on", "answer"),
    [
        ([], ASKED, False),
        ([GIVEN], ASKED, True),
        ([Said(ConsentSaid.GIVEN, ASKED)], ASKED, True),
        ([Said(ConsentSaid.GIVEN, ASKED)], date(2026, 1, 2), False),
        ([GIVEN, TAKEN], ASKED, False),
        ([GIVEN, TAKEN, GIVEN], ASKED, True),
        ([GIVEN, Said(ConsentSaid.GIVEN, ASKED)], date(2026, 1, 2), False),
    ],
)
def test_what_they_said_last_holds(trail: list[Said], on: date, answer: bool) -> None:
    assert holds(trail, on) is answer


def test_every_state_is_reached_and_what_ended_stays() -> None:
    reached = {to for steps in STEPS.values() for to in steps}
    assert reached == set(AskState) - {AskState.PROPOSED}
    assert AskState.ASKED not in STEPS[AskState.DECLINED]


@pytest.mark.parametrize(("days", "old"), [(None, False), (365, False), (366, True)])
def test_a_nine_of_long_ago_is_no_reason_to_ask(days: int | None, old: bool) -> None:
    assert (GuardReason.OLD_SCORE in refusals(Relation(9, score_days=days))) is old
    assert refusals(Relation(3, score_days=days)) == (GuardReason.NO_PROMOTER,)


def test_late_is_what_is_open_after_its_day() -> None:
    day = date(2026, 3, 1)
    late = [state for state in ImprovementState if is_overdue(state, day, date(2026, 3, 2))]
    assert late == [ImprovementState.IDEA, ImprovementState.PLANNED, ImprovementState.UNDER_WAY]
    assert not is_overdue(ImprovementState.IDEA, day, day)
    assert not is_overdue(ImprovementState.IDEA, None, day)


def test_what_partners_were_told_is_done_stays_done() -> None:
    assert may_become(ImprovementState.DONE, was_told=True) == ()
    assert ImprovementState.UNDER_WAY in may_become(ImprovementState.DONE, was_told=False)


def test_an_improvement_is_offered_its_next_step() -> None:
    steps = [ImprovementState.IDEA]
    while (following := next_step(steps[-1])) is not None:
        steps.append(following)
    assert steps == [state for state in ImprovementState if state is not ImprovementState.DROPPED]


def test_a_cause_stands_for_all_below_it_even_in_a_ring() -> None:
    assert below(1, {1: None, 2: 1, 3: 2, 4: None}) == {1, 2, 3}
    assert below(1, {1: 2, 2: 1}) == {1, 2}
