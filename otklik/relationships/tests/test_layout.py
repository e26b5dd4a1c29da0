"""Three hundred people on one page: nobody on top of anybody, nobody outside their cell, nobody restless."""

from __future__ import annotations

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.layout import (
    CARDS_UP_TO,
    COLUMNS,
    MOST,
    MOST_VACANT,
    ROWS,
    Density,
    Layout,
    Placed,
    TooManyPeople,
    place,
    slot,
)
from otklik.relationships.rules.segments import Cell
from otklik.relationships.rules.vocabulary import Authority, Influence

few = settings(max_examples=25, deadline=None, derandomize=True)
crowds = st.lists(
    st.builds(Placed, id=st.integers(1, 10_000), authority=st.sampled_from(Authority),
              influence=st.sampled_from(Influence)),
    max_size=70, unique_by=lambda one: one.id,
)  # fmt: skip


def relative(layout: Layout, people: list[Placed]) -> dict[int, tuple[float, float]]:
    cells = {one.id: layout.cells[Cell(one.authority, one.influence)] for one in people}
    return {spot.id: (spot.x - cells[spot.id].x, spot.y - cells[spot.id].y) for spot in layout.spots}


@few
@given(crowds)
def test_nobody_stands_on_anybody_and_everybody_in_their_own_cell(people: list[Placed]) -> None:
    layout = place(people)
    assert sorted(spot.id for spot in layout.spots) == sorted(one.id for one in people)
    for one, other in combinations(layout.spots, 2):
        assert hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
    homes = {one.id: layout.cells[Cell(one.authority, one.influence)] for one in people}
    for spot in layout.spots:
        box = homes[spot.id]
        assert box.x <= spot.x - spot.radius
        assert spot.x + spot.radius <= box.right <= layout.width
        assert box.y <= spot.y - spot.radius
        assert spot.y + spot.radius <= box.bottom <= layout.height
    for one, other in combinations(layout.cells.values(), 2):
        apart = (one.right <= other.x, other.right <= one.x, one.bottom <= other.y, other.bottom <= one.y)
        assert any(apart)


@few
@given(crowds, st.integers(0, 9))
def test_empty_places_stand_behind_the_people_and_move_nobody_inside_a_cell(
    people: list[Placed], missing: int
) -> None:
    cell = Cell(Authority.FINAL, Influence.HIGH)
    plain, layout = place(people), place(people, missing={cell: missing})
    assert len(layout.vacancies) == min(missing, MOST_VACANT)
    home = layout.cells[cell]
    for one in layout.vacancies:
        assert home.x <= one.x - one.radius
        assert one.x + one.radius <= home.right
        assert one.y + one.radius <= home.bottom
        for other in layout.spots:
            assert hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
    before, after = relative(plain, people), relative(layout, people)
    assert all(after[person] == pytest.approx(at) for person, at in before.items())


@few
@given(crowds, st.sampled_from(Authority), st.sampled_from(Influence))
def test_whoever_is_added_moves_nobody_inside_a_cell(
    people: list[Placed], a: Authority, i: Influence
) -> None:
    more = [*people, Placed(20_000, a, i)]
    before, after = place(people), place(more)
    if before.density is after.density:
        there, still = relative(before, people), relative(after, more)
        for person, at in there.items():
            assert still[person] == pytest.approx(at)


@few
@given(crowds)
def test_the_order_in_which_people_are_given_changes_nothing(people: list[Placed]) -> None:
    assert place(reversed(people)) == place(people)


def test_influence_is_seen_in_size_and_in_height_and_authority_from_left_to_right() -> None:
    people = [Placed(n, a, i) for n, (a, i) in enumerate((a, i) for a in COLUMNS for i in ROWS)]
    layout = place(people)
    spots = {(one.authority, one.influence): layout.spots[n] for n, one in enumerate(people)}
    high = spots[Authority.FINAL, Influence.HIGH]
    low = spots[Authority.FINAL, Influence.LOW]
    none = spots[Authority.NONE, Influence.HIGH]
    assert high.radius > low.radius
    assert high.y < low.y
    assert none.x < high.x
    assert none.y == high.y


@pytest.mark.parametrize(
    "crowd",
    [
        [Placed(n, Authority.NONE, Influence.LOW) for n in range(MOST)],
        [Placed(n, COLUMNS[n % 4], ROWS[n // 4 % 4]) for n in range(MOST)],
    ],
    ids=["all in one cell", "spread"],
)
def test_three_hundred_people_fit_a_page(crowd: list[Placed]) -> None:
    layout = place(crowd)
    assert layout.density is Density.DOTS
    assert len({(spot.x, spot.y) for spot in layout.spots}) == MOST
    # Wide and high enough to be read on one sheet: a circle is a hundredth of its longer side or more.
    assert max(layout.width, layout.height) <= 2600
    with pytest.raises(TooManyPeople):
        place([*crowd, Placed(MOST, Authority.NONE, Influence.LOW)])


def test_few_people_have_room_for_their_words() -> None:
    crowd = [Placed(n, Authority.FINAL, Influence.HIGH) for n in range(CARDS_UP_TO)]
    assert place(crowd).density is Density.CARDS
    assert place([*crowd, Placed(99, Authority.FINAL, Influence.HIGH)]).density is Density.DOTS


def test_what_is_unknown_has_a_place_only_where_somebody_is_in_it_and_moves_nobody() -> None:
    known = [Placed(1, Authority.FINAL, Influence.HIGH), Placed(2, Authority.NONE, Influence.LOW)]
    before = place(known)
    after = place([*known, Placed(3, Authority.UNKNOWN, Influence.UNKNOWN)])
    assert len(before.cells) == 9
    assert len(after.cells) == 16
    assert after.spots[: len(before.spots)] == before.spots


def test_places_fill_squares_one_after_another() -> None:
    assert [slot(n) for n in range(9)] == [
        (0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (2, 1), (0, 2), (1, 2), (2, 2)
    ]  # fmt: skip


def test_a_line_of_a_tie_ends_at_the_edge_of_the_circle() -> None:
    layout = place([Placed(7, Authority.FINAL, Influence.HIGH)], ours=[1, 2], ties=[(2, 7), (3, 7), (1, 8)])
    (line,) = layout.lines
    (spot,) = layout.spots
    assert (line.ours, line.person) == (2, 7)
    assert hypot(line.x2 - spot.x, line.y2 - spot.y) == pytest.approx(spot.radius)
    assert layout.ours[2].y > layout.ours[1].bottom
    assert layout.ours[2].right <= layout.width
