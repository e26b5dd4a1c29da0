"""The quick way of writing a moment says what Django's own would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import formats, translation

from otklik.kit.moments import moment_text


@pytest.mark.parametrize("language", ["en", "ru", "de", "ja"])
@pytest.mark.parametrize("style", ["DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "SHORT_DATE_FORMAT"])
def test_it_writes_what_django_writes_in_any_language(language: str, style: str) -> None:
    first = datetime(2026, 1, 1, 0, 5, tzinfo=UTC)
    moments = [first + timedelta(days=31 * number, minutes=83 * number) for number in range(12)]
    with translation.override(language):
        assert [moment_text(m, style) for m in moments] == [formats.date_format(m, style) for m in moments]


def test_a_day_remembered_in_one_language_is_not_told_in_another() -> None:
    moment = datetime(2026, 3, 9, 7, 4, tzinfo=UTC)
    with translation.override("en"):
        english = moment_text(moment)
    with translation.override("ru"):
        assert moment_text(moment) != english
