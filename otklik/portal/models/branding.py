from __future__ import annotations

from django.db import models


class Branding(models.Model):
    """How a program's portal looks."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    # Empty: the program's own name.
    name = models.CharField(max_length=60, blank=True)
    # "#rrggbb", or empty for the usual one.
    accent = models.CharField(max_length=7, blank=True)
    # A path in private storage, named by its content; its type was looked for inside.
    logo = models.CharField(max_length=200, blank=True)
    logo_type = models.CharField(max_length=20, blank=True)
    # By language: shown at the door.
    welcome = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"look of program {self.program_id}"


class PortalSettings(models.Model):
    """One row, with key 1; without it the usual holds."""

    # Contacts we know get a sign-in link by mail without being invited first.
    contacts_come_uninvited = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return "portal settings"
