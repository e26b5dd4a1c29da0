"""What is told of a survey, and what counts nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.analytics.public import Dimension
from otklik.feedback.access import Scope, scope_of
from otklik.feedback.models import SurveyVersion
from otklik.feedback.queries.survey_results import ResultFilter, SurveyResults, survey_results
from otklik.feedback.rules.forms import QuestionKind
from otklik.feedback.rules.periods import Period
from otklik.feedback.rules.results import CannotTell
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, ResponseStatus, SurveyKind
from otklik.feedback.tests.results import rows
from otklik.partners.rules.vocabulary import ContactRole
from otklik.stats.intervals import interval
from otklik.stats.share import wilson
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
EVERYTHING = Scope()
DECIDERS, USERS = ContactRole.DECISION_MAKER, ContactRole.END_USER


def results(asked_of: SurveyVersion, scope: Scope = EVERYTHING, **asked: Any) -> SurveyResults:
    return survey_results(scope, asked_of.survey, ResultFilter(asked_of.survey_id, **asked))


def test_confirmed_answers_count_late_ones_too_and_nothing_else(world: World) -> None:
    version = rows.survey(world)
    autumn = rows.wave(version)
    rows.asked_and_answered(autumn, world.aurora, [10, 9, 9, 8, 3, 10])
    rows.asked_and_answered(autumn, world.aurora, [0], is_late=True)
    poster = rows.link(version)
    rows.answered_by_link(poster, version, 10)
    rows.answered_by_link(poster, version, 0, status=ResponseStatus.DUPLICATE)
    scanned = rows.invite(autumn, rows.person(world.aurora))
    scanned.provisional_score, scanned.provisional_at = 0, NOW
    scanned.save()

    found = results(version)

    assert (found.figure.n, found.late, found.duplicates, found.without_invitation) == (8, 1, 1, 1)
    assert found.figure.scores == (1, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3)
    assert found.figure.score == pytest.approx((5 - 2) / 8)
    assert found.figure.interval == pytest.approx(interval([2, 1, 5]))
    assert (found.unconfirmed.hits, found.unconfirmed.n) == (1, 8)
    assert (found.rate.hits, found.rate.n) == (7, 8)


def test_who_was_never_reached_is_no_silence(world: World) -> None:
    """Mail that came back, people left out and those whose turn comes yet do not lower the response rate."""
    version = rows.survey(world)
    autumn = rows.wave(version)
    for state in InvitationState:
        rows.invite(autumn, rows.person(world.aurora), state)
    rows.invite(autumn, rows.person(world.aurora), InvitationState.LEFT_OUT, reason=Refusal.COOLDOWN)
    late_bounce = rows.invite(autumn, rows.person(world.aurora), InvitationState.BOUNCED, reason="5.1.1 gone")
    rows.answered(late_bounce, 9)

    found = results(version)

    assert (found.rate.hits, found.rate.n) == (1, 3)  # sent, uncertain, and the one who answered after all
    assert found.rate.interval == wilson(1, 3)
    assert found.invitations.left_out == {"": 1, "cooldown": 1}
    assert found.invitations.by_state["bounced"] == 2
    assert found.invitations.people == len(InvitationState) + 2


def test_under_five_answers_there_is_no_score_and_the_reason_is_told(world: World) -> None:
    version = rows.survey(world)
    assert results(version).figure.reason is CannotTell.NOBODY
    rows.asked_and_answered(rows.wave(version), world.aurora, [10, 10, 10, 10])
    figure = results(version).figure
    assert (figure.score, figure.interval, figure.reason) == (None, None, CannotTell.TOO_FEW)


def test_csat_and_ces_are_shares_of_good_answers_with_their_mean(world: World) -> None:
    csat = rows.survey(world, SurveyKind.CSAT, "Tickets")
    rows.asked_and_answered(rows.wave(csat), world.aurora, [5, 4, 4, 3, 1])
    figure = results(csat).figure
    assert (figure.score, figure.mean) == (pytest.approx(0.6), pytest.approx(3.4))
    assert figure.interval == wilson(3, 5)
    ces = rows.survey(world, SurveyKind.CES, "Payouts")
    rows.asked_and_answered(rows.wave(ces), world.aurora, [7, 6, 5, 4, 1, 1])
    assert results(ces).figure.score == pytest.approx(0.5)


def test_response_rates_stand_beside_the_scores_of_each_role(world: World) -> None:
    version = rows.survey(world)
    autumn = rows.wave(version)
    rows.asked_and_answered(autumn, world.aurora, [10] * 6, DECIDERS)
    rows.asked_and_answered(autumn, world.aurora, [0] * 6, USERS)
    for _ in range(6):
        rows.invite(autumn, rows.person(world.aurora, USERS))
    roles = {row.value: row for row in results(version).cuts[0].rows}
    assert (roles[DECIDERS].rate.hits, roles[DECIDERS].rate.n, roles[DECIDERS].figure.score) == (6, 6, 1.0)
    assert (roles[USERS].rate.hits, roles[USERS].rate.n, roles[USERS].figure.score) == (6, 12, -1.0)


def test_weighting_stands_beside_the_plain_score_and_never_replaces_it(world: World) -> None:
    version = rows.survey(world)
    autumn = rows.wave(version)
    rows.asked_and_answered(autumn, world.aurora, [10, 10, 10, 10, 9, 10], DECIDERS)
    rows.asked_and_answered(autumn, world.aurora, [0, 5, 10], USERS)
    for _ in range(9):
        rows.person(world.aurora, USERS)
    plain = results(version)
    world.vera.is_active = world.gleb.is_active = False
    world.vera.save()
    world.gleb.save()

    both = results(version, weighs=True)

    assert plain.weighted is None
    assert both.figure == plain.figure
    assert both.weighted is not None
    # 6 of 18 people decide (all promoters); of the 12 users one in three is a promoter, two detractors.
    assert both.weighted.score == pytest.approx(6 / 18 * 1 + 12 / 18 * (-1 / 3))
    assert both.weighted.interval is not None
    assert both.weighted.interval.low < both.weighted.score < both.weighted.interval.high


def test_no_weight_makes_up_for_a_role_that_said_nothing(world: World) -> None:
    version = rows.survey(world)
    rows.asked_and_answered(rows.wave(version), world.aurora, [10] * 6, DECIDERS)
    rows.person(world.aurora, USERS)
    weighted = results(version, weighs=True).weighted
    assert weighted is not None
    assert weighted.reason is CannotTell.NOBODY_OF_ROLE
    assert USERS in weighted.empty
    assert weighted.score is None


def test_an_account_manager_reads_figures_of_own_partners_only(world: World) -> None:
    version = rows.survey(world)
    autumn = rows.wave(version)
    rows.asked_and_answered(autumn, world.aurora, [10] * 5)
    rows.asked_and_answered(autumn, world.borealis, [0] * 7)
    rows.invite(autumn, rows.person(world.borealis))
    rows.answered_by_link(rows.link(version), version, 5)

    own = results(version, scope_of(world.boris))

    assert (own.figure.n, own.figure.score) == (5, 1.0)
    assert (own.rate.hits, own.rate.n) == (5, 5)
    assert own.without_invitation == 0
    assert results(version, scope_of(world.stranger)).is_empty
    assert results(version, scope_of(world.anna)).figure.n == 13


def test_one_wave_one_version_or_one_period_can_be_looked_at(world: World) -> None:
    version = rows.survey(world)
    spring = rows.wave(version, "Spring", started_at=datetime(2025, 4, 1, tzinfo=UTC))
    autumn = rows.wave(version, "Autumn", started_at=datetime(2025, 10, 1, tzinfo=UTC))
    rows.asked_and_answered(spring, world.aurora, [10] * 5, at=datetime(2025, 4, 3, tzinfo=UTC))
    rows.asked_and_answered(autumn, world.aurora, [0] * 6, at=datetime(2025, 10, 3, tzinfo=UTC))
    assert results(version, wave_id=spring.pk).figure.n == 5
    assert results(version, version=2).figure.n == 0
    october = Period(date(2025, 10, 1), date(2025, 11, 1))
    assert results(version, period=october).figure.n == 6
    found = results(version)
    assert [(p.wave.name if p.wave else "", p.figure.score) for p in found.by_wave] == [
        ("Spring", 1.0), ("Autumn", -1.0),
    ]  # fmt: skip
    assert [point.start.month for point in found.by_month] == [4, 5, 6, 7, 8, 9, 10]
    assert found.change is not None
    assert found.change.verdict == "down"


QUESTIONS = [
    {
        "key": "why", "kind": QuestionKind.CHOICES, "low": 0, "high": 6,
        "labels": {"en": "What went wrong?", "ru": "Что не так?"},
        "options": {"en": ["Payouts", "Support"], "ru": ["Выплаты", "Поддержка"]},
    },
    {"key": "words", "kind": QuestionKind.TEXT, "labels": {"en": "Words", "ru": "Слова"}},
    {"key": "ease", "kind": QuestionKind.CES, "labels": {"en": "How easy?", "ru": "Легко?"}},
]  # fmt: skip


def test_further_questions_have_shares_of_those_who_answered_them(world: World) -> None:
    version = rows.survey(world, questions=QUESTIONS)
    autumn = rows.wave(version)
    rows.asked_and_answered(autumn, world.aurora, [3], answers={"why": [0, 1], "words": "late", "ease": 2})
    rows.asked_and_answered(autumn, world.aurora, [5, 6], answers={"why": [0]})
    rows.asked_and_answered(autumn, world.aurora, [2, 10])

    why, words, ease = results(version).questions

    assert (why.label, why.shown, why.answered) == ("What went wrong?", 4, 3)
    assert [(o.label, o.share.hits, o.share.n) for o in why.options] == [("Payouts", 3, 3), ("Support", 1, 3)]
    assert (words.shown, words.answered) == (5, 1)
    assert ease.figure is not None
    assert ease.figure.scores[2] == 1


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    version = rows.survey(world, questions=QUESTIONS)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            results(version, weighs=True)
        return len(caught)

    rows.asked_and_answered(rows.wave(version), world.aurora, [10, 0, 3], USERS)
    few = queries()
    rows.asked_and_answered(rows.wave(version, "Two"), world.borealis, [10, 0, 3, 4], DECIDERS)
    rows.asked_and_answered(rows.wave(version, "Three"), world.aurora, [7] * 9)
    assert queries() == few
    assert few <= 12


def test_role_stands_first_among_the_cuts(world: World) -> None:
    assert [cut.dimension for cut in results(rows.survey(world)).cuts][:2] == [
        Dimension.ROLE,
        Dimension.SEGMENT,
    ]


def test_two_options_called_the_same_are_one_and_never_more_than_everybody(world: World) -> None:
    twice = {
        "key": "why", "kind": "choices", "low": None, "high": None, "required": False,
        "labels": {"en": "Why?"}, "options": {"en": ["Support", "Support", "Payouts"]},
    }  # fmt: skip
    version = rows.survey(world, questions=[twice])
    version.wording = {"en": {"question": "How likely?"}}
    version.save()
    rows.asked_and_answered(rows.wave(version), world.aurora, [1, 2, 3, 4, 9], answers={"why": [0, 1]})
    (why,) = survey_results(Scope(), version.survey, ResultFilter(version.survey_id)).questions
    assert [(one.label, one.share.hits) for one in why.options] == [("Support", 5), ("Payouts", 0)]
    assert why.options[0].share.interval is not None
