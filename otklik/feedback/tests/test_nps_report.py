from __future__ import annotations

from collections import Counter
from datetime import UTC, date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otklik.analytics.models import ScoreCell, ScoreDay, ScoreRollup
from otklik.analytics.public import Dimension
from otklik.feedback.access import Scope, scope_of, visible_responses
from otklik.feedback.models import Response
from otklik.feedback.operations.histograms import rebuild_histograms
from otklik.feedback.queries.comments import latest_comments
from otklik.feedback.queries.nps_report import NpsReport, ReportFilter, nps_report
from otklik.feedback.queries.tallies import Asked
from otklik.feedback.rules.periods import Against, Period, Step
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.partners.access import visible_partners
from otklik.stats.verdicts import Kind, Verdict
from tests.world import World

FEBRUARY = ReportFilter(Period(date(2026, 2, 1), date(2026, 3, 1)))


def breakdown(report: NpsReport, dimension: Dimension) -> dict[str, int]:
    (found,) = [b for b in report.breakdowns if b.dimension is dimension]
    return {row.name: row.summary.n for row in found.rows}


def test_the_score_of_a_period_and_what_it_was_before(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, score, "2026-01-15") for score in [0] * 40 + [10] * 10))
    store(*(answer(version, world.aurora, score, "2026-02-15") for score in [0] * 10 + [10] * 40))

    report = nps_report(scope_of(world.anna), FEBRUARY)

    assert (report.summary.n, report.summary.nps) == (50, pytest.approx(0.6))
    assert report.comparison.before.nps == pytest.approx(-0.6)
    assert report.comparison.verdict is Verdict.UP
    assert report.scores[0], report.scores[10] == (10, 40)
    assert [p.summary.n for p in report.trend][-2:] == [50, 50]
    assert len(report.trend) == 12
    assert [p.is_inside for p in report.trend][-2:] == [False, True]


def test_four_answers_are_people_not_a_score(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, 10) for _ in range(4)))

    report = nps_report(scope_of(world.anna), FEBRUARY)

    assert (report.summary.kind, report.summary.nps, report.summary.n) == (Kind.TOO_FEW, None, 4)
    assert report.comparison.verdict is Verdict.CANNOT_TELL


def test_an_empty_program_has_a_report_without_figures(world: World) -> None:
    report = nps_report(scope_of(world.anna), FEBRUARY)

    assert not report.has_answers
    assert report.summary.n == 0


def test_a_filter_narrows_every_part_of_the_report(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, 9) for _ in range(6)))
    store(*(answer(version, world.borealis, 2) for _ in range(7)))

    chosen = ReportFilter(FEBRUARY.period, where={Dimension.TIER: "silver"})
    report = nps_report(scope_of(world.anna), chosen)

    assert report.summary.n == 7
    assert sum(p.summary.n for p in report.trend) == 7
    assert breakdown(report, Dimension.COUNTRY) == {"Kazakhstan": 7}
    assert Dimension.TIER not in {b.dimension for b in report.breakdowns}


def test_quarters_are_the_sums_of_their_months(world: World) -> None:
    version = nps_version(world)
    for day in ("2025-10-01", "2025-11-15", "2025-12-31", "2026-01-01"):
        store(*(answer(version, world.aurora, 9, day) for _ in range(2)))

    report = nps_report(
        scope_of(world.anna),
        ReportFilter(Period(date(2025, 10, 1), date(2026, 4, 1)), Against.PREVIOUS, Step.QUARTER),
    )

    assert {p.start: p.summary.n for p in report.trend if p.summary.n} == {
        date(2025, 10, 1): 6,
        date(2026, 1, 1): 2,
    }


def test_a_quarter_at_the_edge_of_the_period_is_shown_whole(world: World) -> None:
    version = nps_version(world)
    for day in ("2025-10-05", "2025-11-15", "2025-12-31", "2026-01-20", "2026-02-25"):
        store(*(answer(version, world.aurora, 9, day) for _ in range(2)))

    chosen = ReportFilter(Period(date(2025, 12, 1), date(2026, 2, 10)), Against.PREVIOUS, Step.QUARTER)
    report = nps_report(scope_of(world.anna), chosen)

    assert report.summary.n == 4
    assert {p.start: p.summary.n for p in report.trend if p.summary.n} == {
        date(2025, 10, 1): 6,
        date(2026, 1, 1): 4,
    }


def test_a_manager_gets_figures_and_words_of_own_partners_only(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, 9, comment="of Aurora") for _ in range(6)))
    store(*(answer(version, world.borealis, 2, comment="of Borealis") for _ in range(7)))

    report = nps_report(scope_of(world.clara), FEBRUARY)

    assert report.summary.n == 7
    assert sum(p.summary.n for p in report.trend) == 7
    assert breakdown(report, Dimension.TIER) == {"silver": 7}
    assert [c.name for c in report.choices[Dimension.TIER]] == ["silver"]
    comments = latest_comments(Asked(scope_of(world.clara)), FEBRUARY.period)
    assert {c.text for c in comments} == {"of Borealis"}


def test_a_partner_handed_over_takes_its_history_along(world: World) -> None:
    """Boris loses sight of what he handed over, also inside sums; Clara sees the whole of what is hers
    now."""
    version = nps_version(world)
    store(*(answer(version, world.aurora, 9) for _ in range(6)))
    world.aurora.manager = world.clara
    world.aurora.save()

    assert nps_report(scope_of(world.boris), FEBRUARY).summary.n == 0
    of_clara = nps_report(scope_of(world.clara), FEBRUARY)
    assert of_clara.summary.n == 6
    assert breakdown(of_clara, Dimension.MANAGER) == {"Boris Manager": 6}


def test_where_managers_may_see_all_they_see_all(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, 9) for _ in range(6)))
    world.program.managers_see_own_only = False
    world.program.save()

    assert nps_report(scope_of(world.clara), FEBRUARY).summary.n == 6


def test_somebody_without_the_right_counts_nothing(world: World) -> None:
    version = nps_version(world)
    store(*(answer(version, world.aurora, 9) for _ in range(6)))

    assert nps_report(scope_of(world.stranger), FEBRUARY).summary.n == 0


@pytest.mark.parametrize("name", ["root", "anna", "boris", "clara", "dmitri", "stranger"])
@pytest.mark.parametrize("own_only", [True, False])
def test_answers_are_seen_exactly_where_their_partner_is(world: World, name: str, own_only: bool) -> None:
    version = nps_version(world)
    store(answer(version, world.aurora, 9), answer(version, world.borealis, 9))
    world.program.managers_see_own_only = own_only
    world.program.save()
    person = getattr(world, name)

    seen = set(visible_responses(scope_of(person)).values_list("partner_id", flat=True))

    assert seen == set(visible_partners(person).values_list("pk", flat=True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.lists(
        st.tuples(
            st.sampled_from(["aurora", "borealis"]),
            st.integers(0, 10),
            st.dates(date(2025, 11, 10), date(2026, 2, 28)),
            st.sampled_from(["email", "portal"]),
            st.sampled_from([None, "vera", "gleb"]),
        ),
        max_size=25,
    ),
    start=st.dates(date(2025, 11, 1), date(2026, 1, 31)),
    days=st.integers(1, 120),
    channel=st.sampled_from([None, "email"]),
    by_whom=st.sampled_from(["anna", "clara"]),
)
def test_whatever_way_a_figure_is_counted_it_is_the_number_of_answers(
    world: World, answers, start, days, channel, by_whom
) -> None:
    """Roll-up, cells and own partners' answers against the rows themselves."""
    from django.db import transaction

    with transaction.atomic():
        version = nps_version(world)
        store(
            *(
                answer(
                    version,
                    getattr(world, partner),
                    score,
                    day.isoformat(),
                    channel=through,
                    contact_id=getattr(world, who).pk if who and partner == "aurora" else None,
                )
                for partner, score, day, through, who in answers
            )
        )
        where = {Dimension.CHANNEL: channel} if channel else {}
        period = Period(start, date.fromordinal(start.toordinal() + days))
        scope = scope_of(getattr(world, by_whom))

        report = nps_report(scope, ReportFilter(period, where=where))

        rows = [
            r
            for r in visible_responses(scope)
            if period.start <= r.responded_at.astimezone(UTC).date() < period.end
            and (not channel or r.channel == channel)
        ]
        assert report.scores == tuple(Counter(r.score for r in rows)[score] for score in range(11))
        (by_role,) = [b for b in report.breakdowns if b.dimension is Dimension.ROLE]
        assert {r.value: r.summary.n for r in by_role.rows} == Counter(r.role for r in rows)
        transaction.set_rollback(True)


def tables() -> list[list[object]]:
    return [sorted(model.objects.values_list()) for model in (ScoreCell, ScoreDay, ScoreRollup)]


def test_a_rebuild_from_the_answers_gives_the_same_tables(world: World) -> None:
    version = nps_version(world)
    store(
        *(
            answer(version, partner, n % 11, f"2026-0{n % 2 + 1}-1{n % 9}", contact_id=contact)
            for n in range(40)
            for partner, contact in [(world.aurora, world.vera.pk), (world.borealis, None)]
        )
    )
    before = tables()
    ScoreRollup.objects.filter(dim1="role").delete()
    ScoreCell.objects.update(c3=99)

    assert rebuild_histograms() == 2

    assert tables() == before
    assert Response.objects.count() == 80


@pytest.mark.parametrize("whose", [Scope(), None])
def test_the_report_asks_a_constant_number_of_questions(world: World, whose: Scope | None) -> None:
    version = nps_version(world)
    scope = whose or scope_of(world.boris)

    def queries(rows: int) -> int:
        store(
            *(
                answer(version, world.aurora, n % 11, segment=f"S{n}", country="DE" if n % 2 else "FR")
                for n in range(rows)
            )
        )
        with CaptureQueriesContext(connection) as captured:
            nps_report(scope, FEBRUARY)
        return len(captured)

    assert queries(2) == queries(30)
