"""A passkey in software: what a browser and its device would answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

_SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Device:
    """``counts``: whether it says how often it was used, as few passkeys do."""

    origin: str
    counts: bool = True
    uses: int = 0
    handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"a passkey of the tests, 32 bytes"

    def create(self, options: Mapping[str, Any]) -> str:
        asked = options["publicKey"]
        self.handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid(b"\0" * 16), self.id, public)
        data = AuthenticatorData.create(
            sha256(asked["rp"]["id"].encode()), _SEEN | AuthenticatorData.FLAG.AT, self.uses, credential
        )
        said = {
            "clientDataJSON": self._said("webauthn.create", asked["challenge"]),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._answer(said)

    def get(self, options: Mapping[str, Any], *, flags: AuthenticatorData.FLAG = _SEEN) -> str:
        asked = options["publicKey"]
        self.uses += self.counts
        data = AuthenticatorData.create(sha256(asked["rpId"].encode()), flags, self.uses)
        client = self._client("webauthn.get", asked["challenge"])
        said = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))),
            "userHandle": websafe_encode(self.handle),
        }
        return self._answer(said)

    def _said(self, what: str, challenge: str) -> str:
        return websafe_encode(self._client(what, challenge))

    def _client(self, what: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(what, challenge, self.origin)

    def _answer(self, said: Mapping[str, str]) -> str:
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})
