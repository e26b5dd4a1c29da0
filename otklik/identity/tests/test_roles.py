from __future__ import annotations

from otklik.identity.rules.roles import RIGHTS, Right, Role, rights_of


def test_every_role_has_a_row_in_the_table() -> None:
    assert set(RIGHTS) == set(Role)


def test_two_roles_allow_what_either_allows() -> None:
    both = rights_of([Role.FINANCE, Role.AGENT])
    assert Right.SEE_REVENUE in both
    assert Right.SEE_FEEDBACK in both
    assert Right.MANAGE_STAFF not in both


def test_nobody_without_a_role_may_do_anything() -> None:
    assert rights_of([]) == frozenset()
