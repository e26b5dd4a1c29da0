"""The report that a new user of the demo finds, from the rows of its rooms to the verdicts. Slow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from otklik.demo.load import load
from otklik.events.public import Actor
from otklik.impact.models import ImpactReport, PolicyChange
from otklik.impact.operations.computing import ask_report, compute_report
from otklik.impact.rules import driving
from otklik.impact.rules.headline import in_order
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Exposure, Outcome
from otklik.partners.public import Program
from otklik.stats.impact_verdict import Verdict

AT = datetime(2026, 9, 24, 12, 0, tzinfo=UTC)
PLANTED = {Exposure.BREACHES, Exposure.PAYOUTS_LATE, Exposure.MANAGER_CHANGED}
HARMLESS = {Exposure.REOPENED, Exposure.HANDED_OVER, Exposure.FOREIGN_LANGUAGE, Exposure.MONEY_HELD}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_causes_of_the_dips_are_found_and_what_was_not_planted_is_not(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    monkeypatch.setattr(driving, "REPLICATES", 20)
    load(at=AT, password="a long enough password")
    asked = ask_report(program=Program.objects.get(), outcome=Outcome.NPS, by=Actor.system(), at=AT)
    compute_report(report_id=asked.pk, at=AT)
    report = ImpactReport.objects.get().report
    assert report.passed
    assert report.answers > 1500
    verdicts = {one.exposure: one.verdict for one in report.studies}
    assert {one for one in PLANTED if verdicts[one] is not Verdict.EFFECT} == set()
    assert {one for one in HARMLESS if verdicts[one] is Verdict.EFFECT} == set()
    by_name = dict(PolicyChange.objects.values_list("name", "pk"))
    calls = report.of_change(by_name["A call with the manager every week"], 1)
    handed_over = report.of_change(by_name["Igor instead of Olga"], 1)
    assert calls is not None
    assert handed_over is not None
    assert calls.verdict in (Verdict.CANNOT_TELL, Verdict.NO_EFFECT_SEEN), "nothing was planted"
    assert (handed_over.since[0].high or 0) < 0, "the months after it are below what was to be expected"
    of_support = [one.exposure for one in in_order(report.studies) if one.exposure not in OUTSIDE_SUPPORT]
    assert of_support[0] is Exposure.BREACHES, "of support, what was planted is told of first"
