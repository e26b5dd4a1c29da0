"""What runs each minute or for each mail asks an index, as SQLite plans it with parameters in place of words.

An index whose condition holds a word is not taken where the query has a parameter there: the plan then reads
the whole table, which no test with ten rows notices.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from otklik.desk.operations import closing
from otklik.desk.operations.answer_times import count_answer_times
from otklik.desk.operations.delivery import overdue_messages
from otklik.desk.operations.intake import take_in_next
from otklik.desk.operations.sla_notices import due_clocks
from otklik.desk.queries.inbox import matching_tickets, view_counts
from otklik.desk.queries.inbox_filter import InboxFilter, View
from otklik.desk.queries.mail_state import mail_state
from otklik.desk.queries.partner_side import (
    MatterFilter,
    matter_page,
    open_count,
    promised_matters,
    waiting_matters,
)
from otklik.desk.queries.threading import gather_facts
from otklik.desk.rules.sla_clock import NoticeKind
from otklik.identity.models import Team
from tests.world import NOW, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the rows there are"),
]


def plans(run: Callable[[], object]) -> str:
    """Of every SELECT that ``run`` executes, a line for each table it reads."""
    found: list[str] = []

    def explain(execute, sql, params, many, context):
        if sql.lstrip().startswith("SELECT"):
            execute(f"EXPLAIN QUERY PLAN {sql}", params, many, context)
            found.extend(row[-1] for row in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        run()
    return "\n".join(found)


def facts_of_a_mail() -> object:
    return gather_facts(addresses={"a@x"}, message_ids={"1@x"}, own_ids={"2@x"}, ticket_ids=set())


@pytest.mark.parametrize(
    ("run", "index"),
    [
        (lambda: list(due_clocks(NoticeKind.WARNING, NOW).order_by("warn_at")), "desk_clocks_to_warn"),
        (lambda: list(due_clocks(NoticeKind.BREACH, NOW).order_by("due_at")), "desk_clocks_to_escalate"),
        (lambda: overdue_messages(at=NOW), "messages_to_send"),
        (lambda: closing._solved_before(NOW), "tickets_to_close"),
        (lambda: take_in_next(at=NOW), "desk_mail_waiting"),
        (lambda: mail_state(at=NOW), "desk_mail_by_state"),
        (lambda: mail_state(at=NOW), "desk_copies_unsent"),
        (facts_of_a_mail, "messages_by_mail_id"),
        (facts_of_a_mail, "desk_customers_by_address"),
        (lambda: matter_page(1, MatterFilter(is_open=True)), "open_of_partner"),
        (lambda: matter_page(1, MatterFilter(is_open=True), reader=1), "open_of_partner"),
        (lambda: matter_page(1, MatterFilter(), reader=1), "tickets_of_partner"),
        (lambda: matter_page(1, MatterFilter(is_open=False)), "tickets_of_partner"),
        (lambda: matter_page(1, MatterFilter(mine=1)), "messages_of_ticket"),
        (lambda: open_count(1), "open_of_partner"),
        (lambda: waiting_matters(1, limit=5), "open_of_partner"),
        (lambda: promised_matters(1, limit=5), "open_of_partner"),
        (lambda: count_answer_times(at=NOW), "tickets_by_age"),
    ],
)
def test_what_runs_often_asks_its_index(run: Callable[[], object], index: str) -> None:
    plan = plans(run)
    assert f"INDEX {index} " in f"{plan} ".replace("\n", " \n"), plan


@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ({"channel": "email"}, "tickets_of_program"),
        ({"topic": 7}, "tickets_of_topic"),
        ({"topic": 0, "broken": True}, "tickets_of_topic"),
        ({"team": 7}, "tickets_of_program"),
    ],
)
def test_the_tickets_behind_a_figure_ask_an_index_that_has_their_order(
    world: World, narrowed: dict[str, Any], index: str
) -> None:
    period = {"program": 1, "began_from": date(2025, 3, 2), "began_to": date(2026, 3, 2), "counted": True}
    chosen = InboxFilter(view=View.ALL, **period, **narrowed)
    plan = plans(lambda: list(matching_tickets(world.anna, chosen, now=NOW).order_by("created_at", "pk")))
    assert f"INDEX {index} " in plan, plan
    assert "TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize(
    ("view", "index"),
    [
        (View.MINE, "tickets_of_owner"),
        (View.TEAM, "tickets_of_team"),
        (View.BREACHING, "tickets_open_due"),
        (View.WAITING, "tickets_open_status"),
        (View.ASKED, "desk_questions_open"),
    ],
)
def test_a_number_in_the_inbox_asks_its_index(world: World, view: View, index: str) -> None:
    Team.objects.create(name="Desk").members.add(world.anna)
    plan = plans(lambda: view_counts(world.anna, [view], now=NOW))
    assert f"INDEX {index} " in f"{plan} ".replace("\n", " \n"), plan
