"""Quotas are never exceeded, one seed is one sample, and a rolling survey covers everybody evenly."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.feedback.rules.sampling import Candidate, Dimension, Sample, day_share, draw, draw_day
from otklik.feedback.rules.vocabulary import Refusal

DAY = date(2026, 3, 2)
ROLES = ("decision_maker", "influencer", "end_user")

people = st.lists(
    st.tuples(
        st.sampled_from(ROLES),
        st.sampled_from(("gold", "silver", "")),
        st.sampled_from(("1", "2", "")),
        st.sampled_from((None, None, None, Refusal.COOLDOWN, Refusal.NO_ADDRESS)),
        st.sampled_from(("", "", "", "a@x", "b@x", "c@x")),
    ),
    max_size=60,
).map(lambda rows: [Candidate(n, r, t, m, None, no, who) for n, (r, t, m, no, who) in enumerate(rows)])
quotas = st.fixed_dictionaries(
    {},
    optional={
        Dimension.ROLE: st.dictionaries(st.sampled_from(ROLES), st.integers(0, 12)),
        Dimension.TIER: st.dictionaries(st.sampled_from(("gold", "silver", "")), st.integers(0, 12)),
        Dimension.MANAGER: st.dictionaries(st.sampled_from(("1", "2")), st.integers(0, 12)),
    },
)


@given(people, quotas, st.none() | st.integers(0, 40))
def test_no_quota_is_exceeded_and_everybody_left_out_has_a_reason(candidates, quotas, total) -> None:
    sample = draw(candidates, seed="a", quotas=quotas, total=total)
    chosen = [one for one in candidates if one.id in set(sample.chosen)]
    for number, dimension in enumerate(Dimension):
        drawn = Counter(one.cell[number] for one in chosen)
        for value, wanted in quotas.get(dimension, {}).items():
            assert drawn[value] <= wanted
            missing = [s for s in sample.shortfalls if (s.dimension, s.value) == (dimension, value)]
            assert [s.drawn for s in missing] == ([drawn[value]] if drawn[value] < wanted else [])
    assert total is None or len(chosen) <= total
    assert set(sample.left_out) == {one.id for one in candidates} - set(sample.chosen)
    assert all(sample.left_out[one.id] == one.refusal for one in candidates if one.refusal)
    if total is None:
        assert all(is_full(quotas, chosen, one) for one in candidates if refused_by_quota(sample, one))


def refused_by_quota(sample: Sample, one: Candidate) -> bool:
    return sample.left_out.get(one.id) is Refusal.OVER_QUOTA


def is_full(quotas, chosen, one: Candidate) -> bool:
    return any(
        one.cell[number] in quotas.get(dimension, {})
        and sum(other.cell[number] == one.cell[number] for other in chosen)
        >= quotas[dimension][one.cell[number]]
        for number, dimension in enumerate(Dimension)
    )


@given(people, quotas, st.randoms(use_true_random=False))
def test_the_same_seed_is_the_same_sample_in_whatever_order_people_come(candidates, quotas, order) -> None:
    first = draw(candidates, seed="q3", quotas=quotas, total=10)
    shuffled = list(candidates)
    order.shuffle(shuffled)
    second = draw(shuffled, seed="q3", quotas=quotas, total=10)
    assert (first.chosen, first.left_out) == (second.chosen, second.left_out)


@given(people, quotas, st.none() | st.integers(0, 40), st.integers(0, 2**60))
def test_a_planning_that_was_killed_goes_on_to_the_same_sample(candidates, quotas, total, bits) -> None:
    whole = draw(candidates, seed="q3", quotas=quotas, total=total)
    written = {one for one in whole.chosen if bits >> one & 1}
    resumed = draw(candidates, seed="q3", quotas=quotas, total=total, kept=written)
    assert set(resumed.chosen) == set(whole.chosen)
    assert resumed.left_out == whole.left_out


@given(people, quotas, st.none() | st.integers(0, 40), st.booleans())
def test_of_one_person_known_twice_one_is_asked_and_only_then_is_the_other_told_so(
    candidates, quotas, total, a_day
) -> None:
    if a_day:
        sample = draw_day(candidates, day=DAY, every_days=90, seed="x", per_day=total)
    else:
        sample = draw(candidates, seed="x", quotas=quotas, total=total)
    of = {one.id: one for one in candidates}
    asked = [of[one].person for one in sample.chosen if of[one].person]
    assert len(asked) == len(set(asked))
    for one in candidates:
        if one.refusal is None and one.id not in sample.chosen:
            assert (sample.left_out[one.id] is Refusal.COOLDOWN) == (one.person in asked)


def test_a_twin_of_somebody_not_drawn_is_drawn_where_there_is_room_for_them() -> None:
    twins = [Candidate(1, "influencer", person="a@x"), Candidate(2, "end_user", person="a@x")]
    sample = draw(twins, seed="x", quotas={Dimension.ROLE: {"influencer": 0}})
    assert (sample.chosen, sample.left_out) == ((2,), {1: Refusal.COOLDOWN})
    nobody = draw(twins, seed="x", total=0)
    assert set(nobody.left_out.values()) == {Refusal.NOT_DRAWN}


def test_another_seed_is_another_sample() -> None:
    candidates = [Candidate(number) for number in range(200)]
    assert set(draw(candidates, seed="a", total=50).chosen) != set(
        draw(candidates, seed="b", total=50).chosen
    )


def test_everybody_has_the_same_chance() -> None:
    candidates = [Candidate(number, ROLES[number % 7 % 3], str(number % 2)) for number in range(40)]
    hits = Counter(one for seed in range(2000) for one in draw(candidates, seed=str(seed), total=10).chosen)
    assert all(400 < hits[one.id] < 600 for one in candidates)


def test_a_sample_holds_each_cell_in_proportion() -> None:
    candidates = [Candidate(n, "end_user" if n % 10 else "decision_maker") for n in range(1000)]
    roles = Counter(candidates[one].role for one in draw(candidates, seed="x", total=100).chosen)
    assert abs(roles["decision_maker"] - 10) <= 1


def test_a_quota_with_too_few_people_says_how_many_are_missing() -> None:
    candidates = [Candidate(1, "decision_maker"), Candidate(2, "decision_maker", refusal=Refusal.COOLDOWN)]
    (short,) = draw(candidates, seed="x", quotas={Dimension.ROLE: {"decision_maker": 5}}).shortfalls
    assert (short.wanted, short.drawn, short.available) == (5, 1, 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 90), st.integers(1, 20), st.integers(0, 9))
def test_a_rolling_survey_asks_everybody_once_a_round_and_nobody_sooner(size, every_days, seed) -> None:
    roll = random.Random(seed)
    cells = [(roll.choice(ROLES), roll.choice(("gold", "silver"))) for _ in range(size)]
    asked: dict[int, date] = {}
    times: Counter[int] = Counter()
    for number in range(3 * every_days):
        day = DAY + timedelta(days=number)
        candidates = [Candidate(i, *cell, "", asked.get(i)) for i, cell in enumerate(cells)]
        sample = draw_day(candidates, day=day, every_days=every_days, seed="r")
        assert len(sample.chosen) == day_share(size, day, every_days)
        for one in sample.chosen:
            assert one not in asked or (day - asked[one]).days >= every_days
            asked[one] = day
            times[one] += 1
        assert_even(cells, times, number, every_days)
    assert all(times[i] == 3 for i in range(size))


def assert_even(cells, times: Counter[int], number: int, every_days: int) -> None:
    """After each day no cell is more than two people from its share."""
    for cell, members in Counter(cells).items():
        done = sum(times[i] for i, one in enumerate(cells) if one == cell)
        assert abs(done - members * (number + 1) / every_days) <= 2 + len(set(cells)) / 2


def test_never_asked_come_first_then_those_asked_longest_ago() -> None:
    ago = [None, DAY - timedelta(days=400), DAY - timedelta(days=200), DAY - timedelta(days=95)]
    candidates = [Candidate(number, last_asked_on=day) for number, day in enumerate(ago)]
    sample = draw_day(candidates, day=DAY, every_days=90, seed="x", per_day=3)
    assert sample.chosen == (0, 1, 2)
    assert sample.left_out == {3: Refusal.NOT_DRAWN}


def test_who_cannot_be_asked_ever_is_no_part_of_the_daily_share() -> None:
    gone = [Candidate(number, refusal=Refusal.NO_ADDRESS) for number in range(100)]
    waiting = [Candidate(200 + number) for number in range(20)]
    sample = draw_day([*gone, *waiting], day=DAY, every_days=20, seed="x")
    assert len(sample.chosen) == 1
