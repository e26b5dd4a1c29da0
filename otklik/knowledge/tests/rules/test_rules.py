"""Rules without a database: diffs, marks, files, videos, excerpts, words of a query."""

from __future__ import annotations

from time import process_time

import pytest

from otklik.knowledge.rules.diff import Kind, compare
from otklik.knowledge.rules.drafting import kept_in
from otklik.knowledge.rules.excerpts import excerpt, excerpt_around
from otklik.knowledge.rules.files import BadFile, file_kind, tidy_name
from otklik.knowledge.rules.languages import best_language, translation_state
from otklik.knowledge.rules.personal import blanked, has_marks, marked
from otklik.knowledge.rules.queries import other_layout, telling
from otklik.knowledge.rules.videos import BadVideo, video_address
from otklik.knowledge.rules.vocabulary import TextState

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


def test_a_diff_shows_words_that_changed_lines_that_came_and_skips_the_rest() -> None:
    before = "\n".join([*(f"line {n}" for n in range(10)), "Money comes on the fifth.", "Gone"])
    after = "\n".join([*(f"line {n}" for n in range(10)), "Money comes on the tenth.", "", "New"])
    rows = compare(before, after)
    assert [row.kind for row in rows] == ["skipped", "same", "same", "changed", "changed", "added"]
    assert rows[0].skipped == 8
    changed = rows[3]
    assert [piece.text for piece in changed.before if piece.is_changed] == ["fifth"]
    assert [piece.text for piece in changed.after if piece.is_changed] == ["tenth"]
    assert (changed.before_line, changed.after_line, rows[5].before_line, rows[5].after_line) == (
        11,
        11,
        0,
        13,
    )
    assert "".join(piece.text for piece in changed.after) == "Money comes on the tenth."


def test_equal_texts_have_no_diff_and_odd_ones_end_soon() -> None:
    assert compare("a\nb", "a\nb") == []
    assert compare("", "") == []
    assert [row.kind for row in compare("", "a")] == [Kind.ADDED]
    assert [row.kind for row in compare("a", "")] == [Kind.REMOVED]
    long = compare("x " * 5_000, "y " * 5_000)
    assert [len(row.before) for row in long] == [1]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Write to vera@aurora.example, please", [], "Write to ⟦vera@aurora.example⟧, please"),
        ("Call +7 (495) 123-45-67 now", [], "Call ⟦+7 (495) 123-45-67⟧ now"),
        ("Card 4276 1234 5678 9010", [], "Card ⟦4276 1234 5678 9010⟧"),
        ("IBAN DE89 3704 0044 0532 0130 00 is mine", [], "IBAN ⟦DE89 3704 0044 0532 0130 00⟧ is mine"),
        ("@vera_orlova in a messenger, ticket #1042", [], "⟦@vera_orlova⟧ in a messenger, ticket ⟦#1042⟧"),
        ("See https://a.example/?token=5", [], "See ⟦https://a.example/?token=5⟧"),
        ("See https://a.example/help", [], "See https://a.example/help"),
        ("Добрый день, Вере Орловой не пришло", ["Вера Орлова"], "Добрый день, ⟦Вере Орловой⟧ не пришло"),
        ("Орлову жаль, Веры нет", ["Вера Орлова"], "⟦Орлову⟧ жаль, ⟦Веры⟧ нет"),
        ("Aurora's people at AURORA", ["Aurora"], "⟦Aurora⟧'s people at ⟦AURORA⟧"),
        ("Paid 1 200,50 on 05.03.2026 by 3 %", ["Al"], "Paid 1 200,50 on 05.03.2026 by 3 %"),
        ("⟦already⟧ marked", [], "already marked"),
    ],
)
def test_what_may_name_somebody_is_marked(text: str, names: list[str], expected: str) -> None:
    assert marked(text, names) == expected


@pytest.mark.parametrize("piece", ["a.", "h", "http://", "]("])
def test_a_text_without_a_space_keeps_nobody_waiting(piece: str) -> None:
    """A partner's mail may hold a file as text; each of these took its length squared."""
    text, began = piece * (60_000 // len(piece)), process_time()
    marked(text)
    kept_in(text)
    assert process_time() - began < 1


def test_of_a_mark_nothing_is_left() -> None:
    assert blanked("Ask ⟦Vera⟧ or ⟦Gleb⟧") == "Ask … or …"
    assert has_marks("a⟧")
    assert not has_marks("[a]")


@pytest.mark.parametrize(
    ("name", "start", "kind"),
    [
        ("map.png", PNG, "image/png"),
        ("Photo.JPEG", b"\xff\xd8\xff\xe0" + b"0" * 12, "image/jpeg"),
        ("a.webp", b"RIFF0000WEBPVP8 ", "image/webp"),
        ("act.pdf", b"%PDF-1.7 0000000", "application/pdf"),
        ("act.docx", b"PK\x03\x04" + b"0" * 12, "application/zip"),
        ("rates.csv", b"a;b\n1;2", "text/plain"),
    ],
)
def test_a_file_is_what_its_beginning_says(name: str, start: bytes, kind: str) -> None:
    assert file_kind(name, start) == kind


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("map.svg", b"<svg onload=alert(1)>"),
        ("page.html", b"<script>alert(1)</script>"),
        ("map.png", b"<script>alert(1)</script>"),
        ("map.html", PNG),
        ("run.exe", b"MZ" + b"0" * 14),
        ("a.txt", b"MZ\x00" + b"0" * 13),
        ("", b""),
    ],
)
def test_a_file_of_a_false_type_is_refused(name: str, start: bytes) -> None:
    with pytest.raises(BadFile):
        file_kind(name, start)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\a.pdf", "a.pdf"),
        ("карта <1>.png", "карта 1.png"),
        ("a](javascript:x).png", "a (javascript x).png"),
        ("..png", "png"),
        ("x" * 300 + ".png", "x" * 100 + ".png"),
    ],
)
def test_a_name_is_one_name(name: str, kept: str) -> None:
    assert tidy_name(name) == kept


@pytest.mark.parametrize(
    "address",
    [
        "http://www.youtube.com/watch?v=1",
        "https://evil.example/watch",
        "https://www.youtube.com.evil.example/",
        "https://www.youtube.com@evil.example/",
        "https://www.youtube.com:8443/",
        "javascript:alert(1)//www.youtube.com",
        "https://youtu.be/a b",
        "https://[youtu.be/",
        "//youtu.be/1",
        "",
    ],
)
def test_a_video_of_an_unknown_host_is_refused(address: str) -> None:
    with pytest.raises(BadVideo):
        video_address(address)


def test_a_video_of_a_known_host_is_kept_as_it_is() -> None:
    assert video_address(" https://youtu.be/abc?t=5 ") == "https://youtu.be/abc?t=5"


def test_languages_and_their_freshness() -> None:
    assert best_language(["ru", "de"], wanted="pt-br", source="ru") == "ru"
    assert best_language(["pt", "ru"], wanted="pt-br", source="ru") == "pt"
    assert best_language(["de"], wanted="", source="ru") == "de"
    assert best_language([], wanted="ru", source="ru") is None
    assert translation_state(made_from=None, source_number=5) is TextState.FRESH
    assert translation_state(made_from=0, source_number=1) is TextState.STALE
    assert translation_state(made_from=5, source_number=5) is TextState.FRESH


def test_excerpts_end_at_a_word() -> None:
    assert excerpt("one two three", 6) == "one …"
    assert excerpt("  one\n two ", 20) == "one two"
    assert excerpt("Who:\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n- one\n2. two - three") == (
        "Who: a b 1 2 one two - three"
    )
    around = excerpt_around("a " * 50 + "wallet of yours", lambda word: word == "wallet")
    assert around.startswith("… ")
    assert "wallet of yours" in around


def test_words_of_any_question_tell_nothing_unless_there_are_no_others() -> None:
    assert telling(["когда", "придет", "выплата"]) == ["придет", "выплата"]
    assert telling(["how", "to"]) == ["how", "to"]
    assert other_layout("dsgkfnf") == "выплата"
    assert other_layout("зфнщге") == "payout"
