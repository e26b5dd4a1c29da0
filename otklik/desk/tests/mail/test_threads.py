"""Which ticket a mail lands in, with the database. The bare decisions: ``tests/rules/test_threading.py``."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import InboundMail, Mailbox, Message, Participant, Ticket, TicketLink
from otklik.desk.operations import intake
from otklik.desk.queries.installation import installation_marks, reply_keys
from otklik.desk.rules.mail.message import OWN_MARK
from otklik.desk.rules.reply_token import RecipientKey, make_token, tagged_address
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.mail.letters import arrive, later, message_of, one_by_one, raw, store, work
from otklik.desk.tests.mail.test_intake import flags
from otklik.partners.models import Contact
from tests.world import NOW, World, make_contact

STRANGER = "Petr <petr@stranger.example>"


def reply_address(mailbox: Mailbox, ticket: Ticket, side: Side = Side.PARTNER, who: int = 0) -> str:
    token = make_token(ticket.pk, RecipientKey(side, who), reply_keys()[0])
    return tagged_address(mailbox.address, token)


@pytest.fixture
def ticket(mailbox: Mailbox) -> Ticket:
    return message_of(arrive(mailbox, raw(message_id="root@x"))[0]).ticket


def tickets_of(rows: list[InboundMail]) -> list[int]:
    return [message_of(row).ticket_id for row in rows]


@pytest.mark.parametrize("take", [arrive, one_by_one], ids=["in one chunk", "one after another"])
class TestRoads:
    def test_case_11_an_answer_finds_its_ticket(self, mailbox: Mailbox, take) -> None:
        first, second = tickets_of(
            take(mailbox, raw(message_id="a@x"), raw(in_reply_to="a@x", text="And yet?"))
        )
        assert first == second

    def test_case_12_any_of_the_references_is_enough(self, mailbox: Mailbox, take) -> None:
        references = ["never-seen@x", "a@x", "broken id", "gone@x"]
        first, second = tickets_of(take(mailbox, raw(message_id="a@x"), raw(references=references, text="2")))
        assert first == second

    def test_case_13_two_mails_that_share_an_ancestor_we_never_saw(self, mailbox: Mailbox, take) -> None:
        first, second = tickets_of(
            take(
                mailbox,
                raw(message_id="a@x", references=["ancestor@x"]),
                raw(sender="gleb@aurora.example", message_id="b@x", references=["ancestor@x"], text="2"),
            )
        )
        assert first == second

    def test_case_14_two_mails_of_a_person_before_our_first_answer(self, mailbox: Mailbox, take) -> None:
        rows = take(
            mailbox,
            raw(message_id="a@x"),
            raw(message_id="b@x", in_reply_to="a@x", text="I forgot"),
            raw(message_id="c@x", in_reply_to="b@x", references=["a@x", "b@x"], text="And another thing"),
        )
        assert len(set(tickets_of(rows))) == 1

    def test_an_answer_that_overtook_its_question(self, mailbox: Mailbox, take) -> None:
        first, second = tickets_of(
            take(
                mailbox,
                raw(sender="gleb@aurora.example", message_id="b@x", in_reply_to="a@x", text="As Vera wrote"),
                raw(message_id="a@x"),
            )
        )
        assert first == second

    def test_case_18_a_hundred_people_who_answer_one_newsletter_open_a_hundred_tickets(
        self, mailbox: Mailbox, take
    ) -> None:
        # One by one costs a hundred rounds of the worker, and the third is placed as the hundredth is.
        people = 100 if take is arrive else 10
        mails = [
            raw(sender=f"p{n}@firm{n}.example", in_reply_to="news@sender.example", text=f"Stop {n}")
            for n in range(people)
        ]
        assert len(set(tickets_of(take(mailbox, *mails)))) == people

    def test_case_22_an_empty_in_reply_to_joins_nothing(self, mailbox: Mailbox, take) -> None:
        rows = take(mailbox, raw(in_reply_to=""), raw(in_reply_to="", text="2"))
        assert len(set(tickets_of(rows))) == 2

    def test_case_23_mails_without_message_id(self, mailbox: Mailbox, take) -> None:
        rows = take(mailbox, raw(message_id=""), raw(message_id="", text="Another"))
        assert len(set(tickets_of(rows))) == 2

    def test_case_24_same_message_id_and_other_words_is_another_mail(self, mailbox: Mailbox, take) -> None:
        rows = take(mailbox, raw(message_id="same@x"), raw(message_id="same@x", text="Something else"))
        assert [row.state for row in rows] == ["taken", "taken"]
        assert len(set(tickets_of(rows))) == 2

    def test_case_25_one_mail_to_two_of_our_mailboxes_is_one_ticket(
        self, mailbox: Mailbox, second_mailbox: Mailbox, take
    ) -> None:
        both = f"{mailbox.address}, {second_mailbox.address}"
        [first] = take(mailbox, raw(message_id="both@x", to=both))
        [second] = take(
            second_mailbox, raw(message_id="both@x", to=both, Delivered_To=second_mailbox.address)
        )
        assert (first.state, second.state, second.reason) == ("taken", "parked", "twin")
        assert second.message == first.message
        assert Ticket.objects.count() == 1


def test_case_25_in_one_chunk(mailbox: Mailbox, second_mailbox: Mailbox) -> None:
    store(mailbox, raw(message_id="both@x"))
    store(second_mailbox, raw(message_id="both@x", Delivered_To=second_mailbox.address))
    work()
    first, second = InboundMail.objects.order_by("pk")
    assert (second.state, second.reason, second.message) == ("parked", "twin", first.message)


def test_case_04_our_own_mail_that_comes_back_is_parked(mailbox: Mailbox, ticket: Ticket) -> None:
    [row] = arrive(mailbox, raw(sender=mailbox.address, **{OWN_MARK: installation_marks()[0]}))
    assert (row.state, row.reason, row.verdict) == ("parked", "own_mail", "own")
    assert Ticket.objects.count() == 1


def test_case_04_after_a_change_of_the_secret_key_as_well(mailbox: Mailbox, settings) -> None:
    mark = installation_marks()[0]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 4
    [row] = arrive(mailbox, raw(sender=mailbox.address, **{OWN_MARK: mark}))
    assert (row.state, row.reason) == ("parked", "own_mail")


def test_case_09_one_mailbox_writes_to_another_by_hand(mailbox: Mailbox, second_mailbox: Mailbox) -> None:
    """Somebody used the mailbox in a mail program: a ticket, and nobody of ours takes part in it."""
    [row] = arrive(second_mailbox, raw(sender=mailbox.address, to=second_mailbox.address))
    assert row.state == "taken"
    assert not Participant.objects.filter(address__in=[mailbox.address, second_mailbox.address]).exists()


def test_case_10_our_sent_copy_without_its_mark_is_known_by_its_id(mailbox: Mailbox, ticket: Ticket) -> None:
    sent = Message.objects.create(
        ticket=ticket,
        kind="reply",
        side="staff",
        channel="email",
        message_id="ours@north.example",
        text="Paid.",
        happened_at=NOW,
        created_at=NOW,
    )
    [row] = arrive(mailbox, raw(sender=mailbox.address, message_id="ours@north.example", text="Paid."))
    assert (row.state, row.reason, row.message) == ("parked", "own_mail", sent)
    [forged] = arrive(mailbox, raw(sender=STRANGER, message_id="ours@north.example", text="Look here"))
    assert forged.state == "taken", "nobody makes his mail disappear by using our id"


def test_case_16_a_forged_token_opens_nothing(mailbox: Mailbox, ticket: Ticket) -> None:
    address = reply_address(mailbox, ticket)
    forged = address.replace("+r-", "+r-a" if "+r-a" not in address else "+r-b")[: -len("@north.example") - 1]
    [row] = arrive(mailbox, raw(to=f"{forged}@north.example", text="2"))
    assert message_of(row).ticket != ticket
    assert "forged_token" in flags(message_of(row).ticket)


def test_case_16_a_token_used_by_another_partner_opens_nothing(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    make_contact(world.borealis, "Timur", "timur@borealis.example", "none", "low")
    [row] = arrive(mailbox, raw(sender="timur@borealis.example", to=reply_address(mailbox, ticket)))
    assert message_of(row).ticket != ticket
    assert flags(message_of(row).ticket) == ["foreign_token"]


def test_case_20_a_token_leads_home_when_every_message_id_was_rewritten(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    address = reply_address(mailbox, ticket, who=world.vera.pk)
    [row] = arrive(mailbox, raw(to=address, in_reply_to="rewritten-by-provider@x", text="Thanks"))
    assert message_of(row).ticket == ticket


def test_case_17_a_strangers_number_in_the_subject_opens_nothing(mailbox: Mailbox, ticket: Ticket) -> None:
    [row] = arrive(mailbox, raw(sender=STRANGER, subject=f"Re: [#{ticket.pk}] Payout"))
    assert message_of(row).ticket != ticket
    assert flags(message_of(row).ticket) == ["foreign_number", "unknown_sender"]


def test_a_number_by_somebody_of_the_ticket_is_a_suggestion(mailbox: Mailbox, ticket: Ticket) -> None:
    [row] = arrive(mailbox, raw(subject=f"[#{ticket.pk}] Payout", text="Written anew"))
    assert message_of(row).ticket != ticket
    assert flags(message_of(row).ticket) == ["same_matter"]


def test_case_15_a_colleagues_address_alone_proves_nothing(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="waiting", awaiting_us_since=None)
    [row] = arrive(mailbox, raw(sender="dmitri@example.com", in_reply_to="root@x", text="Paid."))
    message = message_of(row)
    assert (message.ticket, message.kind, message.side) == (ticket, "note", "staff")
    assert (message.visible_to_partner, message.visible_to_customer) == (False, False)
    assert "unverified_colleague" in flags(ticket)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_replied_at, ticket.awaiting_us_since) == ("waiting", None, None)


def test_case_15_with_the_token_given_to_them_it_is_their_answer(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    address = reply_address(mailbox, ticket, Side.STAFF, world.dmitri.pk)
    [row] = arrive(mailbox, raw(sender="dmitri@example.com", to=address, text="Paid yesterday."))
    message = message_of(row)
    assert (message.kind, message.author, message.text.strip()) == ("reply", world.dmitri, "Paid yesterday.")
    assert (message.visible_to_partner, message.delivery) == (True, "queued")


def test_case_15_a_colleagues_token_in_another_colleagues_hands_is_not_enough(
    world: World, mailbox: Mailbox, ticket: Ticket
) -> None:
    address = reply_address(mailbox, ticket, Side.STAFF, world.dmitri.pk)
    [row] = arrive(mailbox, raw(sender="anna@example.com", to=address, text="Paid."))
    assert message_of(row).kind == "note"


def test_case_08_out_of_office_is_kept_with_the_ticket_and_moves_nothing(
    mailbox: Mailbox, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="solved", is_open=False, solved_at=NOW)
    [row] = arrive(
        mailbox,
        raw(in_reply_to="root@x", subject="Out of office", Auto_Submitted="auto-replied"),
        at=later(days=60),
    )
    ticket.refresh_from_db()
    assert (message_of(row).ticket, message_of(row).kind) == (ticket, "auto")
    assert (ticket.status, ticket.is_open, ticket.awaiting_us_since) == ("solved", False, NOW)
    assert row.is_automatic


def test_an_automatic_answer_to_nothing_and_an_advertisement_are_parked(mailbox: Mailbox) -> None:
    auto, bulk = arrive(
        mailbox,
        raw(Auto_Submitted="auto-replied"),
        raw(sender=STRANGER, List_Id="<news.stranger.example>", Precedence="bulk"),
    )
    assert [(row.state, row.reason) for row in (auto, bulk)] == [
        ("parked", "auto_reply"),
        ("parked", "bulk"),
    ]
    [known] = arrive(mailbox, raw(List_Id="<team.aurora.example>", text="Through our list"))
    assert known.state == "taken"


def test_case_79_an_answer_long_after_the_end_begins_a_linked_follow_up(
    mailbox: Mailbox, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="closed", is_open=False, closed_at=NOW)
    [row] = arrive(mailbox, raw(in_reply_to="root@x", text="Again"), at=later(days=90))
    follow_up = message_of(row).ticket
    assert (follow_up != ticket, follow_up.follow_up_of) == (True, ticket)
    assert TicketLink.objects.filter(source=follow_up, target=ticket, kind="follow_up").exists()


def test_case_52_mails_of_one_thread_in_two_workers_end_in_one_ticket(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other worker commits between our queries and our transaction."""
    gather, done = intake.gather_facts, []

    def gather_and_be_overtaken(**known):
        facts = gather(**known)
        if not done:
            done.append(True)
            arrive(mailbox, raw(message_id="a@x", references=["root@x"]))
        return facts

    store(mailbox, raw(sender="gleb@aurora.example", message_id="b@x", references=["root@x"], text="2"))
    monkeypatch.setattr(intake, "gather_facts", gather_and_be_overtaken)
    work()
    assert Message.objects.count() == 2
    assert Ticket.objects.count() == 1


def test_case_53_a_mail_that_somebody_else_took_in_meanwhile_is_not_taken_twice(mailbox: Mailbox) -> None:
    """Our claim ran out while we were reading."""
    store(mailbox, raw())
    [row] = intake._claim(NOW)
    letter = intake.read_letter(row)
    work(NOW + timedelta(hours=1))
    intake._take_in([letter], by=intake.Actor.system(), at=NOW)
    assert (Message.objects.count(), InboundMail.objects.get().state) == (1, "taken")


def test_somebody_known_at_two_partners_is_the_one_of_the_mailboxs_program_or_of_the_ticket(
    world: World, mailbox: Mailbox
) -> None:
    consultant: Contact = make_contact(world.borealis, "Vera at B", "vera@aurora.example", "none", "low")
    row = arrive(mailbox, raw(message_id="a@x"))[0]
    ticket = message_of(row).ticket
    Ticket.objects.filter(pk=ticket.pk).update(partner=world.borealis, contact=consultant)
    [second] = arrive(mailbox, raw(in_reply_to="a@x", text="2"))
    assert message_of(second).contact == consultant
