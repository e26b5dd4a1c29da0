"""LibreTranslate, which one may run oneself (https://docs.libretranslate.com/api/operations/translate/)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from otklik.kit.http import Limits
from otklik.kit.translation.calling import LIMITS, call
from otklik.kit.translation.protocol import Term, Wrong, WrongAnswer

_CODES = {"zh": "zh-Hans", "pt-br": "pt-BR"}


@dataclass(frozen=True, slots=True)
class LibreTranslate:
    url: str
    key: str = ""
    limits: Limits = LIMITS

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        asked: dict[str, Any] = {
            "q": list(texts),
            "source": _CODES.get(source, source) or "auto",
            "target": _CODES.get(target, target),
            "format": "text",
        }
        if self.key:
            asked["api_key"] = self.key
        answer = call(f"{self.url.rstrip('/')}/translate", asked, limits=self.limits)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, list) or not all(isinstance(text, str) for text in translated):
            raise WrongAnswer(Wrong.UNREADABLE)
        return translated
