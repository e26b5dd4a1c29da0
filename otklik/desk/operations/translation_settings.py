"""Who translates, and which words stay as they are. What is changed here makes other translations, so that
the version grows with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from otklik.desk.models import GlossaryTerm, TranslationSettings
from otklik.desk.operations.keeping import SETTING_REMOVED, NameTaken, found, keep
from otklik.desk.operations.translators import in_use, terms_for
from otklik.events.public import Actor, Subject, record
from otklik.kit.secrets import SecretUnreadable
from otklik.kit.translation.protocol import TranslationFailed

TRIAL = "Where is our payout?"
_MAKES_OTHERS = ("provider", "address", "model")


def translation_settings() -> TranslationSettings:
    """A new row, switched off, where nobody has saved one."""
    return TranslationSettings.objects.defer("key").order_by("pk").first() or TranslationSettings()


def has_stored_key(row: TranslationSettings) -> bool:
    """False as well where it cannot be read: then it has to be entered again."""
    try:
        return bool(row.key)
    except SecretUnreadable:
        return False


def save_translation_settings(*, fields: Mapping[str, Any], by: Actor, at: datetime) -> TranslationSettings:
    """``key`` missing: it stays."""
    with transaction.atomic():
        row = TranslationSettings.objects.select_for_update().defer("key").order_by("pk").first()
        row = row or TranslationSettings()
        if any(name in fields and getattr(row, name) != fields[name] for name in _MAKES_OTHERS):
            row.version += 1
        if "key" in fields and row.pk is not None:
            # The stored one need not be readable to be replaced.
            row.key = None
        return keep(row, "translation", fields, by=by, at=at)


def try_translation(*, into: str) -> tuple[str, str]:
    """(our sentence translated, "") or ("", what went wrong). Talks to the provider, also while it is off;
    not inside a transaction."""
    settings = TranslationSettings.objects.order_by("pk").first
    try:
        row = settings()
        if row is None:
            return "", "off"
        (text,) = in_use(row).translator.translate([TRIAL], "en", into, terms_for(None))
    except SecretUnreadable:
        return "", "key"
    except TranslationFailed as failure:
        return "", failure.word
    return text, ""


def save_term(*, term_id: int | None, fields: Mapping[str, Any], by: Actor, at: datetime) -> GlossaryTerm:
    """Raises NameTaken where the program has this term, GlossaryTerm.DoesNotExist."""
    with transaction.atomic():
        same = GlossaryTerm.objects.filter(text__iexact=fields["text"], program=fields["program"])
        if same.exclude(pk=term_id or 0).exists():
            raise NameTaken("glossary_term")
        row = found(GlossaryTerm, term_id)
        if term_id is None:
            row.created_at = at
        kept = keep(row, "glossary_term", fields, by=by, at=at)
        _other_translations()
    return kept


@transaction.atomic
def remove_term(*, term_id: int, by: Actor, at: datetime) -> None:
    """Raises GlossaryTerm.DoesNotExist."""
    row = GlossaryTerm.objects.get(pk=term_id)
    record(SETTING_REMOVED, by=by, at=at, subjects=[Subject("glossary_term", row.pk)])
    row.delete()
    _other_translations()


def _other_translations() -> None:
    TranslationSettings.objects.update(version=F("version") + 1)
