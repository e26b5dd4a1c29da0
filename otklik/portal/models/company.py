from __future__ import annotations

from django.db import models

from otklik.kit.secrets import EncryptedTextField


class CompanySignIn(models.Model):
    """A partner's own OpenID Connect provider: whom it vouches for gets in, as far as they are that
    partner's contacts."""

    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, related_name="+")
    # In the address that the partner's people open; it opens nothing by itself.
    key = models.CharField(max_length=40, unique=True)
    issuer = models.URLField(max_length=500)
    client_id = models.CharField(max_length=300)
    client_secret = EncryptedTextField()
    # Lower case, without the sign before them.
    domains = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sign-in of partner {self.partner_id}"
