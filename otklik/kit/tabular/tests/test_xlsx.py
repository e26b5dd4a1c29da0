# ruff: noqa: DTZ001  # dates in files have no zone unless they say so
"""Workbooks: saved results of formulas, dates as dates, and nothing that unpacks without end."""

import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest

from otklik.kit.tabular import errors
from otklik.kit.tabular.reader import open_table
from otklik.kit.tabular.table import Limits


def workbook(rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rewritten(data, name, change):
    """The same workbook with one part changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            new.writestr(info.filename, change(part) if info.filename == name else part)
    return result.getvalue()


def read(data, **options):
    with open_table(io.BytesIO(data), **options) as table:
        return table.columns, [(row.number, row.cells) for row in table.rows], table.facts


def refusal(data, **options):
    with pytest.raises(errors.TableError) as caught:
        read(data, **options)
    return caught.value


def test_cells_keep_their_kinds_and_rows_their_numbers():
    data = workbook(
        [["score", "when", "text"], [9, dt.datetime(2025, 3, 12, 10, 15), "да"], [], [8.0, None, None]]
    )

    columns, rows, facts = read(data)

    assert columns == ("score", "when", "text")
    assert rows == [(2, [9, dt.datetime(2025, 3, 12, 10, 15), "да"]), (4, [8.0, None, None])]
    assert (facts.format, facts.sheet) == ("xlsx", "Sheet")


def test_the_first_visible_sheet_is_read_and_the_others_named():
    _, rows, facts = read(workbook([["score"], [9]], Second=[["score"], [3]]))

    assert rows == [(2, [9])]
    assert facts.sheets == ("Sheet", "Second")


def test_a_workbook_comes_through_a_pipe_too():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    with open_table(Pipe(workbook([["score"], [9]]))) as table:
        assert [row.cells for row in table.rows] == [[9]]


def test_a_formula_counts_with_its_saved_result():
    data = workbook([["score", "text"], ["=4+5", "a"], [8, "b"]])
    data = rewritten(
        data,
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"<v></v>", b"<v>9</v>").replace(b"<v />", b"<v>9</v>"),
    )

    assert read(data)[1] == [(2, [9, "a"]), (3, [8, "b"])]


def test_a_formula_without_a_result_names_its_cell():
    error = refusal(workbook([["text", "score"], ["a", 8], ["b", "=4+5"]]))

    assert (error.code, error.row, error.column, error.facts["cell"]) == (
        "formula_without_value",
        3,
        "B",
        "B3",
    )


def test_a_zip_bomb_is_refused_before_it_is_opened():
    buffer = io.BytesIO(workbook([["score"], [9]]))
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/x.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(64):
            part.write(b"0" * (1 << 20))

    error = refusal(buffer.getvalue())

    assert error.code == "suspicious_workbook"
    assert len(buffer.getvalue()) < 200_000


def test_many_entries_and_many_bytes_are_refused():
    data = workbook([["score"], [9]])

    assert refusal(data, limits=Limits(members=3)).code == "suspicious_workbook"
    assert refusal(data, limits=Limits(unpacked=1000)).code == "suspicious_workbook"


def test_entries_that_share_their_bytes_are_refused():
    data = bytearray(workbook([["score"], [9]]))
    entries = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    first = struct.unpack_from("<L", data, entries[0] + 42)[0]
    struct.pack_into("<L", data, entries[1] + 42, first)

    assert refusal(bytes(data)).code in ("suspicious_workbook", "broken_workbook")


def test_a_row_or_a_cell_without_end_is_refused():
    data = workbook([["score"], [9]])
    sheet = "xl/worksheets/sheet1.xml"
    wide = rewritten(data, sheet, lambda part: part.replace(b"</row>", b"<c/>" * 50_000 + b"</row>", 1))
    long = rewritten(
        data, sheet, lambda part: part.replace(b"<v>9</v>", b"<v>" + bytes(range(48, 58)) * 200_000 + b"</v>")
    )

    assert refusal(wide).code == "suspicious_workbook"
    assert refusal(long, limits=Limits(ratio=10**6)).code == "suspicious_workbook"


def test_entity_definitions_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>'
    data = rewritten(workbook([["score"], [9]]), "xl/worksheets/sheet1.xml", lambda part: bomb + part)

    assert refusal(data).code == "suspicious_workbook"


def test_a_row_far_down_does_not_take_for_ever():
    data = workbook([["score"], [9]])
    far = rewritten(
        data,
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b'r="2"', b'r="900000000"').replace(b'"A2"', b'"A900000000"'),
    )

    assert refusal(far, limits=Limits(rows=10_000)).code == "too_many_rows"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_workbook_cut_in_the_middle_is_said_to_be_damaged(share):
    data = workbook([["score"], *([9] for _ in range(500))])

    assert refusal(data[: int(len(data) * share)]).code == "broken_workbook"


def test_damage_inside_is_damage_too():
    data = rewritten(
        workbook([["score"], [9]]), "xl/worksheets/sheet1.xml", lambda part: part[: len(part) // 2]
    )

    assert refusal(data).code == "broken_workbook"


def test_other_files_in_zip_clothing_are_called_by_name():
    def archive(name):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr(name, "x")
        return buffer.getvalue()

    assert refusal(archive("a.csv")).facts["kind"] == "zip"
    assert refusal(archive("word/document.xml")).facts["kind"] == "document"
    assert refusal(archive("content.xml")).facts["kind"] == "opendocument"


def test_old_and_encrypted_workbooks_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100_000

    assert refusal(ole).code == "old_excel"
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 64).code == "encrypted_workbook"


@pytest.mark.parametrize(
    ("rows", "code"), [([], "empty_file"), ([[9], [8]], "no_header"), ([["a", "a"]], "duplicate_columns")]
)
def test_the_header_is_held_to_the_same_rules(rows, code):
    assert refusal(workbook(rows)).code == code
