"""In which language a text is written, as far as the text tells.

py3langid (Lui & Baldwin's langid.py, a naive Bayes over byte n-grams) among the languages partners write in,
weighed by what is known beforehand. A short text tells little: below SURE the answer is "unknown".
Its model takes 65 MB and half a second to read, and is read by the process that first asks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LANGUAGES = (
    *("ar", "az", "be", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr"),
    *("hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "ky", "lt", "lv", "mn", "nl", "no", "pl", "pt", "ro"),
    *("ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "uz", "vi", "zh"),
)
SURE = 0.65
# A partner program's mail is Russian or English more often than it is Bulgarian; the writer's own languages
# are likelier still.
_USUAL = {"ru": 4.0, "en": 4.0}
_LIKELY = 12.0
# Letters that a language does not have; each of them found makes it ten times less likely.
_FOREIGN = {
    "ru": "іїєґўјљњћђџқғңөұүһә",
    "uk": "ыэъё",
    "be": "иїєґъщ",
    "bg": "ыэёіїєґў",
    "sr": "ыэёъьщіїєґйяю",
    "mn": "іїєґў",
    "ky": "іїєґў",
    "en": "äöüßñçãõáéíóúğışąćęłńóśźżåæøčřšžďťů",
}
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """``language`` "": unknown; then ``probability`` is that of the best guess."""

    language: str
    probability: float


def find_language(text: str, *, likely: Collection[str] = ()) -> Found:
    """``likely``: languages the writer is known to use."""
    start = _words_of(text[:_LONGEST])
    if sum(letter.isalpha() for letter in start) < 2:
        return Found("", 0.0)
    known = {language.partition("-")[0] for language in likely}
    weighed = {
        language: probability
        * (_LIKELY if language in known else _USUAL.get(language, 1.0))
        * 0.1 ** len(set(start) & set(_FOREIGN.get(language, "")))
        for language, probability in _identifier().rank(start)
    }
    best = max(weighed, key=lambda language: weighed[language])
    probability = weighed[best] / sum(weighed.values())
    return Found(best if probability >= SURE else "", round(probability, 4))


def _words_of(text: str) -> str:
    """Without what is in no language: links, addresses, names of fields, numbers."""
    words = (word for word in text.lower().split() if not any(mark in word for mark in "/@_={}<>"))
    return " ".join(word for word in words if any(letter.isalpha() for letter in word))


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    every = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    every.set_languages(LANGUAGES)
    # A new one, or the columns of a hundred other languages stay in memory.
    return LanguageIdentifier(
        every.nb_ptc.copy(),
        every.nb_pc.copy(),
        every.nb_classes,
        every.tk_nextmove,
        every.tk_output,
        norm_probs=True,
        tk_row=every.tk_row,
    )
