"""One line of a money file: what it says, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal
from typing import NamedTuple, TypeVar

from otklik.kit.tabular import Cell
from otklik.payouts.rules.balance import entry_problem
from otklik.payouts.rules.file_cells import (
    BadCell,
    ColumnHints,
    read_currency,
    read_day,
    read_money,
    read_text,
    read_word,
    text_of,
)
from otklik.payouts.rules.vocabulary import (
    IMPORTED_ENTRIES,
    EntryKind,
    LineProblem,
    PayoutProblem,
    PayoutState,
)

SHOWN_VALUE = 60
LEDGER_DIGITS = 4
"""Commissions of a tenth of a cent add up; what is paid has no such digits."""
KEY, SOURCE, NOTE, REFERENCE = 120, 60, 200, 120
CAME = frozenset({PayoutState.PAID, PayoutState.RETURNED})

_Word = TypeVar("_Word", EntryKind, PayoutState, PayoutProblem)


class FileProblem(NamedTuple):
    line: int
    """The header's for a problem of a column, 0 for one of the whole file."""
    column: str
    problem: LineProblem
    value: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    line: int
    key: str
    partner: int
    amount: Decimal
    currency: str
    kind: EntryKind
    earned_on: date
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class PayoutRow:
    line: int
    key: str
    partner: int
    amount: Decimal
    currency: str
    state: PayoutState
    expected_on: date
    sent_on: date | None
    paid_on: date | None
    reference: str
    problem: PayoutProblem


FileRow = EntryRow | PayoutRow


@dataclass(frozen=True, slots=True)
class KnownEntry:
    partner: int
    amount: Decimal
    currency: str
    kind: EntryKind
    earned_on: date


@dataclass(frozen=True, slots=True)
class KnownPayout:
    partner: int
    amount: Decimal
    currency: str
    state: PayoutState
    expected_on: date
    sent_on: date | None = None
    paid_on: date | None = None
    reference: str = ""
    problem: PayoutProblem = PayoutProblem.NONE


@dataclass(frozen=True, slots=True)
class Known:
    """What the file is held against."""

    partners: Mapping[str, int]
    """By external key in small letters."""
    on: date
    """Today: nothing that happened is later."""
    zone: tzinfo
    """Days are counted in it."""
    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    payouts: Mapping[str, KnownPayout] = field(default_factory=dict)
    """By source key; those of the file's keys are enough."""
    balances: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)
    """By partner and currency, with the sign they have; those of the file's partners are enough."""
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    """By currency, as the sender told them beside the file; every currency of the file, or none."""


class LineReader:
    """One line: reads every cell before it gives up, so that all that is wrong is told at once."""

    def __init__(self, line: int, cells: Mapping[str, Cell], hints: ColumnHints, known: Known) -> None:
        self.line = line
        self.cells = cells
        self.problems: list[FileProblem] = []
        self._hints = hints
        self._known = known

    def entry(self) -> EntryRow | None:
        key, partner, currency = self._text("key", KEY, is_required=True), self._partner(), self.currency()
        kind = self._word("kind", IMPORTED_ENTRIES, LineProblem.UNKNOWN_KIND, EntryKind.EARNED)
        amount = self.amount(currency, LEDGER_DIGITS)
        earned_on = self._day("earned_on", is_required=True, is_past=True)
        source, note = self._text("source", SOURCE), self._text("note", NOTE)
        if amount is not None and kind and (wrong := entry_problem(kind, amount)):
            self.add("amount", wrong)
        if self.problems:
            return None
        assert amount is not None
        assert kind
        assert earned_on
        return EntryRow(self.line, key, partner, amount, currency, kind, earned_on, source, note)

    def payout(self) -> PayoutRow | None:
        key, partner, currency = self._text("key", KEY, is_required=True), self._partner(), self.currency()
        state = self._word("state", tuple(PayoutState), LineProblem.UNKNOWN_STATE)
        amount = self.amount(currency, 0)
        expected_on = self._day("expected_on", is_required=True, is_past=False)
        sent_on = self._day("sent_on", is_required=False, is_past=True)
        paid_on = self._day("paid_on", is_required=False, is_past=True)
        reference = self._text("reference", REFERENCE)
        problem: PayoutProblem | None = PayoutProblem.NONE
        if text_of(self.cells.get("problem")):
            problem = self._word("problem", tuple(PayoutProblem), LineProblem.UNKNOWN_KIND)
        if amount is not None and amount <= 0:
            self.add("amount", LineProblem.WRONG_SIGN if amount else LineProblem.ZERO)
        if state is PayoutState.PAID and not text_of(self.cells.get("paid_on")):
            self.add("paid_on", LineProblem.MISSING)
        if state and state not in CAME and paid_on:
            self.add("paid_on", LineProblem.CONTRADICTS)
        if self.problems:
            return None
        assert amount is not None
        assert state
        assert expected_on
        return PayoutRow(
            line=self.line,
            key=key,
            partner=partner,
            amount=amount,
            currency=currency,
            state=state,
            expected_on=expected_on,
            sent_on=sent_on,
            paid_on=paid_on,
            reference=reference,
            problem=problem or PayoutProblem.NONE,
        )

    def currency(self) -> str:
        """ "" where it is wrong."""
        try:
            return read_currency(self._required("currency"))
        except BadCell as wrong:
            self.add("currency", wrong.problem)
            return ""

    def amount(self, currency: str, finest: int) -> Decimal | None:
        try:
            cell = self._required("amount")
            return read_money(cell, currency, self._hints, finest=finest) if currency else None
        except BadCell as wrong:
            self.add("amount", wrong.problem)
            return None

    def add(self, column: str, problem: LineProblem) -> None:
        value = "" if problem is LineProblem.MISSING else text_of(self.cells.get(column))
        self.problems.append(FileProblem(self.line, column, problem, value[:SHOWN_VALUE]))

    def _partner(self) -> int:
        try:
            partner = self._known.partners.get(text_of(self._required("partner")).casefold())
        except BadCell as wrong:
            self.add("partner", wrong.problem)
            return 0
        if partner is None:
            self.add("partner", LineProblem.UNKNOWN_PARTNER)
        return partner or 0

    def _text(self, column: str, longest: int, *, is_required: bool = False) -> str:
        try:
            cell = self._required(column) if is_required else self.cells.get(column)
            return read_text(cell, longest)
        except BadCell as wrong:
            self.add(column, wrong.problem)
            return ""

    def _word(
        self, column: str, words: Sequence[_Word], unknown: LineProblem, default: _Word | None = None
    ) -> _Word | None:
        """``default``: where the file has no such column. A blank cell in one is missing."""
        if column not in self.cells and default is not None:
            return default
        try:
            return read_word(self._required(column), words, unknown)
        except BadCell as wrong:
            self.add(column, wrong.problem)
            return None

    def _day(self, column: str, *, is_required: bool, is_past: bool) -> date | None:
        if not is_required and not text_of(self.cells.get(column)):
            return None
        try:
            day = read_day(self._required(column), self._hints, self._known.zone)
        except BadCell as wrong:
            self.add(column, wrong.problem)
            return None
        if is_past and day > self._known.on:
            self.add(column, LineProblem.IN_THE_FUTURE)
        return day

    def _required(self, column: str) -> Cell:
        cell = self.cells.get(column)
        if not text_of(cell):
            raise BadCell(LineProblem.MISSING)
        return cell
