"""Alerts as a file, in the search, beside a ticket and on a person's page: each within one's own rows."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Ticket
from otklik.kit.clock import now
from otklik.loop.models import Alert
from otklik.loop.operations.findable import make_findable
from otklik.loop.operations.working import promise_action
from otklik.loop.tests.stories import by, called, cause, raised
from otklik.partners.models import Contact
from otklik.partners.public import erase_contact
from otklik.search.public import find, search_kinds
from tests.world import World


def text(response: Any) -> str:
    return str(response.content.decode())


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    lines = b"".join(client.get(f"/loop/alerts.csv{query}").streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(lines.decode("utf-8-sig"))))


def test_the_list_is_downloaded_as_it_stands_and_no_cell_runs(client: Client, world: World) -> None:
    Contact.objects.filter(pk=world.vera.pk).update(name="=cmd|' /C calc'!A0")
    alert = raised(world, 3, at=now())
    alert.causes.create(cause=cause(world))
    client.force_login(world.boris)
    (row,) = table(client)
    assert row["Person"] == "'=cmd|' /C calc'!A0"
    assert (row["Partner"], row["Score"], row["Root causes"]) == ("Aurora", "3", "Payouts are late")
    assert (row["Why"], row["Lateness"]) == ("score 3", "in time")
    assert table(client, "?show=closed") == []
    counts = []
    for _ in range(2):
        raised(world, 4, at=now()).causes.create(cause=cause(world))
        with CaptureQueriesContext(connection) as asked:
            assert len(table(client)) == len(counts) + 2
        counts.append(len(asked))
    assert counts[0] == counts[1]
    client.force_login(world.clara)
    assert table(client) == []
    client.force_login(world.dmitri)
    assert client.get("/loop/alerts.csv").status_code == 403, "an agent reads and takes nothing away"


def test_an_alert_is_found_by_who_it_is_about_until_they_are_erased(world: World) -> None:
    alert = raised(world, 3)
    make_findable([alert.pk], at=now())

    def found(user: Any, words: str) -> list[int]:
        kind = search_kinds.get("alert")
        assert kind is not None
        hits = find(words, kinds=[kind], user=user, limit=9)
        return [hit.object_id for hit in hits["alert"]]

    assert found(world.boris, "orlova") == found(world.anna, "aurora") == [alert.pk]
    assert found(world.clara, "orlova") == []
    erase_contact(contact_id=world.vera.pk, by=by(world.root), at=now())
    make_findable([alert.pk], at=now())
    assert found(world.anna, "orlova") == []


def test_beside_a_ticket_and_on_a_persons_page_stands_what_we_owe(client: Client, world: World) -> None:
    alert = raised(world, 2, at=now(), contact=world.gleb)
    called(world, alert, at=now())
    first = raised(world, 3, at=now())
    promise_action(
        alert_id=first.pk, text="Pay <b>Friday</b>", due_on=now().date(), on=now().date(),
        by=by(world.boris), at=now(),
    )  # fmt: skip
    ticket = Ticket.objects.create(
        program=world.program, partner=world.aurora, contact=world.vera, subject="Money", public_key="t",
        channel="email", created_at=now(), updated_at=now(),
    )  # fmt: skip
    client.force_login(world.dmitri)
    beside = f"/loop/beside/{ticket.pk}/"
    assert beside in text(client.get(f"/tickets/{ticket.pk}/"))
    shown = text(client.get(beside))
    assert shown.index("Vera Orlova") < shown.index("Gleb Sokolov"), "who wrote stands first"
    assert "Pay &lt;b&gt;Friday" in shown
    assert "We promised" in text(client.get(f"/contacts/{world.vera.pk}/"))
    assert "We promised" not in text(client.get(f"/contacts/{world.gleb.pk}/"))
    with CaptureQueriesContext(connection) as few:
        client.get(beside)
    for _ in range(3):
        raised(world, 1, at=now())
    with CaptureQueriesContext(connection) as many:
        client.get(beside)
    assert len(few) == len(many)
    Alert.objects.update(closed_at=now())
    assert text(client.get(beside)).strip() == ""
    client.force_login(world.stranger)
    assert client.get(beside).status_code == 403
