from __future__ import annotations

from django.db import models

from otklik.portal.models.accounts import PortalAccount


class SignInLink(models.Model):
    """Somebody asked for a link by mail. Neither the address nor the key that goes there is kept: digests
    are. Rows without a key wait for their mail, or are of an address nobody here has."""

    nonce_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    # Who has the address: a person may work for several partners.
    contact_ids = models.JSONField(default=list)
    wanted = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="portal_links_by_end")]

    def __str__(self) -> str:
        return f"link {self.pk}"


class Passkey(models.Model):
    account = models.ForeignKey(PortalAccount, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=80)
    # As the browser names it, base64url; up to 1023 bytes by the standard.
    credential_id = models.CharField(max_length=1400, unique=True)
    # Attested credential data (WebAuthn 2, 6.5.1): id and public key.
    credential = models.BinaryField()
    # Grows with every use where the authenticator counts at all; 0 where it does not.
    uses = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
