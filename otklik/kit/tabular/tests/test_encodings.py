"""Russian, French and plain text come out right whatever the program that wrote them."""

import io

import pytest

from otklik.kit.tabular.encodings import Sureness
from otklik.kit.tabular.errors import CutOff, WrongEncoding
from otklik.kit.tabular.reader import open_table

RUSSIAN = "оценка;комментарий\n9;Отвечают быстро, всё понятно\n3;Выплату ждал две недели\n10;Ёжик доволен\n"
FRENCH = "note;commentaire\n9;Très bon accueil, équipe à l'écoute\n3;Délai d'attente trop long\n8;Noël\n"
GERMAN = "wert;text\n9;Schöne Grüße aus Köln\n3;Für die Größe zu teuer\n"


def read(data):
    with open_table(io.BytesIO(data)) as table:
        rows = [row.cells for row in table.rows]
        return table.columns, rows, table.facts.encoding


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (RUSSIAN, "utf-8", "UTF-8"),
        (RUSSIAN, "utf-8-sig", "UTF-8"),
        (RUSSIAN, "utf-16", "UTF-16"),
        (RUSSIAN, "utf-16-le", "UTF-16"),
        (RUSSIAN, "cp1251", "Windows-1251"),
        (FRENCH, "utf-8", "UTF-8"),
        (FRENCH, "latin-1", "Latin-1 (Windows-1252)"),
        (GERMAN, "latin-1", "Latin-1 (Windows-1252)"),
        (GERMAN, "cp1252", "Latin-1 (Windows-1252)"),
    ],
)
def test_text_is_the_same_in_every_encoding(text, codec, label):
    columns, rows, encoding = read(text.encode(codec))

    expected = [line.split(";") for line in text.splitlines()]
    assert [list(columns), *rows] == expected
    assert encoding.label == label


@pytest.mark.parametrize(
    ("word", "codec"),
    [
        ("Отлично", "cp1251"),
        ("Нет", "cp1251"),
        ("ПАРТНЁР", "cp1251"),
        ("école", "latin-1"),
        ("français", "latin-1"),
        ("São Paulo", "latin-1"),
    ],
)
def test_one_word_is_enough(word, codec):
    _, rows, _ = read(f"score,text\n9,{word}\n".encode(codec))

    assert rows == [["9", word]]


def test_it_says_when_it_only_guesses():
    _, _, encoding = read("score,text\n9,5 \xb3\n".encode("latin-1"))

    assert encoding.sureness is Sureness.GUESS


def test_much_text_makes_it_certain():
    assert read(RUSSIAN.encode("cp1251"))[2].sureness is Sureness.CERTAIN
    assert read(FRENCH.encode("latin-1"))[2].sureness is Sureness.CERTAIN


def test_the_first_letter_may_stand_a_megabyte_into_the_file():
    data = b"score,text\n" + b"9,plain\n" * 200_000 + "8,Спасибо большое\n".encode("cp1251")

    _, rows, encoding = read(data)

    assert rows[-1] == ["8", "Спасибо большое"]
    assert encoding.label == "Windows-1251"


def test_a_damaged_letter_in_utf8_names_row_and_column():
    data = RUSSIAN.encode().replace("две".encode(), b"\xd0\xff")

    with pytest.raises(WrongEncoding) as caught:
        read(data)

    assert (caught.value.row, caught.value.column) == (3, 2)
    assert "Row 3, column 2" in str(caught.value)
    assert "0xD0" in str(caught.value)


def test_bytes_that_windows_left_empty_do_not_stop_a_latin_file():
    _, rows, _ = read(b"score,text\n9,d\xe9j\xe0 \x90 vu\n")

    assert rows == [["9", "déjà \x90 vu"]]


def test_a_file_cut_within_a_letter_is_cut_off():
    with pytest.raises(CutOff):
        read("score,text\n9,да".encode()[:-1])


def test_a_person_may_know_better_than_the_bytes():
    data = "оценка;текст\n9;Спасибо\n".encode("koi8-r")

    with open_table(io.BytesIO(data), encoding="koi8-r") as table:
        rows = list(table.rows)

    assert table.columns == ("оценка", "текст")
    assert rows[0].cells == ["9", "Спасибо"]
    assert table.facts.encoding.label == "KOI8-R"


def test_a_stated_encoding_does_not_leave_its_mark_in_the_header():
    with open_table(io.BytesIO("\ufeffscore,text\n9,да\n".encode()), encoding="utf-8") as table:
        assert table.columns == ("score", "text")


def test_a_stated_encoding_that_does_not_fit_is_refused_with_its_place():
    with (
        pytest.raises(WrongEncoding) as caught,
        open_table(io.BytesIO(RUSSIAN.encode("cp1251")), encoding="utf-8") as table,
    ):
        list(table.rows)

    assert caught.value.row is not None


def test_a_stated_separator_is_taken():
    with open_table(io.BytesIO(b"a|b;c\n1|2;3\n"), delimiter="|") as table:
        assert table.columns == ("a", "b;c")
