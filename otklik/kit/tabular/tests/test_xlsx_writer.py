from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from otklik.kit.tabular import xlsx_writer
from otklik.kit.tabular.xlsx_writer import LONGEST_TEXT, TooManyRows, write_xlsx


def written(*rows: list[object]) -> list[tuple[object, ...]]:
    stream = BytesIO()
    write_xlsx(stream, ["score", "comment"], rows)
    sheet = openpyxl.load_workbook(stream).active
    assert sheet is not None
    return [tuple((cell.value, cell.data_type)[0] for cell in row) for row in sheet.iter_rows()]


def test_a_workbook_reads_back_as_it_was_written() -> None:
    rows = written([9, " Отлично 😀\n<b> & "], [0, ""], [4.5, None])
    assert rows == [("score", "comment"), (9, " Отлично 😀\n<b> & "), (0, None), (4.5, None)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_text_becomes_a_formula(text: str) -> None:
    stream = BytesIO()
    write_xlsx(stream, ["comment"], [[text]])
    sheet = openpyxl.load_workbook(stream).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].data_type) in [(text, "s"), (text, "inlineStr")]


def test_what_no_workbook_may_hold_is_taken_out() -> None:
    assert written([1, "a\x00\x0bb\ud800c"])[1] == (1, "abc")
    (_, (_, text)) = written([1, "x" * 40_000])
    assert len(str(text)) == LONGEST_TEXT


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writer, "MOST_ROWS", 3)
    with pytest.raises(TooManyRows):
        written([1, "a"], [2, "b"], [3, "c"])
