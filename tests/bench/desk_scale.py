"""A desk of many tickets, three messages each, with their events and search documents.

Rows go in past the operations, many to a statement. Text is drawn from 20,000 sentences over 8,000 words, the
first of which are as common as in a language; half of the sentences are Cyrillic. 4 of 100 tickets are open,
one of 100 is merged into another. Seven replies hold a word that nothing else holds.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.desk_cast import Cast, make_cast
from tests.bench.harness import cached_folder, note
from tests.bench.product import built_without_syncs, insert_many, key_of, make_tables, open_product

RARE = "xylophanolith"
RARE_REPLIES = 7
DAYS = 720
OPEN_SHARE, MERGED_SHARE = 0.04, 0.01
LONG_THREAD, LONG_TICKET = 50_000, 17
WORDS, SENTENCES = 8_000, 20_000
_CHUNK = 20_000
_NEVER = "9999-01-01 00:00:00"
_SEED = 23


@dataclass(frozen=True, slots=True)
class Desk:
    tickets: int
    messages: int
    cast: Cast
    rare_tickets: tuple[int, ...]
    common: str
    """A word that every fifth message holds."""
    usual: str
    """One that some hundreds of a hundred thousand messages hold."""
    inflected: str
    """Another form of a Russian word of the texts."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    terms: tuple[str, ...]
    key: str


def open_desk(tickets: int, *, database: str = "", long_thread: bool = False) -> tuple[Path, Desk]:
    """The product on a desk of this size; made on the first call, on SQLite kept for the next one."""
    extra = f"{tickets} {long_thread} {datetime.now(UTC):%Y-%m} {'postgresql' if database else ''}"
    files = [Path(__file__), Path(__file__).with_name("desk_cast.py")]
    name = f"desk_{tickets}{'_postgres' if database else ''}-{key_of(*files, extra=extra)}"
    with cached_folder(name) as (folder, ready):
        open_product(folder, database=database)
        kept = folder / "desk.json"
        if not ready or database:
            began = time.perf_counter()
            make_tables()
            with built_without_syncs():
                desk = _build(tickets, long_thread)
            kept.write_text(json.dumps(asdict(desk)), encoding="utf-8")
            note(f"{tickets:,} tickets made in {time.perf_counter() - began:.0f} s")
        told = json.loads(kept.read_text(encoding="utf-8"))
    given = told.pop("cast").items()
    cast: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given}
    return folder, Desk(**{**told, "rare_tickets": tuple(told["rare_tickets"]), "cast": Cast(**cast)})


def _build(tickets: int, long_thread: bool) -> Desk:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS + 30)
    partners = max(200, tickets // 50)
    cast = make_cast(
        partners=partners, contacts=partners * 3, managers=min(40, partners // 20), agents=60, at=at
    )
    builder = _Builder(tickets, cast, long_thread)
    for first in range(1, tickets + 1, _CHUNK):
        builder.write(first, min(first + _CHUNK, tickets + 1))
        note(f"{min(first + _CHUNK - 1, tickets):,} tickets")
    if long_thread:
        builder.write_long_thread()
    builder.finish()
    return Desk(
        tickets=tickets,
        messages=builder.messages,
        cast=cast,
        rare_tickets=tuple(sorted(builder.rare_tickets)),
        common=builder.words[6],
        usual=builder.words[1500],
        inflected="выплатами",
    )


class _Builder:
    def __init__(self, tickets: int, cast: Cast, long_thread: bool) -> None:
        from otklik.partners.models import Contact, Partner

        self.tickets, self.cast, self.messages = tickets, cast, 0
        self.random = np.random.default_rng(_SEED)
        self.words = _words(self.random)
        self.sentences = _sentences(self.random, self.words)
        rows = Contact.objects.order_by("pk").values_list("pk", "name", "partner_id", "addresses__value")
        self.contacts = list(rows)
        columns = ("pk", "program_id", "name", "manager_id")
        self.partners = {row[0]: row[1:] for row in Partner.objects.values_list(*columns)}
        self.now = datetime.now(UTC).replace(microsecond=0)
        chosen = self.random.choice(np.arange(20, tickets), RARE_REPLIES, replace=False)
        self.rare_tickets = {int(n) for n in chosen}
        self.event = self._last("events_event")
        self.document = self._last("search_document")

    def _last(self, table: str) -> int:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
            return int(cursor.fetchone()[0])

    def write(self, first: int, last: int) -> None:
        """Tickets ``first`` … ``last`` - 1, the older the lower their number."""
        rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _COLUMNS}
        for facts in self._facts(first, last):
            self._ticket(facts, rows)
        for table, found in rows.items():
            insert_many(table, _COLUMNS[table], found)

    def _facts(self, first: int, last: int) -> Iterator[_Facts]:
        count = last - first
        draw = self.random
        share = np.arange(first, last) / self.tickets
        seconds = (share * DAYS * 86_400).astype("int64") + draw.integers(0, 3_000, count)
        start = np.datetime64(self.now.replace(tzinfo=None) - timedelta(days=DAYS), "s")
        created = start + seconds.astype("timedelta64[s]")
        replied = created + draw.integers(600, 40_000, count).astype("timedelta64[s]")
        again = replied + draw.integers(600, 90_000, count).astype("timedelta64[s]")
        # Most open ones are new, some are old.
        is_open = draw.random(count) < np.where(share > 0.97, 0.9, 0.0) * OPEN_SHARE / 0.03 + 0.004
        due = self.now.timestamp() + draw.integers(-400_000, 500_000, count)
        due_text = np.datetime_as_string(due.astype("int64").astype("datetime64[s]"))
        yield from map(
            _Facts,
            range(first, last),
            *(
                [str(t).replace("T", " ") for t in np.datetime_as_string(m)]
                for m in (created, replied, again)
            ),
            is_open.tolist(),
            (draw.random(count) < MERGED_SHARE).tolist(),
            [str(text).replace("T", " ") for text in due_text],
            draw.integers(0, len(self.contacts), count).tolist(),
            draw.integers(0, SENTENCES, (count, 10)).tolist(),
            draw.integers(0, 1_000_000, count).tolist(),
        )

    def _ticket(self, facts: _Facts, rows: dict[str, list[tuple[object, ...]]]) -> None:
        n, cast, dice = facts.number, self.cast, facts.dice
        contact, name, partner, address = self.contacts[facts.contact]
        program, company, _manager = self.partners[partner]
        subject = f"{self.sentences[facts.said[0]].text[:60]} {n}"
        is_open = facts.is_open and n != LONG_TICKET
        status = ("new", "open", "open", "waiting", "on_hold")[dice % 5] if is_open else "closed"
        owner = None if status == "new" and dice % 3 else cast.agents[dice % len(cast.agents)]
        merged = n - 3 if facts.merged and n > 100 and not is_open else None
        moments = (facts.created, facts.replied, facts.again)
        rows["desk_ticket"].append((
            n, program, partner, contact, name, address, None, subject, status,
            "" if is_open else "answered", "normal", 2, False, "[]", cast.topics[dice % len(cast.topics)],
            cast.teams[dice // 7 % len(cast.teams)], owner, facts.created if owner else None,
            ("email", "form", "phone")[dice % 3], cast.mailbox, ("ru", "en")[dice % 2], cast.policy,
            facts.created, facts.again, facts.again, facts.replied, facts.replied,
            facts.again if is_open else None, None if is_open else facts.again,
            None if is_open else facts.again, 0, 3, is_open,
            facts.due if is_open and status != "waiting" else _NEVER,
            "resolution" if is_open and status != "waiting" else "", None, status == "waiting", merged, None,
            hashlib.blake2b(str(n).encode(), digest_size=16).hexdigest(), None, 3,
        ))  # fmt: skip
        rows["desk_participant"].append((n, "partner", contact, None, name, address, True, facts.created))
        self._documents_of_ticket(facts, subject, (name, address, company), program, rows)
        for place, moment in enumerate(moments):
            self._message(facts, place, moment, subject, rows, (contact, name, address, owner, program))
        self._events(facts, status, moments, partner, owner, rows)

    def _message(
        self,
        facts: _Facts,
        place: int,
        moment: str,
        subject: str,
        rows: dict[str, list[tuple[object, ...]]],
        who: tuple[int, str, str, int | None, int],
    ) -> None:
        contact, name, address, owner, program = who
        self.messages += 1
        number, reply = self.messages, place == 1
        said = [self.sentences[k] for k in facts.said[1 + place * 3 : 4 + place * 3]]
        unique = f"INV-{number}"
        rare = RARE if reply and facts.number in self.rare_tickets else ""
        text = f"{' '.join(one.text for one in said)} {unique} {rare}".strip()
        rows["desk_message"].append((
            number, facts.number, "reply" if reply else "incoming", "staff" if reply else "partner", "email",
            True, False, owner if reply else None, None if reply else contact, None, "" if reply else name,
            "" if reply else address, "[]", "[]", subject, text, "", "", "", "ru", "person",
            f"m{number}@bench.example", "sent" if reply else "", None, "", 0, None, None, moment, moment,
        ))  # fmt: skip
        digest = hashlib.sha256(f"m{number}@bench.example".encode()).digest()[:16]
        rows["desk_mailreference"].append((facts.number, digest, True))
        self.document += 1
        title, key = said[0].text[:120], said[0].key[:120]
        note_ = f"#{facts.number} {subject}"[:250]
        rows["search_document"].append((self.document, "message", number, program, title, key, note_, moment))
        terms = [term for one in said for term in one.terms]
        terms += [f"inv{number}", str(number), *([rare] if rare else [])]
        if not reply:
            terms += name.lower().split()
        rows["search_index"].append((self.document, " ".join(dict.fromkeys(terms))))

    def _documents_of_ticket(
        self,
        facts: _Facts,
        subject: str,
        people: tuple[str, str, str],
        program: int,
        rows: dict[str, list[tuple[object, ...]]],
    ) -> None:
        self.document += 1
        first, number = self.sentences[facts.said[0]], facts.number
        title = (subject, f"{first.key[:60]} {number}", f"#{number} · {people[2]}")
        rows["search_document"].append((self.document, "ticket", number, program, *title, facts.created))
        joined = people[1].replace("@", "").replace(".", "")
        terms = [*first.terms, str(number), *people[0].lower().split(), *people[2].lower().split(), joined]
        rows["search_index"].append((self.document, " ".join(dict.fromkeys(terms))))

    def _events(
        self,
        facts: _Facts,
        status: str,
        moments: tuple[str, str, str],
        partner: int,
        owner: int | None,
        rows: dict[str, list[tuple[object, ...]]],
    ) -> None:
        first = self.messages - 2
        created: dict[str, object] = {
            "channel": "email", "status": "new", "priority": "normal", "topic": None, "team": None,
            "owner": owner, "sla_policy": self.cast.policy, "follow_up_of": None, "message": first,
            "side": "partner", "verdict": "person",
        }  # fmt: skip
        told: list[tuple[str, str, dict[str, object]]] = [
            ("ticket.created", moments[0], created),
            ("ticket.message_sent", moments[1],
             {"message": first + 1, "first": True, "to_partner": True, "to_customer": False}),
            ("ticket.message_received", moments[2],
             {"message": first + 2, "side": "partner", "channel": "email", "verdict": "person",
              "kind": "incoming"}),
        ]  # fmt: skip
        if status == "closed":
            told.append(
                (
                    "ticket.status_changed",
                    moments[2],
                    {"before": "open", "after": "closed", "outcome": "answered"},
                )
            )
        for kind, moment, data in told:
            self.event += 1
            rows["events_event"].append(
                (self.event, kind, 1, moment, moment, "live", "system", None, json.dumps(data), None)
            )
            for noun, pk in (("ticket", facts.number), ("partner", partner)):
                rows["events_eventsubject"].append((self.event, noun, pk, moment))

    def write_long_thread(self) -> None:
        """One ticket that nobody could keep apart: a monitor that writes every minute."""
        rows = []
        moment = self.now - timedelta(days=40)
        for _ in range(LONG_THREAD - 3):
            self.messages += 1
            moment += timedelta(minutes=1)
            at = f"{moment:%Y-%m-%d %H:%M:%S}"
            rows.append((
                self.messages, LONG_TICKET, "incoming", "partner", "email", True, False, None, None, None,
                "Monitor", "monitor@partner.example", "[]", "[]", "Alarm", "The check has failed.", "", "",
                "", "en", "person", f"m{self.messages}@bench.example", "", None, "", 0, None, None, at, at,
            ))  # fmt: skip
        insert_many("desk_message", _COLUMNS["desk_message"], rows)

    def finish(self) -> None:
        """What a database that grew slowly would know about itself, and the ids behind which it goes on."""
        from django.core.management.color import no_style
        from django.db import connection

        from otklik.desk.models import Message, SubRequest, Ticket
        from otklik.events.models import Event
        from otklik.search.models import Document

        open_ids = list(Ticket.objects.filter(is_open=True).order_by("pk").values_list("pk", flat=True)[::60])
        SubRequest.objects.bulk_create(
            SubRequest(
                ticket_id=pk, team_id=self.cast.teams[n % 6], question="When?", asked_at=self.now, owner=None
            )
            for n, pk in enumerate(open_ids)
        )
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [Ticket, Message, Event, Document]):
                cursor.execute(sql)
            cursor.execute("ANALYZE")


@dataclass(frozen=True, slots=True)
class _Facts:
    number: int
    created: str
    replied: str
    again: str
    is_open: bool
    merged: bool
    due: str
    contact: int
    said: list[int]
    dice: int


def _words(random: np.random.Generator) -> list[str]:
    """The commonest first; every second one Cyrillic. A few are real, so that word forms can be asked for."""
    latin, cyrillic = ("bdfgklmnprst", "aeiou"), ("бвгдклмнпрст", "аеиоу")
    found: dict[str, None] = dict.fromkeys(
        ("payout", "выплата", "link", "ссылка", "report", "отчёт", "partner", "партнёр")
    )
    while len(found) < WORDS:
        consonants, vowels = (latin, cyrillic)[len(found) % 2]
        size = int(random.integers(2, 5))
        letters = (consonants[i] + vowels[j] for i, j in random.integers(0, (12, 5), (size, 2)))
        found.setdefault("".join(letters) + ("s", "ка")[len(found) % 2])
    return list(found)


def _sentences(random: np.random.Generator, words: Sequence[str]) -> list[_Sentence]:
    from otklik.search.rules.terms import fold, index_terms

    weights = 1 / (np.arange(len(words)) + 30.0)
    drawn = random.choice(len(words), (SENTENCES, 11), p=weights / weights.sum())
    made = []
    for number, row in enumerate(drawn.tolist()):
        text = " ".join(words[k] for k in row[: 7 + number % 5]).capitalize() + "."
        made.append(_Sentence(text, tuple(index_terms([text]).split()), fold(text)))
    return made


_COLUMNS: dict[str, str] = {
    "desk_ticket": (
        "id, program_id, partner_id, contact_id, requester_name, requester_address, customer_id, subject, "
        "status, outcome, priority, priority_rank, priority_by_hand, priority_reasons, topic_id, team_id, "
        "owner_id, owner_since, channel, mailbox_id, language, policy_id, created_at, updated_at, "
        "last_incoming_at, last_outgoing_at, first_replied_at, awaiting_us_since, solved_at, closed_at, "
        "reopened_count, message_count, is_open, next_due_at, next_due_kind, breached_at, clocks_paused, "
        "merged_into_id, follow_up_of_id, public_key, created_key, version"
    ),
    "desk_message": (
        'id, ticket_id, kind, side, channel, visible_to_partner, visible_to_customer, author_id, contact_id, '
        'customer_id, from_name, from_address, "to", cc, subject, text, quote, signature, html, language, '
        "verdict, message_id, delivery, send_at, delivery_note, attempts, call, key, happened_at, created_at"
    ),
    "desk_participant": "ticket_id, side, contact_id, customer_id, name, address, is_copied, since",
    "desk_mailreference": "ticket_id, digest, is_own",
    "search_document": "id, kind, object_id, program_id, title, title_key, note, updated_at",
    "search_index": "rowid, terms",
    "events_event": (
        "id, kind, version, happened_at, recorded_at, origin, actor_kind, actor_id, data, batch_id"
    ),
    "events_eventsubject": "event_id, noun, object_id, happened_at",
}  # fmt: skip


def rows_in(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return int(cursor.fetchone()[0])
