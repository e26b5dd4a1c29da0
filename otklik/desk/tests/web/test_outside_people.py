"""Who is let into a ticket from outside, by whom, and what that opens; and how it ends again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.models import EndCustomer, Participant, SubRequest, Ticket, TicketLink
from otklik.desk.operations.linking import link_tickets
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.sides import add_participant
from otklik.desk.operations.sub_requests import ask_department
from otklik.desk.queries.sides import addresses_for
from otklik.desk.rules.visibility import TO_BOTH, TO_PARTNER
from otklik.desk.rules.vocabulary import Side, SubRequestState
from otklik.desk.tests.sides.cast import CLIENT, LATER, ask, client_says, dmitri, we_say, with_client
from otklik.desk.tests.web.test_inbox import ticket
from otklik.desk.tests.web.test_ticket_page import show
from otklik.identity.models import Team
from otklik.identity.rules.roles import Role
from tests.world import World, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def add(client: Client, found: Ticket, **posted: str) -> tuple[int, str]:
    url = reverse("ticket-participant", args=[found.pk])
    answer = client.post(url, {"side": "partner", **posted})
    return answer.status_code, answer.content.decode()


def addresses(found: Ticket, side: Side) -> tuple[str, ...]:
    return addresses_for(TO_BOTH, Ticket.objects.get(pk=found.pk)).get(side, ())


def test_a_colleague_of_the_partner_is_added_at_once(world: World, agent: Client) -> None:
    found = ask(world)
    assert (
        "Whose side are they on?"
        in agent.get(reverse("ticket-participant", args=[found.pk])).content.decode()
    )

    assert add(agent, found, address="Gleb@Aurora.example ")[0] == 302

    row = Participant.objects.get(contact=world.gleb)
    assert (row.side, row.name, row.address) == ("partner", world.gleb.name, "gleb@aurora.example")
    assert "gleb@aurora.example" in addresses(found, Side.PARTNER)
    assert world.gleb.name in show(agent, found)


def test_a_stranger_is_let_in_only_by_who_has_read_what_that_opens(world: World, agent: Client) -> None:
    found = ask(world)
    we_say(world, found, "It is on its way.")

    status, page = add(agent, found, address="who@free.example")
    assert status == 422
    assert "they can read 1 message that was written" in page or "they can read 2 messages" in page
    assert not Participant.objects.filter(address="who@free.example").exists()

    assert add(agent, found, address="who@free.example", sure="on")[0] == 302
    assert "who@free.example" in addresses(found, Side.PARTNER)


def test_nobody_is_added_who_would_read_for_somebody_else(world: World, agent: Client) -> None:
    found = ask(world)
    with_client(world, found)
    elsewhere = world.borealis.contacts.first()
    assert elsewhere is None or elsewhere.addresses.exists()
    for address, side, why in (
        (CLIENT, "partner", "on the other side already"),
        ("gleb@aurora.example", "customer", "on the partner&#x27;s side"),
        ("dmitri@example.com", "partner", "an address of ours"),
    ):
        status, page = add(agent, found, address=address, side=side, sure="on")
        assert (status, why in page) == (422, True), address
    assert not Participant.objects.filter(contact=world.gleb).exists()


def test_the_customers_side_is_offered_only_where_there_is_one(world: World, agent: Client) -> None:
    found = ask(world)
    assert add(agent, found, address="new@shop.example", side="customer", sure="on")[0] == 422
    with_client(world, found)
    assert add(agent, found, address="new@shop.example", side="customer", sure="on")[0] == 302
    assert addresses(found, Side.CUSTOMER) == (CLIENT, "new@shop.example")


def test_who_is_taken_out_gets_nothing_further(world: World, agent: Client) -> None:
    found = ask(world)
    row = add_participant(
        ticket_id=found.pk, side=Side.PARTNER, address="gleb@aurora.example", by=dmitri(world), at=LATER
    )
    agent.post(reverse("ticket-participant-removal", args=[found.pk, row.pk]))
    assert addresses_for(TO_PARTNER, found) == {Side.PARTNER: ("vera@aurora.example",)}


@pytest.mark.parametrize(("address", "goes_on"), [("who@free.example", False), ("gleb@aurora.example", True)])
def test_the_link_of_a_stranger_who_is_taken_out_shows_nothing_any_more(
    world: World, agent: Client, address: str, goes_on: bool
) -> None:
    found = ask(world)
    row = add_participant(ticket_id=found.pk, side=Side.PARTNER, address=address, by=dmitri(world), at=LATER)
    agent.post(reverse("ticket-participant-removal", args=[found.pk, row.pk]))
    answer = Client().get(reverse("public-ticket", args=[found.public_key]))
    assert answer.status_code == (200 if goes_on else 404)


def test_who_asked_and_people_of_other_tickets_are_not_taken_out_here(world: World, agent: Client) -> None:
    found, other = ask(world), ask(world)
    row = add_participant(
        ticket_id=other.pk, side=Side.PARTNER, address="gleb@aurora.example", by=dmitri(world), at=LATER
    )
    asker = Participant.objects.filter(ticket=found).first()
    for pk in (row.pk, asker.pk if asker else 0):
        assert agent.post(reverse("ticket-participant-removal", args=[found.pk, pk])).status_code == 404
    assert Participant.objects.filter(pk=row.pk).exists()


def test_people_outside_cost_the_page_no_query_each(world: World, agent: Client) -> None:
    found = ask(world)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            show(agent, found)
        return len(seen)

    def more(count: int) -> None:
        for number in range(count):
            address = f"p{Participant.objects.count()}-{number}@aurora.example"
            add_participant(
                ticket_id=found.pk, side=Side.PARTNER, address=address, by=dmitri(world), at=LATER
            )
            link_tickets(ticket_id=found.pk, other_id=ask(world).pk, by=dmitri(world), at=LATER)

    more(2)
    show(agent, found)
    few = queries()
    more(3)
    assert queries() <= few


def test_the_end_customer_is_taken_out_and_reads_nothing_any_more(world: World, agent: Client) -> None:
    found = ask(world)
    with_client(world, found)
    agent.post(reverse("ticket-customer-removal", args=[found.pk]))
    found.refresh_from_db()
    assert found.customer is None
    assert addresses(found, Side.CUSTOMER) == ()


def test_a_link_is_taken_away_but_history_stays(world: World, agent: Client) -> None:
    found, other, merged = ticket(world, "One"), ticket(world, "Other"), ticket(world, "Third")
    link = link_tickets(ticket_id=found.pk, other_id=other.pk, by=dmitri(world), at=LATER)
    merge_tickets(source_id=merged.pk, target_id=found.pk, by=dmitri(world), at=LATER)
    history = TicketLink.objects.exclude(pk=link.pk).get()

    assert agent.post(reverse("ticket-link-removal", args=[found.pk, history.pk])).status_code == 404
    assert agent.post(reverse("ticket-link-removal", args=[other.pk, link.pk])).status_code == 302

    assert list(TicketLink.objects.all()) == [history]


def test_a_link_of_tickets_one_does_not_see_is_not_there(world: World, client: Client) -> None:
    mine, foreign = ticket(world), ticket(world, partner_id=world.borealis.pk, contact_id=None)
    link = link_tickets(ticket_id=mine.pk, other_id=foreign.pk, by=dmitri(world), at=LATER)
    client.force_login(world.boris)
    assert client.post(reverse("ticket-link-removal", args=[mine.pk, link.pk])).status_code == 404
    assert TicketLink.objects.exists()


def test_a_question_goes_on_to_who_knows_better(world: World, client: Client) -> None:
    finance, traffic = Team.objects.create(name="Finance"), Team.objects.create(name="Traffic")
    olga = make_user("olga@example.com", "Olga Finance", Role.FINANCE)
    finance.members.add(olga)
    found = ask(world, owner_id=world.dmitri.pk)
    asked = ask_department(
        ticket_id=found.pk, team_id=finance.pk, question="Real clicks?", by=dmitri(world), at=LATER
    )
    client.force_login(olga)
    url = reverse("question-handover", args=[asked.pk])
    assert "Real clicks?" in client.get(url).content.decode()
    assert client.post(url, {"team": finance.pk, "remark": "Not ours"}).status_code == 422

    assert client.post(url, {"team": traffic.pk, "remark": "Not ours"}).status_code == 302

    first, second = SubRequest.objects.order_by("pk")
    assert (first.state, first.answer) == (SubRequestState.ANSWERED, "Not ours")
    assert (second.team, second.question, second.state) == (traffic, "Real clicks?", SubRequestState.ASKED)
    # Who comes late is told so.
    assert client.post(url, {"team": traffic.pk, "remark": "Again"}, follow=True).status_code == 200
    assert SubRequest.objects.count() == 2


def test_an_end_customer_is_erased_by_the_head_and_by_nobody_below(world: World, client: Client) -> None:
    found = ask(world)
    customer = with_client(world, found)
    client_says(found, "My card is 4111", customer)
    url = reverse("customer-erasure", args=[customer.pk])
    for person, answer in ((world.dmitri, 403), (world.boris, 403), (world.anna, 200), (world.root, 200)):
        client.force_login(person)
        assert client.get(url).status_code == answer, person
    assert customer.name in client.get(url).content.decode()
    assert client.post(url, {"sure": ""}).status_code == 422, "without the word that it is meant"

    assert client.post(url, {"sure": "on"}).status_code == 302

    assert EndCustomer.objects.get(pk=customer.pk).erased_at is not None
    client.force_login(world.dmitri)
    assert "My card is 4111" not in show(client, found)
    client.force_login(world.root)
    assert client.get(url).status_code == 404


def test_only_who_may_erase_is_shown_the_way(world: World, client: Client) -> None:
    found = ask(world)
    customer = with_client(world, found)
    for person, sees in ((world.dmitri, False), (world.anna, True)):
        client.force_login(person)
        assert (reverse("customer-erasure", args=[customer.pk]) in show(client, found)) is sees
