"""What the story of facts asks of its installation: `begin`; `move`, a ticket to the other partner; `noted`,
how many rows of exposures wait; `write` and `rebuild`, which print the rows that are stored then."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django


def begin() -> None:
    """Two partners, of each one answer after a ticket that was answered late and handed over."""
    from otklik.desk.public import Channel, Side, assign, create_ticket, reply
    from otklik.events.public import Actor
    from otklik.feedback.public import ResponseRow, SurveyKind, ensure_survey, record_responses
    from otklik.identity.models import User
    from otklik.kit.clock import now
    from otklik.partners.public import create_partner, create_program

    by, at = Actor.system(), now()
    program = create_program(name="North", by=by, at=at - timedelta(days=200))
    people = [
        User.objects.create(email=f"{name}@example.com", name=name, created_at=at)
        for name in ("anna", "boris")
    ]
    version = ensure_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=by, at=at).pk
    for number, name in enumerate(("Aurora", "Borealis")):
        partner = create_partner(program_id=program.pk, facts={"name": name}, by=by, at=at)
        asked = at - timedelta(days=20 + number)
        ticket = create_ticket(
            program_id=program.pk, subject="Payout", text="Where is it?", channel=Channel.EMAIL,
            side=Side.PARTNER, requester_address=f"{number}@partner.example", by=by, at=asked,
        )  # fmt: skip
        move(ticket.pk, partner.pk)
        for days, owner in enumerate(people, start=1):
            assign(ticket_id=ticket.pk, owner_id=owner.pk, by=by, at=asked + timedelta(days=days))
        reply(ticket_id=ticket.pk, text="Soon.", by=by, at=asked + timedelta(days=9))
        answer = ResponseRow(name, partner.pk, version, 3, at - timedelta(days=2))
        record_responses([answer], by=by, at=at)


def move(ticket: int, partner: int) -> None:
    from otklik.desk.public import set_partner
    from otklik.events.public import Actor
    from otklik.kit.clock import now

    set_partner(ticket_id=ticket, partner_id=partner, by=Actor.system(), at=now())


def move_first() -> None:
    from otklik.desk.models import Ticket

    first, second = Ticket.objects.order_by("pk")
    assert second.partner_id is not None
    move(first.pk, second.partner_id)


def noted() -> int:
    from otklik.analytics.models import PendingFact

    return PendingFact.objects.filter(source="exposures").count()


def write(*, rebuild: bool) -> list[str]:
    import pyarrow.parquet as pq

    from otklik.analytics.operations.write_facts import write_facts
    from otklik.analytics.store.manifest import read_whole
    from otklik.analytics.store.sources import fact_sources, folder_of
    from otklik.kit.clock import now

    source = fact_sources.get("exposures")
    assert source is not None
    # By this clock the lease of a killed writer has run out.
    write_facts(source, clock=lambda: now() + timedelta(minutes=5), rebuild=rebuild)
    folder = folder_of(source.name)
    tables = [pq.read_table(folder / one.file) for one in read_whole(folder, source.name).segments]
    return sorted(str(row) for table in tables for row in table.to_pylist())


if __name__ == "__main__":
    django.setup()
    found: object = None
    if sys.argv[1] == "begin":
        begin()
    elif sys.argv[1] == "move":
        move_first()
    elif sys.argv[1] == "noted":
        found = noted()
    else:
        found = write(rebuild=sys.argv[1] == "rebuild")
    print(json.dumps(found))
