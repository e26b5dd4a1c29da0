"""A year of money in the demo: what some partners earned, what was paid, what is held, late or waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from otklik.demo.mood import PAYOUT_DIP
from otklik.demo.story import PAID_MONTHS, SEED, Company, month_start, payees
from otklik.events.public import Actor, ActorKind, Origin
from otklik.identity.public import User
from otklik.payouts.public import (
    Balance,
    EntryKind,
    HoldReason,
    HoldTerms,
    NewEntry,
    PayMethod,
    Payout,
    PayoutBatch,
    PayoutProblem,
    Schedule,
    Terms,
    approve_batch,
    ask_payout,
    available,
    calculate_batch,
    confirm_details,
    issue_statements,
    mark_batch_paid,
    mark_failed,
    mark_paid,
    mark_sent,
    next_pay_day,
    open_hold,
    propose_adjustment,
    propose_details,
    record_entries,
    release_hold,
    send_batch,
    set_terms,
    tell_due,
)

CURRENCY = "EUR"
# The payment provider failed: the batches of two pay days, and how much later they came.
FAILED_MONTHS = sorted(PAYOUT_DIP)[:2]
FAILED_FOR = timedelta(days=24)
ASKED = Decimal(120)
TERMS = Terms(Schedule.MONTHLY, 15, 10, 3)
SOURCES = ("search", "newsletter", "coupons", "banners", "app")
_DAY = timedelta(days=1)


def pay_partners(
    program_id: int,
    companies: Sequence[Company],
    partner_ids: Mapping[str, int],
    staff: Mapping[str, User],
    *,
    by: Actor,
    at: datetime,
) -> None:
    _Books(program_id, companies, partner_ids, staff, by, at).run()


class _Books:
    def __init__(
        self,
        program_id: int,
        companies: Sequence[Company],
        partner_ids: Mapping[str, int],
        staff: Mapping[str, User],
        by: Actor,
        at: datetime,
    ) -> None:
        self.program_id, self.by, self.now = program_id, by, at
        self.today = at.astimezone(UTC).date()
        self.anchor = self.today.replace(day=1)
        self.random = Random(f"{SEED}-money")  # noqa: S311 (a story, not a secret)
        self.paid = payees(companies)
        self.late: PayoutBatch | None = None
        self.ids = [partner_ids[one.key] for one in self.paid]
        self.finance, self.head = (
            Actor(ActorKind.PERSON, staff[key].pk, Origin.DEMO) for key in ("finance", "head")
        )

    def run(self) -> None:
        begins = self._moment(month_start(self.anchor, -PAID_MONTHS))
        set_terms(
            program_id=self.program_id,
            terms=TERMS,
            minimum={CURRENCY: Decimal(50)},
            by=self.by,
            at=begins,
        )
        self._know_accounts(begins)
        over = [month for month in range(-PAID_MONTHS, 0) if self._pay_day(month) < self.today]
        for month in range(-PAID_MONTHS, 0):
            first, after = month_start(self.anchor, month), month_start(self.anchor, month + 1)
            self._earn(first, after - _DAY, self._moment(after))
            issue_statements(program_id=self.program_id, on=after, by=self.by, at=self._moment(after))
            self._arrive_late()
            if month in over:
                batch = self._approved(month)
                self._end(batch, month, is_last=month == over[-1])
        self._earn(self.anchor, self.today, self.now)
        self._let_wait(-1 if -1 not in over else 0)
        self._leave_open()
        tell_due(on=self.today, by=self.by, at=self.now)

    def _know_accounts(self, at: datetime) -> None:
        """Of everybody but two; those stand on every batch with the reason."""
        for company, partner_id in list(zip(self.paid, self.ids, strict=True))[:-2]:
            details = propose_details(
                partner_id=partner_id,
                method=PayMethod.WALLET,
                holder=company.name,
                account=f"pay-{company.key}@example.com",
                by=self.finance,
                at=at,
            )
            confirm_details(details_id=details.pk, by=self.head, at=at)

    def _earn(self, first: date, last: date, at: datetime) -> None:
        days = max(1, (last - first).days)
        lines = []
        for place, partner_id in enumerate(self.ids):
            for source in self.random.sample(SOURCES, 2):
                cents = round(self.random.lognormvariate(11.2 - place * 0.035, 0.4))
                on = first + timedelta(days=self.random.randrange(days))
                lines.append(self._line(partner_id, EntryKind.EARNED, Decimal(cents) / 100, on, source))
            if self.random.random() < 0.25:
                cents = round(self.random.lognormvariate(8.6, 0.6))
                lines.append(
                    self._line(partner_id, EntryKind.CHARGEBACK, -Decimal(cents) / 100, last, source)
                )
        record_entries(program_id=self.program_id, entries=lines, by=self.by, at=at)

    def _line(self, partner_id: int, kind: EntryKind, amount: Decimal, on: date, source: str) -> NewEntry:
        key = f"demo:{partner_id}:{on}:{source}:{kind}"
        return NewEntry(partner_id, CURRENCY, kind, amount, on, source_key=key, source=source)

    def _pay_day(self, month: int) -> date:
        return next_pay_day(TERMS, month_start(self.anchor, month + 1)).pay_on

    def _calculated(self, month: int, until: date, at: datetime) -> PayoutBatch:
        """By the clock, and approved by one person."""
        batch = calculate_batch(
            program_id=self.program_id,
            currency=CURRENCY,
            pay_on=self._pay_day(month),
            earned_until=until,
            by=self.by,
            at=at,
        )
        return approve_batch(batch_id=batch.pk, by=self.finance, at=at)

    def _approved(self, month: int) -> PayoutBatch:
        at = self._moment(self._pay_day(month) - 3 * _DAY)
        batch = self._calculated(month, month_start(self.anchor, month + 1) - _DAY, at)
        return approve_batch(batch_id=batch.pk, by=self.head, at=at + _DAY)

    def _end(self, batch: PayoutBatch, month: int, *, is_last: bool) -> None:
        if is_last:
            self._end_badly(batch)
            return
        sent = self._moment(batch.pay_on - _DAY)
        send_batch(batch_id=batch.pk, on=sent.date(), by=self.finance, at=sent)
        if month + 1 in FAILED_MONTHS:
            self._end_late(batch)
        else:
            came = self._moment(batch.pay_on)
            mark_batch_paid(batch_id=batch.pk, on=came.date(), by=self.finance, at=came)

    def _end_late(self, batch: PayoutBatch) -> None:
        """The provider failed: to most partners the money came weeks later (``_arrive_late``)."""
        hit = [pk for pk, one in zip(self.ids, self.paid, strict=True) if one.hit]
        came = self._moment(batch.pay_on)
        for payout in Payout.objects.filter(batch=batch).exclude(partner__in=hit).order_by("pk"):
            mark_paid(payout_id=payout.pk, on=came.date(), by=self.finance, at=came)
        self.late = batch

    def _arrive_late(self) -> None:
        """Told after the statements of the month between, which know nothing of it yet."""
        if self.late is not None:
            came = self._moment(self.late.pay_on + FAILED_FOR)
            mark_batch_paid(batch_id=self.late.pk, on=came.date(), by=self.finance, at=came)
            self.late = None

    def _let_wait(self, month: int) -> None:
        """The next batch, for the head to approve."""
        until = min(self.today - timedelta(days=9), month_start(self.anchor, month + 1) - _DAY)
        self._calculated(month, until, self.now)

    def _end_badly(self, batch: PayoutBatch) -> None:
        """Of the latest batch one payout was never sent, and one failed; the others arrived."""
        _late, failed, *others = Payout.objects.filter(batch=batch).order_by("-amount", "pk")
        sent, came = self._moment(batch.pay_on - _DAY), min(self.now, self._moment(batch.pay_on + _DAY))
        for payout in (failed, *others):
            mark_sent(payout_id=payout.pk, on=sent.date(), by=self.finance, at=sent)
        for payout in others:
            mark_paid(payout_id=payout.pk, on=came.date(), by=self.finance, at=came)
        wrong = PayoutProblem.DETAILS_WRONG
        # The bank's word: whoever says so does not approve the batch that pays it once more.
        mark_failed(payout_id=failed.pk, problem=wrong, on=came.date(), by=self.by, at=came)

    def _leave_open(self) -> None:
        opened = self.now - timedelta(days=4)
        holds = (
            (self.ids[3], "180.00", HoldReason.TRAFFIC_CHECK, "Клики с одного адреса за последнюю неделю", 9),
            (self.ids[7], "95.50", HoldReason.DOCUMENTS_MISSING, "Act of last month, signed", 5),
            (self.ids[9], "60.00", HoldReason.ADVERTISER_CONFIRMS, "Orders of the spring campaign", 3),
        )
        for partner_id, amount, reason, checking, days in holds:
            terms = HoldTerms(Decimal(amount), reason, checking, self.today + timedelta(days=days))
            hold = open_hold(
                partner_id=partner_id, currency=CURRENCY, terms=terms, by=self.finance, at=opened
            )
        release_hold(
            hold_id=hold.pk, outcome_note="The advertiser confirmed them.", by=self.head, at=self.now
        )
        rich = next(row for row in Balance.objects.order_by("-total") if self._free(row) >= ASKED)
        ask_payout(partner_id=rich.partner_id, currency=CURRENCY, amount=ASKED, by=self.head, at=opened)
        propose_adjustment(
            partner_id=self.ids[11],
            currency=CURRENCY,
            amount=Decimal("75.00"),
            why="Бонус за весеннюю акцию, обещан в переписке",
            by=self.finance,
            at=opened,
        )
        propose_details(
            partner_id=self.ids[13],
            method=PayMethod.IBAN,
            holder=self.paid[13].name,
            account="DE89370400440532013000",
            by=self.finance,
            at=opened,
        )

    def _free(self, row: Balance) -> Decimal:
        return available(row.total, row.held, row.planned) if row.partner_id in self.ids else Decimal(0)

    def _moment(self, day: date) -> datetime:
        return min(self.now, datetime.combine(day, time(9, 0), UTC))
