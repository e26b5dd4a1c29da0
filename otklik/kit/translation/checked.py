"""Around every provider: terms are guarded on the way out, and what comes back is looked at before anybody
reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.kit.languages import find_language
from otklik.kit.translation.guarding import PLACEHOLDER, Guarded, guard, restore
from otklik.kit.translation.protocol import (
    LONGEST_TEXT,
    MOST_TEXTS,
    Term,
    TextTooLong,
    Translator,
    Wrong,
    WrongAnswer,
)

# Shorter ones are the same in many languages: "OK", "CPA 40 %".
_TELLS = 40
_SURE = 0.9
# Translations grow by half at most; what grew to a multiple is chatter.
_GROWTH, _SLACK = 4, 200


@dataclass(frozen=True, slots=True)
class CheckedTranslator:
    provider: Translator

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Term] = ()
    ) -> list[str]:
        """Empty texts stay empty and are not sent."""
        if len(texts) > MOST_TEXTS or any(len(text) > LONGEST_TEXT for text in texts):
            raise TextTooLong
        places = [number for number, text in enumerate(texts) if text.strip()]
        guarded = [guard(texts[number], glossary, target) for number in places]
        # Nothing but a link or a term: there is nothing to translate.
        sent = [number for number, one in enumerate(guarded) if _has_words(one)]
        answers = self.provider.translate([guarded[n].text for n in sent], source, target, ()) if sent else []
        if len(answers) != len(sent):
            raise WrongAnswer(Wrong.NUMBER)
        result = list(texts)
        for number, answer in zip(sent, answers, strict=True):
            asked = texts[places[number]]
            words = _accepted(answer, guarded[number], target)
            # Providers drop the spaces around; in a text with marks an indent means something.
            start, end = len(asked) - len(asked.lstrip()), len(asked.rstrip())
            result[places[number]] = asked[:start] + words + asked[end:]
        return result


def _has_words(guarded: Guarded) -> bool:
    return any(letter.isalpha() for letter in PLACEHOLDER.sub("", guarded.text))


def _accepted(answer: str, guarded: Guarded, target: str) -> str:
    answer = answer.replace("\0", "").strip()
    if not answer:
        raise WrongAnswer(Wrong.EMPTY)
    if len(answer) > _GROWTH * len(guarded.text) + _SLACK:
        raise WrongAnswer(Wrong.LENGTH)
    bare = PLACEHOLDER.sub(" ", answer)
    found = find_language(bare)
    tells = sum(letter.isalpha() for letter in bare) >= _TELLS
    if tells and found.probability >= _SURE and found.language != target.partition("-")[0]:
        raise WrongAnswer(Wrong.LANGUAGE)
    return restore(answer, guarded)
