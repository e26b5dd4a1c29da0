"""Risk before a renewal is a sum of reasons; an opening needs evidence, and waits where we owe an answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.products import products_named
from otklik.relationships.rules.renewals import (
    Account,
    Band,
    Due,
    Obstacle,
    Opening,
    Proof,
    Prospect,
    RiskReason,
    due_of,
    openings,
    renewal_list,
    risk_of,
)
from otklik.relationships.rules.vocabulary import Category

few = settings(max_examples=25, deadline=None, derandomize=True)
P, N, D = Category.PROMOTER, Category.PASSIVE, Category.DETRACTOR
categories = st.lists(st.sampled_from(Category), max_size=5).map(tuple)
accounts = st.builds(
    Account,
    id=st.integers(1, 99),
    renewal_in_days=st.none() | st.integers(-90, 900),
    deciders=categories,
    others=categories,
    decider_known=st.booleans(),
    fell=st.integers(0, 5),
    silent_regulars=st.integers(0, 5),
    missing_people=st.integers(0, 6),
    critical_tickets=st.integers(0, 3),
    dispute=st.booleans(),
    broken_promises=st.integers(0, 4),
    revenue_trend=st.none() | st.floats(-1, 3),
    days_since_contact=st.none() | st.integers(0, 400),
)


@pytest.mark.parametrize(
    ("account", "points", "band"),
    [
        (Account(1), 10, Band.UNKNOWN),
        (Account(1, deciders=(P,)), 0, Band.LOW),
        (Account(1, deciders=(D,)), 30, Band.MEDIUM),
        (Account(1, deciders=(D, P), fell=1, dispute=True), 52.5, Band.HIGH),
        (Account(1, deciders=(N,), others=(D, D), revenue_trend=-0.2), 20, Band.LOW),
    ],
)
def test_points_are_added(account: Account, points: float, band: Band) -> None:
    found = risk_of(account)
    assert (found.points, found.band) == (pytest.approx(points), band)


@few
@given(accounts)
def test_every_point_has_a_reason_and_worse_is_never_less(account: Account) -> None:
    found = risk_of(account)
    assert found.points == pytest.approx(max(0.0, sum(one.points for one in found.reasons)))
    worse = (
        replace(account, fell=account.fell + 1),
        replace(account, deciders=(*account.deciders, D)),
        replace(account, others=(*account.others, D)),
        replace(account, critical_tickets=account.critical_tickets + 1),
        replace(account, dispute=True),
        replace(account, revenue_trend=(account.revenue_trend or 0) - 0.1),
    )
    # A first decider who speaks up, even ill of us, ends the blindness: 30 points for 10.
    assert all(risk_of(one).points >= found.points - 1e-9 for one in worse)


@pytest.mark.parametrize(
    ("days", "due"),
    [(-1, Due.OVERDUE), (0, Due.WITHIN_30), (30, Due.WITHIN_30), (31, Due.WITHIN_90), (181, Due.LATER),
     (None, Due.NO_DATE)],
)  # fmt: skip
def test_the_list_goes_by_time_left(days: int | None, due: Due) -> None:
    assert due_of(days) is due


@few
@given(st.lists(accounts, max_size=8))
def test_the_list_is_by_date_and_within_it_by_risk_and_drops_nobody(several: list[Account]) -> None:
    found = renewal_list(several)
    assert sorted(one.account for one in found) == sorted(one.id for one in several)
    order = list(Due)
    for one, other in pairwise(found):
        first, second = order.index(due_of(one.renewal_in_days)), order.index(due_of(other.renewal_in_days))
        assert first < second or (first == second and one.points >= other.points)


def test_an_opening_rests_on_evidence() -> None:
    (cross,) = openings(Prospect(1, deciders=(P,), held=frozenset({"cpa"}), needs=frozenset({"cpa", "api"})))
    assert (cross.opening, cross.products, cross.points) == (Opening.CROSS_SELL, ("api",), 35)
    assert [one.reason for one in cross.proofs] == [Proof.ASKED_FOR_IT, Proof.PROMOTER_DECIDES]
    (up,) = openings(Prospect(1, others=(P, P), revenue_trend=0.4, held=frozenset({"cpa"})))
    assert (up.opening, up.products, up.points) == (Opening.UPSELL, ("cpa",), 25)


WITH_PROMOTER = Prospect(1, deciders=(P,), held=frozenset({"cpa"}))


@pytest.mark.parametrize(
    ("more", "products", "proofs"),
    [
        ({"named": frozenset({"api", "cpa"})}, ("api",), {Proof.NAMED_IT: 12, Proof.PROMOTER_DECIDES: 15}),
        (
            {"usual": {"cpa": 0.9, "feeds": 0.5, "api": 0.6, "rare": 0.2}},
            ("api", "feeds"),
            {Proof.OTHERS_SELL_IT: 12, Proof.PROMOTER_DECIDES: 15},
        ),
        (
            {"needs": frozenset({"feeds"}), "named": frozenset({"api"}), "goals": 2},
            ("feeds", "api"),
            {Proof.ASKED_FOR_IT: 20, Proof.NAMED_IT: 12, Proof.GOAL_SHARED: 10, Proof.PROMOTER_DECIDES: 15},
        ),
    ],
)
def test_what_they_speak_of_and_what_others_have_is_evidence(
    more: dict[str, object], products: tuple[str, ...], proofs: dict[Proof, float]
) -> None:
    (found,) = openings(replace(WITH_PROMOTER, **more))
    assert (found.opening, found.products) == (Opening.CROSS_SELL, products)
    assert {one.reason: one.points for one in found.proofs} == proofs


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["When do we get COUPONS?"], {"Coupons"}),
        (["couponsale, not that", "Rev  share\nplease"], {"Rev share"}),
        (["ad ads", "Берём фиды ещё"], {"Фиды"}),
        ([], set()),
    ],
)
def test_products_are_found_as_whole_words_in_any_case(texts: list[str], found: set[str]) -> None:
    assert products_named(texts, ["Coupons", "Rev share", "ad", "Фиды", " "]) == found


@pytest.mark.parametrize(
    "prospect",
    [
        Prospect(1, usual={"feeds": 0.99}),
        Prospect(1, deciders=(P,), goals=3),
        Prospect(1, deciders=(P, P), others=(P,) * 9),  # goodwill alone is no need
        Prospect(1, revenue_trend=0.05),
        Prospect(1, needs=frozenset({"cpa"}), held=frozenset({"cpa"})),
    ],
)
def test_without_evidence_there_is_no_opening(prospect: Prospect) -> None:
    assert openings(prospect) == []


def test_whoever_waits_for_help_is_not_sold_to() -> None:
    wants = Prospect(1, deciders=(P,), needs=frozenset({"api"}))
    assert openings(wants)[0].blocked_by == ()
    troubled = replace(wants, deciders=(P, D), dispute=True, hold=True, critical_tickets=1)
    assert openings(troubled)[0].blocked_by == tuple(Obstacle)
    assert RiskReason.DISPUTE.value == Obstacle.DISPUTE.value
