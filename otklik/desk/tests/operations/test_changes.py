from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import DepartmentStay, EndCustomer, Message, Participant, SlaPolicy, Ticket, Topic
from otklik.desk.operations.bulk import BulkChange, Skipped, change_many
from otklik.desk.operations.closing import close_solved
from otklik.desk.operations.locking import ChangedMeanwhile, TicketMergedAway
from otklik.desk.operations.sides import WrongPartner
from otklik.desk.operations.tickets import (
    CannotOwn,
    NotAllowed,
    add_tag,
    assign,
    change_status,
    change_team,
    mark_spam,
    not_spam,
    remove_tag,
    set_partner,
    set_priority,
    set_subject,
    set_topic,
)
from otklik.desk.rules.vocabulary import Outcome, Priority, Side, TicketStatus
from otklik.desk.tests.operations.stories import SYSTEM, asked, told, wrote
from otklik.events.public import Actor, timeline
from otklik.identity.public import Team
from otklik.search.public import matching_ids
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_somebody_who_works_on_an_old_page_is_told_so(world: World) -> None:
    ticket = asked(world)
    assign(ticket_id=ticket.pk, owner_id=world.dmitri.pk, by=SYSTEM, at=world.now)
    with pytest.raises(ChangedMeanwhile) as changed:
        change_status(
            ticket_id=ticket.pk,
            status=TicketStatus.SOLVED,
            expected_version=ticket.version,
            by=SYSTEM,
            at=world.now,
        )
    assert changed.value.current.owner_id == world.dmitri.pk


def test_a_merged_ticket_is_changed_no_more(world: World) -> None:
    ticket, survivor = asked(world), asked(world)
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=survivor)
    with pytest.raises(TicketMergedAway):
        set_subject(ticket_id=ticket.pk, subject="Other", by=SYSTEM, at=world.now)


def test_a_partner_may_say_solved_and_not_solved_and_no_more(world: World) -> None:
    ticket = asked(world)
    told_by = {"ticket_id": ticket.pk, "side": Side.PARTNER, "by": SYSTEM}
    with pytest.raises(NotAllowed):
        change_status(**told_by, status=TicketStatus.WAITING, at=world.now)  # type: ignore[arg-type]
    change_status(**told_by, status=TicketStatus.SOLVED, at=world.now + HOUR)  # type: ignore[arg-type]
    reopened = change_status(**told_by, status=TicketStatus.OPEN, at=world.now + 2 * HOUR)  # type: ignore[arg-type]
    assert (reopened.reopened_count, reopened.awaiting_us_since) == (1, world.now + 2 * HOUR)


def test_a_change_to_what_it_is_tells_nothing(world: World) -> None:
    ticket = asked(world, owner_id=world.dmitri.pk)
    assign(ticket_id=ticket.pk, owner_id=world.dmitri.pk, by=SYSTEM, at=world.now)
    change_status(ticket_id=ticket.pk, status=TicketStatus.NEW, by=SYSTEM, at=world.now)
    assert [line.kind for line in told(ticket)] == ["ticket.created"]


def test_nobody_gets_a_ticket_who_cannot_answer_it(world: World) -> None:
    ticket = asked(world)
    world.dmitri.is_active = False
    world.dmitri.save()
    for owner_id in (world.dmitri.pk, 999):
        with pytest.raises(CannotOwn):
            assign(ticket_id=ticket.pk, owner_id=owner_id, by=SYSTEM, at=world.now)


def test_spam_is_owed_nothing_and_comes_back_as_it_was(world: World) -> None:
    ticket = asked(world)
    spam = mark_spam(ticket_id=ticket.pk, by=SYSTEM, at=world.now + HOUR)
    assert (spam.status, spam.outcome, spam.awaiting_us_since) == ("closed", Outcome.SPAM, None)
    back = not_spam(ticket_id=ticket.pk, by=SYSTEM, at=world.now + 2 * HOUR)
    assert (back.status, back.outcome, back.awaiting_us_since) == ("open", "", world.now)


def test_case_73_a_move_to_another_department_is_told_and_keeps_the_wait(world: World) -> None:
    money, tech = Team.objects.create(name="Money"), Team.objects.create(name="Tech")
    ticket = asked(world, team_id=money.pk)
    moved = change_team(ticket_id=ticket.pk, team_id=tech.pk, by=SYSTEM, at=world.now + HOUR)
    assert moved.awaiting_us_since == world.now
    assert told(ticket)[-1].data == {"before": money.pk, "after": tech.pk}
    assert list(DepartmentStay.objects.values_list("team_id", "left_at")) == [
        (money.pk, world.now + HOUR),
        (tech.pk, None),
    ]


def test_another_topic_takes_the_ticket_to_its_team_unless_somebody_chose_the_team(world: World) -> None:
    money, tech = Team.objects.create(name="Money"), Team.objects.create(name="Tech")
    payouts = Topic.objects.create(key="payouts", team=money)
    tracking = Topic.objects.create(key="tracking", team=tech)
    ticket = asked(world, topic_id=payouts.pk)
    assert set_topic(ticket_id=ticket.pk, topic_id=tracking.pk, by=SYSTEM, at=world.now).team_id == tech.pk
    change_team(ticket_id=ticket.pk, team_id=money.pk, by=SYSTEM, at=world.now)
    change_team(ticket_id=ticket.pk, team_id=None, by=SYSTEM, at=world.now)
    other = Team.objects.create(name="Other")
    change_team(ticket_id=ticket.pk, team_id=other.pk, by=SYSTEM, at=world.now)
    assert set_topic(ticket_id=ticket.pk, topic_id=payouts.pk, by=SYSTEM, at=world.now).team_id == other.pk


def test_priority_by_hand_holds_until_it_is_given_back_to_the_rules(world: World) -> None:
    ticket = asked(world)
    by_hand = set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, by=SYSTEM, at=world.now)
    assert (by_hand.priority, by_hand.priority_rank, by_hand.priority_by_hand) == ("urgent", 0, True)
    by_rules = set_priority(ticket_id=ticket.pk, priority=None, by=SYSTEM, at=world.now)
    assert (by_rules.priority, by_rules.priority_by_hand) == ("normal", False)
    assert told(ticket)[-1].data["reasons"] == by_rules.priority_reasons


def test_another_partner_reads_nothing_of_what_the_first_one_said(world: World) -> None:
    ticket = asked(world)
    client = EndCustomer.objects.create(partner=world.aurora, name="Kim", created_at=world.now)
    Ticket.objects.filter(pk=ticket.pk).update(customer=client)
    moved = set_partner(ticket_id=ticket.pk, partner_id=world.borealis.pk, by=SYSTEM, at=world.now)
    assert (moved.partner_id, moved.contact_id, moved.customer_id) == (world.borealis.pk, None, None)
    assert not Message.objects.filter(visible_to_partner=True).exists()
    assert not Participant.objects.filter(ticket=ticket).exists()
    for partner in (world.aurora, world.borealis):
        assert timeline("partner", partner.pk)[0].kind == "ticket.partner_set"
    with pytest.raises(WrongPartner):
        set_partner(
            ticket_id=ticket.pk,
            partner_id=world.borealis.pk,
            contact_id=world.vera.pk,
            by=SYSTEM,
            at=world.now,
        )


def test_an_unknown_writer_becomes_a_known_contact(world: World) -> None:
    ticket = asked(world, contact_id=None, requester_name="V.", requester_address="private@mail.example")
    assert ticket.partner_id is None
    set_partner(
        ticket_id=ticket.pk, partner_id=world.aurora.pk, contact_id=world.vera.pk, by=SYSTEM, at=world.now
    )
    known = Participant.objects.get(ticket=ticket)
    assert (known.address, known.contact_id) == ("private@mail.example", world.vera.pk)
    assert Message.objects.get().visible_to_partner


def test_tags_and_subjects_are_found_and_their_words_stay_out_of_the_log(world: World) -> None:
    ticket = asked(world)
    add_tag(ticket_id=ticket.pk, name=" Chargeback ", by=SYSTEM, at=world.now)
    add_tag(ticket_id=ticket.pk, name="chargeback", by=SYSTEM, at=world.now)
    set_subject(ticket_id=ticket.pk, subject="Postback is silent", by=SYSTEM, at=world.now)
    assert [tag.name for tag in ticket.tags.all()] == ["chargeback"]
    assert set(matching_ids("chargeback", "ticket") or ()) == {ticket.pk}
    assert set(matching_ids("postback", "ticket") or ()) == {ticket.pk}
    assert not any("postback" in str(line.data).lower() for line in told(ticket))
    remove_tag(ticket_id=ticket.pk, name="chargeback", by=SYSTEM, at=world.now)
    assert not set(matching_ids("chargeback", "ticket") or ())
    assert len(told(ticket, "ticket.tags_changed")) == 2


def test_one_ticket_that_cannot_be_changed_does_not_keep_the_others_from_it(world: World) -> None:
    first, merged, closed = asked(world), asked(world), asked(world)
    Ticket.objects.filter(pk=merged.pk).update(merged_into=first)
    change_status(ticket_id=closed.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=world.now)
    outcome = change_many(
        ticket_ids=[first.pk, merged.pk, closed.pk, 9_999],
        change=BulkChange(status=TicketStatus.WAITING),
        by=SYSTEM,
        at=world.now,
    )
    assert list(outcome.changed) == [first.pk]
    assert outcome.skipped == {
        merged.pk: Skipped.MERGED,
        closed.pk: Skipped.NOT_ALLOWED,
        9_999: Skipped.GONE,
    }
    for change in (BulkChange(tag="wave"), BulkChange(priority=Priority.HIGH), BulkChange(spam=True)):
        assert change_many(ticket_ids=[first.pk], change=change, by=SYSTEM, at=world.now).changed


def test_a_solved_ticket_closes_when_the_days_to_object_are_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from otklik.desk.operations import closing

    monkeypatch.setattr(closing, "CHUNK", 2)
    tickets = [asked(world) for _ in range(5)]
    for ticket in tickets[:4]:
        change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=world.now)
    policy = _policy(days=3)
    Ticket.objects.filter(pk__in=[t.pk for t in tickets[:3]]).update(policy=policy)
    assert close_solved(at=world.now + timedelta(days=2)) == 0
    assert close_solved(at=world.now + timedelta(days=3)) == 3
    assert close_solved(at=world.now + timedelta(days=14)) == 1
    assert Ticket.objects.filter(status="closed", outcome="answered").count() == 4
    assert told(tickets[0])[-1].actor_kind == "system"
    assert wrote(tickets[4], at=world.now + HOUR).ticket_id == tickets[4].pk


def _policy(**facts: int) -> SlaPolicy:
    from otklik.desk.models import BusinessCalendar

    calendar = BusinessCalendar.objects.create(name="Always", definition={}, created_at="2026-01-01T00:00Z")
    return SlaPolicy.objects.create(
        name="Silver",
        calendar=calendar,
        close_after_days=facts["days"],
        is_active=False,
        created_at="2026-01-01T00:00Z",
    )


def test_who_followed_the_log_knows_who_did_what(world: World) -> None:
    ticket = asked(world)
    assign(ticket_id=ticket.pk, owner_id=world.anna.pk, by=Actor.person(world.boris.pk), at=world.now)
    line = told(ticket)[-1]
    assert (line.actor_id, line.data) == (
        world.boris.pk,
        {"before": None, "after": world.anna.pk, "reason": "by_hand"},
    )
