"""How a program's portal looks, and what holds for the whole portal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.kit.storage import DurableFile
from otklik.partners.public import Program
from otklik.portal.models import Branding, PortalSettings
from otklik.portal.rules.pictures import ENDINGS, picture_of

LARGEST_LOGO = 300 * 1024
_MOST_PIXELS = 3000


class LogoTooLarge(Exception):
    """Over LARGEST_LOGO bytes, or far more pixels than any screen shows of it."""


@dataclass(frozen=True, slots=True)
class Logo:
    """Stored: ``path`` in private storage, named by its content."""

    path: str
    type: str


@dataclass(frozen=True, slots=True)
class Look:
    """``logo``: a new one; None keeps what there is, unless ``without_logo``."""

    name: str
    accent: str
    welcome: Mapping[str, str]
    logo: Logo | None = None
    without_logo: bool = False


def store_logo(data: bytes) -> Logo:
    """Before the transaction. Raises NoPicture, LogoTooLarge, OSError."""
    if len(data) > LARGEST_LOGO:
        raise LogoTooLarge
    picture = picture_of(data)
    if max(picture.width, picture.height) > _MOST_PIXELS:
        raise LogoTooLarge
    path = f"portal/logos/{hashlib.sha256(data).hexdigest()}.{ENDINGS[picture.type]}"
    if not default_storage.exists(path):
        file = DurableFile()
        try:
            file.write(data)
        except OSError:
            file.discard()
            raise
        file.keep(path)
    return Logo(path, picture.type)


def change_look(*, program: Program, look: Look, by: Actor, at: datetime) -> Branding:
    with transaction.atomic():
        branding, _made = Branding.objects.select_for_update().get_or_create(
            program=program, defaults={"changed_at": at}
        )
        before = branding.logo
        branding.name, branding.accent, branding.welcome = look.name, look.accent, dict(look.welcome)
        if look.logo is not None:
            branding.logo, branding.logo_type = look.logo.path, look.logo.type
        elif look.without_logo:
            branding.logo = branding.logo_type = ""
        branding.changed_at = at
        branding.save()
        record("portal.look_changed", by=by, at=at, subjects=[Subject("program", program.pk)])
        if before and before != branding.logo and not Branding.objects.filter(logo=before).exists():
            transaction.on_commit(lambda: default_storage.delete(before))
    return branding


def change_settings(*, contacts_come_uninvited: bool, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        PortalSettings.objects.update_or_create(
            pk=1, defaults={"contacts_come_uninvited": contacts_come_uninvited, "changed_at": at}
        )
        data = {"contacts_come_uninvited": contacts_come_uninvited}
        record("portal.settings_changed", by=by, at=at, subjects=[], data=data)
