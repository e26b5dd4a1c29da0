"""A mail joins the ticket it answers, and a stranger never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.reply_token import Forged, GoodToken, RecipientKey
from otklik.desk.rules.threading import (
    Flag,
    Headers,
    How,
    Known,
    Placement,
    Remembered,
    Sender,
    TicketFacts,
    place,
    side_of,
    survivor,
)
from otklik.desk.rules.vocabulary import Side, TicketStatus
from otklik.desk.tests.rules.steady import few

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AURORA, BOREALIS = 1, 2
VERA = Sender("vera@aurora.example", partner_id=AURORA)
GLEB = Sender("gleb@aurora.example", partner_id=AURORA)
RIVAL = Sender("ivan@borealis.example", partner_id=BOREALIS)
STRANGER = Sender("who@nowhere.example")
BUYER = Sender("buyer@shop.example", partner_id=AURORA, is_customer=True)
OTHER_BUYER = Sender("second@shop.example", partner_id=AURORA, is_customer=True)
DMITRI = Sender("dmitri@x.io", is_staff=True)


def ticket(number: int = 7, status: TicketStatus = TicketStatus.OPEN, **more: object) -> TicketFacts:
    facts: dict[str, object] = {
        "partner_id": AURORA,
        "partner_addresses": frozenset({"vera@aurora.example"}),
        "customer_addresses": frozenset({"buyer@shop.example"}),
    }
    return TicketFacts(number, status, **(facts | more))  # type: ignore[arg-type]


def token(number: int = 7, side: Side = Side.PARTNER) -> GoodToken:
    return GoodToken(number, RecipientKey(side, 17))


def known(*tickets: TicketFacts, own: dict[str, int] | None = None, seen: dict[str, list[int]] | None = None):
    memory = {message_id: (Remembered(number, own=True),) for message_id, number in (own or {}).items()}
    for message_id, numbers in (seen or {}).items():
        memory[message_id] = tuple(Remembered(number, own=False) for number in numbers)
    return Known({t.id: t for t in tickets}, memory)


def put(headers: Headers, sender: Sender, facts: Known, reopen_days: int = 14) -> Placement:
    return place(headers, sender, facts, at=NOW, reopen_days=reopen_days)


@pytest.mark.parametrize(
    ("sender", "side"),
    [(VERA, Side.PARTNER), (GLEB, Side.PARTNER), (BUYER, Side.CUSTOMER), (DMITRI, Side.STAFF)],
)
def test_case_11_a_known_in_reply_to_joins_whoever_is_of_the_ticket(sender, side):
    facts = known(ticket(), own={"<a@x>": 7})

    assert put(Headers(in_reply_to=("<a@x>",)), sender, facts) == Placement(7, How.REFERENCE, side)


@pytest.mark.parametrize(
    "references",
    [
        ("<a@x>", "<n1@y>", "<n2@y>"),
        ("<n1@y>", "<a@x>", "<n2@y>"),
        ("<n1@y>", "<a@x>"),
        ("broken id", "<a@x>", ""),
    ],
)
def test_case_12_one_known_reference_at_any_place_is_enough(references):
    facts = known(ticket(), own={"<a@x>": 7})

    assert put(Headers(in_reply_to=("<n2@y>",), references=references), VERA, facts).ticket_id == 7


def test_case_12_the_nearest_reference_wins():
    facts = known(ticket(7), ticket(8), own={"<old@x>": 7, "<new@x>": 8})

    assert put(Headers(references=("<old@x>", "<new@x>")), VERA, facts).ticket_id == 8


@pytest.mark.parametrize("sender", [VERA, GLEB])
def test_case_13_siblings_of_a_mail_we_never_saw_come_together(sender):
    facts = known(ticket(), seen={"<never-seen@aurora>": [7]})

    assert put(Headers(in_reply_to=("<never-seen@aurora>",)), sender, facts).ticket_id == 7


def test_case_14_a_second_mail_before_the_first_answer_joins_the_first():
    facts = known(ticket(status=TicketStatus.NEW), own={"<first@aurora>": 7})

    assert put(Headers(references=("<first@aurora>",)), VERA, facts).ticket_id == 7


def test_case_15_an_answer_given_outside_the_system_does_not_break_the_thread():
    facts = known(ticket(), own={"<first@aurora>": 7})
    answer_to_outlook = Headers(
        in_reply_to=("<outlook@x.io>",), references=("<first@aurora>", "<outlook@x.io>")
    )
    copy_of_outlook = Headers(in_reply_to=("<first@aurora>",))

    assert put(answer_to_outlook, VERA, facts).ticket_id == 7
    assert put(copy_of_outlook, DMITRI, facts) == Placement(7, How.REFERENCE, Side.STAFF)


def test_case_16_a_forged_token_opens_a_new_ticket_and_is_flagged():
    placed = put(Headers(tokens=(Forged(),)), VERA, known(ticket()))

    assert placed == Placement(None, How.NEW, Side.PARTNER, (Flag.FORGED_TOKEN,))


def test_case_16_a_true_token_in_the_hands_of_another_partner_opens_nothing_and_tells_nothing():
    placed = put(Headers(tokens=(token(),)), RIVAL, known(ticket()))

    assert placed == Placement(None, How.NEW, Side.PARTNER, (Flag.FOREIGN_TOKEN,))


def test_case_16_a_true_token_from_an_unknown_address_is_a_suggestion_only():
    placed = put(Headers(tokens=(token(),)), STRANGER, known(ticket()))

    assert placed == Placement(None, How.NEW, Side.PARTNER, (Flag.FOREIGN_TOKEN,), suggestion=(7,))


def test_case_16_a_token_that_leaked_to_the_other_side_does_not_change_the_side():
    placed = put(Headers(tokens=(token(side=Side.CUSTOMER),)), VERA, known(ticket()))

    assert placed == Placement(7, How.TOKEN, Side.PARTNER, (Flag.OTHER_SIDE_TOKEN,))


def test_case_16_a_forged_token_does_not_close_the_honest_road():
    facts = known(ticket(), own={"<a@x>": 7})

    placed = put(Headers(("<a@x>",), tokens=(Forged(),)), VERA, facts)

    assert placed == Placement(7, How.REFERENCE, Side.PARTNER, (Flag.FORGED_TOKEN,))


def test_an_answer_to_a_message_that_was_split_off_follows_it():
    """The reply address of the mail names the ticket it was sent from."""
    facts = known(ticket(7), ticket(8), own={"moved@x.io": 8, "stayed@x.io": 7})
    assert put(Headers(in_reply_to=("moved@x.io",), tokens=(token(7),)), VERA, facts).ticket_id == 8
    assert put(Headers(in_reply_to=("stayed@x.io",), tokens=(token(7),)), VERA, facts).ticket_id == 7
    # Not into a ticket one has no part in, whatever one's mail claims to answer.
    foreign = known(
        ticket(7), ticket(8, partner_id=BOREALIS, partner_addresses=frozenset()), own={"b@x.io": 8}
    )
    assert put(Headers(in_reply_to=("b@x.io",), tokens=(token(7),)), VERA, foreign).ticket_id == 7


@pytest.mark.parametrize("sender", [STRANGER, RIVAL, OTHER_BUYER])
def test_case_17_a_stranger_never_joins_by_the_number_in_the_subject(sender):
    placed = put(Headers(number_in_subject=7), sender, known(ticket()))

    assert placed.ticket_id is None
    assert placed.flags == (Flag.FOREIGN_NUMBER,)
    assert placed.suggestion == ()


@pytest.mark.parametrize("sender", [STRANGER, RIVAL, OTHER_BUYER])
def test_case_17_a_stranger_never_joins_by_a_header_alone(sender):
    placed = put(Headers(in_reply_to=("<a@x>",)), sender, known(ticket(), own={"<a@x>": 7}))

    assert (placed.ticket_id, placed.flags, placed.suggestion) == (None, (Flag.FOREIGN_REFERENCE,), ())


def test_case_17_the_number_from_a_person_of_the_ticket_is_a_suggestion():
    assert put(Headers(number_in_subject=7), GLEB, known(ticket())).suggestion == (7,)


def test_a_colleague_does_not_join_a_private_matter_by_a_mail_that_was_forwarded():
    headers = Headers(in_reply_to=("<a@x>",), tokens=(token(),))
    for private, ways in ((False, (How.TOKEN, How.TOKEN)), (True, (How.TOKEN, How.NEW))):
        facts = known(ticket(is_private=private), own={"<a@x>": 7})
        assert tuple(put(headers, who, facts).how for who in (VERA, GLEB)) == ways


def test_case_18_a_newsletter_answered_by_100_senders_gives_100_tickets():
    tickets: list[TicketFacts] = []
    for number in range(100):
        sender = Sender(f"reader{number}@firm{number}.example", partner_id=number if number % 2 else None)
        facts = known(*tickets, seen={"<newsletter@x>": [t.id for t in tickets]})
        placed = put(Headers(in_reply_to=("<newsletter@x>",)), sender, facts)
        assert placed.ticket_id is None
        tickets.append(
            ticket(
                number + 1,
                partner_id=sender.partner_id,
                partner_addresses=frozenset({sender.address}),
                customer_addresses=frozenset(),
            )
        )


def test_case_18_a_colleague_does_not_join_by_an_id_that_many_tickets_refer_to():
    other = ticket(8, partner_id=BOREALIS, partner_addresses=frozenset({"ivan@borealis.example"}))
    facts = known(ticket(), other, seen={"<newsletter@x>": [7, 8]})

    assert put(Headers(in_reply_to=("<newsletter@x>",)), GLEB, facts).ticket_id is None
    assert put(Headers(in_reply_to=("<newsletter@x>",)), VERA, facts).ticket_id == 7


@pytest.mark.parametrize("empty", ["", " "])
def test_case_22_an_empty_in_reply_to_joins_nothing(empty):
    facts = Known({7: ticket()}, {empty: (Remembered(7, own=True),)})

    assert put(Headers(in_reply_to=(empty,), references=(empty,)), VERA, facts).how is How.NEW


def test_case_23_a_mail_without_any_id_opens_its_own_ticket_with_a_suggestion():
    facts = Known({7: ticket()}, same_matter=(7,))

    assert put(Headers(), VERA, facts) == Placement(None, How.NEW, Side.PARTNER, suggestion=(7,))


def test_case_78_a_reply_to_a_merged_ticket_lands_in_the_survivor():
    gone = ticket(7, TicketStatus.CLOSED, merged_into=8, ended_at=NOW - timedelta(days=400))
    middle = ticket(8, TicketStatus.CLOSED, merged_into=9, ended_at=NOW - timedelta(days=400))
    alive = ticket(9, partner_addresses=frozenset())
    facts = known(gone, middle, alive, own={"<a@x>": 7})

    assert put(Headers(tokens=(token(),)), VERA, facts) == Placement(
        9, How.TOKEN, Side.PARTNER, (Flag.MERGED,)
    )
    assert put(Headers(in_reply_to=("<a@x>",)), BUYER, facts).ticket_id == 9


def test_case_78_a_ring_of_merges_does_not_hang():
    ring = {7: ticket(7, merged_into=8), 8: ticket(8, merged_into=7)}

    assert survivor(ring[7], ring).id in ring


@pytest.mark.parametrize("status", [TicketStatus.SOLVED, TicketStatus.CLOSED])
def test_case_79_a_reply_90_days_after_the_end_begins_a_linked_follow_up(status):
    facts = known(ticket(status=status, ended_at=NOW - timedelta(days=90)), own={"<a@x>": 7})

    assert put(Headers(("<a@x>",)), VERA, facts) == Placement(
        None, How.FOLLOW_UP, Side.PARTNER, follow_up_of=7
    )


@pytest.mark.parametrize(("days", "joined"), [(1, 7), (14, 7), (15, None)])
def test_case_79_within_the_days_of_the_policy_the_ticket_takes_the_reply(days, joined):
    facts = known(ticket(status=TicketStatus.SOLVED, ended_at=NOW - timedelta(days=days)), own={"<a@x>": 7})

    assert put(Headers(("<a@x>",)), VERA, facts).ticket_id == joined


def test_case_79_an_open_ticket_is_preferred_to_an_ended_one_that_remembers_the_same_id():
    ended = ticket(9, TicketStatus.CLOSED, ended_at=NOW - timedelta(days=90))
    facts = known(ticket(7), ended, seen={"<a@x>": [7, 9]})

    assert put(Headers(("<a@x>",)), VERA, facts).ticket_id == 7


def test_the_side_is_known_even_where_an_address_stood_on_both():
    both = ticket(customer_addresses=frozenset({"vera@aurora.example"}))

    assert side_of(VERA, both) is Side.PARTNER
    assert side_of(Sender("buyer@shop.example"), ticket()) is Side.CUSTOMER


people = st.sampled_from([VERA, GLEB, RIVAL, STRANGER, BUYER, OTHER_BUYER])
tokens = st.sampled_from([token(7), token(8), token(9), Forged()])
ids = st.sampled_from(["<7@x>", "<8@x>", "<seen@x>", "", "junk"])


@few
@given(
    sender=people,
    tokens=st.lists(tokens, max_size=2),
    refs=st.lists(ids, max_size=4),
    number=st.integers(6, 9),
)
def test_nobody_ever_joins_or_is_shown_a_ticket_of_another_partner(sender, tokens, refs, number):
    other = ticket(
        8,
        partner_id=BOREALIS,
        partner_addresses=frozenset({"ivan@borealis.example"}),
        customer_addresses=frozenset(),
    )
    facts = known(ticket(7), other, own={"<7@x>": 7, "<8@x>": 8}, seen={"<seen@x>": [7, 8]})
    headers = Headers(references=tuple(refs), tokens=tuple(tokens), number_in_subject=number)

    placed = put(headers, sender, facts)
    reached = {placed.ticket_id, placed.follow_up_of} - {None}

    allowed = {AURORA: {7}, BOREALIS: {8}}.get(sender.partner_id or 0, set())
    assert reached <= allowed - ({7} if sender is OTHER_BUYER else set())
    if sender.partner_id:
        assert set(placed.suggestion) <= allowed
