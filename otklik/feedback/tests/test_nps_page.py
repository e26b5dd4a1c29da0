from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from otklik.feedback.access import scope_of
from otklik.feedback.queries.nps_report import ReportFilter, nps_report
from otklik.feedback.rules.periods import Preset, preset_period
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.feedback.words import running_period_text
from otklik.kit.clock import now
from otklik.kit.templatetags.otklik import figure
from otklik.partners.models import Partner
from otklik.stats.nps import points
from tests.world import World


@pytest.fixture
def recent(world: World) -> date:
    """A day of the running quarter: the page reads the clock."""
    return now().date()


def tell(world: World, partner: Partner, scores: list[int], day: date, **extra: object) -> None:
    version = nps_version(world)
    store(
        *(answer(version, partner, s, day.isoformat(), **extra) for s in scores), at=now() + timedelta(days=1)
    )


def sign_in(client: Client, person: object) -> Client:
    client.force_login(person)  # type: ignore[arg-type]
    return client


def table(response: object) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_the_same_figure_stands_on_the_page_in_the_csv_and_on_the_first_page(
    client: Client, world: World, recent: date
) -> None:
    tell(world, world.aurora, [10] * 31 + [8] * 9 + [3] * 12, recent)
    sign_in(client, world.anna)
    period = preset_period(Preset.THIS_QUARTER, recent)
    report = nps_report(scope_of(world.anna), ReportFilter(period))
    assert report.summary.nps is not None
    expected = figure(points(report.summary.nps), 1)

    page = client.get("/nps/?period=this_quarter").content.decode()
    first_page = client.get("/").content.decode()
    rows = table(client.get("/nps/table.csv?period=this_quarter"))

    for html in (page, first_page):
        assert re.search(r'score-big num">([^<]+)<', html)[1] == expected  # type: ignore[index]
    overall = dict(zip(rows[0], rows[1], strict=True))
    assert (overall["Answers"], overall["NPS"]) == ("52", str(round(points(report.summary.nps), 1)))


def test_a_manager_sees_no_answer_of_another_managers_partner_on_any_page(
    client: Client, world: World, recent: date
) -> None:
    tell(world, world.aurora, [1] * 9, recent, comment="Aurora is unhappy", segment="Aurora only")
    sign_in(client, world.clara)

    pages = [
        client.get("/nps/").content.decode(),
        client.get("/").content.decode(),
        "\n".join(",".join(row) for row in table(client.get("/nps/table.csv"))),
    ]

    for text in pages:
        assert "Aurora" not in text
    assert "No answers yet" in pages[0]


def test_finance_sees_neither_the_page_nor_a_score_in_the_list_of_partners(
    client: Client, world: World, recent: date
) -> None:
    from otklik.identity.rules.roles import Role
    from tests.world import make_user

    tell(world, world.aurora, [1] * 9, recent)
    sign_in(client, make_user("finance@example.com", "Faina Finance", Role.FINANCE))

    assert client.get("/nps/").status_code == 403
    assert client.get("/nps/table.csv").status_code == 403
    assert "Last score" not in client.get("/partners/").content.decode()
    assert "What its people say" not in client.get(f"/partners/{world.aurora.pk}/").content.decode()


def test_the_list_of_partners_and_the_partners_page_tell_what_people_said(
    client: Client, world: World, recent: date
) -> None:
    tell(world, world.aurora, [3], recent, contact_id=world.gleb.pk, comment="Too slow")
    sign_in(client, world.boris)

    assert "Last score" in client.get("/partners/").content.decode()
    page = client.get(f"/partners/{world.aurora.pk}/").content.decode()
    assert "Too slow" in page
    assert "Never answered" in page
    assert page.index("Never answered") < page.index("Vera Orlova", page.index("Never answered"))


def test_the_number_of_queries_is_the_same_for_few_and_many(
    client: Client, world: World, recent: date
) -> None:
    sign_in(client, world.anna)

    def queries(rows: int, url: str) -> int:
        for n in range(rows):
            tell(world, world.aurora, [n % 11], recent, segment=f"S{n}", comment="word")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    queries(3, "/nps/")  # the first request fills caches of its own
    for url in ("/nps/", "/", "/nps/table.csv", f"/partners/{world.aurora.pk}/"):
        assert queries(1, url) == queries(9, url), url


def test_a_filter_in_the_address_narrows_the_page_and_can_be_shared(
    client: Client, world: World, recent: date
) -> None:
    tell(world, world.aurora, [10] * 6, recent, comment="gold words")
    tell(world, world.borealis, [0] * 7, recent, comment="silver words")
    sign_in(client, world.anna)

    page = client.get("/nps/?tier=silver&step=quarter&against=year_ago").content.decode()

    assert "silver words" in page
    assert "gold words" not in page
    assert '<option value="quarter" selected>' in page


@pytest.mark.parametrize(
    "query",
    [
        "period=yesterday",
        "period=custom&from=2026-13-45",
        "period=custom&from=2026-03-02&to=2026-03-01",
        "period=custom&from=0001-01-01&to=9999-12-31",
        "manager=Boris",
        "program=99999999999999999999",
        "segment=" + "x" * 500,
        "step=second",
    ],
)
def test_an_odd_address_shows_a_page_that_says_what_was_odd(
    client: Client, world: World, recent: date, query: str
) -> None:
    tell(world, world.aurora, [10] * 6, recent)
    sign_in(client, world.anna)

    response = client.get(f"/nps/?{query}")

    assert response.status_code == 200
    assert "alert-warning" in response.content.decode()


def test_a_comment_or_a_name_never_becomes_markup_or_a_formula(
    client: Client, world: World, recent: date
) -> None:
    tell(world, world.aurora, [10] * 6, recent, comment="<script>x</script>", segment="=HYPERLINK(1)")
    tell(world, world.aurora, [10] * 6, recent, segment="<b>bold</b>")
    sign_in(client, world.anna)

    page = client.get("/nps/").content.decode()
    cells = [cell for row in table(client.get("/nps/table.csv")) for cell in row]

    assert "<script>x" not in page
    assert "<b>bold" not in page
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


def test_under_five_answers_no_page_shows_a_raw_score(client: Client, world: World, recent: date) -> None:
    tell(world, world.aurora, [10] * 4, recent)
    sign_in(client, world.anna)

    page = client.get("/nps/").content.decode()
    rows = table(client.get("/nps/table.csv"))

    assert re.search(r'score-big num">([^<]+)<', page)[1] == "–"  # type: ignore[index]
    assert "Only 4 answers" in page
    assert {row[6] for row in rows[1:] if len(row) > 6} == {""}


def test_the_page_speaks_russian_with_its_own_numbers_and_plurals(
    client: Client, world: World, recent: date
) -> None:
    tell(world, world.aurora, [10] * 20 + [0] * 2, recent)
    sign_in(client, world.anna)
    client.cookies["django_language"] = "ru"

    page = client.get("/nps/").content.decode()

    translation.activate("en")
    assert "Судя по 22 ответам" in page
    assert "81,8" in page


def test_an_empty_installation_teaches_what_to_do_first(client: Client, world: World) -> None:
    sign_in(client, world.anna)

    page = client.get("/nps/").content.decode()

    assert "No answers yet" in page
    assert "/imports/new/" in page


def test_the_method_page_explains_every_figure(client: Client, world: World) -> None:
    sign_in(client, world.anna)

    page = client.get("/nps/method/").content.decode()

    for part in ("score", "interval", "small", "shrunk", "order", "change", "rights"):
        assert f'id="{part}"' in page


def test_a_period_that_is_not_over_says_so() -> None:
    quarter = preset_period(Preset.THIS_QUARTER, date(2026, 11, 22))
    assert running_period_text(quarter, date(2026, 12, 31)) == "October 2026 – December 2026, so far"
    assert running_period_text(quarter, date(2027, 1, 1)) == "October 2026 – December 2026"
    with translation.override("ru"):
        assert running_period_text(quarter, date(2026, 11, 22)).endswith(", пока неполный период")
