"""CSV as it comes: other separators, quotes, line ends; and what is wrong is said with row and column."""

import io
import tracemalloc

import pytest

from otklik.kit.tabular import errors
from otklik.kit.tabular.reader import open_table
from otklik.kit.tabular.table import Limits, Ragged


def read(data, **options):
    source = io.BytesIO(data.encode() if isinstance(data, str) else data)
    with open_table(source, **options) as table:
        return table.columns, list(table.rows)


def cells(data):
    columns, rows = read(data)
    return [list(columns), *(row.cells for row in rows)]


def refusal(data, **options):
    with pytest.raises(errors.TableError) as caught:
        read(data, **options)
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_common_separators_are_found(delimiter):
    lines = ["partner,score,comment", "Acme,9,fine", "Beta,3,", "Gamma,10,ok"]

    found = cells("\n".join(lines).replace(",", delimiter))

    assert found == [line.split(",") for line in lines]


def test_commas_in_text_do_not_pass_for_separators():
    assert cells("score;comment\n9;good, quick, kind\n3;slow, rude\n")[1] == ["9", "good, quick, kind"]


def test_one_column_with_decimal_commas_stays_one_column():
    assert cells("score\n9,0\n8,0\n") == [["score"], ["9,0"], ["8,0"]]


def test_a_single_column_needs_no_separator():
    assert cells("score\n9\n8\n") == [["score"], ["9"], ["8"]]


def test_excel_may_declare_its_separator():
    columns, rows = read("sep=;\nscore;comment\n9;a\n")

    assert columns == ("score", "comment")
    assert rows[0].number == 3


def test_quoted_cells_hold_line_breaks_separators_and_quotes():
    text = 'score,comment\n9,"first line\nsecond, ""quoted"""\n8,next\n'

    _, rows = read(text)

    assert rows[0].cells == ["9", 'first line\nsecond, "quoted"']
    assert (rows[1].number, rows[1].cells) == (3, ["8", "next"])


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(line_end):
    assert cells(line_end.join(["score,text", "9,a", "8,b", ""])) == [
        ["score", "text"],
        ["9", "a"],
        ["8", "b"],
    ]


def test_blank_lines_are_not_answers_but_keep_their_row_numbers():
    _, rows = read("\nscore,text\n\n9,a\n,\n8,b\n")

    assert [(row.number, row.cells) for row in rows] == [(4, ["9", "a"]), (6, ["8", "b"])]


def test_columns_without_a_name_are_called_by_their_position():
    columns, _ = read('"",score,""\n1,9,x\n')

    assert columns == ("#1", "score", "#3")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"   \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(data):
    assert refusal(data).code == "empty_file"


@pytest.mark.parametrize(
    ("data", "column", "value"),
    [
        ("9\n8\n7\n", 1, "9"),
        ("Acme,9\nBeta,8\n", 2, "9"),
        ("2025-03-12,Acme\n2025-03-13,Beta\n", 1, "2025-03-12"),
    ],
)
def test_a_file_without_a_header_is_not_read_as_if_it_had_one(data, column, value):
    error = refusal(data)

    assert error.code == "no_header"
    assert (error.row, error.column, error.facts["value"]) == (1, column, value)


def test_years_may_be_column_names():
    assert read("partner,2024,2025\nAcme,9,8\n")[0] == ("partner", "2024", "2025")


def test_duplicate_columns_are_named_with_their_places():
    error = refusal("score,partner,Score,score,partner\n9,a,8,7,b\n")

    assert error.code == "duplicate_columns"
    assert error.facts == {"names": ["score", "partner"], "positions": [1, 4, 2, 5]}
    assert "score, partner (columns 1, 4, 2, 5)" in str(error)


def test_a_row_too_long_or_too_short_is_refused_with_its_place():
    long = refusal("score,text\n9,a\n8,b,surprise\n")
    short = refusal("score,text,date\n9,a\n8,b,c\n")

    assert (long.code, long.row, long.column, long.facts["value"]) == ("row_too_long", 3, 3, "surprise")
    assert (short.code, short.row, short.facts["found"]) == ("row_too_short", 2, 2)


def test_blank_cells_beyond_the_header_do_no_harm():
    assert cells("score,text\n9,a,,\n") == [["score", "text"], ["9", "a"]]


def test_ragged_rows_can_be_reported_instead_so_that_the_rest_is_read():
    _, rows = read("score,text\n9,a,b\n8\n7,c\n", ragged=Ragged.REPORT)

    assert [row.problem and row.problem.code for row in rows] == ["row_too_long", "row_too_short", None]


def test_a_file_cut_in_the_middle_of_a_row_is_said_to_be_cut():
    error = refusal("score,text,date\n9,a,2025-01-01\n8,b")

    assert (error.code, error.row) == ("cut_off", 3)


def test_a_file_cut_within_a_quote_names_where_the_quote_opens():
    error = refusal('score,text\n9,fine\n8,"very go')

    assert (error.code, error.row, error.column) == ("unclosed_quote", 3, 2)


def test_a_stray_quote_does_not_swallow_the_rows_after_it():
    error = refusal('score,text\n9,"oops\n8,fine\n7,"good"\n')

    assert (error.code, error.row, error.column) == ("broken_quote", 2, 2)


def test_a_nul_byte_names_its_place():
    error = refusal(b"score,text\n9,a\n8,b\x00c\n")

    assert (error.code, error.row, error.column) == ("nul_byte", 3, 2)


def test_too_many_columns_and_rows_have_a_limit():
    assert refusal(",".join(f"c{i}" for i in range(1001)) + "\n").code == "too_many_columns"
    assert refusal("score\n" + "9\n" * 5, limits=Limits(rows=3)).code == "too_many_rows"


class EndlessLine(io.RawIOBase):
    """A file whose second line is a gigabyte long, made up while it is read."""

    def __init__(self, size=1 << 30, filler=b"x"):
        self.left = size
        self.given = 0
        self.start = b"score,text\n9,"
        self.filler = filler

    def read(self, size=-1):
        start, self.start = self.start, b""
        data = start or self.filler * min(size, self.left)
        self.left -= len(data)
        self.given += len(data)
        return data


@pytest.mark.parametrize("filler", [b"x", b'"x\n', b"\xe9"])
def test_a_line_of_a_gigabyte_is_refused_without_reading_it_all(filler):
    source = EndlessLine(filler=filler)
    if filler.startswith(b'"'):
        source.start = b'score,text\n9,"'
        source.filler = b"never closed\n"
    tracemalloc.start()
    try:
        with pytest.raises(errors.TableError) as caught, open_table(source) as table:
            list(table.rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert caught.value.code in ("line_too_long", "unclosed_quote")
    assert caught.value.row == 2
    assert source.given < 8 << 20
    assert peak < 24 << 20


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file():
    def peak(rows):
        def lines():
            yield b"score,text\n"
            for _ in range(rows // 100):
                yield "9,быстро ответили\n".encode("cp1251") * 100

        class Stream(io.RawIOBase):
            source = lines()

            def read(self, size=-1):
                return next(self.source, b"")

        tracemalloc.start()
        try:
            with open_table(Stream()) as table:
                count = sum(1 for _ in table.rows)
            assert count == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(60_000), peak(240_000)

    assert large < small * 1.2


def test_a_column_is_found_by_its_name_in_any_case_and_the_others_are_named():
    with open_table(io.BytesIO(b"NPS,Partner\n9,a\n")) as table:
        assert table.index("nps") == 0
        with pytest.raises(errors.NoSuchColumn) as caught:
            table.index("score")
    assert "NPS, Partner" in str(caught.value)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n%", "pdf"),
        (b"<!DOCTYPE html><html><body>", "html"),
        (b"\xef\xbb\xbf  <html>", "html"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b'[{"score": 9}]', "json"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (b"PAR1\x15\x04", "parquet"),
        (b"SQLite format 3\x00", "database"),
        (bytes(range(1, 32)) * 20, "binary"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(head, kind):
    error = refusal(head)

    assert (error.code, error.facts["kind"]) == ("not_a_table", kind)
    assert "Save it as CSV or XLSX" in str(error)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(errors.CannotOpen, match="no such file"), open_table(tmp_path / "absent.csv"):
        pass
    with pytest.raises(errors.CannotOpen, match="folder"), open_table(tmp_path):
        pass


def test_every_error_has_a_sentence():
    from otklik.kit.tabular.messages import MESSAGES

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.code for kind in kinds if issubclass(kind, errors.TableError)}

    assert codes == set(MESSAGES)
