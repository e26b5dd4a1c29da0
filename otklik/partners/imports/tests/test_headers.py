"""Columns are recognised by what people call them, in both languages, and by what stands in them."""

from __future__ import annotations

import pytest

from otklik.partners.imports.known.contacts import FIELDS as CONTACT_FIELDS
from otklik.partners.imports.known.partners import FIELDS as PARTNER_FIELDS
from otklik.partners.imports.rules.headers import guess_mapping, looks_of
from otklik.partners.imports.rules.values import Looks


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            ["Partner ID", "Company name", "Tier", "Country code", "Account manager"],
            ["external_id", "name", "tier", "country", "manager_email"],
        ),
        (
            ["Код партнёра", "Название", "Уровень", "Страна", "Часовой пояс", "Выручка", "Дата договора"],
            ["external_id", "name", "tier", "country", "time_zone", "revenue", "contract_started_on"],
        ),
        (["partner_id", "partnerName", "renewalDate"], ["external_id", "name", "renewal_on"]),
    ],
)
def test_usual_headers_of_partner_lists_are_known(columns, expected):
    assert guess_mapping(columns, [], PARTNER_FIELDS) == dict(zip(columns, expected, strict=True))


def test_usual_headers_of_contact_lists_are_known():
    columns = ["ФИО", "E-mail", "Компания", "Должность", "Телефон", "ЛПР"]

    assert guess_mapping(columns, [], CONTACT_FIELDS) == {
        "ФИО": "name",
        "E-mail": "email",
        "Компания": "partner_name",
        "Должность": "job_title",
        "Телефон": "phone",
    }


def test_a_column_of_addresses_is_e_mail_whatever_its_name():
    rows = [["vera@aurora.example", "x"], ["gleb@aurora.example", "y"]]

    assert guess_mapping(["Куда писать", "Прочее"], rows, CONTACT_FIELDS) == {"Куда писать": "email"}


def test_values_that_contradict_a_vague_header_win():
    rows = [["tomorrow maybe"], ["not yet"]]

    assert guess_mapping(["Our renewal notes"], rows, PARTNER_FIELDS) == {}


def test_no_field_is_given_twice():
    mapping = guess_mapping(["Name", "Company", "Partner"], [], PARTNER_FIELDS)

    assert list(mapping.values()).count("name") == 1
    assert mapping["Name"] == "name"


def test_two_columns_of_addresses_without_a_telling_name_are_left_to_the_person():
    rows = [["a@x.com", "b@x.com"]]

    assert guess_mapping(["one", "two"], rows, CONTACT_FIELDS) == {}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["9", "10", "0", ""], Looks.SCORE),
        (["12.03.2025", "2025-03-13", "NA"], Looks.DATE),
        (["a@x.com", "b@y.org", "none"], Looks.EMAIL),
        (["Aurora", "9"], None),
        ([], None),
        (["45000", "45001"], None),
    ],
)
def test_what_values_look_like(cells, kind):
    assert looks_of(cells) is kind
