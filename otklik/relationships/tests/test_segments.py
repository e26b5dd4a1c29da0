"""What the map says of its parts: counts per segment, who was heard, and three views of one score."""

from __future__ import annotations

from itertools import product
from math import comb, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.partners.rules import vocabulary as crm
from otklik.relationships.rules import vocabulary
from otklik.relationships.rules.segments import (
    Cell,
    Heard,
    Member,
    Priors,
    Remark,
    Way,
    Why,
    coverage_of,
    segments,
    standing_of,
    three_ways,
)
from otklik.relationships.rules.vocabulary import Authority, Influence, Role, Standing
from otklik.stats.shrinkage import Prior
from otklik.stats.summary import Kind

few = settings(max_examples=12, deadline=None, derandomize=True)
members_of_any_kind = st.lists(
    st.builds(
        Member,
        id=st.integers(1, 999),
        authority=st.sampled_from(Authority),
        influence=st.sampled_from(Influence),
        role=st.sampled_from(Role),
        score=st.none() | st.integers(0, 10),
        asked=st.booleans(),
        answered_ever=st.booleans(),
    ),
    max_size=25,
)


def person(role: Role, score: int | None = None, number: int = 0) -> Member:
    return Member(number, role=role, score=score, asked=True)


DECIDES, WEIGHS_IN, USES = Role.DECISION_MAKER, Role.INFLUENCER, Role.END_USER


def test_the_words_are_those_of_the_partner_crm() -> None:
    pairs = ((vocabulary.Authority, crm.Authority), (vocabulary.Influence, crm.Influence))
    for mine, theirs in (*pairs, (vocabulary.Role, crm.ContactRole)):
        assert [one.value for one in mine] == [one.value for one in theirs]


@pytest.mark.parametrize(
    ("member", "standing"),
    [
        (Member(1, score=10), Standing.PROMOTER),
        (Member(1, score=8), Standing.PASSIVE),
        (Member(1, score=6), Standing.DETRACTOR),
        (Member(1, asked=True, answered_ever=True), Standing.SILENT_THIS_TIME),
        (Member(1, asked=True), Standing.NEVER_ANSWERED),
        (Member(1, asked_ever=True), Standing.NEVER_ANSWERED),
        (Member(1, answered_ever=True), Standing.NOT_ASKED),
        (Member(1), Standing.NOT_ASKED),
    ],
)
def test_each_person_has_one_colour(member: Member, standing: Standing) -> None:
    assert standing_of(member) is standing


@few
@given(members_of_any_kind)
def test_segments_hold_everybody_once(members: list[Member]) -> None:
    found = segments(members)
    assert len(found) == 16
    assert sum(segment.people for segment in found.values()) == len(members)
    assert sum(segment.answered for segment in found.values()) == sum(m.score is not None for m in members)
    assert all(segment.people == sum(segment.standings.values()) for segment in found.values())


def test_a_segment_counts_promoters_passives_and_detractors() -> None:
    top = {"authority": Authority.FINAL, "influence": Influence.HIGH}
    found = segments([Member(1, **top, score=3), Member(2, **top, score=9), Member(3, **top, asked=True)])
    segment = found[Cell(Authority.FINAL, Influence.HIGH)]
    assert (segment.people, segment.counts, segment.standings[Standing.NEVER_ANSWERED]) == (3, (1, 0, 1), 1)


def test_two_of_five_known_and_no_decision_maker_answered() -> None:
    found = coverage_of(
        [person(DECIDES), person(DECIDES), person(USES, 9), person(USES, 4), person(Role.UNKNOWN)]
    )
    assert found.all == Heard(5, 5, 2)
    assert found.roles[DECIDES] == Heard(2, 2, 0)
    assert found.remarks == (
        (Remark.NO_DECISION_MAKER_ANSWERED, 2),
        (Remark.ONLY_END_USERS_ANSWERED, 2),
        (Remark.ROLES_UNKNOWN, 1),
    )


@pytest.mark.parametrize(
    ("members", "remarks"),
    [
        ([], [Remark.NOBODY_KNOWN]),
        ([person(USES)], [Remark.NOBODY_ANSWERED, Remark.NO_DECISION_MAKER_KNOWN]),
        ([person(DECIDES, 9), person(USES, 9)], [Remark.EVERYBODY_ANSWERED]),
    ],
)
def test_what_is_said_before_any_score(members: list[Member], remarks: list[Remark]) -> None:
    assert [remark for remark, _ in coverage_of(members).remarks] == remarks


SEVEN = [
    *(person(DECIDES, score) for score in (3, None)),
    *(person(WEIGHS_IN, score) for score in (9,)),
    *(person(USES, score) for score in (10, 9, 9, None)),
]


def test_a_decider_who_is_unhappy_weighs_more_than_users_who_are_not() -> None:
    everybody, weighted, deciders = three_ways(SEVEN)
    assert everybody.score == pytest.approx(3 / 5)
    assert weighted.score == pytest.approx(-0.5 + 0.3 + 0.2)
    assert (deciders.score, deciders.why) == (None, Why.TOO_FEW_ANSWERED)
    # One of two deciders is a detractor: the other can bring them to 0 at best.
    assert deciders.interval == pytest.approx((-1.0, 0.0))
    assert everybody.interval is not None
    assert everybody.interval.low == pytest.approx(1 / 7)
    assert everybody.interval.high == pytest.approx(5 / 7)


def test_where_everybody_answered_there_is_nothing_to_estimate() -> None:
    priors = Priors(Prior(1, 1, 1), {DECIDES: Prior(1, 1, 1)})
    for view in three_ways([person(DECIDES, score) for score in (3, 9, 9, 10, 10)], priors=priors):
        assert (view.kind, view.score, view.interval, view.shrunk) == (Kind.COUNT, 0.6, None, None)


def test_a_role_without_an_answer_leaves_no_weighted_score() -> None:
    members = [person(DECIDES), *(person(USES, 9) for _ in range(6))]
    weighted = three_ways(members)[1]
    assert (weighted.score, weighted.interval) == (None, None)
    assert (weighted.why, weighted.missing) == (Why.ROLE_WITHOUT_ANSWER, (DECIDES,))


def test_what_other_partners_deciders_say_stands_in_for_a_silent_one() -> None:
    members = [person(DECIDES), *(person(USES, 9) for _ in range(6))]
    priors = Priors(roles={DECIDES: Prior(6, 2, 2), USES: Prior(1, 1, 8)})
    weighted, deciders = three_ways(members, priors=priors)[1:]
    assert deciders.shrunk == pytest.approx(-0.4)
    assert weighted.shrunk == pytest.approx((0.5 * -0.4 + 0.2 * 1) / 0.7)
    assert weighted.shrunk_interval is not None
    assert weighted.shrunk_interval.low < weighted.shrunk < weighted.shrunk_interval.high


def outcomes(n: int) -> list[tuple[int, int, int]]:
    return [(d, n - d - p, p) for d in range(n + 1) for p in range(n + 1 - d)]


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [((2, 1), (3, 2), (6, 3)), ((1, 1), (2, 1), (8, 5))])
def test_the_weighted_score_is_covered(sizes: tuple[tuple[int, int], ...]) -> None:
    """Every make-up of three roles, every possible sample of each (hypergeometric)."""
    roles = list(zip((DECIDES, WEIGHS_IN, USES), (0.5, 0.3, 0.2), sizes, strict=True))
    limits = {}
    for seen in product(*(outcomes(n) for _, _, (_, n) in roles)):
        members = []
        for (role, _, (people, n)), counts in zip(roles, seen, strict=True):
            scores = [score for score, k in zip((3, 8, 10), counts, strict=True) for _ in range(k)]
            members += [person(role, score) for score in [*scores, *[None] * (people - n)]]
        weighted = three_ways(members)[1]
        assert weighted.interval is not None
        limits[seen] = weighted.interval
    covered = []
    for makeup in product(*(outcomes(people) for _, _, (people, _) in roles)):
        truth = sum(w * (m[2] - m[0]) / size for (_, w, (size, _)), m in zip(roles, makeup, strict=True))
        drawn = [drawings(m, n) for (_, _, (_, n)), m in zip(roles, makeup, strict=True)]
        held = 0.0
        for seen in product(*drawn):
            low, high = limits[tuple(seen)]
            if low - 1e-9 <= truth <= high + 1e-9:
                held += prod(drawn[k][one] for k, one in enumerate(seen))
        covered.append(held)
    assert min(covered) >= 0.95


def drawings(makeup: tuple[int, int, int], n: int) -> dict[tuple[int, int, int], float]:
    """Each sample of n that can be drawn from these people, with its chance."""
    ways = {one: prod(comb(have, k) for have, k in zip(makeup, one, strict=True)) for one in outcomes(n)}
    return {one: count / comb(sum(makeup), n) for one, count in ways.items() if count}


def test_a_partner_of_nobody_has_no_views() -> None:
    assert [(view.way, view.score, view.why) for view in three_ways([])] == [
        (way, None, Why.NOBODY_KNOWN) for way in Way
    ]


@few
@given(members_of_any_kind)
def test_views_keep_to_the_policy_for_small_numbers(members: list[Member]) -> None:
    for view in three_ways(members, priors=Priors(Prior(1, 1, 1))):
        assert (view.score is None) == (view.why is not None)
        if view.counts.answers < 5:
            assert view.score is None
        if view.score is not None:
            assert -1 <= view.score <= 1
            assert view.interval is None or view.interval.low <= view.interval.high
        if view.interval is not None:
            assert 0 < view.counts.answers < view.people
            assert -1 - 1e-9 <= view.interval.low <= view.interval.high <= 1 + 1e-9


@few
@given(members_of_any_kind)
def test_one_more_promoter_never_lowers_a_view(members: list[Member]) -> None:
    silent = Member(1000, role=DECIDES, asked=True)
    before = three_ways([*members, person(DECIDES, 9), silent])
    after = three_ways([*members, person(DECIDES, 9), person(DECIDES, 10, 1000)])
    for one, other in zip(before, after, strict=True):
        if one.score is not None and other.score is not None:
            assert other.score >= one.score - 1e-9
