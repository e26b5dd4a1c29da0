"""Putting, finding and taking away, on whichever database the tests run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Q

from otklik.search.kinds import NewDocument, SearchKind, search_kinds
from otklik.search.models import Document, IndexedText
from otklik.search.public import find, forget, ids_among, matching_ids, objects_with, put, reindex, remove

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def kind(
    name: str = "thing", scope: Q | None = None, documents: list[NewDocument] | None = None
) -> SearchKind:
    return SearchKind(
        name=name,
        label=name,
        scope=lambda user: scope or Q(),
        links=lambda ids: {pk: f"/{name}/{pk}/" for pk in ids},
        documents=lambda: [documents or []],
    )


def document(object_id: int, title: str, *texts: str, program_id: int | None = None) -> NewDocument:
    return NewDocument("thing", object_id, title, texts, program_id)


def found(query: str, *, scope: Q | None = None, limit: int = 20) -> list[int]:
    hits = find(query, kinds=[kind(scope=scope)], user=None, limit=limit)
    return [hit.object_id for hit in hits.get("thing", [])]


@pytest.fixture
def things(db: None) -> None:
    put(
        [
            document(
                1, "Северная компания", "выплаты задерживаются", "sales@sever.example", "+7 (495) 123-45-67"
            ),
            document(2, "Running Shops Ltd", "payments delayed", "AB-12/34"),
            document(3, "Алёна Королёва", "руководитель отдела закупок", "https://t.me/alena_k"),
        ],
        at=AT,
    )


RUSSIAN = (
    "компания",
    "компании",
    "компанию",
    "компанией",
    "компаний",
    "компаниям",
    "компаниями",
    "компаниях",
)
MORE_RUSSIAN = ("выплата", "выплату", "выплатой", "выплат", "выплатам", "ВЫПЛАТАМИ")


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("word", [*RUSSIAN, *MORE_RUSSIAN])
def test_any_form_of_a_russian_word_finds_it(word: str) -> None:
    assert found(word) == [1]
    assert found(f"{word} северная") == [1]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("word", ["shop", "shops", "Shop's", "run", "runs", "payment", "delay", "delaying"])
def test_any_form_of_an_english_word_finds_it(word: str) -> None:
    assert found(word) == [2]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("алена", [3]),
        ("Королева Алёна", [3]),
        ("закуп", [3]),
        ("sales@sever.example", [1]),
        ("sales@sev", [1]),
        ("sales@sever.example компания", [1]),
        ("sales@shops.example", []),
        ("sever@sales.example", []),
        ("+7 495 123-45-67", [1]),
        ("8 (495) 1234567", [1]),
        ("4951234567", [1]),
        ("123-45-67", [1]),
        ("AB-12/34", [2]),
        ("ab1234", [2]),
        ("alena_k", [3]),
        ("компания running", []),
        ("ничего", []),
    ],
)
def test_names_addresses_numbers_and_ids_are_found(query: str, ids: list[int]) -> None:
    assert found(query) == ids


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "'",
        "*",
        "a*b AND (",
        "NEAR(",
        "terms:x",
        "{a b}:",
        "-x",
        "^",
        "\\",
        "'; DROP TABLE x; --",
        "&|!",
        "а:*",
        "\x00",
    ],
)
def test_signs_that_mean_something_to_a_database_are_only_signs(query: str) -> None:
    found(query)
    assert Document.objects.count() == 3


@pytest.mark.usefixtures("things")
def test_putting_again_replaces_what_was_there() -> None:
    put([document(1, "Южная фирма")], at=AT)
    assert found("компания") == []
    assert found("фирме") == [1]
    assert Document.objects.filter(kind="thing", object_id=1).count() == 1


@pytest.mark.usefixtures("things")
def test_what_was_taken_away_is_found_no_more() -> None:
    remove("thing", [2])
    assert found("shops") == []
    assert IndexedText.objects.count() == Document.objects.count() == 2


@pytest.mark.usefixtures("things")
def test_the_limit_counts_only_what_one_may_see() -> None:
    put([document(n, f"Общая {n}", program_id=1) for n in range(10, 40)], at=AT)
    put([document(99, "Общая последняя", program_id=2)], at=AT)
    assert found("общая", scope=Q(program_id=2), limit=1) == [99]


def test_a_title_that_is_the_query_goes_first_then_one_that_begins_with_it(db: None) -> None:
    put([document(1, "Big Aurora"), document(2, "Aurora Nord"), document(3, "aurora")], at=AT)
    assert found("Aurora") == [3, 2, 1]


def test_of_each_group_of_words_one_is_enough_in_any_form(db: None) -> None:
    put([document(5, "Выплаты за март"), document(6, "Payouts in March"), document(7, "Выплата")], at=AT)
    put([NewDocument("other", 8, "Выплаты за март", ())], at=AT)
    assert set(objects_with([["выплату", "payout"], ["марта", "march"]], "thing")) == {5, 6}
    assert set(objects_with([["выплат"]], "thing")) == {5, 7}
    assert set(objects_with([["выплат'", '"&|!']], "thing")) == {5, 7}
    assert set(objects_with([["выплат"], ["'"]], "thing")) == set()


def test_ids_of_matches_narrow_another_list(db: None) -> None:
    put([document(5, "Aurora"), NewDocument("other", 6, "Aurora", ())], at=AT)
    ids = matching_ids("aurora", "thing")
    assert ids is not None
    assert list(ids) == [5]
    assert matching_ids("!!!", "thing") is None


def test_reindexing_brings_back_what_is_missing_and_drops_what_is_gone(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put([document(1, "Gone")], at=AT)
    wanted = kind(documents=[document(2, "Present")])
    monkeypatch.setattr(search_kinds, "_entries", {"thing": wanted})
    assert reindex(at=datetime(2026, 3, 3, tzinfo=UTC)) == {"thing": 1}
    assert found("present") == [2]
    assert found("gone") == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 keeps segments of its own")
def test_a_forgotten_word_is_in_no_file_of_the_index(db: None) -> None:
    put([document(1, "Zyxwvutsova")], at=AT)
    put([document(n, f"Other {n}") for n in range(2, 50)], at=AT)
    forget("thing", [1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM search_index_data")
        assert not any(b"yxwvutsova" in bytes(block) for (block,) in cursor.fetchall())


def test_a_rare_kind_is_found_however_many_others_hold_the_word(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otklik.search.queries.LOOKED_AT", 3)
    put([NewDocument("company", 1, "Aurora", ())], at=AT)
    put([document(n, f"Ticket {n}", "Aurora") for n in range(1, 10)], at=AT)

    hits = find("aurora", kinds=[kind(), kind("company")], user=None, limit=20)

    assert [hit.object_id for hit in hits["company"]] == [1]
    assert not hits["company"].is_partial
    assert [hit.object_id for hit in hits["thing"]] == [7, 8, 9]
    assert hits["thing"].is_partial


def test_nobody_asks_for_a_kind_by_typing_its_name(things: None) -> None:
    assert found("§thing") == []


def test_a_beginning_is_looked_for_unless_the_word_itself_has_hits_enough(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put([document(n, "pay", "x") for n in range(1, 4)] + [document(4, "payout", "x")], at=AT)

    assert set(found("pay")) == {1, 2, 3, 4}

    monkeypatch.setattr("otklik.search.queries.LOOKED_AT", 2)
    assert set(found("pay")) == {2, 3}


@pytest.mark.parametrize(
    "query", ["pay", "payout late", "выплаты", "+7 912 345-67-89", "ab-12/34", "a@b.ex", "no"]
)
def test_what_is_looked_at_one_by_one_is_what_the_index_finds(db: None, query: str) -> None:
    texts = [
        "Late payout",
        "pay",
        "Выплату ждём",
        "Call 8 912 345 67 89",
        "AB12 34",
        "AB-12/34",
        "a@b.example",
    ]
    put([document(number, text) for number, text in enumerate(texts, 1)], at=AT)

    assert sorted(ids_among(query, "thing", range(1, 9))) == sorted(found(query))
    assert ids_among(query, "thing", []) == []
