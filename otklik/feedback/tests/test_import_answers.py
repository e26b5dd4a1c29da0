"""Answers out of files: whose they are, which of them are the same, and what is said about the rest."""

from __future__ import annotations

import pytest

from otklik.feedback.models import Response
from otklik.partners.imports.queries import failed_rows, failures_of
from otklik.partners.imports.tests.helpers import arrive, bring, counts, workbook
from otklik.partners.models import Address, Contact, Partner

HEAD = "Partner;E-mail;NPS;Date;Comment\n"


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def answers(world, rows: str, head: str = HEAD, **more):
    return bring(world, head + rows, target="answers", **more)


def reasons(run) -> list[tuple[int, str, str, str]]:
    return [
        (row.number, cell.column, cell.value, cell.reason)
        for row in failed_rows(run, list(failures_of(run)))
        for cell in row.cells
    ]


def test_a_usual_survey_export_maps_itself(world):
    run = arrive(world, HEAD + "Aurora;vera@aurora.example;9;12.03.2025;Fine\n", target="answers")

    assert run.mapping == {
        "Partner": "partner_name",
        "E-mail": "contact_email",
        "NPS": "score",
        "Date": "responded_at",
        "Comment": "comment",
    }


def test_an_answer_belongs_to_its_contact_with_role_and_partner_as_they_are(world):
    run = answers(world, "Aurora;vera@aurora.example;9;12.03.2025;Fine\n;GLEB@aurora.example;3;13.03.2025;\n")

    assert counts(run) == {"read": 2, "stored": 2, "skipped": 0, "failed": 0}
    vera, gleb = Response.objects.order_by("responded_at")
    assert (vera.contact, vera.role, vera.tier, vera.score) == (world.vera, "decision_maker", "gold", 9)
    assert (gleb.partner, gleb.role) == (world.aurora, "end_user")
    assert vera.responded_at.isoformat() == "2025-03-12T12:00:00+00:00"


def test_every_bad_score_and_date_is_named_with_row_and_column(world):
    rows = "".join(
        f"Aurora;;{score};{date};\n"
        for score, date in [
            ("10/10", "12.03.2025"),
            ("9,0", "12.03.2025"),
            ("9,5", "12.03.2025"),
            ("11", "2025-03-12"),
            ("-1", "12 March 2025"),
            ("great", "12.03.2025"),
            ("NaN", "12.03.2025"),
            ("9", "31.02.2025"),
            ("8", "2025/03/14"),
            ("7", "15 мар 2025"),
            ("6", "16/03/2025"),
            ("5", "01.01.2099"),
        ]
    )

    run = answers(world, rows)

    assert counts(run) == {"read": 12, "stored": 4, "skipped": 0, "failed": 8}
    assert sorted(Response.objects.values_list("score", flat=True)) == [6, 7, 8, 9]
    assert reasons(run) == [
        (2, "NPS", "10/10", "This is a fraction: write the score alone, such as 9."),
        (4, "NPS", "9,5", "A score is a whole number."),
        (5, "NPS", "11", "A score is a number from 0 to 10."),
        (6, "NPS", "-1", "A score is a number from 0 to 10."),
        (7, "NPS", "great", "This is not a score."),
        (8, "NPS", "NaN", "A value is needed here."),
        (9, "Date", "31.02.2025", "There is no such day."),
        (13, "Date", "01.01.2099", "This day is still to come."),
    ]


def test_the_same_file_twice_adds_nothing(world):
    rows = "Aurora;vera@aurora.example;9;12.03.2025;Fine\nBorealis;;4;12.03.2025;\n"
    answers(world, rows)

    again = answers(world, rows)

    assert counts(again) == {"read": 2, "stored": 0, "skipped": 2, "failed": 0}
    assert Response.objects.count() == 2


def test_equal_answers_within_a_file_are_different_people_and_stay(world):
    rows = "Borealis;;10;12.03.2025;\n" * 3

    assert answers(world, rows).stored == 3
    assert answers(world, rows).stored == 0
    assert answers(world, rows + "Borealis;;10;12.03.2025;\n").stored == 1


def test_an_answer_with_an_id_is_known_by_it_alone(world):
    head = "response id,partner,nps,date\n"
    answers(world, "r1,Aurora,9,2025-03-12\n", head)

    again = answers(world, "r1,Aurora,2,2025-03-15\nr2,Aurora,9,2025-03-12\n", head)

    assert counts(again) == {"read": 2, "stored": 1, "skipped": 1, "failed": 0}
    assert sorted(Response.objects.values_list("score", flat=True)) == [9, 9]


def test_answers_of_strangers_fail_or_count_for_their_company_as_chosen(world):
    row = "Aurora;nobody@aurora.example;9;12.03.2025;\n"

    refused = answers(world, row)
    taken = answers(world, row, strangers="company")

    assert reasons(refused)[0][:3] == (2, "E-mail", "nobody@aurora.example")
    assert taken.stored == 1
    assert Response.objects.get().contact is None


def test_nobody_is_guessed_where_several_fit(world):
    twin = Contact.objects.create(partner=world.borealis, name="Vera", created_at=world.now)
    Address.objects.create(
        contact=twin, kind="email", value="vera@aurora.example", normalised="vera@aurora.example"
    )
    Partner.objects.create(program=world.program, name="Aurora", created_at=world.now)

    run = answers(
        world, ";vera@aurora.example;9;12.03.2025;\nAurora;;9;12.03.2025;\nNowhere;;9;12.03.2025;\n"
    )

    assert [failure.code for failure in failures_of(run)] == [
        "contact_ambiguous",
        "partner_ambiguous",
        "partner_unknown",
    ]


def test_a_contact_of_another_partner_is_not_taken(world):
    run = answers(world, "Borealis;vera@aurora.example;9;12.03.2025;\n")

    assert [failure.code for failure in failures_of(run)] == ["contact_unknown"]


def test_the_scale_follows_what_was_asked(world):
    run = answers(world, "Aurora;;5;12.03.2025;\nAurora;;9;12.03.2025;\n", kind="csat")

    assert counts(run) == {"read": 2, "stored": 1, "skipped": 0, "failed": 1}
    assert reasons(run)[0][1:3] == ("NPS", "9")
    assert Response.objects.get().kind == "csat"


def test_a_workbook_keeps_its_dates_and_tells_of_fractions_that_became_dates(world):
    import datetime as dt

    data = workbook(
        ["Partner", "NPS", "Date"],
        ["Aurora", 9, dt.date(2025, 3, 12)],
        ["Aurora", dt.date(2025, 10, 9), dt.date(2025, 3, 13)],
    )

    run = bring(world, data, target="answers", name="answers.xlsx")

    assert counts(run) == {"read": 2, "stored": 1, "skipped": 0, "failed": 1}
    assert reasons(run)[0][3].startswith("This is a date")


def test_a_chunk_of_answers_costs_the_same_number_of_queries_whatever_its_size(world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from otklik.partners.imports.operations.carry_on import carry_on
    from otklik.partners.imports.tests.helpers import start

    def queries(rows: int, month: int) -> int:
        lines = "".join(
            f"Aurora;vera@aurora.example;9;{n % 28 + 1}.{month:02}.2025;{n}\n" for n in range(rows)
        )
        run = start(arrive(world, HEAD + lines, target="answers"))
        with CaptureQueriesContext(connection) as captured:
            carry_on(run.pk, clock=lambda: world.now)
        assert len(captured) > 0
        return len(captured)

    queries(1, 1)  # makes the survey
    assert queries(10, 2) == queries(28, 3)
