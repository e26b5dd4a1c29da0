"""What a policy change did: recorded on a page, told with its doubts, and refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.events.public import Actor
from otklik.identity.rules.roles import Role
from otklik.impact.models import ImpactReport, PolicyChange, PolicyStart
from otklik.impact.operations.changes import ChangeTerms, record_change
from otklik.impact.queries.changes import listed_starts, partners_named
from otklik.impact.rules.change_starts import read_list
from otklik.impact.rules.change_study import ChangeStudy
from otklik.impact.rules.vocabulary import ChangeReason
from otklik.impact.tests.samples import CHANGE, REPORT
from otklik.impact.web import recording
from otklik.impact.web.change_forms import listed_text, tier_field
from otklik.partners.models import Partner
from otklik.stats.impact_verdict import Verdict
from tests.world import World, make_user

SPRING = date(2026, 3, 1)


def recorded(world: World, name: str = "Answers in 4 hours") -> PolicyChange:
    terms = ChangeTerms(name, "Only on working days.", {"gold": SPRING}, {})
    return record_change(program=world.program, terms=terms, by=Actor.person(world.anna.pk), at=world.now)


def found(world: World, *studies: ChangeStudy) -> None:
    one = ImpactReport(program=world.program, outcome="nps", asked_at=world.now)
    one.finish(replace(REPORT, changes=studies), world.now)
    one.save()


def page(client: Client, path: str = "", status: int = 200, **parameters: Any) -> str:
    answer = client.get(f"/impact/changes/{path}", parameters)
    assert answer.status_code == status
    return unescape(answer.content.decode())


@pytest.fixture
def anna(client: Client, world: World) -> Client:
    client.force_login(world.anna)
    return client


def test_the_sentence_comes_first_then_the_picture_then_what_could_be_wrong(
    world: World, anna: Client
) -> None:
    change = recorded(world)
    found(world, replace(CHANGE, change=change.pk))
    text = page(anna, f"{change.pk}/")
    said = "NPS is about 12 points higher than it would have been without it (7 to 17)."
    assert said in text
    assert text.index(said) < text.index('role="img"') < text.index("How it was computed")
    assert "They did, as far as can be seen." in text
    assert "months 4–6 under it" in text
    assert "4–6 months before" in text
    assert "Who gets a change is no accident." in text
    assert "two-way fixed effects" in text
    assert "14 answers of months in the middle of which it came." in text
    assert "Only on working days." in text
    assert "+12" in page(anna)


def test_what_was_refused_says_why_and_shows_no_figure(world: World, anna: Client) -> None:
    change = recorded(world)
    refused = replace(
        CHANGE, change=change.pk, verdict=Verdict.REFUSED, average=None, before=(), since=(), doubts=()
    )
    for reason, said in (
        (ChangeReason.EVERYBODY_AT_ONCE, "It came to everybody in the same month"),
        (ChangeReason.NOBODY_LEFT, "Nothing without it is left to compare with"),
        (ChangeReason.TOO_FEW_REACHED, "96 partners answered under it: too few. From 10 on"),
        (ChangeReason.TOO_FEW_PARTNERS, "212 partners are too few"),
        (ChangeReason.NOT_YET, "Nobody it came to has answered under it yet."),
        (ChangeReason.BAD_ROWS, "More than 5% of the answers cannot be right."),
        (ChangeReason.ALWAYS_THE_SAME, "The answers hardly differ"),
    ):
        ImpactReport.objects.all().delete()
        found(world, replace(refused, reasons=(reason,)))
        text = page(anna, f"{change.pk}/")
        assert said in text
        assert 'role="img"' not in text
        assert "+12" not in text


def test_what_nobody_can_tell_and_what_was_not_seen_are_told_apart(world: World, anna: Client) -> None:
    change = recorded(world)
    for verdict, reason, said in (
        (Verdict.CANNOT_TELL, ChangeReason.INTERVAL_TOO_WIDE, "nobody can tell whether it moved NPS"),
        (Verdict.CANNOT_TELL, ChangeReason.APART_BEFORE, "They did not, so no verdict stands on this."),
        (Verdict.NO_EFFECT_SEEN, ChangeReason.INTERVAL_IS_SMALL, "it is less than 10 points"),
    ):
        ImpactReport.objects.all().delete()
        found(world, replace(CHANGE, change=change.pk, verdict=verdict, reasons=(reason,)))
        text = page(anna, f"{change.pk}/")
        assert said in text
        by_month = "the whole band lies above zero (months 1–3 under it, months 4–6 under it)"
        assert (by_month in text) == (reason is not ChangeReason.APART_BEFORE)
        assert "An effect of 7 points would be seen in such answers four times out of five" in text


def test_an_empty_list_says_what_to_do_and_who_may(world: World, anna: Client, client: Client) -> None:
    text = page(anna)
    assert "No change is recorded yet" in text
    assert "/impact/changes/new/" in text
    analyst = make_user("analyst@example.com", "Analyst", Role.ANALYST)
    client.force_login(analyst)
    text = page(client)
    assert "/impact/changes/new/" not in text
    assert "the head of the partner program or a support lead" in text
    assert client.get("/impact/changes/new/").status_code == 403
    client.force_login(world.boris)
    assert "These figures are of whole programs" in page(client)


def test_a_change_is_recorded_by_tier_and_by_list(world: World, anna: Client) -> None:
    text = page(anna, "new/")
    assert text.index("gold") < text.index("silver")
    given = {
        "program": world.program.pk,
        "name": "Weekly payouts",
        "about": "",
        tier_field("gold"): "2026-03-01",
        tier_field("silver"): "",
        "listed": "Borealis; 15.04.2026",
    }
    answer = anna.post("/impact/changes/new/", given)
    change = PolicyChange.objects.get()
    assert answer.headers["Location"] == f"/impact/changes/{change.pk}/"
    days = dict(PolicyStart.objects.values_list("partner_id", "starts_on"))
    assert days == {world.aurora.pk: SPRING, world.borealis.pk: date(2026, 4, 15)}
    assert "Not studied yet" in page(anna, f"{change.pk}/")


def test_nothing_that_was_typed_is_lost_and_each_bad_line_is_told(world: World, anna: Client) -> None:
    file = SimpleUploadedFile("list.csv", b"Partner;Day\nAurora;2026-02-30\nTaiga;2026-03-01\n")
    given = {
        "program": world.program.pk,
        "name": "Weekly payouts",
        "about": "For some",
        tier_field("silver"): "2026-05-01",
        "listed": "Borealis; soon",
        "file": file,
    }
    answer = anna.post("/impact/changes/new/", given)
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Line 1: “soon” is not a date." in text
    assert "Line 2: there is no such day as “2026-02-30”." in text
    assert "Line 3: no partner of this program has the code or the name “Taiga”." in text
    for typed in ("Weekly payouts", "For some", "2026-05-01", "Borealis; soon\nAurora; 2026-02-30\nTaiga;"):
        assert typed in text
    assert not PolicyChange.objects.exists()


def test_a_file_that_is_no_table_and_a_change_for_nobody_are_refused(world: World, anna: Client) -> None:
    given = {"program": world.program.pk, "name": "Weekly payouts", "listed": ""}
    answer = anna.post("/impact/changes/new/", given)
    assert "It holds for nobody yet." in answer.content.decode()
    file = SimpleUploadedFile("list.csv", b"%PDF-1.4 nothing")
    answer = anna.post("/impact/changes/new/", {**given, "file": file})
    assert "This is not a table but a PDF document" in answer.content.decode()


def test_a_correction_begins_with_what_was_recorded(world: World, anna: Client) -> None:
    change = recorded(world)
    Partner.objects.filter(pk=world.borealis.pk).update(external_id="B-7")
    PolicyStart.objects.create(
        change=change, partner=world.borealis, starts_on=date(2026, 4, 15), tier="silver", is_listed=True
    )
    text = page(anna, f"{change.pk}/correction/")
    assert "B-7; 2026-04-15" in text
    assert 'value="2026-03-01"' in text
    given = {"version": 1, "name": "Answers in 2 hours", tier_field("gold"): "2026-03-02", "listed": ""}
    assert anna.post(f"/impact/changes/{change.pk}/correction/", given).status_code == 302
    assert dict(PolicyStart.objects.values_list("partner_id", "starts_on")) == {
        world.aurora.pk: date(2026, 3, 2)
    }
    answer = anna.post(f"/impact/changes/{change.pk}/correction/", given)
    assert "Somebody else corrected it meanwhile." in answer.content.decode()


def test_a_day_stays_with_its_tier_though_another_tier_appeared_meanwhile(world: World, anna: Client) -> None:
    given = {"program": world.program.pk, "name": "Weekly payouts", tier_field("silver"): "2026-03-01"}
    Partner.objects.create(program=world.program, name="Taiga", tier="bronze", created_at=world.now)
    assert anna.post("/impact/changes/new/", given).status_code == 302
    assert list(PolicyStart.objects.values_list("partner_id", "tier")) == [(world.borealis.pk, "silver")]


def test_a_year_typed_in_part_is_no_day(world: World, anna: Client) -> None:
    given = {"program": world.program.pk, "name": "Weekly payouts", tier_field("gold"): "0202-03-01"}
    answer = anna.post("/impact/changes/new/", given)
    assert answer.status_code == 422
    assert "greater than or equal to 1970-01-01" in answer.content.decode()


def test_what_was_typed_for_a_program_is_not_recorded_in_another(world: World, anna: Client) -> None:
    given = {"program": world.program.pk + 1, "name": "Weekly payouts", "listed": "Aurora; 2026-03-01"}
    assert anna.post("/impact/changes/new/", given).status_code == 404
    assert not PolicyChange.objects.exists()


@pytest.mark.parametrize("step", ["correction", "removal"])
def test_one_that_somebody_removes_in_this_moment_is_not_there(
    world: World, anna: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    change = recorded(world)

    def removed_first(change_id: int, **said: Any) -> None:
        PolicyChange.objects.filter(pk=change_id).delete()
        raise PolicyChange.DoesNotExist

    for name in ("correct_change", "remove_change"):
        monkeypatch.setattr(recording, name, removed_first)
    given = {"version": 1, "name": "Other", tier_field("gold"): "2026-03-02"}
    assert anna.post(f"/impact/changes/{change.pk}/{step}/", given).status_code == 404


def test_a_correction_names_each_partner_so_that_it_is_read_as_the_same(world: World, anna: Client) -> None:
    """A code of another partner may be this one's name."""
    Partner.objects.filter(pk=world.aurora.pk).update(external_id="Borealis")
    change = recorded(world)
    PolicyStart.objects.create(
        change=change, partner=world.borealis, starts_on=date(2026, 4, 15), is_listed=True
    )
    assert f"#{world.borealis.pk}; 2026-04-15" in page(anna, f"{change.pk}/correction/")


def test_a_name_in_quotes_is_read_as_it_was_written(world: World) -> None:
    Partner.objects.filter(pk=world.aurora.pk).update(name='"Snow" and "Ice"', name_key='"snow" and "ice"')
    change = recorded(world)
    change.starts.update(is_listed=True)
    text = listed_text(world.program.pk, list(listed_starts(change.pk)))
    (line,), _ = read_list(text)
    assert partners_named(world.program.pk, [line.partner]) == {'"Snow" and "Ice"': [world.aurora.pk]}


def test_a_list_that_is_too_long_stays_as_it_was_typed(world: World, anna: Client) -> None:
    file = SimpleUploadedFile("list.csv", b"Partner;Day\nAurora;2026-03-01\n")
    given = {"program": world.program.pk, "name": "Calls", "listed": "Borealis;" * 70_000, "file": file}
    answer = anna.post("/impact/changes/new/", given)
    assert answer.status_code == 422
    assert "Borealis;Borealis;" in answer.content.decode()


def test_a_finding_of_before_the_correction_is_not_shown(world: World, anna: Client) -> None:
    change = recorded(world)
    found(world, replace(CHANGE, change=change.pk))
    PolicyChange.objects.update(version=2)
    assert "+12" not in page(anna)
    assert "Not studied yet" in page(anna, f"{change.pk}/")


def test_a_change_is_removed_by_whoever_records_them(world: World, anna: Client, client: Client) -> None:
    change = recorded(world)
    client.force_login(world.dmitri)
    assert client.post(f"/impact/changes/{change.pk}/removal/").status_code == 403
    client.force_login(world.anna)
    assert client.post(f"/impact/changes/{change.pk}/removal/").status_code == 302
    assert not PolicyChange.objects.exists()
    assert client.get(f"/impact/changes/{change.pk}/").status_code == 404


def test_a_computation_asked_for_on_a_change_leads_back_to_it(world: World, anna: Client) -> None:
    change = recorded(world)
    given = {"program": world.program.pk, "outcome": "nps", "change": change.pk}
    answer = anna.post("/impact/computations/", given)
    assert answer.headers["Location"].startswith(f"/impact/changes/{change.pk}/?program=")


def test_the_list_asks_as_little_for_many_changes_as_for_few(world: World, anna: Client) -> None:
    found(world, CHANGE)
    page(anna)  # what is asked once in the life of a process is no matter of the list
    counts = []
    for _ in range(2):
        recorded(world)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(anna)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_file_has_every_change_with_its_months(world: World, anna: Client) -> None:
    change = recorded(world)
    found(world, replace(CHANGE, change=change.pk))
    answer = anna.get("/impact/file/", {"kind": "changes"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("change,name,version,verdict,reasons")
    assert f"{change.pk},Answers in 4 hours,1,effect,interval_excludes_zero" in lines[1]
    assert len(lines) == 1 + 1 + 4
    assert ",12.4," in lines[1]
    change.delete()
    answer = anna.get("/impact/file/", {"kind": "changes"})
    assert len(b"".join(answer.streaming_content).splitlines()) == 1, "as on the page"  # type: ignore[attr-defined]
