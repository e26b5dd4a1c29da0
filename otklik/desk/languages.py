"""Languages by their names, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from otklik.desk.rules.languages import short_code
from otklik.kit.languages import LANGUAGES
from otklik.partners.public import language_name as name_of

# Why there is no translation, by the word stored with it.
TRANSLATION_FAILURE: dict[str, Promise] = {
    "down": gettext_lazy("the provider does not answer. Try again later."),
    "slow": gettext_lazy("the provider is too slow. Try again later."),
    "refused": gettext_lazy("the provider refuses: check the key, the quota, the address and the language."),
    "wrong": gettext_lazy("what came back is no translation: it was not taken."),
    "too_long": gettext_lazy("the text is too long to be translated."),
    "off": gettext_lazy("translation is switched off."),
    "key": gettext_lazy("the stored key cannot be read. Enter it again."),
    "failed": gettext_lazy("there is no translation."),
}


def language_name(code: str) -> str:
    """The code itself where nobody has a name for it."""
    short = short_code(code)
    name = name_of(short)
    return code if name == short else name


def language_choices(first: Sequence[str] = ()) -> list[tuple[str, str]]:
    """All that we know of by their names, with these at the top."""
    begun = list(dict.fromkeys(short_code(code) for code in first if code))
    others = sorted(
        ((code, language_name(code)) for code in LANGUAGES if code not in begun), key=lambda c: c[1]
    )
    return [(code, language_name(code)) for code in begun] + others
