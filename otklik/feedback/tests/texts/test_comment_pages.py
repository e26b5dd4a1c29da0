"""What people see of comments, and who sees which."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.public import Actor
from otklik.feedback.access import Scope, scope_of
from otklik.feedback.models import CommentTopic, Response
from otklik.feedback.operations.comment_readings import read_comments
from otklik.feedback.operations.comment_topics import save_comment_topic
from otklik.feedback.queries.comment_report import comment_report
from otklik.feedback.queries.comment_rows import CommentFilter
from otklik.feedback.rules.periods import custom_period
from otklik.feedback.rules.texts.topics import Topic
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.tests.answers import answer, nps_version, store
from otklik.stats.logodds import WordsVerdict
from tests.world import NOW, World

PAGE = "/surveys/comments/?period=custom&from=2026-01-01&to=2026-03-31"
YEAR = CommentFilter(custom_period(NOW.date().replace(month=1, day=1), NOW.date()))


def written(world: World, *rows: tuple[int, str], partner: Any = None, **more: Any) -> list[int]:
    version = nps_version(world, more.pop("kind", SurveyKind.NPS))
    made = [answer(version, partner or world.aurora, score, comment=text, **more) for score, text in rows]
    ids = [one.response_id for one in store(*made)]
    read_comments(response_ids=ids, at=NOW)
    return ids


def page(client: Client, user: Any, url: str = PAGE, **headers: Any) -> str:
    client.force_login(user)
    found = client.get(url, **headers)
    assert found.status_code == 200, found.status_code
    return str(found.content.decode())


def test_topics_come_with_count_share_score_and_words(world: World) -> None:
    written(world, (2, "Payouts are late"), (9, "Fast payouts"), (10, "Great manager"), (7, "Fine I guess"))
    report = comment_report(Scope(), YEAR)
    figures = {one.key: one for one in report.topics}
    assert (figures["payouts"].count, figures["payouts"].praise, figures["payouts"].complaint) == (2, 1, 1)
    assert figures["payouts"].summary.n == 2
    assert figures["payouts"].summary.nps is None, "two answers are too few for a score"
    assert [row.text for row in report.others] == ["Fine I guess"]
    assert (report.read, report.waiting, report.total) == (4, 0, 4)


def test_the_score_of_a_topic_counts_nps_answers_only(world: World) -> None:
    written(world, *[(10, "Payouts are fine")] * 5)
    written(world, *[(1, "Payouts are late")] * 5, kind=SurveyKind.CSAT)
    (figures,) = comment_report(Scope(), YEAR).topics
    assert (figures.count, figures.summary.n, figures.summary.nps) == (10, 5, 1)


def test_words_of_one_side_are_told_within_a_language(world: World) -> None:
    """Promoters who write Russian would make every Russian word theirs."""
    written(world, *[(10, f"Удобный кабинет, приятный интерфейс номер{n}") for n in range(30)])
    written(world, *[(2, f"Payouts late again, terrible manager number{n}") for n in range(30)])
    report = comment_report(Scope(), YEAR)
    assert {one.verdict for one in report.separations} == {WordsVerdict.CANNOT_TELL}

    written(world, *[(1, f"Выплаты опять задержали, ужас вариант{n}") for n in range(30)])
    russian = comment_report(Scope(), YEAR).separations[0]
    assert russian.verdict is WordsVerdict.DIFFERENT
    assert "выплаты" in {one.word for one in russian.detractors}
    assert "кабинет" in {one.word for one in russian.promoters}
    assert all(one.promoters == 0 for one in russian.detractors)


def test_nobody_stands_among_the_words_that_separate_or_names_a_group(world: World) -> None:
    name = world.aurora.name.split()[0]
    written(world, *[(10, f"Спасибо Ольге из {name}, шахматы номер{n}") for n in range(30)])
    written(world, *[(1, f"Выплаты опять задержали, ужас вариант{n}") for n in range(30)])
    report = comment_report(Scope(), YEAR)
    words = {one.word for part in report.separations for one in (*part.promoters, *part.detractors)}
    shown = " ".join([*words, *(one.name for one in report.clusters)]).casefold()
    assert "шахматы" in shown
    assert "ольг" not in shown
    assert name.casefold() not in shown


def test_comments_that_no_topic_covers_come_in_groups(world: World) -> None:
    written(world, *[(7, f"Chess club {n}") for n in range(4)])
    (found,) = comment_report(Scope(), YEAR).clusters
    assert (found.name, len(found.rows)) == ("chess club", 4)


def test_an_account_manager_reads_the_comments_of_own_partners_only(world: World, client: Client) -> None:
    type(world.program).objects.update(managers_see_own_only=True)
    (own,) = written(world, (2, "Payouts are late at Aurora"))
    (other,) = written(world, (2, "Payouts are late at Borealis"), partner=world.borealis)
    text = page(client, world.boris)
    assert "at Aurora" in text
    assert "at Borealis" not in text
    assert client.get(f"/surveys/comments/{own}/").status_code == 200
    assert client.get(f"/surveys/comments/{other}/").status_code == 404
    assert comment_report(scope_of(world.anna), YEAR).total == 2


def test_the_pages_are_for_those_who_see_answers_and_dictionaries_for_those_who_run_surveys(
    world: World, client: Client
) -> None:
    client.force_login(world.stranger)
    assert client.get("/surveys/comments/").status_code == 403
    client.force_login(world.boris)
    assert client.get("/surveys/topics/").status_code == 403
    assert client.get("/surveys/topics/payouts/").status_code == 403
    client.force_login(world.anna)
    assert client.get("/surveys/topics/").status_code == 200


def test_quotes_are_marked_and_html_in_them_is_text(world: World, client: Client) -> None:
    (one,) = written(world, (2, "<b>Payouts</b> <script>alert(1)</script> are \u202elate 😡"))
    text = page(client, world.anna)
    assert "<mark>Payouts</mark>" in text
    assert "<script>alert(1)" not in text
    assert f"/surveys/comments/{one}/" in text
    whole = page(client, world.anna, f"/surveys/comments/{one}/")
    assert "complaint" in whole


def test_a_topic_and_a_word_lead_to_their_comments(world: World, client: Client) -> None:
    written(world, (2, "Payouts are late"), (9, "Great manager"))
    text = page(client, world.anna, PAGE + "&topic=payouts")
    assert "Payouts</mark>" in text
    assert "Great" not in text
    assert "Great <mark>manager</mark>" in page(client, world.anna, PAGE + "&word=~manag")
    assert "No comments here" in page(client, world.anna, PAGE + "&word=~nothing")


@pytest.mark.parametrize(
    "odd", ["survey=x", "survey=99999999999999999999", "language=zz", "topic=%20", "period=zz"]
)
def test_odd_filters_do_no_harm(world: World, client: Client, odd: str) -> None:
    written(world, (2, "Payouts are late"))
    page(client, world.anna, "/surveys/comments/?" + odd)


def test_filters_narrow_by_survey_and_language(world: World, client: Client) -> None:
    written(world, (2, "Payouts are late"), (3, "Выплаты опять задержали"))
    survey = Response.objects.values_list("version__survey_id", flat=True)[0]
    assert "Выплаты</mark>" not in page(client, world.anna, PAGE + "&language=en")
    assert "Payouts</mark>" in page(client, world.anna, PAGE + f"&survey={survey}&topic=payouts")
    assert "No comments here" in page(client, world.anna, PAGE + f"&survey={survey + 1000}")


def test_more_comments_cost_no_more_queries(world: World, client: Client) -> None:
    def cost(user: Any) -> int:
        client.force_login(user)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(PAGE).status_code == 200
        return len(seen)

    written(world, *[(n % 11, f"Payouts are late, chess club {n}") for n in range(10)])
    cost(world.anna)
    few = [cost(world.anna), cost(world.boris)]
    written(world, *[(n % 11, f"Великий менеджер, шахматный клуб {n}") for n in range(30)])
    assert [cost(world.anna), cost(world.boris)] == few


def test_a_dictionary_is_tried_before_it_is_saved(world: World, client: Client) -> None:
    client.force_login(world.anna)
    form = {"name_ru": "Парковка", "name_en": "Parking", "is_active": "on", "words": "parking, -parking lot"}
    tried = client.post(
        "/surveys/topics/new/",
        form | {"try": "1", "sample": "No parking, late payouts"},
        HTTP_HX_REQUEST="true",
    ).content.decode()
    assert "<mark>parking</mark>" in tried
    assert "Payouts" in tried
    assert "<html" not in tried
    assert not CommentTopic.objects.exists()
    whole = client.post("/surveys/topics/new/", form | {"try": "1", "sample": "No parking"}).content.decode()
    assert "<mark>parking</mark>" in whole
    assert "<html" in whole

    assert client.post("/surveys/topics/new/", form).status_code == 302
    assert CommentTopic.objects.get().words == "parking\n-parking lot"
    assert "There is such a topic" in client.post("/surveys/topics/new/", form).content.decode()


def test_words_that_cannot_be_looked_for_are_told(world: World, client: Client) -> None:
    client.force_login(world.anna)
    form = {"name_ru": "Выплаты", "name_en": "Payouts", "is_active": "on", "words": "payout\n***"}
    assert "***” holds no word" in client.post("/surveys/topics/payouts/", form).content.decode()
    assert (
        "***” holds no word"
        in client.post(
            "/surveys/topics/payouts/", form | {"try": "1", "sample": "x"}, HTTP_HX_REQUEST="true"
        ).content.decode()
    )


def test_a_program_has_words_of_its_own(world: World, client: Client) -> None:
    client.force_login(world.anna)
    form = {"name_ru": "Выплаты", "name_en": "Payouts", "is_active": "on", "words": "doubloon"}
    own = f"?program={world.program.pk}"
    assert client.post("/surveys/topics/payouts/" + own, form).status_code == 302
    assert "doubloon" in client.get("/surveys/topics/payouts/" + own).content.decode()
    assert "doubloon" not in client.get("/surveys/topics/payouts/").content.decode()
    assert "edited here" in client.get("/surveys/topics/" + own).content.decode()
    assert "edited here" not in client.get("/surveys/topics/").content.decode()
    for odd in ("?program=x", "?program=999999", "?program=99999999999999999999"):
        assert client.get("/surveys/topics/" + odd).status_code == 404
    assert client.get("/surveys/topics/nothing/").status_code == 404


def test_a_topic_switched_off_is_not_shown_for_new_readings(world: World, client: Client) -> None:
    save_comment_topic(
        Topic("payouts", "Выплаты", "Payouts", "payout"),
        program_id=None,
        is_active=False,
        by=Actor.system(),
        at=NOW,
    )
    written(world, (2, "Payouts are late"))
    assert comment_report(Scope(), YEAR).topics == ()
    assert "not looked for" in page(client, world.anna, "/surveys/topics/")


def test_the_page_speaks_russian(world: World, client: Client) -> None:
    written(world, (2, "Выплаты опять задержали"))
    world.anna.language = "ru"
    world.anna.save()
    assert "О чём пишут" in page(client, world.anna)
