"""No plan breaks the cooldown, whatever the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.feedback.rules.asking import History, Rules, earliest, may_ask
from otklik.feedback.rules.vocabulary import Refusal

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
RULES = Rules(cooldown_days=90, quarantine_days=180)
moments = st.integers(-500 * 24, 500 * 24).map(lambda hours: NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("history", "refusal"),
    [
        (History(), None),
        (History(is_active=False), Refusal.INACTIVE),
        (History(has_address=False), Refusal.NO_ADDRESS),
        (History(bounced=True), Refusal.BOUNCED),
        (History(unsubscribed=True), Refusal.UNSUBSCRIBED),
        (History(consent_refused=True), Refusal.CONSENT_REFUSED),
        (History(complained_at=NOW - timedelta(days=179)), Refusal.QUARANTINE),
        (History(complained_at=NOW - timedelta(days=180)), None),
        (History(complained_at=NOW + timedelta(minutes=5)), Refusal.QUARANTINE),
        (History(asked=[NOW - timedelta(days=89, hours=23)]), Refusal.COOLDOWN),
        (History(asked=[NOW - timedelta(days=90)]), None),
        (History(asked=[NOW + timedelta(days=30)]), Refusal.COOLDOWN),
        (History(unsubscribed=True, asked=[NOW]), Refusal.UNSUBSCRIBED),
        (History(has_open_ticket=True), None),
    ],
)
def test_who_may_be_asked(history: History, refusal: Refusal | None) -> None:
    assert may_ask(history, RULES, NOW) == refusal


def test_an_open_ticket_counts_only_where_the_program_switched_it_on() -> None:
    switched_on = Rules(leaves_out_open_tickets=True)
    assert may_ask(History(has_open_ticket=True), switched_on, NOW) is Refusal.OPEN_TICKET


@given(st.lists(moments, max_size=12), st.lists(moments, max_size=30), st.integers(0, 200))
def test_no_plan_ever_breaks_the_cooldown(
    asked: list[datetime], wishes: list[datetime], cooldown: int
) -> None:
    """Whoever asks wherever the rule lets them leaves no two moments nearer than the cooldown, but for pairs
    that history brought along."""
    rules, planned = Rules(cooldown_days=cooldown), []
    for wish in wishes:
        if may_ask(History(asked=[*asked, *planned]), rules, wish) is None:
            planned.append(wish)
    for number, one in enumerate(planned):
        for other in [*asked, *planned[:number]]:
            assert abs(one - other) >= timedelta(days=cooldown)


@given(st.lists(moments, max_size=12), st.none() | moments, st.integers(0, 200), moments)
def test_the_earliest_moment_is_free_and_none_before_it_is(
    asked: list[datetime], complained_at: datetime | None, cooldown: int, at: datetime
) -> None:
    rules = Rules(cooldown_days=cooldown, quarantine_days=100)
    history = History(asked=asked, complained_at=complained_at)
    found = earliest(history, rules, at)
    assert found is not None
    assert found >= at
    assert may_ask(history, rules, found) is None
    waited = found - at
    for share in (0.0, 0.25, 0.5, 0.75, 0.999):
        before = at + waited * share
        assert before == found or may_ask(history, rules, before) is not None


def test_time_does_not_bring_back_who_unsubscribed() -> None:
    assert earliest(History(unsubscribed=True), RULES, NOW) is None
