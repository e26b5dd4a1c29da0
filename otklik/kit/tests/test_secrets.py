from __future__ import annotations

import logging
import pickle

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from otklik.kit.secrets import EncryptedTextField, Secret, SecretUnreadable, decrypt, encrypt


def test_what_was_encrypted_comes_back_and_looks_different_each_time() -> None:
    first, second = (encrypt("пароль 1", purpose="mailbox") for _ in range(2))
    assert first != second
    assert "пароль" not in first
    assert decrypt(first, purpose="mailbox") == decrypt(second, purpose="mailbox") == "пароль 1"


def test_a_value_that_was_tampered_with_is_refused() -> None:
    stored = encrypt("x" * 30, purpose="mailbox")
    flipped = "B" if stored[40] == "A" else "A"
    for harmed in (stored[:-4], stored.removeprefix("v1:"), "v1:", stored[:40] + flipped + stored[41:], "x"):
        with pytest.raises(SecretUnreadable):
            decrypt(harmed, purpose="mailbox")


def test_a_value_copied_to_another_place_is_refused() -> None:
    with pytest.raises(SecretUnreadable, match="telegram"):
        decrypt(encrypt("x", purpose="mailbox"), purpose="telegram")


def test_after_a_change_of_the_secret_key_the_old_one_still_reads(settings: object) -> None:
    stored = encrypt("x", purpose="mailbox")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another key that is long enough for anybody"  # type: ignore[attr-defined]
    assert decrypt(stored, purpose="mailbox") == "x"
    fresh = encrypt("x", purpose="mailbox")
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert decrypt(fresh, purpose="mailbox") == "x"
    with pytest.raises(SecretUnreadable):
        decrypt(stored, purpose="mailbox")


def test_a_secret_does_not_show_itself(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("hunter2")
    logging.getLogger("test").warning("password %s %r", secret, [secret])
    assert "hunter2" not in caplog.text + f"{secret} {secret!r}"
    assert secret.reveal() == "hunter2"
    assert (secret == Secret("hunter2"), secret == Secret("x"), secret == "hunter2") == (True, False, False)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)


@pytest.mark.django_db
@isolate_apps("otklik.kit")
def test_a_field_keeps_its_value_encrypted() -> None:
    class Mailbox(models.Model):
        password = EncryptedTextField(null=True)

        class Meta:
            app_label = "kit"

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kit_mailbox (id INTEGER PRIMARY KEY, password TEXT)")
    Mailbox(id=1, password="hunter2").save(force_insert=True)
    Mailbox(id=2, password=Secret("")).save(force_insert=True)
    Mailbox(id=3).save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM kit_mailbox ORDER BY id")
        stored = [row[0] for row in cursor.fetchall()]
    assert stored[0].startswith("v1:")
    assert stored[1:] == ["", None]
    assert [m.password for m in Mailbox.objects.order_by("id")] == [Secret("hunter2"), Secret(""), None]
    assert not Mailbox.objects.order_by("id")[1].password
    with pytest.raises(FieldError, match="cannot be searched"):
        Mailbox.objects.filter(password="hunter2").exists()
