"""A link that was handed over names no address, and holds all the same for whoever has the contact's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Objection
from otklik.feedback.operations.by_hand import CannotAsk, add_person, hand_over_link
from otklik.feedback.operations.claiming import claim_invitation
from otklik.feedback.operations.objections import Objector, unsubscribe
from otklik.feedback.queries import asking
from otklik.feedback.queries.asking import histories, people_of, rules_of
from otklik.feedback.queries.sending import written_to
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.vocabulary import HandReason, Refusal
from otklik.feedback.tests.invited import invite, wave_of
from otklik.feedback.tests.waves.people import nps, planned
from otklik.partners.models import Address, Contact
from tests.world import NOW, World

BY = Actor.system()


@pytest.fixture
def twin(world: World) -> Contact:
    """Vera once more, at another partner."""
    contact = Contact.objects.create(partner=world.borealis, name="V. Orlova", created_at=NOW)
    mail = "vera@aurora.example"
    Address.objects.create(contact=contact, kind="email", value=mail, normalised=mail, is_primary=True)
    return contact


def hand_to_vera(world: World) -> Invitation:
    by = Actor.person(world.anna.pk)
    planned_one = invite(
        wave_of(nps(world)), world.vera, state="planned", sent_at=None, send_at=NOW + timedelta(days=1)
    )
    handed = hand_over_link(invitation_id=planned_one.pk, by=by, at=NOW)
    assert handed.address == ""
    return handed


@pytest.mark.parametrize("few", [0, 500])
def test_the_next_wave_leaves_the_twin_out(
    world: World, twin: Contact, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_FEW", few)
    hand_to_vera(world)
    wave = planned(nps(world), name="next")
    reasons = dict(Invitation.objects.filter(wave=wave).values_list("contact_id", "reason"))
    assert reasons == {world.vera.pk: "cooldown", twin.pk: "cooldown", world.gleb.pk: ""}


def test_a_mail_planned_before_does_not_leave(world: World, twin: Contact) -> None:
    waiting = invite(wave_of(nps(world)), twin, state="planned", sent_at=None, send_at=NOW)
    hand_to_vera(world)
    later = NOW + timedelta(days=1)
    assert claim_invitation(invitation_id=waiting.pk, by=BY, at=later) is None
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("left_out", Refusal.COOLDOWN)


def test_nor_is_the_twin_handed_a_link_whose_address_never_worked(world: World, twin: Contact) -> None:
    Address.objects.filter(contact=twin).update(bounced_at=NOW)
    wave = wave_of(nps(world))
    added = add_person(wave_id=wave.pk, contact_id=twin.pk, why=HandReason.WISHED, by=BY, at=NOW)
    assert added.address == ""
    # Another mail is under way that day; it waits beside the link.
    invite(wave_of(nps(world)), world.vera, sent_at=NOW)
    with pytest.raises(CannotAsk) as refused:
        hand_over_link(invitation_id=added.pk, by=Actor.person(world.anna.pk), at=NOW)
    assert refused.value.refusal is Refusal.COOLDOWN


def test_who_says_no_on_a_link_handed_over_says_it_for_the_address(world: World, twin: Contact) -> None:
    handed = hand_to_vera(world)
    unsubscribe(who=Objector.of(handed), by=BY, at=NOW)
    assert Objection.objects.get().address == "vera@aurora.example"
    waiting = invite(wave_of(nps(world)), twin, state="planned", sent_at=None, send_at=NOW)
    assert claim_invitation(invitation_id=waiting.pk, by=BY, at=NOW) is None
    waiting.refresh_from_db()
    assert waiting.reason == Refusal.UNSUBSCRIBED


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the rows there are")
def test_looking_for_a_twin_asks_indexes_only(world: World, twin: Contact) -> None:
    handed = hand_to_vera(world)
    people = people_of(world.program.pk, Plan(), at=NOW, only=[twin.pk])
    rules = rules_of(world.program.pk)
    read = plan_of(
        lambda: (
            histories(people, world.program.pk, rules=rules, at=NOW),
            list(written_to(handed, since=NOW - timedelta(days=90))),
        )
    )
    for index in ("addresses_lookup", "invitations_by_contact", "invitations_by_address"):
        assert index in read
    assert "SCAN feedback_invitation" not in read
    assert "SCAN partners" not in read


@pytest.mark.parametrize("few", [0, 500])
def test_more_people_take_no_more_statements(
    world: World, twin: Contact, few: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(asking, "_FEW", few)
    hand_to_vera(world)
    everybody = people_of(world.program.pk, Plan(), at=NOW)
    rules = rules_of(world.program.pk)
    for people in (everybody, everybody[:1]):
        with django_assert_num_queries(3):
            histories(people, world.program.pk, rules=rules, at=NOW)


def plan_of(run) -> str:
    found: list[str] = []

    def explain(execute, sql, params, many, context):
        if sql.lstrip().startswith("SELECT"):
            execute(f"EXPLAIN QUERY PLAN {sql}", params, many, context)
            found.extend(row[-1] for row in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        run()
    return "\n".join(found)
