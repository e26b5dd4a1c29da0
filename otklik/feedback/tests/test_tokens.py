"""Links that only we can make."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from otklik.feedback.tokens import BadToken, invitation_of, invitation_token


@given(st.integers(1, 2**63 - 1))
def test_a_token_leads_to_its_invitation_alone(number: int) -> None:
    assert invitation_of(invitation_token(number)) == number


@given(st.text(max_size=60))
def test_what_we_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        invitation_of(text)


def test_a_changed_or_shortened_token_is_refused() -> None:
    token = invitation_token(17)
    for odd in (
        token[:-1],
        token + "A",
        token[:5] + ("A" if token[5] != "A" else "B") + token[6:],
        token[1:],
    ):
        with pytest.raises(BadToken):
            invitation_of(odd)


def test_mails_under_way_survive_a_new_key_and_not_a_foreign_one() -> None:
    token, old, new = invitation_token(17), settings.SECRET_KEY, "another-key-of-the-installation"
    with override_settings(SECRET_KEY=new), pytest.raises(BadToken):
        invitation_of(token)
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]):
        assert invitation_of(token) == 17
