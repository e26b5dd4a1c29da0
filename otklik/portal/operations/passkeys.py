"""Passkeys: keys that a person's device keeps and shows without any typing (WebAuthn, level 2)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from otklik.events.public import Actor, Subject, record
from otklik.portal.models import Passkey, PortalAccount
from otklik.portal.queries.people import may_enter

if TYPE_CHECKING:
    from fido2.server import Fido2Server

MOST_PASSKEYS = 10
# What the library stumbles over in a stranger's bytes: its reader of CBOR looks at no lengths.
_ODD = (ValueError, TypeError, LookupError, AttributeError, RuntimeError, struct.error)
Json = dict[str, Any]


class PasskeyRefused(Exception):
    """The device's answer does not prove anything: another site's, another key's, changed, or copied."""


class TooManyPasskeys(Exception):
    """An account keeps MOST_PASSKEYS; one has to go first."""


def registration(account: PortalAccount) -> tuple[Json, Json]:
    """What the browser is asked to make, and what is remembered until it has."""
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    contact = account.contact
    user = PublicKeyCredentialUserEntity(
        id=account.handle.encode(),
        name=f"{contact.name}, {contact.partner.name}",
        display_name=contact.name,
    )
    options, state = _server().register_begin(
        user,
        [_kept(passkey) for passkey in account.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), dict(state)


def register(
    *, account: PortalAccount, state: Mapping[str, Any], answer: Any, name: str, at: datetime
) -> Passkey:
    """Raises PasskeyRefused, TooManyPasskeys."""
    from fido2.utils import websafe_encode

    try:
        made = _server().register_complete(state, answer)
    except _ODD as error:
        raise PasskeyRefused(str(error)) from error
    credential = made.credential_data
    if credential is None:
        raise PasskeyRefused("no credential")
    try:
        with transaction.atomic():
            if Passkey.objects.filter(account=account).count() >= MOST_PASSKEYS:
                raise TooManyPasskeys
            passkey = Passkey.objects.create(
                account=account,
                name=name,
                credential_id=websafe_encode(credential.credential_id),
                credential=bytes(credential),
                uses=made.counter,
                created_at=at,
            )
            _tell("account.passkey_added", account, at)
    except IntegrityError as error:
        raise PasskeyRefused("known already") from error
    return passkey


def remove(*, account: PortalAccount, passkey_id: int, at: datetime) -> bool:
    """False where it is gone already, or somebody else's: nothing happens then."""
    with transaction.atomic():
        gone, _ = Passkey.objects.filter(account=account, pk=passkey_id).delete()
        if gone:
            _tell("account.passkey_removed", account, at)
    return bool(gone)


def asking() -> tuple[Json, Json]:
    """Any passkey of this site will do: nobody says who they are before they show it."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return dict(options), dict(state)


def account_by_passkey(*, state: Mapping[str, Any], answer: Any, at: datetime) -> PortalAccount:
    """Raises PasskeyRefused."""
    from fido2.webauthn import AuthenticationResponse

    try:
        said = AuthenticationResponse.from_dict(answer)
        passkey = _passkey_called(said.raw_id)
        if passkey is None:
            raise PasskeyRefused("unknown")
        _server().authenticate_complete(state, [_kept(passkey)], said)
    except _ODD as error:
        raise PasskeyRefused(str(error)) from error
    handle, uses = said.response.user_handle, said.response.authenticator_data.counter
    account = passkey.account
    if handle is not None and bytes(handle) != account.handle.encode():
        raise PasskeyRefused("somebody else's")
    if (uses or passkey.uses) and uses <= passkey.uses:
        raise PasskeyRefused("used more often elsewhere: there is a copy of it")
    if not may_enter(account):
        raise PasskeyRefused("withdrawn")
    Passkey.objects.filter(pk=passkey.pk).update(uses=uses, last_used_at=at)
    return account


def _passkey_called(raw_id: bytes) -> Passkey | None:
    from fido2.utils import websafe_encode

    rows = Passkey.objects.select_related("account__contact__partner")
    return rows.filter(credential_id=websafe_encode(raw_id)).first()


def _kept(passkey: Passkey) -> Any:
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(bytes(passkey.credential))


def _server() -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    parts = urlsplit(settings.OTKLIK.public_url)
    site = PublicKeyCredentialRpEntity(id=parts.hostname or "localhost", name="Otklik")
    origin = f"{parts.scheme}://{parts.netloc}"
    return Fido2Server(site, verify_origin=lambda said: said == origin)


def _tell(kind: str, account: PortalAccount, at: datetime) -> None:
    subjects = [Subject("contact", account.contact_id)]
    record(kind, by=Actor.contact(account.contact_id), at=at, subjects=subjects)
