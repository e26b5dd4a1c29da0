from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.partners.models.fields import NameKeyField
from otklik.partners.models.partner import Partner
from otklik.partners.rules.roles import role_from
from otklik.partners.rules.vocabulary import AddressKind, Authority, Consent, ContactRole, Influence


class Contact(models.Model):
    """A person at a partner. Authority and influence are two facts, each with who stated it and when;
    ``role`` is derived from them (``rules/roles.py``) unless ``role_overruled`` says otherwise."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=200)
    name_key = NameKeyField()
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    job_title = models.CharField(_("job title"), max_length=160, blank=True)
    # The day it was true on, and, where a file said so, when that file came in.
    job_title_at = models.DateTimeField(null=True)
    job_title_imported_at = models.DateTimeField(null=True)
    authority = models.CharField(
        max_length=10, default=Authority.UNKNOWN, choices=[(a.value, a.value) for a in Authority]
    )
    authority_set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    authority_set_at = models.DateTimeField(null=True)
    influence = models.CharField(
        max_length=10, default=Influence.UNKNOWN, choices=[(i.value, i.value) for i in Influence]
    )
    influence_set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    influence_set_at = models.DateTimeField(null=True)
    role = models.CharField(
        max_length=20, default=ContactRole.UNKNOWN, choices=[(r.value, r.value) for r in ContactRole]
    )
    role_overruled = models.CharField(max_length=20, blank=True)
    role_overruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    role_overruled_at = models.DateTimeField(null=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    preferred_channel = models.CharField(_("preferred channel"), max_length=20, blank=True)
    # Local hours in the contact's own zone, "09:00-18:00"; empty means any.
    preferred_hours = models.CharField(_("preferred hours"), max_length=20, blank=True)
    consent = models.CharField(
        max_length=10, default=Consent.UNKNOWN, choices=[(c.value, c.value) for c in Consent]
    )
    consent_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "external_id"],
                condition=~models.Q(external_id=""),
                name="partners_contact_external_once",
            )
        ]
        indexes = [
            models.Index(fields=["partner", "name_key"], name="contacts_by_partner"),
            # Answers name people by their id elsewhere, without the partner.
            models.Index(fields=["external_id"], name="contacts_by_external_id"),
            models.Index(fields=["name_key", "id"], name="contacts_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def state_title(self, *, at: datetime, imported_at: datetime | None = None) -> None:
        self.job_title_at, self.job_title_imported_at = at, imported_at

    def state_authority(self, authority: Authority, *, by_user: int | None, at: datetime) -> None:
        self.authority, self.authority_set_by_id, self.authority_set_at = authority, by_user, at
        self._derive_role()

    def state_influence(self, influence: Influence, *, by_user: int | None, at: datetime) -> None:
        self.influence, self.influence_set_by_id, self.influence_set_at = influence, by_user, at
        self._derive_role()

    def overrule_role(self, role: ContactRole | None, *, by_user: int | None, at: datetime) -> None:
        """None takes an earlier ruling back."""
        self.role_overruled = role or ""
        self.role_overruled_by_id, self.role_overruled_at = by_user, at
        self._derive_role()

    def record_consent(self, consent: Consent, *, at: datetime) -> None:
        self.consent, self.consent_at = consent, at

    def erase(self, at: datetime) -> None:
        self.name = f"#{self.pk}"
        self.external_id = self.job_title = self.time_zone = ""
        self.preferred_channel = self.preferred_hours = ""
        self.job_title_at = self.job_title_imported_at = None
        self.languages = []
        self.is_active = False
        self.erased_at = at

    def _derive_role(self) -> None:
        overruled = ContactRole(self.role_overruled) if self.role_overruled else None
        self.role = role_from(Authority(self.authority), Influence(self.influence), overruled)


class Address(models.Model):
    """One way to reach a contact. Look-ups compare ``normalised``: lower case, digits only for phones."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in AddressKind])
    value = models.CharField(max_length=254)
    normalised = models.CharField(max_length=254)
    is_primary = models.BooleanField(default=False)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "kind", "normalised"], name="partners_address_once")
        ]
        indexes = [models.Index(fields=["kind", "normalised"], name="addresses_lookup")]

    def __str__(self) -> str:
        return self.value
