"""Telling the demo's story to the database, month by month, through the operations of the other apps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from otklik.demo.accounts import Accounts
from otklik.demo.assist import ask_machines
from otklik.demo.cast import HEIR, LEAVER, STAFF
from otklik.demo.changes import record_changes
from otklik.demo.desk.furniture import furnish, plan_leave
from otklik.demo.desk.past import FIRST_MONTH, past
from otklik.demo.desk.tell import Teller
from otklik.demo.desk.threads import DAYS, threads, waits
from otklik.demo.desk.today import today
from otklik.demo.dialogue import talk
from otklik.demo.figures import bring_figures
from otklik.demo.knowledge import write_articles
from otklik.demo.loop import close_the_loop
from otklik.demo.mood import HANDOVER_MONTH, MONTHS
from otklik.demo.payouts import pay_partners
from otklik.demo.portal import open_the_portal
from otklik.demo.story import SEED, Answer, Company, answers, companies, manager_in, month_start
from otklik.demo.survey import WAVE_MONTH, Wave, make_survey
from otklik.desk.public import count_answer_times
from otklik.events.public import Actor, Origin, Subject, happened, record, supposed
from otklik.feedback.public import ResponseRow, record_responses
from otklik.identity.public import Role, User, create_user, deactivate_user
from otklik.kit.chunks import in_chunks
from otklik.kit.planner import refresh_statistics
from otklik.partners.public import (
    Consent,
    ContactRow,
    PartnerRow,
    create_program,
    store_contacts,
    store_partners,
)

CHUNK = 400
LOADED = "demo.loaded"


def is_loaded() -> bool:
    return happened(LOADED)


def load(*, at: datetime, password: str, told: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Build the whole program in one transaction: a load that was killed leaves nothing, and starts anew.

    ``told(done, total)`` is called after each month and the desk. Takes most of a minute at the most.
    """
    by, anchor = Actor.demo(), at.astimezone(UTC).date().replace(day=1)
    with transaction.atomic(), supposed(Origin.DEMO):
        _Load(by, anchor, at, password).run(told)
    refresh_statistics()


class _Load:
    def __init__(self, by: Actor, anchor: date, at: datetime, password: str) -> None:
        self.by, self.anchor, self.now, self.password = by, anchor, at, password
        self.companies = companies(anchor)
        self.past = past(self.companies, anchor, at)
        self.stories = threads(self.companies, at)
        self.waits = waits([*self.past, *self.stories])
        start = self._moment(-MONTHS - 1)
        self.staff = self._hire(password, start)
        program = create_program(
            name="Meridian Partners",
            slug="meridian",
            currency="EUR",
            managers_see_own_only=True,
            by=by,
            at=start,
        )
        self.program_id = program.pk
        self.survey_id, self.version_id = make_survey(program.pk, by=by, at=start)
        self.wave: Wave | None = None
        self.partner_ids: dict[str, int] = {}
        self.contact_ids: dict[str, int] = {}
        people = (self.partner_ids, self.contact_ids)
        self.accounts = Accounts(program.pk, self.companies, people, self.staff)

    def run(self, told: Callable[[int, int], None]) -> None:
        months = range(-MONTHS - 1, 1)
        for done, month in enumerate(months, 1):
            self._join([one for one in self.companies if one.joined == month], month)
            if month == HANDOVER_MONTH:
                self._hand_over(month)
            if month == WAVE_MONTH:
                self.wave = self._ask(self._moment(month))
            if month >= -MONTHS:
                self._store_answers(answers(self.companies, self.anchor, month, self.now, self.waits))
            told(done, len(months) + 1)
        if self.wave is not None:
            self.wave.close(at=self.now)
        self._open_desk()
        pay_partners(self.program_id, self.companies, self.partner_ids, self.staff, by=self.by, at=self.now)
        bring_figures(self.program_id, self.companies, self.partner_ids, self.staff, at=self.now)
        write_articles(self.contact_ids, self.staff, by=self.by, at=self.now)
        people = (self.partner_ids, self.contact_ids)
        talk(self.program_id, self.companies, people, self.staff, by=self.by, at=self.now)
        close_the_loop(self.program_id, self.staff, by=self.by, at=self.now)
        if self.wave is not None:
            self.accounts.settle(self.wave.id, by=self.by, at=self.now)
        open_the_portal(
            self.program_id, self.companies, self.contact_ids, self.password, by=self.by, at=self.now
        )
        ask_machines(self.companies, self.contact_ids, self.staff, by=self.by, at=self.now)
        record_changes(
            self.program_id, self.companies, self.partner_ids, self.staff, self.anchor, at=self.now
        )
        told(len(months) + 1, len(months) + 1)
        record(
            LOADED,
            by=self.by,
            at=self.now,
            subjects=[Subject("program", self.program_id)],
            data={"anchor": self.anchor.isoformat(), "seed": SEED},
        )

    def _ask(self, starts: datetime) -> Wave:
        def expect(wave_id: int) -> None:
            self.accounts.expect(wave_id, at=starts)

        return Wave(self.survey_id, starts=starts, before=expect, by=self.by)

    def _open_desk(self) -> None:
        begun = self._moment(FIRST_MONTH) - timedelta(days=7)
        furniture = furnish(self.program_id, self.staff, by=self.by, at=begun)
        people = (self.partner_ids, self.contact_ids)
        teller = Teller(self.program_id, self.staff, furniture, people, self.now)
        teller.tell(self.past)
        teller.tell(self.stories)
        teller.close_what_was_solved(self.now - timedelta(days=DAYS + 7))
        teller.tell(today(self.companies, self.now))
        count_answer_times(at=self.now)
        begins = self.now + timedelta(days=3)
        plan_leave(self.staff, begins=begins, ends=begins + timedelta(days=9), by=self.by, at=self.now)

    def _hire(self, password: str, at: datetime) -> dict[str, User]:
        hired = {
            one.key: create_user(
                email=one.email,
                name=one.name,
                language=one.language,
                time_zone=one.time_zone,
                roles=[one.role] if one.key != "head" else [Role.HEAD, Role.ADMINISTRATOR],
                by=self.by,
                at=at,
            )
            for one in STAFF
        }
        # One password for all of them: stretched sixteen times it would be a sixth of the whole load.
        stretched = make_password(password)
        for user in hired.values():
            user.password = stretched
        User.objects.bulk_update(hired.values(), ["password"])
        return hired

    def _join(self, newcomers: Sequence[Company], month: int) -> None:
        at = self._moment(month)
        for chunk in in_chunks(newcomers, CHUNK):
            rows = [self._partner_row(company, month) for company in chunk]
            outcomes = store_partners(self.program_id, rows, by=self.by, at=at)
            for company, outcome in zip(chunk, outcomes, strict=True):
                assert outcome.id is not None, outcome
                self.partner_ids[company.key] = outcome.id
        people = [(company, person) for company in newcomers for person in company.people]
        for pairs in in_chunks(people, CHUNK):
            contacts = [
                ContactRow(
                    name=person.name,
                    partner_id=self.partner_ids[company.key],
                    external_id=person.key,
                    job_title=person.title,
                    authority=person.post.authority,
                    influence=person.post.influence,
                    emails=(person.email,),
                    languages=(company.land.language,),
                    time_zone=company.land.time_zone,
                    preferred_channel="email",
                    consent=Consent.GIVEN,
                )
                for company, person in pairs
            ]
            stored = store_contacts(self.program_id, contacts, by=self.by, at=at)
            for (_company, person), outcome in zip(pairs, stored, strict=True):
                assert outcome.id is not None, outcome
                self.contact_ids[person.key] = outcome.id

    def _partner_row(self, company: Company, month: int) -> PartnerRow:
        return PartnerRow(
            name=company.name,
            external_id=company.key,
            tier=_words(company.tier),
            segment=_words(company.segment),
            country=company.land.code,
            language=company.land.language,
            time_zone=company.land.time_zone,
            manager_id=self.staff[manager_in(company, month)].pk,
            revenue=company.revenue,
            contract_number=f"MP-{company.contract_on.year}-{company.key[1:]}",
            contract_started_on=company.contract_on,
            renewal_on=company.renewal_on,
            products=company.products,
            needs=company.needs,
        )

    def _hand_over(self, month: int) -> None:
        at = self._moment(month)
        moved = [one for one in self.companies if one.manager == LEAVER and one.joined < month]
        heir = self.staff[HEIR].pk
        rows = [PartnerRow(external_id=one.key, manager_id=heir) for one in moved]
        store_partners(self.program_id, rows, by=self.by, at=at)
        deactivate_user(user=self.staff[LEAVER], by=self.by, at=at)

    def _store_answers(self, told: Iterator[Answer]) -> None:
        for chunk in in_chunks(told, CHUNK):
            others = self.wave.take(chunk, self.contact_ids) if self.wave is not None else chunk
            rows = [
                ResponseRow(
                    source_key=f"demo:{one.person.key}:{one.at:%Y-%m}",
                    partner_id=self.partner_ids[one.company.key],
                    contact_id=self.contact_ids[one.person.key],
                    version_id=self.version_id,
                    score=one.score,
                    comment=one.text,
                    language=one.company.land.language,
                    channel=one.channel,
                    responded_at=one.at,
                )
                for one in others
            ]
            record_responses(rows, by=self.by, at=chunk[-1].at + timedelta(minutes=1))

    def _moment(self, month: int) -> datetime:
        return datetime.combine(month_start(self.anchor, month), time(9, 0), UTC)


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()
