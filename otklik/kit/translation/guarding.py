"""What must come through a translation as it is: terms of the program, addresses, links. Each is replaced by
a placeholder before the text leaves the house, and an answer that lost one is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from otklik.kit.translation.protocol import Term, Wrong, WrongAnswer

_OPEN, _SHUT = "⟪", "⟫"
PLACEHOLDER = re.compile(rf"{_OPEN}(\d{{1,4}}){_SHUT}")
# Links, addresses of people, and our own brackets where somebody wrote them.
_ALWAYS = rf"https?://[^\s<>\"{_OPEN}{_SHUT}]+|[\w.+-]+@[\w-]+\.[\w.-]*\w|[{_OPEN}{_SHUT}]"


@dataclass(frozen=True, slots=True)
class Guarded:
    """``text`` with placeholders, ``kept`` by their numbers."""

    text: str
    kept: tuple[str, ...]


def guard(text: str, glossary: Sequence[Term], target: str) -> Guarded:
    """Longer terms go first: "CPA network" before "CPA"."""
    kept: list[str] = []

    def placed(found: re.Match[str]) -> str:
        kept.append(found.group())
        return f"{_OPEN}{len(kept) - 1}{_SHUT}"

    return Guarded(_pattern(glossary, target).sub(placed, text), tuple(kept))


def restore(answer: str, guarded: Guarded) -> str:
    """Raises WrongAnswer where a placeholder is lost, doubled, changed or invented."""
    found = Counter(int(number) for number in PLACEHOLDER.findall(answer))
    if found != Counter(range(len(guarded.kept))):
        raise WrongAnswer(Wrong.PLACEHOLDERS)
    restored = PLACEHOLDER.sub(lambda match: guarded.kept[int(match[1])], answer)
    # Half of a placeholder, which the count above does not see.
    if _brackets(restored) != _brackets("".join(guarded.kept)):
        raise WrongAnswer(Wrong.PLACEHOLDERS)
    return restored


def _brackets(text: str) -> int:
    return text.count(_OPEN) + text.count(_SHUT)


def _pattern(glossary: Sequence[Term], target: str) -> re.Pattern[str]:
    short = target.partition("-")[0]
    wanted = {term.text for term in glossary if not term.languages or {target, short} & set(term.languages)}
    terms = [_whole(text) for text in sorted(wanted, key=lambda t: (-len(t), t)) if text]
    return re.compile("|".join([_ALWAYS, *terms]), re.IGNORECASE)


def _whole(text: str) -> str:
    """As a word of its own, where it begins and ends like one."""
    before = r"(?<!\w)" if text[0].isalnum() else ""
    after = r"(?!\w)" if text[-1].isalnum() else ""
    return before + re.escape(text) + after
