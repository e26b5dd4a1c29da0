from __future__ import annotations

import zoneinfo

import pytest
from django import forms
from django.utils import translation

from otklik.kit.zones import ZoneField, zone_choices, zone_label, zone_names


class Form(forms.Form):
    zone = ZoneField()


def cities(language: str) -> dict[str, list[str]]:
    with translation.override(language):
        return {str(group): [name for _, name in zones] for group, zones in zone_choices()[1:]}


def test_every_place_is_offered_once_and_by_its_present_name() -> None:
    assert set(zone_names()) <= zoneinfo.available_timezones()
    assert {"Europe/Kyiv", "Asia/Kolkata", "Europe/Moscow"} <= set(zone_names())
    assert not {"Europe/Kiev", "Asia/Calcutta", "Asia/Saigon"} & set(zone_names())


@pytest.mark.parametrize(
    ("language", "part", "some"),
    [
        ("ru", "Европа", ["Амстердам", "Киев", "Москва"]),
        ("ru", "Азия", ["Екатеринбург", "Ереван", "Калькутта", "Хошимин"]),
        ("en", "Europe", ["Amsterdam", "Kyiv", "Moscow"]),
        ("en", "Americas", ["Buenos Aires", "New York", "Sao Paulo"]),
    ],
)
def test_cities_are_in_the_readers_language_and_alphabet(language: str, part: str, some: list[str]) -> None:
    offered = cities(language)[part]
    assert [city for city in offered if city in some] == some


def test_the_parts_of_the_world_are_named_too() -> None:
    assert list(cities("ru")) == sorted(cities("ru"))
    assert "Тихий океан" in cities("ru")
    assert "Pacific Ocean" in cities("en")


def test_a_zone_chosen_under_an_older_name_stays_chosen() -> None:
    with translation.override("ru"):
        page = str(Form(initial={"zone": "Europe/Kiev"})["zone"])
        assert '<option value="Europe/Kiev" selected>Киев</option>' in page
        assert "Europe/Kiev" not in str(Form(initial={"zone": "UTC"})["zone"])
        assert zone_label("Etc/GMT+3") == "Etc/GMT+3"
    form = Form({"zone": "Europe/Kiev"}, initial={"zone": "Europe/Kiev"})
    assert form.is_valid()
    assert not form.has_changed()
    assert not Form({"zone": "Mars/Base"}).is_valid()
