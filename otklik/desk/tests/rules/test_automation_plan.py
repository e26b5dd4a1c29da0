"""Rules run in order, once, and come to an end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.automation import TIME_PASSED, ActionKind, Rule, parse_rule
from otklik.desk.rules.automation_plan import DEEPEST, OUTWARD, Chain, PlannedActions, Stopped, dry_run, plan
from otklik.desk.rules.vocabulary import PRIORITY_CHANGED, STATUS_CHANGED, TICKET_CREATED
from otklik.desk.tests.rules.steady import few

EVERY = [TICKET_CREATED, STATUS_CHANGED, PRIORITY_CHANGED]


def rule(
    number: int, actions: list[tuple[str, object]], *when: tuple[str, str, object], **more: object
) -> Rule:
    conditions = {"all": [{"field": f, "op": o, "value": v} for f, o, v in when]}
    done = [{"do": kind, "value": value} for kind, value in actions]
    return parse_rule(number, more.pop("on", EVERY), conditions, done, **more)  # type: ignore[arg-type]


def done(planned: PlannedActions) -> list[tuple[int, str, object]]:
    return [(rule_id, action.kind.value, action.value) for rule_id, action in planned.actions]


def test_rules_run_in_their_order_and_a_later_one_sees_what_an_earlier_one_set():
    loud = rule(1, [("notify", "manager")], ("priority", "is", "urgent"), order=2)
    raise_it = rule(2, [("set_priority", "urgent"), ("add_tag", "gold")], ("tier", "is", "gold"), order=1)

    planned = plan([loud, raise_it], {"tier": "gold", "priority": "normal"}, TICKET_CREATED)

    assert done(planned) == [(2, "set_priority", "urgent"), (2, "add_tag", "gold"), (1, "notify", "manager")]
    assert planned.fired == (2, 1)


def test_what_would_change_nothing_is_not_planned():
    again = rule(1, [("set_status", "open"), ("add_tag", "x"), ("set_team", 2)])

    assert done(plan([again], {"status": "open", "tags": ["x"], "team": 2}, TICKET_CREATED)) == []
    assert (
        plan([again], {"status": "open", "tags": ["x"], "team": 2}, TICKET_CREATED).chain.fired == frozenset()
    )


def test_a_rule_hears_only_its_events():
    assert done(plan([rule(1, [("add_tag", "x")], on=[STATUS_CHANGED])], {}, TICKET_CREATED)) == []


def test_a_trigger_that_fires_itself_stops_and_is_reported():
    noisy = rule(1, [("add_note", "changed again")])
    first = plan([noisy], {}, STATUS_CHANGED)
    second = plan([noisy], {}, STATUS_CHANGED, first.chain)

    assert done(first) == [(1, "add_note", "changed again")]
    assert (second.actions, second.stopped) == ((), ((1, Stopped.FIRED_BEFORE),))


def test_a_ring_of_two_triggers_stops_after_each_has_fired_once():
    ring = [
        rule(1, [("set_status", "waiting")], ("status", "is", "open")),
        rule(2, [("set_status", "open")], ("status", "is", "waiting"), order=1),
    ]
    chain, fired, stopped, status = Chain(), [], [], "open"
    for _ in range(10):
        planned = plan(ring, {"status": status}, STATUS_CHANGED, chain)
        fired += planned.fired
        stopped += planned.stopped
        for _, action in planned.actions:
            status = action.value
        chain = planned.chain

    assert sorted(fired) == [1, 2]
    assert stopped


def test_a_chain_of_different_rules_ends_at_its_depth():
    planned = plan([rule(9, [("add_note", "deep")])], {}, STATUS_CHANGED, Chain(DEEPEST))

    assert (planned.actions, planned.stopped) == ((), ((9, Stopped.TOO_DEEP),))


def test_a_time_based_reminder_goes_out_once_after_each_act_of_a_person():
    remind = rule(
        1,
        [("send_canned", 3)],
        ("status", "is", "waiting"),
        ("hours_since_outgoing", "at_least", 72),
        on=[TIME_PASSED],
    )
    facts = {"status": "waiting", "hours_since_outgoing": 80}
    first = plan([remind], facts, TIME_PASSED)

    assert done(first) == [(1, "send_canned", 3)]
    assert plan([remind], facts, TIME_PASSED, first.chain).actions == ()
    assert plan([remind], facts, TIME_PASSED, Chain()).actions == first.actions
    assert {action.kind for _, action in first.actions} <= OUTWARD


def test_a_dry_run_counts_what_would_have_happened_and_does_nothing():
    tag = rule(1, [("add_tag", "x"), ("notify", "team")], ("status", "is", "open"))
    tickets = [
        (n, {"status": "open" if n % 2 else "new", "tags": ["x"] if n == 1 else []}) for n in range(100)
    ]

    result = dry_run(tag, iter(tickets), examples=3)

    assert (result.tested, result.matched, result.examples) == (100, 50, (1, 3, 5))
    assert result.would_do == ((ActionKind.ADD_TAG, 49), (ActionKind.NOTIFY, 50))


statuses = st.sampled_from(["new", "open", "waiting", "solved"])
random_rules = st.lists(
    st.builds(
        lambda when, then, order: ([("set_status", then), ("add_note", "x")], ("status", "is", when), order),
        statuses,
        statuses,
        st.integers(0, 3),
    ),
    max_size=8,
)


@few
@given(random_rules, statuses)
def test_any_set_of_rules_comes_to_an_end_with_each_fired_at_most_once(made, status):
    rules = [rule(number, acts, when, order=order) for number, (acts, when, order) in enumerate(made, 1)]
    chain, fired, turns = Chain(), [], 0
    while True:
        planned = plan(rules, {"status": status}, STATUS_CHANGED, chain)
        fired += planned.fired
        chain, turns = planned.chain, turns + 1
        if not planned.actions:
            break
        status = next((a.value for _, a in reversed(planned.actions) if a.kind == "set_status"), status)

    assert turns <= DEEPEST + 1
    assert len(fired) == len(set(fired))
