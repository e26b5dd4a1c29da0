from __future__ import annotations

import json

from otklik.impact.rules.report import as_data, from_data
from otklik.impact.rules.vocabulary import Exposure
from otklik.impact.tests.samples import BREACHES, REPORT


def test_a_report_is_read_back_as_it_was_kept() -> None:
    assert from_data(json.loads(json.dumps(as_data(REPORT)))) == REPORT


def test_a_study_is_found_by_its_exposure() -> None:
    assert REPORT.of(Exposure.BREACHES) is BREACHES
    assert REPORT.of(Exposure.MONEY_HELD) is None
