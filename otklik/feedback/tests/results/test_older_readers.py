"""What was there before surveys stays right with answers that name nobody, and with those not counted."""

from __future__ import annotations

import pytest
from django.test import Client

from otklik.analytics.public import Dimension
from otklik.feedback.access import Scope
from otklik.feedback.facts import responses as fact_source
from otklik.feedback.models import Response, SurveyVersion
from otklik.feedback.operations.histograms import rebuild_histograms
from otklik.feedback.queries.comments import latest_comments
from otklik.feedback.queries.nps_report import ReportFilter, nps_report
from otklik.feedback.queries.tallies import Asked
from otklik.feedback.queries.voices import last_scores_of_contacts, last_scores_of_partners, partner_voices
from otklik.feedback.rules.periods import Period
from otklik.feedback.rules.vocabulary import ResponseStatus
from otklik.feedback.tests.results import rows
from otklik.partners.rules.vocabulary import ContactRole
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
MARCH = Period(NOW.date().replace(day=1), NOW.date().replace(month=4, day=1))


@pytest.fixture
def survey(world: World) -> SurveyVersion:
    """Six answers that count, one of them by nobody, and two that do not, in whoever's name."""
    version = rows.survey(world)
    round_ = rows.wave(version)
    rows.asked_and_answered(round_, world.aurora, [10, 9, 0, 8])
    rows.answered(rows.invite(round_, world.vera), 10)
    poster = rows.link(version)
    rows.answered_by_link(poster, version, 3, comment="Nobody knows me")
    second = {"status": ResponseStatus.DUPLICATE, "comment": "Once more"}
    rows.answered_by_link(poster, version, 0, **second)
    rows.answered(rows.invite(round_, world.gleb), 0, **second)
    return version


def test_the_nps_report_counts_the_nameless_and_no_second_answer(world: World, survey: SurveyVersion) -> None:
    report = nps_report(Scope(), ReportFilter(MARCH))
    assert (report.summary.n, report.scores[0]) == (6, 1)
    roles = next(cut for cut in report.breakdowns if cut.dimension is Dimension.ROLE)
    assert {row.value: row.summary.n for row in roles.rows} == {
        ContactRole.UNKNOWN: 5,
        ContactRole.DECISION_MAKER: 1,
    }


def test_counted_anew_the_histograms_say_the_same(world: World, survey: SurveyVersion) -> None:
    before = nps_report(Scope(), ReportFilter(MARCH)).scores
    rebuild_histograms()
    assert nps_report(Scope(), ReportFilter(MARCH)).scores == before


def test_a_managers_figures_are_counted_from_own_answers_alone(world: World, survey: SurveyVersion) -> None:
    own = Scope(frozenset(), world.boris.pk)
    assert nps_report(own, ReportFilter(MARCH)).summary.n == 5


def test_comments_of_nobody_are_shown_and_second_ones_are_not(world: World, survey: SurveyVersion) -> None:
    comments = latest_comments(Asked(Scope()), MARCH)
    assert [(comment.text, comment.partner_id) for comment in comments] == [("Nobody knows me", None)]
    client = Client()
    client.force_login(world.anna)
    for address in ("/nps/?period=custom&from=2026-03-01&to=2026-03-31", "/"):
        assert client.get(address).status_code == 200
    html = client.get("/nps/?period=custom&from=2026-03-01&to=2026-03-31").content.decode()
    assert "Anonymous link" in html
    assert "Once more" not in html


def test_a_partners_voices_hold_neither(world: World, survey: SurveyVersion) -> None:
    voices = partner_voices(world.aurora.pk)
    assert voices.summary.n == 5
    assert voices.nameless == 0
    assert world.gleb.pk in {person.contact_id for person in voices.silent}
    assert last_scores_of_contacts([world.vera.pk, world.gleb.pk]).keys() == {world.vera.pk}
    assert last_scores_of_partners([world.aurora.pk])[world.aurora.pk].responded_at == NOW


def test_facts_for_analytics_leave_second_answers_out(world: World, survey: SurveyVersion) -> None:
    ids = list(Response.objects.order_by("pk").values_list("pk", flat=True))
    facts = list(fact_source.fetch(ids))
    assert len(facts) == 6
    assert [fact[0] for fact in facts if fact[6] is None] == [ids[5]]
