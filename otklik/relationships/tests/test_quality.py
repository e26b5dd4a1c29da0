"""What is wrong with the data, and whether only friends were asked."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.quality import (
    EXACT_UP_TO,
    Asked,
    Doubt,
    Entry,
    Fault,
    Finding,
    _at_least_many,
    at_least,
    find_faults,
    friendly_only,
)
from otklik.relationships.rules.vocabulary import Category, Role

few = settings(max_examples=40, deadline=None, derandomize=True)
USES = Role.END_USER


def entry(number: int, name: str = "", **more: object) -> Entry:
    return Entry(number, name, **{"role": USES, "role_stated_days_ago": 30, **more})


@pytest.mark.parametrize(
    ("one", "faults"),
    [
        (entry(1), []),
        (entry(1, role=Role.UNKNOWN), [Fault.ROLE_UNKNOWN]),
        (entry(1, role_stated_days_ago=366), [Fault.ROLE_STALE]),
        (entry(1, role_stated_days_ago=None), [Fault.ROLE_STALE]),
        (entry(1, role_stated_days_ago=365), []),
        (entry(1, bounced=True), [Fault.UNREACHABLE]),
        (entry(1, left=True, role=Role.UNKNOWN), [Fault.LEFT]),
    ],
)
def test_what_is_wrong_with_an_entry(one: Entry, faults: list[Fault]) -> None:
    assert [found.fault for found in find_faults([one])] == faults


def test_duplicates_share_an_address_a_number_or_a_name_in_any_order() -> None:
    found = find_faults(
        [
            entry(1, "Алёна Петрова"),
            entry(2, "Петрова Алена", emails=("Lena@example.org ",)),
            entry(3, "L. P.", emails=("lena@example.org",)),
            entry(4, "Ivan", phones=("79161234567",)),
            entry(5, "Ivan", phones=("89161234567",)),
            entry(6, "Support"),
            entry(7, "Support"),
            entry(8, "Алёна Петрова", left=True),
            entry(9, phones=("112",)),
            entry(10, phones=("112",), emails=("",)),
            entry(11, emails=("",)),
        ]
    )
    assert [one for one in found if one.fault is Fault.DUPLICATE] == [
        Finding(Fault.DUPLICATE, 1, (2, 3)),
        Finding(Fault.DUPLICATE, 4, (5,)),
    ]


@pytest.mark.parametrize(
    ("count", "drawn", "marked", "total", "chance"),
    [
        (0, 3, 4, 9, 1.0),
        (3, 3, 3, 6, 1 / 20),
        (2, 2, 5, 10, 2 / 9),
        (4, 4, 3, 6, 0.0),
        (8, 8, 8, 16, 1 / 12870),
    ],
)
def test_the_chance_is_the_hypergeometric_one(
    count: int, drawn: int, marked: int, total: int, chance: float
) -> None:
    assert at_least(count, drawn=drawn, marked=marked, total=total) == pytest.approx(chance)


def test_of_many_people_the_chance_is_the_same_by_logarithms() -> None:
    exact = at_least(330, drawn=500, marked=600, total=EXACT_UP_TO)
    assert _at_least_many(330, 500, 500, 600, EXACT_UP_TO) == pytest.approx(exact, rel=1e-9)
    assert at_least(60_000, drawn=60_000, marked=60_000, total=100_000) == pytest.approx(0, abs=1e-12)
    assert at_least(30_000, drawn=60_000, marked=60_000, total=100_000) == pytest.approx(1)


P, N, D = Category.PROMOTER, Category.PASSIVE, Category.DETRACTOR


@pytest.mark.parametrize(
    ("people", "verdict"),
    [
        ([*[Asked(P, True)] * 6, *[Asked(D, False)] * 5], Doubt.ONLY_FRIENDLY),
        ([*[Asked(P, True)] * 3, *[Asked(P, False)] * 3, *[Asked(D, True)] * 3], Doubt.NOTHING_SEEN),
        ([*[Asked(P, False)] * 3, *[Asked(D, True)] * 6], Doubt.NOTHING_SEEN),
        ([*[Asked(P, True)] * 3, Asked(D, False)], Doubt.TOO_FEW_KNOWN),
        ([*[Asked(P, True)] * 9, Asked(None, False)], Doubt.ALL_ASKED),
        ([*[Asked(P, False)] * 9, Asked(None, True)], Doubt.NOBODY_ASKED),
        ([], Doubt.NOBODY_ASKED),
    ],
)
def test_only_the_friendly_were_asked_or_it_cannot_be_seen(people: list[Asked], verdict: Doubt) -> None:
    found = friendly_only(people)
    assert found.verdict is verdict
    assert (found.p_value is None) == (verdict not in (Doubt.ONLY_FRIENDLY, Doubt.NOTHING_SEEN))


@few
@given(st.integers(8, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1), st.integers(0, n))))
def test_blind_draws_are_suspected_no_oftener_than_stated(group: tuple[int, int, int]) -> None:
    total, drawn, marked = group
    chances = [at_least(k, drawn=drawn, marked=marked, total=total) for k in range(drawn + 2)]
    exactly = [a - b for a, b in pairwise(chances)]
    suspected = sum(one for one, tail in zip(exactly, chances, strict=False) if 0 < tail < 0.05)
    assert suspected < 0.05 + 1e-9
