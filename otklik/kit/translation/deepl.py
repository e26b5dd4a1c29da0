"""DeepL's API, free and pro (https://developers.deepl.com/docs/api-reference/translate)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from otklik.kit.http import Limits
from otklik.kit.translation.calling import LIMITS, call
from otklik.kit.translation.guarding import PLACEHOLDER
from otklik.kit.translation.protocol import Term, Wrong, WrongAnswer

FREE, PRO = "https://api-free.deepl.com", "https://api.deepl.com"
# A target without its region is on its way out of their API for these two.
_REGIONS = {"en": "EN-US", "pt": "PT-BR"}
_TAG = re.compile(r'<x id="(\d{1,4})"\s*/>|<x id="(\d{1,4})"\s*>\s*</x>')


@dataclass(frozen=True, slots=True)
class DeepL:
    """``url`` "": told by the key, of which free ones end in ":fx"."""

    key: str
    url: str = ""
    limits: Limits = LIMITS

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        asked: dict[str, Any] = {
            "text": [_tagged(text) for text in texts],
            "target_lang": _REGIONS.get(target, target.upper()),
            # Placeholders are left where they belong only as tags.
            "tag_handling": "xml",
            "preserve_formatting": True,
        }
        if source:
            asked["source_lang"] = source.partition("-")[0].upper()
        base = self.url.rstrip("/") or (FREE if self.key.endswith(":fx") else PRO)
        headers = {"Authorization": f"DeepL-Auth-Key {self.key}"}
        answer = call(f"{base}/v2/translate", asked, headers=headers, limits=self.limits)
        try:
            return [_untagged(one["text"]) for one in answer["translations"]]
        except (LookupError, TypeError, AttributeError) as error:
            raise WrongAnswer(Wrong.UNREADABLE) from error


def _tagged(text: str) -> str:
    return PLACEHOLDER.sub(r'<x id="\1"/>', html.escape(text, quote=False))


def _untagged(text: str) -> str:
    return html.unescape(_TAG.sub(lambda tag: f"⟪{tag[1] or tag[2]}⟫", text))
