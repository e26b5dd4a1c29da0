"""The editor: what is typed stays, what is wrong is told beside its field, nobody overwrites anybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from otklik.events.public import Actor
from otklik.feedback.models import Survey, SurveyVersion
from otklik.feedback.operations.surveys import create_survey, version_survey
from otklik.feedback.rules.standard_forms import StandardForm, standard_form
from otklik.feedback.tests.answers import answer, store
from tests.world import World


@pytest.fixture
def survey(world: World, client: Client) -> Survey:
    client.force_login(world.anna)
    draft = standard_form(StandardForm.RELATIONAL)
    return create_survey(
        program_id=world.program.pk,
        name="Half-year",
        kind=draft.kind,
        wording=draft.wording,
        questions=draft.questions,
        by=Actor.system(),
        at=world.now,
    ).survey


def typed(survey: Survey) -> dict[str, Any]:
    """What the page of the latest version posts."""
    version = survey.versions.order_by("-number")[0]
    data: dict[str, Any] = {"base": version.number, "language": list(version.wording), "asks_contact": "1"}
    for language, texts in version.wording.items():
        data |= {f"w-{language}-{word}": text for word, text in texts.items()}
    data["question"] = [row["key"] for row in version.questions]
    for row in version.questions:
        key = row["key"]
        data |= {f"{key}-kind": row["kind"], f"{key}-low": row["low"] or "", f"{key}-high": row["high"] or ""}
        data |= {f"{key}-label-{language}": text for language, text in row["labels"].items()}
        data |= {f"{key}-options-{one}": "\r\n".join(lines) for one, lines in row["options"].items()}
    return data


def send(client: Client, survey: Survey, command: str, data: dict[str, Any]) -> HttpResponse:
    return client.post(f"/surveys/{survey.pk}/form/", data | {"do": command})  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_an_untouched_form_makes_no_version(client: Client, survey: Survey) -> None:
    page = client.post(f"/surveys/{survey.pk}/form/", typed(survey) | {"do": "save"}, follow=True)
    assert "Nothing has changed" in text(page)
    assert survey.versions.count() == 1


def test_changed_words_make_the_next_version_and_the_history_says_what_changed(
    client: Client, survey: Survey
) -> None:
    data = typed(survey) | {"w-ru-question": "Порекомендуете нас коллегам?"}
    assert send(client, survey, "save", data).status_code == 302
    page = text(client.get(f"/surveys/{survey.pk}/form/"))
    assert "Version 2" in page
    assert "<ins>Порекомендуете нас коллегам?</ins>" in page
    assert "Порекомендуете нас" not in text(client.get(f"/surveys/{survey.pk}/versions/1/"))


def test_everything_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    client: Client, survey: Survey
) -> None:
    data = typed(survey) | {
        "w-en-question": "",
        "w-ru-subject": "Вопрос о {progam}",
        "q1-options-ru": "Одно",
        "q1-low": "9",
        "q1-label-en": "Kept <as> typed",
    }
    page = text(send(client, survey, "save", data))
    assert survey.versions.count() == 1
    assert 'aria-describedby="w-en-question-error"' in page
    assert "There is no {progam}. What can be filled in: {name}, {program}, {manager}." in page
    assert 'id="q1-options-ru-error"' in page or 'id="q1-branch-error"' in page
    assert "Вопрос о {progam}" in page
    assert escape("Kept <as> typed") in page
    client.cookies["django_language"] = "ru"
    assert "Подставить можно" in text(send(client, survey, "save", data))


def test_questions_are_added_moved_and_taken_out_without_saving(client: Client, survey: Survey) -> None:
    page = text(send(client, survey, "add", typed(survey) | {"new_kind": "text"}))
    assert 'name="q2-label-en"' in page
    data = typed(survey) | {"question": ["q1", "q2"], "q2-kind": "text", "q2-label-en": "Anything else?"}
    page = text(send(client, survey, "up q2", data))
    assert re.findall(r'name="question" value="(\w+)"', page) == ["q2", "q1"]
    assert "Anything else?" in page
    page = text(send(client, survey, "remove q1", data))
    assert re.findall(r'name="question" value="(\w+)"', page) == ["q2"]
    assert survey.versions.count() == 1


def test_a_new_question_never_takes_the_place_of_an_old_one(client: Client, survey: Survey) -> None:
    send(client, survey, "save", typed(survey) | {"question": []})
    page = text(send(client, survey, "add", typed(survey) | {"new_kind": "choice"}))
    assert re.findall(r'name="question" value="(\w+)"', page) == ["q2"], (
        "answers to q1 are another question's"
    )


def test_languages_come_and_go(client: Client, survey: Survey) -> None:
    page = text(send(client, survey, "add-language", typed(survey) | {"new_language": "kk"}))
    assert 'name="w-kk-question"' in page
    page = text(send(client, survey, "remove-language en", typed(survey)))
    assert 'name="w-en-question"' not in page
    data = typed(survey) | {"language": ["ru"]}
    send(client, survey, "save", data)
    assert list(survey.versions.order_by("-number")[0].wording) == ["ru"]


def test_two_at_once_the_second_is_told_and_keeps_what_was_typed(
    client: Client, world: World, survey: Survey
) -> None:
    mine = typed(survey) | {"w-en-thanks": "Thanks from me"}
    theirs = {"en": {"question": "Theirs?"}}
    version_survey(survey_id=survey.pk, wording=theirs, questions=[], by=Actor.system(), at=world.now)
    page = text(send(client, survey, "save", mine))
    assert "Somebody else has saved version 2" in page
    assert "Thanks from me" in page
    assert "<ins>Theirs?</ins>" in page
    assert survey.versions.count() == 2
    assert send(client, survey, "save", mine | {"base": 2}).status_code == 302
    assert survey.versions.order_by("-number")[0].wording["en"]["thanks"] == "Thanks from me"


def test_each_version_tells_how_many_answers_it_has_that_the_reader_may_see(
    client: Client, world: World, survey: Survey
) -> None:
    version = survey.versions.get()
    store(
        *(
            answer(version.pk, partner, 9, "2026-02-01")
            for partner in (world.aurora, world.aurora, world.borealis)
        )
    )
    assert "3 answers" in text(client.get(f"/surveys/{survey.pk}/form/"))
    client.force_login(world.boris)
    assert "2 answers" in text(client.get(f"/surveys/{survey.pk}/form/"))


def test_readers_see_the_form_and_cannot_change_it(client: Client, world: World, survey: Survey) -> None:
    client.force_login(world.boris)
    page = text(client.get(f"/surveys/{survey.pk}/form/"))
    assert "srcdoc=" in page
    assert 'value="save"' not in page
    assert send(client, survey, "save", typed(survey)).status_code == 403
    for address in ("preview", "../archive", "../restore"):
        assert client.post(f"/surveys/{survey.pk}/form/{address}/").status_code in (403, 404)
    assert client.post(f"/surveys/{survey.pk}/archive/").status_code == 403


def test_the_preview_shows_what_is_typed_in_each_language_and_branch(client: Client, survey: Survey) -> None:
    address = f"/surveys/{survey.pk}/form/preview/"
    data = typed(survey) | {"w-en-question": "Fresh & new?"}
    low = text(client.post(address, data | {"look_language": "en", "look_score": "2"}))
    assert "Fresh &amp;amp; new?" in low
    assert "What is it mostly about?" in low
    assert "{name}" not in low, "the mail's words stand in the mail, where the name is known"
    high = text(client.post(address, data | {"look_language": "en", "look_score": "10"}))
    assert "What is it mostly about?" not in high
    russian = text(client.post(address, data | {"look_language": "ru", "look_at": "mail"}))
    assert "Один вопрос о программе North" in russian


def test_a_form_as_it_is_written_can_be_looked_at(client: Client, survey: Survey) -> None:
    data = typed(survey) | {
        "w-en-question": "",
        "q1-label-en": "",
        "q1-options-en": "",
        "w-ru-intro": "{nobody}",
    }
    for at in ("page", "mail", "reminder"):
        for language in ("en", "ru"):
            page = client.post(
                f"/surveys/{survey.pk}/form/preview/", data | {"look_at": at, "look_language": language}
            )
            assert page.status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"language": "en"},
        {"language": ["en"] * 50, "base": "9" * 30},
        {"language": "../../etc", "question": "<script>", "do": "save"},
        {"language": "en", "question": "q1", "q1-kind": "colour", "do": "save"},
        {"language": "en", "question": "q1", "q1-kind": "text", "q1-low": "-5", "q1-high": "٣", "do": "save"},
        {"language": "en", "w-en-question": "x" * 200_000, "do": "save"},
        {"language": "en", "do": "up"},
        {"language": "en", "do": "remove-language en"},
        {"language": "en", "do": "add-language", "new_language": "e" * 500},
        {"language": "en", "look_at": "moon", "look_score": "99999999999", "look_language": "\u202e"},
    ],
)
def test_what_no_page_of_ours_posts_breaks_nothing(client: Client, survey: Survey, data: Any) -> None:
    for address in ("form/", "form/preview/"):
        assert client.post(f"/surveys/{survey.pk}/{address}", data).status_code in (200, 302)
    assert survey.versions.count() == 1


def test_html_and_signs_of_other_scripts_stay_words(client: Client, survey: Survey) -> None:
    nasty = '"></iframe><script>alert(1)</script> \u202eשלום 🙂'
    send(client, survey, "save", typed(survey) | {"w-en-question": nasty, "w-en-thanks": "nul\x00"})
    version = survey.versions.order_by("-number")[0]
    assert version.wording["en"] == version.wording["en"] | {"question": nasty, "thanks": "nul"}
    page = text(client.get(f"/surveys/{survey.pk}/form/?look_language=en"))
    assert "<script>alert(1)" not in page
    # Once for the page, once more for the document inside the frame.
    assert "&amp;lt;script&amp;gt;alert(1)" in page


def test_a_form_in_the_archive_is_read_and_not_written(client: Client, survey: Survey) -> None:
    client.post(f"/surveys/{survey.pk}/archive/")
    assert "Half-year" not in text(client.get("/surveys/"))
    assert "Half-year" in text(client.get("/surveys/?archived=1"))
    assert 'value="save"' not in text(client.get(f"/surveys/{survey.pk}/form/"))
    page = text(send(client, survey, "save", typed(survey) | {"w-en-question": "Still?"}))
    assert survey.versions.count() == 1
    client.post(f"/surveys/{survey.pk}/restore/")
    assert 'value="save"' in text(client.get(f"/surveys/{survey.pk}/form/"))
    assert page


def test_many_versions_cost_no_more_statements_than_few(client: Client, world: World, survey: Survey) -> None:
    address = f"/surveys/{survey.pk}/form/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(8):
        words = {"en": {"question": f"Number {number}?"}}
        version_survey(survey_id=survey.pk, wording=words, questions=[], by=Actor.system(), at=world.now)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_a_survey_begins_with_a_standard_form(client: Client, world: World) -> None:
    client.force_login(world.anna)
    assert "Loyalty to the program" in text(client.get("/surveys/new/"))
    data = {"form": "payout", "name": "Payouts", "program": world.program.pk, "languages": ["ru"]}
    assert client.post("/surveys/new/", data).status_code == 302
    version = SurveyVersion.objects.get(survey__name="Payouts")
    assert list(version.wording) == ["ru"]
    assert version.questions[0]["labels"] == {"ru": "Что именно не так?"}
    again = text(client.post("/surveys/new/", data))
    assert "The program has a survey of this name already." in again
    refused = client.post("/surveys/new/", {"form": "moon", "name": "", "program": "x", "languages": ["xx"]})
    assert refused.status_code == 200
    client.force_login(world.boris)
    assert client.post("/surveys/new/", data).status_code == 403


@pytest.mark.parametrize(("language", "said"), [("en", "is there twice"), ("ru", "указано дважды")])
def test_an_option_that_is_there_twice_is_said_at_its_field(
    client: Client, world: World, survey: Survey, language: str, said: str
) -> None:
    world.anna.language = language
    world.anna.save()
    version = survey.versions.get()
    question = next(row for row in version.questions if row["options"])
    for lines in question["options"].values():
        lines[1] = f" {lines[0].upper()} "
    version.save()

    assert send(client, survey, "save", typed(survey)).status_code == 200
    page = text(send(client, survey, "save", typed(survey)))
    assert said in page
    assert survey.versions.count() == 1
    # A version that was published before can still be read.
    assert client.get(f"/surveys/{survey.pk}/versions/1/").status_code == 200
