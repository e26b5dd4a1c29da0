"""A wave that repeats: with each start the next one is there, once, to be changed, skipped or stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.feedback.models import AskingRules, Invitation, Survey, Wave, WaveSeries
from otklik.feedback.operations import planning, series
from otklik.feedback.operations.planning import close_due_waves, plan_wave, start_due_waves
from otklik.feedback.operations.series import NotRepeating, Repeat, stop_repeating
from otklik.feedback.operations.surveys import archive_survey, version_survey
from otklik.feedback.operations.waves import cancel_wave, change_draft, close_wave, start_wave
from otklik.feedback.rules.plans import Plan, read_plan
from otklik.feedback.rules.recurrence import Every
from otklik.feedback.rules.sampling import Dimension
from otklik.feedback.tests.waves.people import crowd, draft, nps
from tests.world import NOW, World

BY = Actor.system()
QUARTERLY = Repeat(Every.QUARTER, "Europe/Berlin")
# In Berlin: 10:00 in winter.
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEXT = datetime(2026, 6, 2, 8, tzinfo=UTC)


def repeating(world: World, plan: Plan | None = None, **extra) -> Wave:
    fields = {"starts_at": START, "closes_at": START + timedelta(days=21), "repeat": QUARTERLY}
    return draft(nps(world), plan, **fields | extra)


def started(world: World, plan: Plan | None = None, **extra) -> Wave:
    wave = repeating(world, plan, **extra)
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    return Wave.objects.get(pk=wave.pk)


def upcoming() -> Wave:
    return Wave.objects.select_related("series").get(state="draft")


def test_with_the_start_the_next_wave_is_planned_by_the_calendar(world: World) -> None:
    plan = Plan(
        seed="s", total=9, roles=("end_user",), quotas={Dimension.ROLE: {"end_user": 4}}, taken_out=(7,)
    )
    wave = started(world, plan, reminders=[3, 7])
    following = upcoming()
    assert (following.series, following.turn, following.starts_itself) == (wave.series, 1, True)
    assert following.name == "Q1 · 2026-06-02"
    assert following.starts_at == NEXT
    assert following.closes_at == datetime(2026, 6, 23, 8, tzinfo=UTC)
    copied = read_plan(following.plan)
    assert (copied.total, copied.roles, copied.quotas) == (9, plan.roles, plan.quotas)
    assert following.reminders == [3, 7]
    # Another draw; and nobody is left out again without anybody having said so.
    assert copied.seed != "s"
    assert copied.taken_out == ()
    told = Event.objects.filter(kind="wave.created").latest("pk")
    assert (told.data["follows"], told.actor_kind) == (wave.pk, "system")


def test_nothing_is_frozen_before_the_wave_starts_by_itself(world: World) -> None:
    AskingRules.objects.create(program=world.program, cooldown_days=60)
    version = nps(world)
    started(world)
    newer = version_survey(survey_id=version.survey_id, wording={"en": {"question": "New?"}}, by=BY, at=NOW)
    (late,) = crowd(world, 1)
    following = upcoming()
    assert following.version is None
    start_due_waves(at=NEXT - timedelta(minutes=1))
    assert upcoming() == following
    start_due_waves(at=NEXT)
    plan_wave(wave_id=following.pk, clock=lambda: NEXT)
    following.refresh_from_db()
    assert (following.state, following.version) == ("running", newer)
    assert Invitation.objects.get(wave=following, contact=late).state == "planned"
    assert upcoming().turn == 2


def test_the_cooldown_holds_between_the_waves_of_a_series(world: World) -> None:
    wave = started(world, repeat=Repeat(Every.MONTH, "UTC"))
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    following = upcoming()
    assert following.starts_at is not None
    start_due_waves(at=following.starts_at)
    plan_wave(wave_id=following.pk, clock=lambda: following.starts_at)
    assert set(Invitation.objects.filter(wave=following).values_list("state", "reason")) == {
        ("left_out", "cooldown")
    }


def test_two_workers_and_a_killed_one_make_exactly_one_successor(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = repeating(world)

    def die(*args, **kwargs) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(series, "tell_wave", die)
        with pytest.raises(KeyboardInterrupt):
            start_wave(wave_id=wave.pk, by=BY, at=NOW)
    assert Wave.objects.get().state == "draft"
    start_wave(wave_id=wave.pk, by=BY, at=NOW)
    for _ in range(2):
        start_due_waves(at=NEXT)
    assert sorted(Wave.objects.values_list("turn", "state")) == [
        (0, "planning"),
        (1, "planning"),
        (2, "draft"),
    ]


def test_a_short_month_does_not_move_those_after_it(world: World) -> None:
    first = datetime(2026, 3, 31, 9, tzinfo=UTC)
    started(world, starts_at=first, closes_at=None, repeat=Repeat(Every.MONTH, "UTC"))
    for day in ("2026-04-30", "2026-05-31", "2026-06-30"):
        following = upcoming()
        assert following.starts_at is not None
        assert following.starts_at.date().isoformat() == day
        start_due_waves(at=following.starts_at)


def test_a_first_wave_without_a_date_repeats_from_the_day_it_was_started(world: World) -> None:
    started(world, starts_at=None, closes_at=None)
    assert (upcoming().starts_at, upcoming().closes_at) == (NEXT, None)


def test_one_that_is_changed_moves_no_other(world: World) -> None:
    started(world)
    following = upcoming()
    moved = NEXT + timedelta(days=5)
    change_draft(
        wave_id=following.pk,
        name="Summer",
        plan=Plan(total=3),
        starts_at=moved,
        repeat=QUARTERLY,
        by=BY,
        at=NOW,
    )
    start_due_waves(at=NEXT)
    assert upcoming().name == "Summer"
    start_due_waves(at=moved)
    assert upcoming().starts_at == datetime(2026, 9, 2, 8, tzinfo=UTC)
    assert upcoming().name == "Q1 · 2026-09-02"
    assert read_plan(upcoming().plan).total == 3


def test_another_period_begins_with_the_wave_it_was_given_to(world: World) -> None:
    started(world)
    following = upcoming()
    change_draft(
        wave_id=following.pk,
        name="Q2",
        plan=Plan(),
        starts_at=NEXT,
        repeat=Repeat(Every.YEAR, "UTC"),
        by=BY,
        at=NOW,
    )
    start_due_waves(at=NEXT)
    assert upcoming().starts_at == NEXT.replace(year=2027)
    assert WaveSeries.objects.exclude(stopped_at=None).count() == 1


def test_one_that_is_to_be_the_last_still_comes_on_its_day(world: World) -> None:
    started(world)
    change_draft(wave_id=upcoming().pk, name="Last", plan=Plan(), starts_at=NEXT, by=BY, at=NOW)
    start_due_waves(at=NEXT)
    assert Wave.objects.get(name="Last").state == "planning"
    assert not Wave.objects.filter(state="draft").exists()


def test_one_that_is_skipped_is_followed_by_the_next(world: World) -> None:
    started(world)
    cancel_wave(wave_id=upcoming().pk, by=BY, at=NOW)
    assert (upcoming().turn, upcoming().starts_at) == (2, datetime(2026, 9, 2, 8, tzinfo=UTC))
    assert Event.objects.filter(kind="wave.cancelled").get().data == {"skipped": True}


def test_a_plan_that_is_dropped_before_its_first_start_leaves_nothing_behind(world: World) -> None:
    cancel_wave(wave_id=repeating(world).pk, by=BY, at=NOW)
    assert list(Wave.objects.values_list("state", flat=True)) == ["cancelled"]


def test_calling_one_off_or_closing_it_does_not_stop_the_series(world: World) -> None:
    wave = started(world)
    close_wave(wave_id=wave.pk, by=BY, at=NOW)
    start_due_waves(at=NEXT)
    cancel_wave(wave_id=Wave.objects.get(turn=1).pk, by=BY, at=NEXT)
    assert upcoming().turn == 2


def test_a_series_that_is_stopped_asks_nobody_any_more(world: World) -> None:
    wave = started(world)
    stop_repeating(wave_id=wave.pk, by=BY, at=NOW)
    start_due_waves(at=NEXT + timedelta(days=400))
    assert sorted(Wave.objects.values_list("turn", "state")) == [(0, "planning"), (1, "cancelled")]
    assert Event.objects.filter(kind="wave.repeating_stopped").exists()
    with pytest.raises(NotRepeating):
        stop_repeating(wave_id=wave.pk, by=BY, at=NOW)


def test_what_was_missed_while_nobody_was_there_is_not_made_up_for(world: World) -> None:
    started(world)
    start_due_waves(at=datetime(2027, 1, 1, tzinfo=UTC))
    assert Wave.objects.get(turn=1).state == "cancelled"
    assert (upcoming().turn, upcoming().starts_at) == (4, datetime(2027, 3, 2, 9, tzinfo=UTC))


@pytest.mark.parametrize("is_last", [False, True])
def test_a_survey_that_was_put_away_asks_no_more(world: World, is_last: bool) -> None:
    wave = started(world)
    if is_last:
        change_draft(wave_id=upcoming().pk, name="Last", plan=Plan(), starts_at=NEXT, by=BY, at=NOW)
    close_wave(wave_id=wave.pk, by=BY, at=NOW)
    archive_survey(survey_id=wave.survey_id, by=BY, at=NOW)
    start_due_waves(at=NEXT)
    assert Wave.objects.get(turn=1).state == "cancelled"
    assert Survey.objects.get(pk=wave.survey_id).archived_at is not None


def test_a_wave_that_ended_meanwhile_does_not_keep_the_others_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waves = [started(world, name=name, repeat=None) for name in ("A", "B", "C")]
    real = planning.close_wave

    def closed_by_somebody_else(*, wave_id: int, **kwargs) -> None:
        if wave_id == waves[0].pk:
            real(wave_id=wave_id, **kwargs)
        real(wave_id=wave_id, **kwargs)

    monkeypatch.setattr(planning, "close_wave", closed_by_somebody_else)
    close_due_waves(at=START + timedelta(days=30))
    assert set(Wave.objects.values_list("state", flat=True)) == {"closed"}


def test_a_name_carries_one_day_though_the_period_changes_again(world: World) -> None:
    started(world)
    for repeat in (Repeat(Every.YEAR, "Europe/Berlin"), QUARTERLY):
        one = upcoming()
        assert one.starts_at is not None
        change_draft(
            wave_id=one.pk, name=one.name, plan=read_plan(one.plan), starts_at=one.starts_at,
            closes_at=one.closes_at, repeat=repeat, by=BY, at=NOW,
        )  # fmt: skip
        start_wave(wave_id=one.pk, by=BY, at=one.starts_at)
    assert upcoming().name == "Q1 · 2027-09-02"
