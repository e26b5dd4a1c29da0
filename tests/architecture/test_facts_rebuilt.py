"""What is written of facts as things happen is what a rebuild writes: of every source that there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.models import PendingFact
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import FactSource, fact_sources
from otklik.analytics.queries.facts import broken_segments
from otklik.analytics.store.manifest import read_manifest
from otklik.analytics.store.sources import folder_of
from otklik.desk.models import Topic
from otklik.desk.operations.calls import Direction
from otklik.desk.operations.splitting import split_ticket
from otklik.desk.operations.tickets import mark_spam, not_spam
from otklik.desk.public import (
    Channel,
    Priority,
    Side,
    Ticket,
    TicketStatus,
    Verdict,
    ask_department,
    assign,
    change_status,
    change_team,
    create_ticket,
    log_call,
    merge_tickets,
    rate_ticket,
    receive_message,
    reply,
    save_profile,
    set_language,
    set_partner,
    set_priority,
    set_topic,
    take_back,
    write_note,
)
from otklik.desk.tests.clocks.promised import a_policy
from otklik.events.models import Batch
from otklik.events.operations.deliver import deliver_batch
from otklik.events.public import Actor
from otklik.feedback.models import SurveyVersion
from otklik.feedback.operations.answering import GivenAnswer, take_answers
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.feedback.tests.invited import invite, wave_of
from otklik.identity.models import Team
from otklik.identity.operations.teams import remove_team
from otklik.partners.public import (
    assign_manager,
    change_partner,
    erase_contact,
    erase_partner,
    merge_contacts,
    merge_partners,
)
from otklik.payouts.operations.holds import release_hold
from otklik.payouts.operations.paying import mark_failed, mark_paid, mark_returned, mark_sent
from otklik.payouts.rules.vocabulary import PayoutProblem
from otklik.payouts.tests.office import Office, approved, by, earned, held, open_office
from tests.world import NOW, World

SYSTEM = Actor.system()


class Story:
    """Some of everything, an hour after each other."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, NOW
        self.office: Office = open_office()
        self.version = nps_version(world)
        self.teams = [Team.objects.create(name=name) for name in ("Money", "Tech")]
        self.topic = Topic.objects.create(key="late", names={"en": "Late"})
        a_policy()

    def later(self, hours: float = 1) -> datetime:
        self.at += timedelta(hours=hours)
        return self.at

    def ticket(self, **facts: Any) -> Ticket:
        given = {
            "program_id": self.world.program.pk,
            "subject": "Payout is late",
            "channel": Channel.EMAIL,
            "side": Side.PARTNER,
            "text": "Where is our payout for February?",
            "contact_id": self.world.vera.pk,
            "requester_address": "vera@aurora.example",
        }
        return create_ticket(**{**given, **facts}, by=SYSTEM, at=self.later())  # type: ignore[misc]

    def closed(self, **facts: Any) -> Ticket:
        ticket = self.ticket(**facts)
        person = Actor.person(self.world.dmitri.pk)
        reply(ticket_id=ticket.pk, text="Soon.", by=person, at=self.later())
        self.move(ticket, TicketStatus.CLOSED)
        return ticket

    def move(self, ticket: Ticket, status: TicketStatus) -> None:
        change_status(ticket_id=ticket.pk, status=status, by=SYSTEM, at=self.later())

    def says(self, ticket: Ticket, **facts: Any) -> None:
        given = {"side": Side.PARTNER, "channel": Channel.EMAIL, "text": "And now?", **facts}
        receive_message(ticket_id=ticket.pk, **given, by=SYSTEM, at=self.later())  # type: ignore[misc]


def written(source: FactSource) -> Counter[tuple[Any, ...]]:
    """Rows of the whole segments that the manifest names."""
    import pyarrow.parquet as pq

    folder = folder_of(source.name)
    rows: Counter[tuple[Any, ...]] = Counter()
    for segment in read_manifest(folder, source.name).segments:
        table = pq.read_table(folder / segment.file)
        rows.update(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return rows


def as_of_now(source: FactSource) -> Counter[tuple[Any, ...]]:
    """What a rebuild would write."""
    nobody = PendingFact.objects.none().values("row_id")
    return Counter(row for ids in source.all_ids(nobody) for row in source.fetch(ids))


def differences(source: FactSource, stored: Counter[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows that a rebuild would not write, or write besides; of one that it would write otherwise its
    columns."""
    now = as_of_now(source)
    was, is_ = ({row[0]: row for row in found} for found in (stored - now, now - stored))
    names = [name for name, _ in source.columns]
    found: list[tuple[Any, ...]] = []
    for pk in sorted(was.keys() | is_.keys()):
        if pk in was and pk in is_:
            pairs = zip(names, was[pk], is_[pk], strict=True)
            found += [(pk, name, before, after) for name, before, after in pairs if before != after]
        else:
            found.append(was.get(pk) or is_[pk])
    return found


def tell_and_write(at: datetime) -> None:
    """What the worker does: events to those who listen, then the schedule."""
    for batch_id in Batch.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True):
        deliver_batch(batch_id)
    for source in fact_sources:
        write_facts(source, clock=lambda: at)


Steps = Iterator[str]


def tickets(story: Story) -> Steps:
    """Each line: what has just happened."""
    world, first = story.world, story.closed()
    second, third = story.closed(), story.closed()
    yield "three tickets ended"
    set_topic(ticket_id=first.pk, topic_id=story.topic.pk, by=SYSTEM, at=story.later())
    yield "another topic after the end"
    for team in (*story.teams, story.teams[0]):
        change_team(ticket_id=first.pk, team_id=team.pk, by=SYSTEM, at=story.later())
    yield "other teams after the end"
    for owner in (world.boris, world.clara):
        assign(ticket_id=first.pk, owner_id=owner.pk, by=SYSTEM, at=story.later())
    yield "another owner after the end"
    set_priority(ticket_id=first.pk, priority=Priority.URGENT, by=SYSTEM, at=story.later())
    yield "another priority after the end"
    set_language(ticket_id=first.pk, language="es", by=SYSTEM, at=story.later())
    yield "another language after the end"
    levels = {"languages": {"en": 3, "ru": 2}}
    save_profile(user_id=world.dmitri.pk, fields=levels, topics=[], by=SYSTEM, at=story.later())
    yield "somebody said what they speak"
    write_note(ticket_id=first.pk, text="Look again", by=SYSTEM, at=story.later())
    yield "a note after the end"
    story.says(first, verdict=Verdict.AUTO_REPLY)
    yield "an automatic reply after the end"
    rate_ticket(public_key=first.public_key, value=4, at=story.later())
    yield "a rating"
    log_call(
        ticket_id=second.pk, direction=Direction.OUTGOING, number="1", minutes=3, text="Told",
        by=Actor.person(world.clara.pk), at=story.later(),
    )  # fmt: skip
    yield "a call after the end"
    story.says(second, text="Still no answer. This is unacceptable!!")
    yield "opened again by the partner"
    held_back = reply(ticket_id=second.pk, text="One moment", hold_seconds=60, by=SYSTEM, at=story.later())
    yield "an answer that waits"
    take_back(message_id=held_back.pk, by=SYSTEM, at=story.at + timedelta(seconds=5))
    yield "and was taken back"
    team = story.teams[1]
    ask_department(
        ticket_id=second.pk, team_id=team.pk, question="Why?", minutes=1, by=SYSTEM, at=story.later()
    )
    story.move(second, TicketStatus.CLOSED)
    yield "ended with a question open"
    mark_spam(ticket_id=third.pk, by=SYSTEM, at=story.later())
    yield "an ended one is spam"
    not_spam(ticket_id=third.pk, by=SYSTEM, at=story.later())
    yield "and is not"
    merge_tickets(source_id=third.pk, target_id=story.ticket().pk, by=SYSTEM, at=story.later())
    yield "merged into an open one"
    merge_tickets(source_id=second.pk, target_id=first.pk, by=SYSTEM, at=story.later())
    yield "an ended one merged into another"
    message = first.messages.order_by("pk")[1]
    split_ticket(ticket_id=first.pk, message_ids=[message.pk], subject="Two", by=SYSTEM, at=story.later())
    yield "split after the end"
    angry = second.messages.get(text__contains="unacceptable")
    split_ticket(ticket_id=first.pk, message_ids=[angry.pk], subject="Three", by=SYSTEM, at=story.later())
    yield "split off what came with a merge"
    set_partner(ticket_id=first.pk, partner_id=world.borealis.pk, by=SYSTEM, at=story.later())
    yield "it was somebody else's matter"
    remove_team(team=story.teams[0], by=SYSTEM, at=story.later())
    yield "a team was dissolved"


def answers(story: Story) -> Steps:
    world = story.world
    store(*(answer(story.version, world.aurora, score, contact_id=world.gleb.pk) for score in (3, 9, 10)))
    csat = nps_version(world, SurveyKind.CSAT)
    store(answer(csat, world.borealis, 4))
    yield "answers brought in"
    invited = invite(wave_of(SurveyVersion.objects.get(pk=story.version)), world.vera)
    take_answers([GivenAnswer(score=9, invitation_id=invited.pk, at=story.later())])
    yield "an answer on the page"
    take_answers([GivenAnswer(score=2, invitation_id=invited.pk, at=story.later(0.1))])
    yield "and another score a moment later"
    assign_manager(partner_id=world.aurora.pk, manager_id=world.clara.pk, by=SYSTEM, at=story.later())
    yield "another manager"


def money(story: Story) -> Steps:
    world, office = story.world, story.office
    earned(world.aurora, "100.50")
    earned(world.borealis, "7")
    hold = held(world.borealis, "2", office.faina)
    payouts = {payout.partner_id: payout for payout in approved(world, office).payouts.all()}
    yield "payouts on their way, and a hold"
    for payout in payouts.values():
        mark_sent(payout_id=payout.pk, on=story.later().date(), by=by(office.faina), at=story.at)
    late = date(2026, 3, 30)
    mark_paid(payout_id=payouts[world.aurora.pk].pk, on=late, by=by(office.faina), at=story.later())
    failed = {"problem": PayoutProblem.LIMIT, "on": story.at.date(), "by": by(office.faina)}
    mark_failed(payout_id=payouts[world.borealis.pk].pk, **failed, at=story.later())
    release_hold(hold_id=hold.pk, by=by(office.pavel), at=story.later())
    yield "paid, failed, released"
    mark_returned(payout_id=payouts[world.aurora.pk].pk, **failed, at=story.later())
    yield "and returned"


def partners(story: Story) -> Steps:
    world = story.world
    change_partner(partner_id=world.aurora.pk, facts={"tier": "vip"}, by=SYSTEM, at=story.later())
    yield "another tier"
    renewal = {"renewal_on": date(2026, 4, 1)}
    change_partner(partner_id=world.aurora.pk, facts=renewal, by=SYSTEM, at=story.later())
    yield "a contract's day was told"
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=SYSTEM, at=story.later())
    yield "two people are one"
    erase_contact(contact_id=world.vera.pk, by=SYSTEM, at=story.later())
    yield "somebody was erased"
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=SYSTEM, at=story.later())
    yield "two partners are one"
    erase_partner(partner_id=world.borealis.pk, by=SYSTEM, at=story.later())
    yield "a partner was erased"


@pytest.mark.django_db
def test_facts_written_as_things_happen_are_those_that_a_rebuild_writes(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    story = Story(world)
    seen: Counter[str] = Counter()
    for steps in (tickets, answers, money, partners):
        for happened in steps(story):
            tell_and_write(story.at)
            for source in fact_sources:
                rows = written(source)
                assert not differences(source, rows), f"{source.name}: {happened}"
                assert not rows or max(rows.values()) == 1
                seen[source.name] = max(seen[source.name], rows.total())

    assert set(seen) == {source.name for source in fact_sources}
    assert all(seen.values()), f"the story tells nothing of some source: {seen}"
    for source in fact_sources:
        before = written(source)
        write_facts(source, clock=lambda: story.at, rebuild=True)
        assert written(source) == before
        assert broken_segments(source) == []
