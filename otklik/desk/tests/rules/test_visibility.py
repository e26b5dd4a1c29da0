"""Every way a word could reach the wrong side of a three-sided ticket, tried."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.desk.rules.visibility import (
    OUTSIDE,
    STAFF_ONLY,
    TO_BOTH,
    TO_CUSTOMER,
    TO_PARTNER,
    Audience,
    AudienceEmpty,
    MessageFacts,
    NoteLeavesTheHouse,
    Participant,
    SideNotInTicket,
    check_audience,
    default_audience,
    may_see,
    quote_allowed,
    recipients,
)
from otklik.desk.rules.vocabulary import MessageKind, Side
from otklik.desk.tests.rules.steady import few

AUDIENCES = (STAFF_ONLY, TO_PARTNER, TO_CUSTOMER, TO_BOTH)
INSIDE_KINDS = (MessageKind.NOTE, MessageKind.AUTO)
ALL = frozenset(OUTSIDE)
audiences = st.sampled_from(AUDIENCES)
messages = st.builds(MessageFacts, st.integers(1, 99), st.sampled_from(MessageKind), audiences)


@pytest.mark.parametrize(("side", "kind", "audience"), list(product(Side, MessageKind, AUDIENCES)))
def test_who_sees_what_for_every_side_kind_and_visibility(side, kind, audience):
    named = {TO_PARTNER: {"partner"}, TO_CUSTOMER: {"customer"}, TO_BOTH: {"partner", "customer"}}
    expected = side == "staff" or (kind not in ("note", "auto") and side.value in named.get(audience, set()))

    assert may_see(side, MessageFacts(1, kind, audience)) is expected


@pytest.mark.parametrize(("kind", "side"), list(product(MessageKind, OUTSIDE)))
def test_the_default_never_shows_an_outside_writer_to_the_other_side(kind, side):
    for present, answering in product([ALL, {side}], [None, *Side]):
        chosen = default_audience(kind, side, present=present, answering=answering)
        assert chosen.sides <= {side}


@pytest.mark.parametrize(
    ("kind", "present", "answering", "expected"),
    [
        (MessageKind.REPLY, ALL, Side.PARTNER, TO_PARTNER),
        (MessageKind.REPLY, ALL, Side.CUSTOMER, TO_CUSTOMER),
        (MessageKind.REPLY, ALL, Side.STAFF, STAFF_ONLY),
        (MessageKind.REPLY, ALL, None, STAFF_ONLY),
        (MessageKind.REPLY, {Side.PARTNER}, None, TO_PARTNER),
        (MessageKind.REPLY, {Side.PARTNER}, Side.CUSTOMER, TO_PARTNER),
        (MessageKind.REPLY, {Side.CUSTOMER}, None, TO_CUSTOMER),
        (MessageKind.REPLY, set(), None, STAFF_ONLY),
        (MessageKind.NOTE, ALL, Side.PARTNER, STAFF_ONLY),
        (MessageKind.NOTE, {Side.PARTNER}, None, STAFF_ONLY),
        (MessageKind.NOTICE, ALL, None, TO_PARTNER),
        (MessageKind.NOTICE, ALL, Side.CUSTOMER, TO_CUSTOMER),
        (MessageKind.CALL, {Side.PARTNER}, None, TO_PARTNER),
        (MessageKind.CALL, ALL, None, STAFF_ONLY),
    ],
)
def test_what_staff_writes_starts_on_the_safe_side(kind, present, answering, expected):
    assert default_audience(kind, Side.STAFF, present=present, answering=answering) == expected


@pytest.mark.parametrize("author", [Side.STAFF, Side.SYSTEM])
@pytest.mark.parametrize("present", [ALL, {Side.PARTNER}, {Side.CUSTOMER}])
def test_a_mail_that_says_it_is_from_a_colleague_is_shown_to_nobody_outside(author, present):
    assert default_audience(MessageKind.INCOMING, author, present=present) == STAFF_ONLY


@few
@given(st.sampled_from(MessageKind), st.sampled_from(Side), st.sets(st.sampled_from(OUTSIDE)), st.none())
def test_no_default_is_ever_both_sides(kind, author, present, answering):
    assert len(default_audience(kind, author, present=present, answering=answering).sides) <= 1


@pytest.mark.parametrize(("kind", "audience"), list(product(INSIDE_KINDS, AUDIENCES[1:])))
def test_a_note_cannot_be_sent_outside(kind, audience):
    with pytest.raises(NoteLeavesTheHouse):
        check_audience(kind, audience, present=ALL)


def test_a_reply_needs_a_side_that_is_there():
    check_audience(MessageKind.REPLY, TO_BOTH, present=ALL)
    check_audience(MessageKind.NOTE, STAFF_ONLY, present=ALL)
    with pytest.raises(AudienceEmpty):
        check_audience(MessageKind.REPLY, STAFF_ONLY, present=ALL)
    with pytest.raises(SideNotInTicket):
        check_audience(MessageKind.REPLY, TO_BOTH, present={Side.PARTNER})


def test_a_partner_only_message_quoted_to_the_customer_is_a_leak():
    private = MessageFacts(1, MessageKind.INCOMING, TO_PARTNER)
    shared = MessageFacts(2, MessageKind.REPLY, TO_BOTH)
    note = MessageFacts(3, MessageKind.NOTE, STAFF_ONLY)

    for audience, fit in ((TO_CUSTOMER, [shared]), (TO_BOTH, [shared]), (TO_PARTNER, [private, shared])):
        assert [m for m in (private, shared, note) if quote_allowed(m, audience)] == fit


@few
@given(st.lists(messages, max_size=6), audiences)
def test_history_under_a_reply_holds_only_what_every_reader_has_seen(history, audience):
    for message in history:
        assert quote_allowed(message, audience) is all(may_see(side, message) for side in audience.sides)


@few
@given(messages, audiences, audiences)
def test_what_may_be_quoted_to_many_may_be_quoted_to_fewer(message, wide, narrow):
    if narrow.within(wide) and quote_allowed(message, wide):
        assert quote_allowed(message, narrow)


def test_the_two_sides_get_separate_mails_and_never_each_others_addresses():
    people = [
        Participant("Vera@aurora.example", Side.PARTNER),
        Participant("vera@aurora.example", Side.PARTNER),
        Participant("buyer@shop.example", Side.CUSTOMER),
        Participant("vera@aurora.example", Side.CUSTOMER),
        Participant("dmitri@x.io", Side.STAFF),
    ]

    assert recipients(people, STAFF_ONLY) == {}
    assert recipients(people, TO_PARTNER) == {Side.PARTNER: ("vera@aurora.example",)}
    assert recipients(people, TO_CUSTOMER) == {Side.CUSTOMER: ("buyer@shop.example",)}
    assert recipients(people, TO_BOTH) == {
        Side.PARTNER: ("vera@aurora.example",),
        Side.CUSTOMER: ("buyer@shop.example",),
    }


@few
@given(audiences, st.lists(st.builds(Participant, st.sampled_from("abc"), st.sampled_from(Side)), max_size=8))
def test_nobody_outside_the_audience_is_written_to(audience, people):
    sent = recipients(people, audience)

    assert set(sent) <= audience.sides
    for side, addresses in sent.items():
        assert set(addresses) <= {p.address for p in people if p.side is side}
    assert Audience() == STAFF_ONLY
