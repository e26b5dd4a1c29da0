"""The pure rules as tables."""

from __future__ import annotations

import pytest

from otklik.partners.rules.addresses import BadAddress, normalise_address
from otklik.partners.rules.hours import BadHours, normalise_hours
from otklik.partners.rules.names import name_key, tidy, to_latin
from otklik.partners.rules.places import UnknownPlace, country_code, language_code, zone_name
from otklik.partners.rules.roles import role_from
from otklik.partners.rules.vocabulary import AddressKind, Authority, ContactRole, Influence

EMAIL, PHONE, TELEGRAM = AddressKind.EMAIL, AddressKind.PHONE, AddressKind.TELEGRAM


@pytest.mark.parametrize(
    ("kind", "written", "normal"),
    [
        (EMAIL, " Vera@Aurora.Example ", "vera@aurora.example"),
        (EMAIL, "mailto:a.b+c@x-y.example", "a.b+c@x-y.example"),
        (EMAIL, "вера@почта.рф", "вера@почта.рф"),
        (PHONE, "+7 (495) 123-45-67", "74951234567"),
        (PHONE, "8 495 123 45 67", "74951234567"),
        (PHONE, "+8 123 456 78 901", "812345678901"),
        (PHONE, "+44 20 7946 0958", "442079460958"),
        (TELEGRAM, "@Vera_O", "vera_o"),
        (TELEGRAM, "https://t.me/Vera_O", "vera_o"),
    ],
)
def test_an_address_has_one_form(kind: AddressKind, written: str, normal: str) -> None:
    assert normalise_address(kind, written) == normal


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (EMAIL, "vera"),
        (EMAIL, "vera@aurora"),
        (EMAIL, "a b@x.example"),
        (EMAIL, "a..b@x.example"),
        (EMAIL, "x" * 250 + "@x.example"),
        (PHONE, "12"),
        (PHONE, "call 12345"),
        (PHONE, "1" * 16),
        (TELEGRAM, "вера"),
        (TELEGRAM, "ab"),
    ],
)
def test_what_is_no_address_is_refused(kind: AddressKind, written: str) -> None:
    with pytest.raises(BadAddress):
        normalise_address(kind, written)


@pytest.mark.parametrize(
    ("written", "normal"),
    [("", ""), ("9-18", "09:00-18:00"), ("09:30–17:45", "09:30-17:45"), ("22:00 - 06:00", "22:00-06:00")],
)
def test_hours_have_one_form(written: str, normal: str) -> None:
    assert normalise_hours(written) == normal


@pytest.mark.parametrize("written", ["mornings", "25-26", "9:70-10:00", "9-9", "9"])
def test_what_are_no_hours_is_refused(written: str) -> None:
    with pytest.raises(BadHours):
        normalise_hours(written)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ru", "RU"),
        ("Russia", "RU"),
        ("РОССИЯ", "RU"),
        ("рф", "RU"),
        ("Казахстан", "KZ"),
        ("USA", "US"),
        ("", ""),
    ],
)
def test_a_country_is_known_by_code_and_by_name(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"), [("RU", "ru"), ("ru-RU", "ru"), ("Russian", "ru"), ("английский", "en"), ("", "")]
)
def test_a_language_is_known_by_code_and_by_name(written: str, code: str) -> None:
    assert language_code(written) == code


@pytest.mark.parametrize("look_up", [country_code, language_code, zone_name])
def test_a_place_that_does_not_exist_is_refused(look_up: object) -> None:
    with pytest.raises(UnknownPlace):
        look_up("Neverland")  # type: ignore[operator]


def test_a_zone_is_spelled_as_the_zone_data_spell_it() -> None:
    assert zone_name("europe/moscow") == "Europe/Moscow"


def test_names_that_differ_in_case_yo_and_spaces_are_one() -> None:
    assert name_key(" АЛЁНА\u00a0 и  Ко") == name_key("Алена и ко")
    assert tidy("a\u200bb \n c\x00") == "ab c"
    assert to_latin("Щука и Йод") == "shchuka i jod"


@pytest.mark.parametrize("authority", list(Authority))
@pytest.mark.parametrize("influence", list(Influence))
def test_the_role_follows_from_both_facts(authority: Authority, influence: Influence) -> None:
    role = role_from(authority, influence)
    if authority in (Authority.FINAL, Authority.SHARED):
        assert role is ContactRole.DECISION_MAKER
    elif influence in (Influence.HIGH, Influence.MEDIUM):
        assert role is ContactRole.INFLUENCER
    elif authority is Authority.NONE and influence is Influence.LOW:
        assert role is ContactRole.END_USER
    else:
        assert role is ContactRole.UNKNOWN


def test_an_overruled_role_wins() -> None:
    assert role_from(Authority.FINAL, Influence.HIGH, ContactRole.END_USER) is ContactRole.END_USER
