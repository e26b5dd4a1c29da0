"""Who translates for the desk at this moment, as the settings say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from otklik.desk.models import GlossaryTerm, TranslationSettings
from otklik.desk.rules.vocabulary import TranslationProvider
from otklik.kit.translation.protocol import Term, Translator


@dataclass(frozen=True, slots=True)
class InUse:
    """``version`` tells translations apart that another provider or another glossary would have made."""

    translator: Translator
    version: str
    settings: TranslationSettings


def translator_in_use() -> InUse | None:
    """None while it is off. Raises SecretUnreadable."""
    settings = TranslationSettings.objects.filter(is_active=True).first()
    return in_use(settings) if settings is not None else None


def in_use(settings: TranslationSettings) -> InUse:
    return InUse(_translator(settings), f"{settings.provider}:{settings.version}", settings)


def is_translating() -> bool:
    """Cheaper than ``translator_in_use``: for pages."""
    return TranslationSettings.objects.filter(is_active=True).exists()


def terms_for(program_id: int | None) -> Sequence[Term]:
    """Those of every program, and of this one."""
    rows = GlossaryTerm.objects.filter(Q(program=None) | Q(program_id=program_id))
    return [Term(text, tuple(languages)) for text, languages in rows.values_list("text", "languages")]


def _translator(settings: TranslationSettings) -> Translator:
    # An HTTP library comes with them, which nobody needs who translates nothing.
    from otklik.kit.translation.checked import CheckedTranslator
    from otklik.kit.translation.deepl import DeepL
    from otklik.kit.translation.libre import LibreTranslate
    from otklik.kit.translation.openai import ChatTranslator

    key = settings.key.reveal() if settings.key else ""
    provider: Translator
    match TranslationProvider(settings.provider):
        case TranslationProvider.DEEPL:
            provider = DeepL(key, settings.address)
        case TranslationProvider.LIBRE:
            provider = LibreTranslate(settings.address, key)
        case TranslationProvider.CHAT:
            provider = ChatTranslator(settings.address, key, settings.model)
    return CheckedTranslator(provider)
