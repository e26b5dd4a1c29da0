"""What is to be done with each mail of a chunk, decided without a query.

Mails of one chunk know of each other: a second one of the same thread joins the ticket the first one will
open. Such a ticket has a number below zero until it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from otklik.desk.operations.kept_aside import KeptBecause
from otklik.desk.operations.letters import Letter
from otklik.desk.operations.receiving import REOPEN_DAYS
from otklik.desk.queries.threading import NOBODY, Facts, Person, sender_of
from otklik.desk.rules.auto_reply import is_system_address
from otklik.desk.rules.references import digest_of
from otklik.desk.rules.reply_token import GoodToken
from otklik.desk.rules.threading import Headers, Known, Placement, Remembered, Sender, TicketFacts, place
from otklik.desk.rules.vocabulary import Side, TicketStatus, Verdict

# The same mail to two of our mailboxes arrives within minutes; later than this it is sent again on purpose.
TWIN_WINDOW = timedelta(days=7)


class Action(StrEnum):
    PARK = "park"
    OPEN = "open"
    RECEIVE = "receive"
    BOUNCE = "bounce"
    STAFF_ANSWER = "staff_answer"
    """A colleague answered from their own mail program; the token proves it."""


class Parked(StrEnum):
    """Why a mail is in no ticket of its own. Stored, so values never change."""

    OWN = "own_mail"
    TWIN = "twin"
    """Came to another of our mailboxes as well, and is in a ticket from there."""
    AUTO_REPLY = "auto_reply"
    """An automatic answer to nothing we know."""
    BULK = "bulk"
    BOUNCE = "bounce"
    """Of a mail that we do not know."""
    REPORT = "report"
    """About a mail that another part of the program sent, which knows of it now."""


@dataclass(slots=True)
class Plan:
    letter: Letter
    action: Action
    side: Side = Side.PARTNER
    person: Person = NOBODY
    ticket_id: int | None = None
    """Below zero: the ticket that an earlier plan of the chunk opens."""
    follow_up_of: int | None = None
    flags: tuple[str, ...] = ()
    suggestion: tuple[int, ...] = ()
    reason: str = ""
    is_auto: bool = False
    is_note: bool = False
    """By somebody who says to be a colleague: shown to staff, counted as nothing."""
    kept_because: KeptBecause | None = None
    """Why a colleague's mail is a note, of which they are told."""
    by_mailbox: bool = False
    """Written from one of our own mailboxes: nobody to answer."""
    twin_pk: int | None = None
    twin_of: Plan | None = None
    opens: int | None = None
    """The number below zero of the ticket it opens."""
    message_pk: int | None = field(default=None)


def plan_chunk(letters: Sequence[Letter], facts: Facts, *, at: datetime) -> list[Plan]:
    planner = _Planner(facts, at)
    return [planner.plan(letter) for letter in letters]


class _Planner:
    def __init__(self, facts: Facts, at: datetime) -> None:
        self._facts, self._at = facts, at
        self._tickets = dict(facts.tickets)
        self._by_digest: dict[bytes, list[Remembered]] = defaultdict(list)
        for digest, remembered in facts.by_digest.items():
            self._by_digest[digest] = list(remembered)
        self._by_message_id: dict[str, list[Plan]] = defaultdict(list)
        self._opened = 0

    def plan(self, letter: Letter) -> Plan:
        plan = self._decide(letter)
        if plan.action in (Action.OPEN, Action.RECEIVE, Action.STAFF_ANSWER):
            self._remember(plan)
        return plan

    def _decide(self, letter: Letter) -> Plan:
        if not letter.row.is_wanted and (plan := self._aside(letter)) is not None:
            return plan
        person = self._person(letter)
        sender = replace(sender_of(letter.writer.address, person), is_doubtful=letter.is_doubtful)
        placement = self._place(letter, sender)
        plan = Plan(
            letter,
            Action.OPEN if placement.ticket_id is None else Action.RECEIVE,
            side=placement.side,
            person=person,
            ticket_id=placement.ticket_id,
            follow_up_of=placement.follow_up_of,
            flags=(*(flag.value for flag in placement.flags), *_doubts(letter)),
            suggestion=placement.suggestion,
            by_mailbox=is_system_address(letter.writer.address, self._facts.own_addresses),
        )
        if letter.mail.verdict is not Verdict.PERSON:
            return self._by_machine(plan)
        return self._by_staff(plan) if sender.is_staff else self._known_or_flagged(plan)

    def _aside(self, letter: Letter) -> Plan | None:
        if letter.is_own or self._is_sent_copy(letter):
            twin = self._facts.twins.get(letter.mail.message_id, ())
            return _parked(letter, Parked.OWN, twin[0].message_pk if twin else None)
        if letter.mail.verdict is Verdict.BOUNCE:
            return Plan(letter, Action.BOUNCE, side=Side.SYSTEM, is_auto=True)
        return self._twin(letter)

    def _is_sent_copy(self, letter: Letter) -> bool:
        """Of a mail of ours whose mark a provider has removed. The sender is asked as well: an id alone could
        be used by anybody who wants his mail to disappear."""
        written = self._facts.twins.get(letter.mail.message_id, ())
        ours = is_system_address(letter.writer.address, self._facts.own_addresses)
        return ours and any(twin.side in (Side.STAFF, Side.SYSTEM) for twin in written)

    def _twin(self, letter: Letter) -> Plan | None:
        """Only the same words and files by the same writer are the same mail: programs exist that give every
        mail one and the same Message-ID."""
        message_id = letter.mail.message_id[:255]
        if not message_id:
            return None
        for other in self._by_message_id.get(message_id, ()):
            if _said(other.letter) == _said(letter):
                return replace(_parked(letter, Parked.TWIN, None), twin_of=other)
        for twin in self._facts.twins.get(message_id, ()):
            same = (twin.from_address.lower(), twin.text.strip(), twin.files) == _said(letter)
            if same and self._at - twin.created_at < TWIN_WINDOW:
                return _parked(letter, Parked.TWIN, twin.message_pk)
        return None

    def _person(self, letter: Letter) -> Person:
        """Somebody known at several partners is the one of the ticket he answers in."""
        named = [t.ticket_id for t in letter.tokens if isinstance(t, GoodToken)]
        named += [r.ticket_id for i in letter.refers_to for r in self._by_digest.get(digest_of(i), ())]
        partners = (self._tickets[i].partner_id for i in named if i in self._tickets)
        return self._facts.person(
            letter.writer.address,
            program_id=letter.mailbox.program_id,
            partner_id=next(filter(None, partners), None),
        )

    def _place(self, letter: Letter, sender: Sender) -> Placement:
        known = self._known(letter)
        days = [self._facts.reopen_days.get(ticket_id) for ticket_id in known.tickets]
        return place(
            Headers(
                in_reply_to=letter.mail.in_reply_to,
                references=(*self._answered_before_it_came(letter), *letter.mail.references),
                tokens=letter.tokens,
                number_in_subject=letter.number,
            ),
            sender,
            known,
            at=self._at,
            reopen_days=max((day for day in days if day is not None), default=REOPEN_DAYS),
        )

    def _answered_before_it_came(self, letter: Letter) -> tuple[str, ...]:
        """An answer may overtake the mail it answers; its ticket then remembers the id of what is still to
        come. An id that a stored message has already is that message's."""
        remembered = (
            self._by_digest.get(digest_of(letter.mail.message_id), ()) if letter.mail.message_id else ()
        )
        waits = bool(remembered) and not any(r.own for r in remembered)
        return (letter.mail.message_id,) if waits else ()

    def _known(self, letter: Letter) -> Known:
        ids = (*letter.refers_to, letter.mail.message_id)
        by_id = {i: tuple(self._by_digest.get(digest_of(i), ())) for i in ids if i.strip()}
        named = {r.ticket_id for rows in by_id.values() for r in rows}
        named |= {t.ticket_id for t in letter.tokens if isinstance(t, GoodToken)}
        named |= {letter.number} if letter.number else set()
        tickets = {i: self._tickets[i] for i in named if i in self._tickets}
        survivors = {t.merged_into for t in tickets.values() if t.merged_into in self._tickets}
        tickets |= {i: self._tickets[i] for i in survivors if i is not None}
        return Known(tickets, {i: rows for i, rows in by_id.items() if rows})

    def _by_machine(self, plan: Plan) -> Plan:
        """Attached where it belongs, and moves nothing there. On its own it opens no ticket, but for a list
        mail by somebody we know: partners write through lists of their own."""
        plan.is_auto = True
        if plan.action is Action.OPEN and plan.follow_up_of is not None:
            plan.action, plan.ticket_id, plan.follow_up_of = Action.RECEIVE, plan.follow_up_of, None
        if plan.action is Action.RECEIVE or plan.letter.row.is_wanted:
            return plan
        if plan.letter.mail.verdict is Verdict.BULK and plan.person.contact_id is not None:
            return plan
        why = Parked.BULK if plan.letter.mail.verdict is Verdict.BULK else Parked.AUTO_REPLY
        return _parked(plan.letter, why, None)

    def _by_staff(self, plan: Plan) -> Plan:
        """A sender's address is not proof: who answers for us is asked for the token given to him."""
        own = [
            t
            for t in plan.letter.tokens
            if isinstance(t, GoodToken) and t.recipient.side is Side.STAFF
            if t.recipient.id == plan.person.user_id
        ]
        if plan.action is Action.OPEN:
            # A colleague who asks is one who asks.
            plan.side = Side.PARTNER
            plan.flags = (*plan.flags, "unverified_colleague")
        elif own and not plan.letter.is_doubtful:
            plan.action = Action.STAFF_ANSWER
        else:
            plan.is_note, plan.flags = True, (*plan.flags, "unverified_colleague")
            plan.kept_because = KeptBecause.UNPROVED
        return plan

    def _known_or_flagged(self, plan: Plan) -> Plan:
        unknown = plan.person.contact_id is None and plan.person.customer_id is None
        if unknown and plan.action is Action.OPEN:
            plan.flags = (*plan.flags, "unknown_sender")
        return plan

    def _remember(self, plan: Plan) -> None:
        letter = plan.letter
        if plan.action is Action.OPEN:
            self._opened -= 1
            plan.opens = self._opened
            self._tickets[self._opened] = TicketFacts(
                id=self._opened, status=TicketStatus.NEW, partner_id=plan.person.partner_id
            )
        ticket_id = plan.opens or plan.ticket_id
        assert ticket_id is not None
        self._join(ticket_id, plan)
        if letter.mail.message_id:
            self._by_message_id[letter.mail.message_id[:255]].append(plan)
            self._by_digest[digest_of(letter.mail.message_id)].append(Remembered(ticket_id, own=True))
        for reference in letter.refers_to:
            self._by_digest[digest_of(reference)].append(Remembered(ticket_id, own=False))

    def _join(self, ticket_id: int, plan: Plan) -> None:
        ticket = self._tickets.get(ticket_id)
        if ticket is None or plan.side not in (Side.PARTNER, Side.CUSTOMER) or plan.is_note:
            return
        people = (
            frozenset(p.address.lower() for p in (plan.letter.writer, *plan.letter.copied) if p.address)
            - self._facts.own_addresses
        )
        if plan.side is Side.CUSTOMER:
            self._tickets[ticket_id] = replace(ticket, customer_addresses=ticket.customer_addresses | people)
        else:
            self._tickets[ticket_id] = replace(ticket, partner_addresses=ticket.partner_addresses | people)


def _parked(letter: Letter, reason: Parked, twin_pk: int | None) -> Plan:
    return Plan(letter, Action.PARK, reason=reason.value, twin_pk=twin_pk)


def _doubts(letter: Letter) -> tuple[str, ...]:
    return (f"sender_{letter.proof}",) if letter.is_doubtful else ()


def _said(letter: Letter) -> tuple[str, str, frozenset[str]]:
    """Files count as words: scanners send every sheet under one Message-ID with the same text."""
    files = frozenset(file.sha256 for file in letter.mail.attachments)
    return letter.writer.address.strip().lower(), letter.split.reply.replace("\0", "").strip(), files
