"""Ids by the thousand."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.kit.among import Among


@pytest.mark.django_db
def test_thousands_of_ids_are_one_parameter() -> None:
    wanted = [ContentType.objects.create(app_label="kit", model=name).pk for name in ("one", "two")]
    with CaptureQueriesContext(connection) as seen:
        found = ContentType.objects.filter(pk__in=Among([*wanted, *range(10**6, 10**6 + 40_000)]))
        assert {row.pk for row in found} == {*wanted}
    assert len(seen) == 1
    assert not ContentType.objects.filter(pk__in=Among([])).exists()
    assert not ContentType.objects.filter(app_label="kit").exclude(pk__in=Among(wanted)).exists()
