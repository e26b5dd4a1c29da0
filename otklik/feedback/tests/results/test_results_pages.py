"""Pages of a survey's results: what they say, to whom, and the files they hand out."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.models import Event
from otklik.feedback.access import scope_of
from otklik.feedback.models import Invitation, SurveyVersion, Wave
from otklik.feedback.queries.survey_counts import NOT_ARRIVED
from otklik.feedback.queries.survey_results import survey_results
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, ResponseStatus, SurveyKind
from otklik.feedback.tests.results import rows
from otklik.feedback.tests.results.test_survey_results import QUESTIONS
from otklik.feedback.web.results.filters import read_filter
from otklik.identity.public import User
from otklik.partners.rules.vocabulary import ContactRole
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=31)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, version: SurveyVersion, part: str = "") -> str:
    answer = signed_in(user).get(f"/surveys/{version.survey_id}/{part}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def table(user: User, version: SurveyVersion, part: str = "answers.csv") -> list[dict[str, str]]:
    answer: Any = signed_in(user).get(f"/surveys/{version.survey_id}/{part}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.fixture
def autumn(world: World) -> SurveyVersion:
    version = rows.survey(world, questions=QUESTIONS)
    round_ = rows.wave(version)
    rows.asked_and_answered(round_, world.aurora, [10, 9, 10], ContactRole.DECISION_MAKER)
    rows.asked_and_answered(round_, world.aurora, [2, 8, 9], comment="Late payouts", answers={"why": [0]})
    rows.asked_and_answered(round_, world.borealis, [0], is_late=True, comment="=HYPERLINK(1)")
    rows.invite(round_, world.vera)
    rows.invite(round_, world.gleb, InvitationState.LEFT_OUT, reason=Refusal.BY_HAND)
    scanned = rows.invite(round_, rows.person(world.borealis), provisional_score=10, provisional_at=NOW)
    assert scanned.answered_at is None
    poster = rows.link(version)
    rows.answered_by_link(poster, version, 10, status=ResponseStatus.DUPLICATE)
    rows.answered_by_link(poster, version, 7)
    return version


def test_an_empty_survey_says_what_to_do(world: World) -> None:
    html = page(world.anna, rows.survey(world))
    assert "Nobody was asked yet" in html


def test_the_page_tells_the_score_how_many_answered_and_who_is_missing(
    world: World, autumn: SurveyVersion
) -> None:
    html = page(world.anna, autumn)
    assert "7 of 9 people have answered" in html
    assert "1 late, counted, 1 second ones, not counted" in html
    assert "What went wrong?" in html
    assert "taken out by hand" in html
    assert "Late payouts" in html
    assert "NPS" in html


def test_the_page_speaks_russian(world: World, autumn: SurveyVersion) -> None:
    world.anna.language = "ru"
    world.anna.save()
    assert "Доля ответивших" in page(world.anna, autumn, "?weigh=1")


@pytest.mark.parametrize("kind", [SurveyKind.CSAT, SurveyKind.CES])
def test_short_scales_have_a_page_of_their_own_kind(world: World, kind: SurveyKind) -> None:
    version = rows.survey(world, kind)
    rows.asked_and_answered(rows.wave(version), world.aurora, [5, 4, 1, 2, 3, 5])
    html = page(world.anna, version, "?weigh=1")
    assert "result-bars" in html


def test_an_account_manager_sees_and_exports_own_partners_only(world: World, autumn: SurveyVersion) -> None:
    html = page(world.boris, autumn)
    assert "6 of 7 people have answered" in html
    assert "HYPERLINK" not in html
    assert "Borealis" not in page(world.boris, autumn, "people/")
    exported = table(world.boris, autumn) if world.boris.may("export") else []
    assert {row["partner"] for row in exported} <= {"Aurora"}


def test_every_answer_and_every_silence_is_a_row_with_a_status(world: World, autumn: SurveyVersion) -> None:
    exported = table(world.anna, autumn)
    statuses = [row["status"] for row in exported]
    assert {word: statuses.count(word) for word in set(statuses)} == {
        "complete": 8, "duplicate": 1, "no_answer": 1, "left_out": 1, "provisional": 1,
    }  # fmt: skip
    assert [row["late"] for row in exported if row["score"] == "0"] == ["yes"]
    assert all(not row["score"] for row in exported if row["status"] not in ("complete", "duplicate"))
    (scanned,) = [row for row in exported if row["status"] == "provisional"]
    assert scanned["provisional_score"] == "10"
    assert {row["q_why"] for row in exported} == {"", "Payouts"}


def test_no_cell_of_an_export_runs_as_a_formula(world: World, autumn: SurveyVersion) -> None:
    assert {row["comment"] for row in table(world.anna, autumn)} == {"", "Late payouts", "'=HYPERLINK(1)"}


def test_weighted_figures_are_columns_of_their_own(world: World, autumn: SurveyVersion) -> None:
    plain, weighted = (table(world.anna, autumn, f"figures.csv{query}")[0] for query in ("", "?weigh=1"))
    assert plain["score"] == weighted["score"] == "25.0"
    assert plain["weighted_score"] == ""
    # Somebody decides, somebody uses and somebody's role is not known: of the users nobody answered.
    assert weighted["weighted_score"] == ""
    for one in (world.vera, world.gleb):
        one.is_active = False
        one.save()
    for _ in range(5):
        rows.person(world.borealis)
    assert float(table(world.anna, autumn, "figures.csv?weigh=1")[0]["weighted_score"]) != 25.0


def test_people_who_have_not_answered_can_be_looked_through(world: World, autumn: SurveyVersion) -> None:
    html = page(world.anna, autumn, "people/")
    assert "Vera Orlova" in html
    assert "Gleb Sokolov" not in html
    left_out = page(world.anna, autumn, "people/?show=left_out&reason=by_hand&sort=name&desc=1")
    assert "Gleb Sokolov" in left_out
    assert "taken out by hand" in left_out
    (silent, *_) = table(world.anna, autumn, "people.csv?role=decision_maker")
    assert silent["Person"] == "Vera Orlova"


def test_a_person_speaks_instead_of_another_reminder(world: World, autumn: SurveyVersion) -> None:
    row = Invitation.objects.get(contact=world.vera, answered_at=None)
    assert "I speak to them instead" not in page(world.anna, autumn, "people/")
    Invitation.objects.filter(pk=row.pk).update(remind_at=world.now)
    assert "I speak to them instead" in page(world.anna, autumn, "people/?sort=name")
    address = f"/surveys/{autumn.survey_id}/people/spare/?sort=name"
    said = {"invitation": row.pk}
    assert signed_in(world.dmitri).post(address, said).status_code == 403
    assert signed_in(world.clara).post(address, said).status_code == 404, "somebody else's partner"
    assert signed_in(world.anna).post(address, {"invitation": "x"}).status_code == 404
    for _ in range(2):
        assert signed_in(world.anna).post(address, said).url.endswith("?sort=name")
    row.refresh_from_db()
    assert (row.remind_at, row.state) == (None, "sent")
    assert Event.objects.filter(kind="invitation.spared").count() == 1


def test_only_who_may_export_gets_the_files(world: World, autumn: SurveyVersion) -> None:
    client = signed_in(world.dmitri)
    for part in ("answers.csv", "answers.xlsx", "figures.csv", "people.csv"):
        assert client.get(f"/surveys/{autumn.survey_id}/{part}").status_code == 403
    assert signed_in(world.stranger).get(f"/surveys/{autumn.survey_id}/").status_code == 403


def test_what_cannot_be_read_in_the_address_is_told(world: World, autumn: SurveyVersion) -> None:
    html = page(world.anna, autumn, "?wave=999999&version=x&from=2026-02-30")
    assert "A filter in the address is not known" in html
    assert "These dates cannot be read" in html


def test_the_list_of_people_costs_the_same_whoever_is_in_it(world: World) -> None:
    version = rows.survey(world)
    round_ = rows.wave(version)
    client = signed_in(world.anna)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/surveys/{version.survey_id}/people/")
        return len(caught)

    rows.invite(round_, world.vera)
    queries()
    few = queries()
    for _ in range(9):
        rows.invite(round_, rows.person(world.borealis))
    assert queries() == few


def test_beside_the_score_stands_what_leaving_out_open_tickets_does_to_it(
    world: World, autumn: SurveyVersion
) -> None:
    round_ = Wave.objects.get(survey_id=autumn.survey_id)
    round_.effect = {"people": 3, "share": 0.2, "points": 4.5, "interval": [1.0, 8.0]}
    round_.save()
    other = rows.wave(
        autumn, "November", effect={"people": 77, "share": 0.2, "points": None, "interval": None}
    )
    html = page(world.anna, autumn)
    assert "3 people are left out because of open tickets" in html
    assert "+4.5 points" in html
    assert "77 people" not in html  # nobody was asked in November: it is in no figure
    assert "77 people" in page(world.anna, autumn, f"?wave={other.pk}")


def test_who_sees_own_partners_only_does_not_learn_how_many_others_were_left_out(
    world: World, autumn: SurveyVersion
) -> None:
    effect = {"people": 3, "share": 0.2, "points": 4.5, "interval": [1.0, 8.0]}
    Wave.objects.filter(survey_id=autumn.survey_id).update(effect=effect)
    assert "because of open tickets" not in page(world.boris, autumn)


def test_nobody_is_shown_the_way_to_a_page_they_may_not_open(world: World, autumn: SurveyVersion) -> None:
    for user in (world.anna, world.boris):
        client = signed_in(user)
        for start in ("/surveys/", f"/surveys/{autumn.survey_id}/", "/surveys/comments/", "/surveys/signs/"):
            html = client.get(start).content.decode()
            for way in sorted(set(re.findall(r'href="(/surveys/[^"?#]*)', html))):
                assert client.get(way).status_code == 200, (user.name, start, way)


def test_the_people_behind_one_waves_figures_are_those_of_that_wave(
    world: World, autumn: SurveyVersion
) -> None:
    october = Wave.objects.get(survey_id=autumn.survey_id)
    rows.invite(rows.wave(autumn, "November"), world.vera, InvitationState.LEFT_OUT, reason=Refusal.BY_HAND)
    html = page(world.anna, autumn, f"?wave={october.pk}")
    (way,) = re.findall(r'people/(\?show=left_out[^"]*)"', html)
    people = page(world.anna, autumn, f"people/{way.replace('&amp;', '&')}")
    assert "Gleb Sokolov" in people
    assert "Vera Orlova" not in people


@pytest.mark.parametrize("part", ["answers.csv", "answers.xlsx", "figures.csv", "people.csv"])
@pytest.mark.parametrize("query", ["wave={other}", "wave=999999", "wave=x", "version=7", "from=2026-02-30"])
def test_a_file_of_no_wave_is_no_file_and_a_page_says_that_it_shows_all(
    world: World, autumn: SurveyVersion, part: str, query: str
) -> None:
    other = rows.wave(rows.survey(world, name="Another survey"))
    asked = query.format(other=other.pk)
    client = signed_in(world.anna)
    assert client.get(f"/surveys/{autumn.survey_id}/{part}?{asked}").status_code == 404
    for shown in ("", "people/"):
        assert 'class="alert alert-warning"' in page(world.anna, autumn, f"{shown}?{asked}")


@pytest.fixture
def two_versions(world: World, autumn: SurveyVersion) -> SurveyVersion:
    """Somebody left out or not reached in every state, under either version, in March and in April."""
    newer = SurveyVersion.objects.create(
        survey=autumn.survey, number=2, wording=autumn.wording, created_at=NOW
    )
    for version, moment in [(autumn, NOW), (autumn, NOW + MONTH), (newer, NOW), (newer, NOW + MONTH)]:
        round_ = rows.wave(version, f"{version.number} {moment:%B}")
        reasons = [Refusal.COOLDOWN, Refusal.NOT_DRAWN]
        for reason in reasons:
            rows.invite(
                round_, rows.person(world.aurora), InvitationState.LEFT_OUT, reason=reason, planned_at=moment
            )
        for state in NOT_ARRIVED:
            sent = moment if state in (InvitationState.BOUNCED, InvitationState.UNCERTAIN) else None
            rows.invite(round_, rows.person(world.borealis), state, planned_at=moment, sent_at=sent)
        # The mail came back, and the person answered all the same.
        rows.invite(
            round_, rows.person(world.aurora), InvitationState.BOUNCED, sent_at=moment, answered_at=moment
        )
    return newer


@pytest.mark.parametrize(
    "query",
    [
        "",
        "version=1",
        "version=2",
        "from=2026-03-01&to=2026-03-31",
        "version=2&from=2026-04-01",
        "wave={wave}",
    ],
)
def test_the_people_behind_a_figure_are_as_many_as_the_figure_says(
    world: World, two_versions: SurveyVersion, query: str
) -> None:
    asked = query.format(wave=Wave.objects.filter(version=two_versions).latest("pk").pk)
    survey = two_versions.survey
    for user in (world.anna, world.boris):
        scope = scope_of(user)
        part = read_filter(QueryDict(asked).dict(), survey)
        found = survey_results(scope, survey, part.chosen).invitations
        html = page(user, two_versions, f"?{asked}")
        for shown, expected in (
            ("left_out", sum(found.left_out.values())),
            ("not_arrived", sum(found.silent[state] for state in NOT_ARRIVED)),
        ):
            ways = re.findall(rf'people/(\?show={shown}[^"]*)"', html)
            if not expected:
                assert not ways
                continue
            listed = table(user, two_versions, "people.csv" + unescape(ways[0]))
            assert len(listed) == expected
            assert f"{expected} p" in page(user, two_versions, "people/" + unescape(ways[0]))
