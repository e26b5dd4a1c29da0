from __future__ import annotations

import logging

import pytest
from django.conf import settings

from otklik.kit.logs import KeysInAddresses


def logged(address: str) -> str:
    record = logging.LogRecord(
        "django.security.csrf", 30, "x.py", 1, "Forbidden (%s): %s", ("why", address), None
    )
    assert KeysInAddresses().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/t/Zm9vYmFyYmF6cXV4MTIz/messages/", "/t/…/messages/"),
        ("/t/c.12.34.abcdefghijklmnop/", "/t/…/"),
        ("/desk/hooks/k3y-of-this-mailbox/", "/desk/hooks/…/"),
        ("/desk/hooks/calls/0123456789abcdef/", "/desk/hooks/calls/…/"),
        ("/settings/desk/canned-answers/17/", "/settings/desk/canned-answers/17/"),
        ("/tickets/1234567/followers/removal/", "/tickets/1234567/followers/removal/"),
    ],
)
def test_an_address_that_is_a_key_stands_in_no_log(address: str, shown: str) -> None:
    assert logged(address) == f"Forbidden (why): {shown}"


def test_every_line_that_is_written_goes_through_it() -> None:
    for name, handler in settings.LOGGING["handlers"].items():
        assert "keys" in handler["filters"], name
    assert settings.LOGGING["filters"]["keys"]["()"] == "otklik.kit.logs.KeysInAddresses"
