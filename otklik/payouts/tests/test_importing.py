"""A money file is taken in whole or refused whole, and once."""

from __future__ import annotations

from datetime import UTC, date, tzinfo
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Sum

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.kit.tabular import TableError
from otklik.payouts.models import Balance, Entry, MoneyImport, Payout
from otklik.payouts.operations import importing
from otklik.payouts.operations.importing import ImportedMoney, MoneyFileRefused, import_money_file
from otklik.payouts.operations.paying import mark_returned
from otklik.payouts.operations.recounting import recount_balances
from otklik.payouts.rules.vocabulary import LineProblem, MoneyFileKind, PayoutProblem, PayoutState
from otklik.payouts.tests.office import AT, TODAY, balance, line, record
from tests.world import World

ENTRIES = "key;partner;amount;currency;earned_on;kind\n"
PAYOUTS = "key;partner;amount;currency;state;expected_on;sent_on;paid_on;reference\n"


class Desk:
    """Takes files of one program."""

    zone: tzinfo = UTC

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        for partner, key in ((world.aurora, "A-1"), (world.borealis, "B-2")):
            partner.external_id = key
            partner.save()

    def take(
        self, text: str, kind: MoneyFileKind = MoneyFileKind.ENTRIES, totals: dict[str, Decimal] | None = None
    ) -> ImportedMoney:
        path = self.folder / "money.csv"
        path.write_text(text)
        return import_money_file(
            program_id=self.world.program.pk,
            kind=kind,
            path=path,
            name="money.csv",
            totals=totals,
            zone=self.zone,
            by=Actor.system(),
            at=AT,
        )

    def payouts(self, *lines: str) -> ImportedMoney:
        return self.take(PAYOUTS + "\n".join(lines), MoneyFileKind.PAYOUTS)

    def refused(
        self, text: str, kind: MoneyFileKind = MoneyFileKind.ENTRIES, totals: dict[str, Decimal] | None = None
    ) -> list[tuple[int, str, LineProblem]]:
        before = Entry.objects.count(), Payout.objects.count(), MoneyImport.objects.count()
        with pytest.raises(MoneyFileRefused) as found:
            self.take(text, kind, totals)
        assert (Entry.objects.count(), Payout.objects.count(), MoneyImport.objects.count()) == before
        return [(one.line, one.column, one.problem) for one in found.value.problems]


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)


def counted(taken: ImportedMoney) -> tuple[int, int, int]:
    return taken.new, taken.changed, taken.same


def test_a_file_is_in_the_ledger_and_on_the_balances_to_the_cent(desk: Desk) -> None:
    taken = desk.take(
        ENTRIES
        + "c-1;a-1;1 234,56;EUR;2026-02-01;earned\n"
        + "c-2;B-2;0,1;EUR;2026-02-01;bonus\n"
        + "c-3;A-1;-34,56;EUR;2026-02-02;chargeback\n"
        + "c-4;A-1;7,00;USD;2026-02-02;earned\n"
        + "Total;;1200,10;EUR;;\n"
    )
    assert counted(taken) == (4, 0, 0)
    assert taken.totals == {"EUR": "1200.10", "USD": "7.00"}
    assert balance(desk.world.aurora) == ("1200.00", "0.00", "0.00")
    assert balance(desk.world.borealis) == ("0.10", "0.00", "0.00")
    assert Entry.objects.filter(money_import_id=taken.money_import_id).count() == 4
    event = Event.objects.get(kind="money.imported")
    assert event.data["totals"] == taken.totals
    assert event.data["new"] == 4


def test_the_same_file_twice_and_a_longer_one_bring_each_line_once(desk: Desk) -> None:
    text = ENTRIES + "c-1;A-1;10;EUR;2026-02-01;earned\n"
    assert counted(desk.take(text)) == (1, 0, 0)
    again = desk.take(text)
    assert again.is_repeat
    assert counted(again) == (0, 0, 1)
    assert counted(desk.take(text + "c-2;A-1;5;EUR;2026-02-02;earned\n")) == (1, 0, 1)
    assert balance(desk.world.aurora)[0] == "15.00"
    assert MoneyImport.objects.count() == 2


def test_one_wrong_line_refuses_the_whole_file_and_all_wrong_lines_are_named(desk: Desk) -> None:
    found = desk.refused(
        ENTRIES
        + "c-1;A-1;10;EUR;2026-02-01;earned\n"
        + "c-1;A-1;10;EUR;2026-02-01;earned\n"
        + "c-2;A-1;10;XQX;2026-02-01;earned\n"
        + "c-3;A-1;-10;EUR;2026-02-01;earned\n"
        + "c-4;Z-9;10;EUR;2026-02-01;earned\n"
        + "c-5;A-1;10;EUR;2027-02-01;earned\n"
        + "c-6;A-1;10;EUR\n"
    )
    assert found == [
        (3, "key", LineProblem.DOUBLED_KEY),
        (4, "currency", LineProblem.UNKNOWN_CURRENCY),
        (5, "amount", LineProblem.WRONG_SIGN),
        (6, "partner", LineProblem.UNKNOWN_PARTNER),
        (7, "earned_on", LineProblem.IN_THE_FUTURE),
        (8, "", LineProblem.RAGGED),
    ]


def test_totals_that_differ_by_a_cent_refuse_the_file(desk: Desk) -> None:
    lines = ENTRIES + "c-1;A-1;10,00;EUR;2026-02-01;earned\n"
    assert desk.refused(lines + "Total;;10,01;EUR;;\n") == [(3, "amount", LineProblem.TOTAL_DIFFERS)]
    assert desk.refused(lines, totals={"EUR": Decimal("9.99")}) == [(0, "amount", LineProblem.TOTAL_DIFFERS)]
    assert counted(desk.take(lines, totals={"EUR": Decimal("10.00")})) == (1, 0, 0)


def test_a_known_line_that_says_something_else_refuses_the_file(desk: Desk) -> None:
    desk.take(ENTRIES + "c-1;A-1;10;EUR;2026-02-01;earned\n")
    changed = ENTRIES + "c-0;A-1;1;EUR;2026-02-01;earned\nc-1;A-1;11;EUR;2026-02-01;earned\n"
    assert desk.refused(changed) == [(3, "amount", LineProblem.CHANGED)]


def test_partners_whose_keys_differ_in_letter_case_get_no_money_by_guess(desk: Desk) -> None:
    desk.world.borealis.external_id = "a-1"
    desk.world.borealis.save()
    text = ENTRIES + "c-1;A-1;10;EUR;2026-02-01;earned\n"
    assert desk.refused(text) == [(2, "partner", LineProblem.UNKNOWN_PARTNER)]


def test_a_file_that_is_no_table_is_named_as_such(desk: Desk) -> None:
    with pytest.raises(TableError):
        desk.take("")
    assert not MoneyImport.objects.exists()


def test_an_interrupted_file_goes_on_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on SQLite, where a file is stored in chunks."""
    monkeypatch.setattr(importing, "CHUNK", 10)
    monkeypatch.setattr(importing, "_is_chunked", lambda kind: True)
    text = ENTRIES + "".join(f"c-{n};A-1;1;EUR;2026-02-01;earned\n" for n in range(35))
    whole, calls = importing.record_entries, []

    def cut(**given: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "record_entries", cut)
    with pytest.raises(KeyboardInterrupt):
        desk.take(text)
    assert Entry.objects.count() == 20
    assert not Event.objects.filter(kind="money.imported").exists()
    assert counted(desk.take(text)) == (35, 0, 0)
    assert balance(desk.world.aurora)[0] == "35.00"
    assert desk.take(text).is_repeat


def test_what_another_worker_stored_since_the_check_is_checked_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, calls = importing._known, []

    def overtaken(*given: object) -> object:
        known = look_up(*given)  # type: ignore[arg-type]
        if not calls:
            calls.append(1)
            other = line(desk.world.aurora, "9", key="c-1", on="2026-02-01")
            record(other, program_id=desk.world.program.pk)
        return known

    monkeypatch.setattr(importing, "_known", overtaken)
    with pytest.raises(MoneyFileRefused) as found:
        desk.take(ENTRIES + "c-1;A-1;10;EUR;2026-02-01;earned\n")
    assert [one.problem for one in found.value.problems] == [LineProblem.CHANGED]
    assert Balance.objects.get().total == 9


def test_payouts_move_money_as_if_they_had_been_made_here(desk: Desk) -> None:
    desk.take(ENTRIES + "c-1;A-1;100;EUR;2026-02-01;earned\n")
    planned = "p-1;A-1;40;EUR;planned;2026-02-25;;;"
    assert counted(desk.payouts(planned)) == (1, 0, 0)
    assert balance(desk.world.aurora) == ("100.00", "0.00", "40.00")
    sent = "p-1;A-1;40;EUR;sent;2026-02-25;2026-02-24;;"
    assert counted(desk.payouts(sent)) == (0, 1, 0)
    assert balance(desk.world.aurora) == ("60.00", "0.00", "0.00")
    paid = "p-1;A-1;40;EUR;paid;2026-02-25;2026-02-24;2026-02-25;TR-7"
    assert counted(desk.payouts(paid)) == (0, 1, 0)
    assert counted(desk.payouts(paid, "p-2;B-2;5;EUR;paid;2026-02-25;;2026-02-25;")) == (1, 0, 1)
    payout = Payout.objects.get(source_key="p-1")
    assert (payout.state, payout.paid_on, payout.reference) == (PayoutState.PAID, date(2026, 2, 25), "TR-7")
    assert payout.entries.get().earned_on == date(2026, 2, 24)
    assert balance(desk.world.borealis)[0] == "-5.00"
    kinds = Event.objects.filter(kind__startswith="payout.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["payout.planned", "payout.sent", "payout.paid", "payout.paid"]
    assert recount_balances(by=Actor.system(), at=AT) == 0


def test_a_payout_that_came_back_is_on_the_balance_again_once(desk: Desk) -> None:
    failed = "p-1;A-1;40;EUR;failed;2026-02-25;;;"
    returned = "p-2;A-1;60;EUR;returned;2026-02-25;2026-02-24;;"
    desk.payouts(failed, returned, "p-3;A-1;7;EUR;sent;2026-02-25;2026-02-24;;")
    assert balance(desk.world.aurora) == ("-7.00", "0.00", "0.00")
    desk.payouts("p-3;A-1;7;EUR;returned;2026-02-25;2026-02-24;;")
    assert balance(desk.world.aurora) == ("0.00", "0.00", "0.00")
    assert Entry.objects.get(payout__source_key="p-3", kind="return").earned_on == TODAY
    assert recount_balances(by=Actor.system(), at=AT) == 0


def test_a_payout_does_not_go_backwards_and_a_repeated_file_changes_nothing(desk: Desk) -> None:
    sent = "p-1;A-1;40;EUR;sent;2026-02-25;2026-02-24;;"
    desk.payouts(sent)
    payout = Payout.objects.get()
    mark_returned(
        payout_id=payout.pk, problem=PayoutProblem.ACCOUNT_CLOSED, on=TODAY, by=Actor.system(), at=AT
    )
    assert desk.payouts(sent).is_repeat
    later = PAYOUTS + "p-1;A-1;40;EUR;paid;2026-02-25;2026-02-24;2026-02-25;\n"
    assert desk.refused(later, MoneyFileKind.PAYOUTS) == [(2, "state", LineProblem.BAD_MOVE)]
    assert Entry.objects.aggregate(sum=Sum("amount"))["sum"] == 0


def test_a_new_day_of_a_payout_is_told_and_blank_cells_take_nothing_away(desk: Desk) -> None:
    desk.payouts("p-1;A-1;40;EUR;sent;2026-02-25;2026-02-24;;TR-1")
    assert counted(desk.payouts("p-1;A-1;40;EUR;sent;2026-03-05;;;")) == (0, 1, 0)
    payout = Payout.objects.get()
    assert (payout.expected_on, payout.original_expected_on) == (date(2026, 3, 5), date(2026, 2, 25))
    assert payout.reference == "TR-1"
    assert payout.sent_at is not None
    assert Event.objects.get(kind="payout.moved").data["to"] == "2026-03-05"
    assert counted(desk.payouts("p-1;A-1;40;EUR;sent;2026-03-05;;;", "")) == (0, 0, 1)


def test_a_day_that_is_put_right_is_on_record(desk: Desk) -> None:
    desk.payouts("p-1;A-1;40;EUR;sent;2026-02-25;2026-02-23;;")
    desk.payouts("p-1;A-1;40;EUR;paid;2026-02-25;2026-02-23;2026-02-25;")
    assert not Event.objects.filter(kind="payout.corrected").exists()
    desk.payouts("p-1;A-1;40;EUR;paid;2026-02-25;2026-02-24;2026-02-27;")
    data = Event.objects.get(kind="payout.corrected").data
    assert {name: data[name] for name in data if name not in ("amount", "currency")} == {
        "sent_before": "2026-02-23",
        "sent_after": "2026-02-24",
        "paid_before": "2026-02-25",
        "paid_after": "2026-02-27",
    }


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Europe/Moscow", "America/Los_Angeles"])
def test_a_day_of_sending_is_that_day_in_the_zone_of_the_program_and_in_utc(desk: Desk, zone: str) -> None:
    sent = "p-1;A-1;40;EUR;sent;2026-02-25;2026-02-24;;"
    desk.zone = ZoneInfo(zone)
    desk.payouts(sent)
    sent_at = Payout.objects.get().sent_at
    assert sent_at is not None
    assert {sent_at.astimezone(one).date() for one in (UTC, desk.zone)} == {date(2026, 2, 24)}
    assert counted(desk.payouts(sent + "TR-1")) == (0, 1, 0)
    assert not Event.objects.filter(kind="payout.corrected").exists()


def test_no_payout_below_zero_and_none_finer_than_a_cent(desk: Desk) -> None:
    text = PAYOUTS + "p-1;A-1;-40;EUR;planned;2026-02-25;;;\np-2;A-1;40,0012;EUR;planned;2026-02-25;;;\n"
    assert [(row, problem) for row, _, problem in desk.refused(text, MoneyFileKind.PAYOUTS)] == [
        (2, LineProblem.WRONG_SIGN),
        (3, LineProblem.TOO_MANY_DIGITS),
    ]
