"""Writing the drawn tickets through the operations of the desk: in the past, by whom it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from otklik.demo.desk.furniture import Furniture
from otklik.demo.desk.threads import MANNERS, Kind, Step, Story
from otklik.desk.public import (
    BulkChange,
    Channel,
    Direction,
    MessageKind,
    NewMessage,
    NewTicket,
    PastOwner,
    PastStatus,
    Side,
    SubRequest,
    Ticket,
    TicketStatus,
    Verdict,
    answer_sub_request,
    ask_callback,
    ask_department,
    change_many,
    change_owners_bulk,
    change_statuses_bulk,
    close_solved,
    create_tickets_bulk,
    finish_callback,
    log_call,
    merge_tickets,
    rate_ticket,
    receive_messages_bulk,
    share_message,
    store_customer,
    write_note,
)
from otklik.events.public import Actor, ActorKind, Origin
from otklik.identity.public import User

CHUNK = 400
_LETTERS = {
    Kind.SAYS: MessageKind.INCOMING,
    Kind.AUTO: MessageKind.AUTO,
    Kind.REPLY: MessageKind.REPLY,
    Kind.NOTE: MessageKind.NOTE,
}
_STATUSES = {
    Kind.WAIT: TicketStatus.WAITING,
    Kind.SOLVE: TicketStatus.SOLVED,
    Kind.CLOSE: TicketStatus.CLOSED,
}


class Teller:
    def __init__(
        self,
        program_id: int,
        staff: Mapping[str, User],
        furniture: Furniture,
        people: tuple[Mapping[str, int], Mapping[str, int]],
        now: datetime,
    ) -> None:
        """``people``: ids of partners and of contacts by their keys in the story."""
        self.program_id, self.staff, self.furniture, self.now = program_id, staff, furniture, now
        self.partner_ids, self.contact_ids = people
        self.tickets: dict[int, int] = {}
        self.callbacks: dict[int, int] = {}
        self.customers: dict[int, int] = {}

    def tell(self, stories: Sequence[Story]) -> None:
        """Round by round, the first step of every ticket, then the second: many letters by one statement."""
        self._open(stories)
        courses = [(story, sorted(story.steps, key=lambda step: step.at)) for story in stories]
        for place in range(max(len(steps) for _, steps in courses)):
            letters: dict[str, list[tuple[Story, Step]]] = defaultdict(list)
            statuses: dict[str, list[PastStatus]] = defaultdict(list)
            owners: dict[str, list[PastOwner]] = defaultdict(list)
            for story, steps in courses:
                step = next(islice(steps, place, None), None)
                if step is None:
                    continue
                if step.kind in _LETTERS:
                    letters[step.who].append((story, step))
                elif step.kind in _STATUSES:
                    row = PastStatus(self.tickets[id(story)], _STATUSES[step.kind], step.at)
                    statuses[step.who].append(row)
                elif step.kind is Kind.HAND_OVER:
                    heir = self.staff[str(step.value)].pk
                    owners[step.who].append(PastOwner(self.tickets[id(story)], heir, step.at))
                else:
                    self._act(story, step)
            for who, written in letters.items():
                self._write(who, written)
            for who, rows in statuses.items():
                change_statuses_bulk(rows, by=self._by(who), at=self.now)
            for who, given in owners.items():
                change_owners_bulk(given, by=self._by(who), at=self.now)

    def close_what_was_solved(self, since: datetime) -> None:
        """Night by night, as the job does it."""
        night = since.replace(hour=1, minute=30)
        while night <= self.now:
            close_solved(by=Actor.demo(), at=night)
            night += timedelta(days=1)

    def _open(self, stories: Sequence[Story]) -> None:
        for story in stories:
            if story.customer:
                self._introduce(story)
        written = [story for story in stories if story.channel is not Channel.PHONE]
        for start in range(0, len(written), CHUNK):
            chunk = written[start : start + CHUNK]
            rows = [self._new(story) for story in chunk]
            opened = create_tickets_bulk(rows, by=Actor.demo(), at=self.now)
            for story, one in zip(chunk, opened, strict=True):
                self.tickets[id(story)] = one.ticket.pk
        for story in stories:
            if story.channel is Channel.PHONE:
                self._answer_the_phone(story)

    def _introduce(self, story: Story) -> None:
        self.customers[id(story)] = store_customer(
            partner_id=self.partner_ids[story.company.key],
            name=story.customer,
            address=f"{story.company.key.lower()}-client@customer.example",
            language=story.language,
            by=Actor.demo(),
            at=story.at,
        ).pk

    def _new(self, story: Story) -> NewTicket:
        return NewTicket(
            program_id=self.program_id,
            subject=story.subject,
            channel=story.channel,
            side=Side.PARTNER,
            text=story.text,
            contact_id=self.contact_ids[story.person.key],
            customer_id=self.customers.get(id(story)),
            topic_id=self.furniture.topics[story.matter.topic].pk,
            team_id=self.furniture.teams[story.team].pk,
            owner_id=self.staff[story.owner].pk if story.owner else None,
            language=story.language,
            mailbox_id=self.furniture.mailboxes[story.language],
            happened_at=story.at,
        )

    def _answer_the_phone(self, story: Story) -> None:
        message = log_call(
            direction=Direction.INCOMING,
            number=_number(story),
            minutes=len(story.text) // 20,
            text=story.text,
            contact_id=self.contact_ids[story.person.key],
            subject=story.subject,
            topic_id=self.furniture.topics[story.matter.topic].pk,
            team_id=self.furniture.teams[story.team].pk,
            owner_id=self.staff[story.owner].pk if story.owner else None,
            by=self._by(story.owner or ""),
            at=story.at,
        )
        self.tickets[id(story)] = message.ticket_id

    def _write(self, who: str, written: Sequence[tuple[Story, Step]]) -> None:
        for start in range(0, len(written), CHUNK):
            chunk = written[start : start + CHUNK]
            rows = [self._letter(story, step) for story, step in chunk]
            received = receive_messages_bulk(rows, by=self._by(who), at=self.now)
            for (story, step), one in zip(chunk, received, strict=True):
                if story.customer and step.kind is Kind.REPLY and one.message_id is not None:
                    of_customer = step.side is Side.CUSTOMER
                    share_message(
                        message_id=one.message_id,
                        to_partner=not of_customer,
                        to_customer=of_customer,
                        by=self._by(who),
                        at=step.at,
                    )

    def _letter(self, story: Story, step: Step) -> NewMessage:
        outside, of_customer = not step.who, step.side is Side.CUSTOMER
        is_auto = step.kind is Kind.AUTO
        return NewMessage(
            ticket_id=self.tickets[id(story)],
            kind=_LETTERS[step.kind],
            side=step.side if outside else Side.STAFF,
            channel=Channel.EMAIL if is_auto else story.channel,
            text=step.text,
            subject=MANNERS[story.language].out_of_office_subject if is_auto else "",
            contact_id=self.contact_ids[story.person.key] if outside and not of_customer else None,
            customer_id=self.customers.get(id(story)) if outside and of_customer else None,
            from_name=story.customer if of_customer else story.person.name if outside else "",
            from_address=story.person.email if outside and not of_customer else "",
            verdict=Verdict.AUTO_REPLY if is_auto else Verdict.PERSON,
            happened_at=step.at,
            language=story.language,
        )

    def _act(self, story: Story, step: Step) -> None:
        ticket_id, by, at = self.tickets[id(story)], self._by(step.who), step.at
        match step.kind:
            case Kind.SPAM:
                change_many(ticket_ids=[ticket_id], change=BulkChange(spam=True), by=by, at=at)
            case Kind.MERGE:
                assert story.copy_of is not None
                merge_tickets(source_id=ticket_id, target_id=self.tickets[id(story.copy_of)], by=by, at=at)
            case Kind.MENTION:
                told = [self.staff[str(step.value)].pk]
                write_note(ticket_id=ticket_id, text=step.text, mentions=told, by=by, at=at)
            case Kind.RATE:
                key = Ticket.objects.values_list("public_key", flat=True).get(pk=ticket_id)
                rate_ticket(public_key=key, value=int(step.value), comment=step.text, by=by, at=at)
            case Kind.ASK | Kind.ANSWER:
                self._question(ticket_id, step, by)
            case Kind.CALLBACK | Kind.CALLED:
                self._callback(story, ticket_id, step, by)

    def _question(self, ticket_id: int, step: Step, by: Actor) -> None:
        if step.kind is Kind.ASK:
            team = self.furniture.teams[str(step.value)].pk
            ask_department(
                ticket_id=ticket_id, team_id=team, question=step.text, put_on_hold=True, by=by, at=step.at
            )
            return
        asked = SubRequest.objects.filter(ticket_id=ticket_id, answered_at=None).latest("pk")
        answer_sub_request(sub_request_id=asked.pk, answer=step.text, by=by, at=step.at)

    def _callback(self, story: Story, ticket_id: int, step: Step, by: Actor) -> None:
        if step.kind is Kind.CALLBACK:
            asked = ask_callback(ticket_id=ticket_id, phone=_number(story), wish=step.text, by=by, at=step.at)
            self.callbacks[ticket_id] = asked.pk
            return
        callback_id = self.callbacks[ticket_id]
        finish_callback(callback_id=callback_id, reached=True, note=step.text, by=by, at=step.at)

    def _by(self, who: str) -> Actor:
        return Actor(ActorKind.PERSON, self.staff[who].pk, Origin.DEMO) if who else Actor.demo()


def _number(story: Story) -> str:
    """Of ranges that are given to nobody."""
    last = int(story.company.key[1:]) % 1000
    if story.language == "ru":
        return f"+7 999 000-{last % 100:02}-{last // 10:02}"
    return f"+44 20 7946 0{last:03}"
