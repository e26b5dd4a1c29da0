"""What nobody has looked at for long is told, and what is fresh is left alone."""

from __future__ import annotations

import pytest

from otklik.relationships.rules.freshness import Dated, TitleDoubt, stale_of


@pytest.mark.parametrize(
    ("one", "doubt"),
    [
        (Dated(1), None),
        (Dated(1, title_days=364), None),
        (Dated(1, title_days=366), TitleDoubt.OLD),
        (Dated(1, title_days=20, imported_days=20), TitleDoubt.LEFT_OUT),
        (Dated(1, title_days=400, imported_days=400), TitleDoubt.LEFT_OUT),
        # The other chunk of the same file.
        (Dated(1, title_days=10.5, imported_days=10.5), None),
        # Fresh in the file, and looked at there long ago.
        (Dated(1, title_days=500, imported_days=10), TitleDoubt.OLD),
    ],
)
def test_a_title_is_old_or_left_out_of_the_last_file(one: Dated, doubt: TitleDoubt | None) -> None:
    colleague = Dated(2, title_days=10, imported_days=10)
    assert stale_of([one, colleague]).titles == ({1: doubt} if doubt else {})


def test_a_person_alone_is_left_out_by_nobody_and_a_place_ages_like_a_title() -> None:
    assert not stale_of([Dated(1, title_days=300, imported_days=300, place_days=365)])
    assert stale_of([Dated(1, place_days=366), Dated(2)]).places == {1}
