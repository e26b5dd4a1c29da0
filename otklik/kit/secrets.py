"""Secrets at rest: passwords of mailboxes, tokens of other systems. Encrypted in rows, hidden in logs.

Fernet (AES-128-CBC with HMAC-SHA256) with a key of its own for each purpose, derived by HKDF-SHA256 from the
installation's secret key. A new secret key goes together with the old one (``OTKLIK_SECRET_KEY_OLD``): what
was written under the old one is still read, and is written under the new one when it is next saved.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

_VERSION = "v1:"
if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField


class SecretUnreadable(Exception):
    """The stored value was changed, belongs elsewhere, or was written under a secret key that is gone.
    Enter the secret again, or set OTKLIK_SECRET_KEY_OLD to the key it was written under."""


class Secret:
    """A value that shows itself only to who asks by name: ``reveal()``. Everything else prints dots."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(•••)" if self._value else "Secret()"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled: it would lie readable in the queue")


def encrypt(value: str, *, purpose: str) -> str:
    """Text for the database. Only the same purpose reads it: a value copied to another column is refused."""
    return _VERSION + _fernet(purpose).encrypt(value.encode()).decode("ascii")


def decrypt(stored: str, *, purpose: str) -> str:
    """Raises SecretUnreadable."""
    if not stored.startswith(_VERSION):
        raise SecretUnreadable(f"{purpose}: not a stored secret")
    try:
        return _fernet(purpose).decrypt(stored[len(_VERSION) :].encode()).decode()
    except (InvalidToken, UnicodeError) as error:
        # From None: the message of the cause adds nothing, its context could hold the value.
        raise SecretUnreadable(f"{purpose}: cannot be read with this installation's key") from error


class EncryptedTextField(_TextField):
    """Holds a Secret; takes a Secret or a string. Cannot be searched by value."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret | None:
        if value is None:
            return None
        return Secret(decrypt(value, purpose=self._purpose) if value else "")

    def to_python(self, value: Any) -> Secret | None:
        return value if value is None or isinstance(value, Secret) else Secret(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        secret = self.to_python(value)
        if secret is None:
            return None
        return encrypt(secret.reveal(), purpose=self._purpose) if secret else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self._purpose} is encrypted and cannot be searched")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """For dumps: as stored, never in the clear."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

    @property
    def _purpose(self) -> str:
        return f"{self.model._meta.label}.{self.attname}"


def _fernet(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(str(key), purpose)) for key in keys])


@lru_cache(maxsize=128)
def _derived(key: str, purpose: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=b"otklik", info=b"secret:" + purpose.encode())
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
