"""Marking what may name somebody in a text that came from a ticket: a person takes it out or lets it stand,
and no article is published with a mark left."""

from __future__ import annotations

import re
from collections.abc import Iterable

OPENS, CLOSES = "⟦", "⟧"
_MARK = re.compile(f"{OPENS}([^{OPENS}{CLOSES}]*){CLOSES}")
# Lengths are bounded, as those of addresses are: a partner's mail may be a megabyte without a space.
_TELLING = re.compile(
    r"[^\s@,;<>()\"'⟦⟧]{1,64}@[^\s@,;<>()\"'⟦⟧]{1,255}\.\w{2,}"  # an e-mail address
    r"|(?<!\w)@\w{4,}"  # a name in a messenger
    r"|(?<![\w.])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"  # an account
    r"|(?<![\w.,])(?!\d{2}\.\d{2}\.\d{4}(?!\d)|\d{4}-\d{2}-\d{2}(?!\d))"  # a day tells nothing,
    r"\+?\(?\d[\d ().\u00a0-]{5,}\d(?!\w)"  # but a telephone, card or document number does
    r"|(?<!\w)#\d{2,}"  # the number of a ticket
    r"|https?://\S{0,500}[?&#]\S+"  # an address that may carry a key
)
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SHORTEST_NAME = 3


def marked(text: str, names: Iterable[str] = ()) -> str:
    """The text with everything telling between ⟦ and ⟧. ``names``: of people and companies in the ticket;
    Russian ones are found in any case."""
    plain = text.replace(OPENS, "").replace(CLOSES, "")
    for pattern in (_TELLING, *_of_names(names)):
        plain = _outside_marks(pattern, plain)
    return plain


def blanked(text: str) -> str:
    """Of what was marked nothing is left."""
    return _MARK.sub("…", text)


def has_marks(text: str) -> bool:
    return OPENS in text or CLOSES in text


def _outside_marks(pattern: re.Pattern[str], text: str) -> str:
    parts: list[str] = []
    place = 0
    for mark in _MARK.finditer(text):
        parts += [_with_marks(pattern, text[place : mark.start()]), mark.group()]
        place = mark.end()
    return "".join([*parts, _with_marks(pattern, text[place:])])


def _with_marks(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: f"{OPENS}{found.group()}{CLOSES}", text)


def _of_names(names: Iterable[str]) -> list[re.Pattern[str]]:
    """The longest first, so that a full name is one mark."""
    whole = {" ".join(name.split()) for name in names}
    parts = {part for name in whole for part in name.split()}
    wanted = [name for name in whole | parts if len(name) >= _SHORTEST_NAME]
    wanted.sort(key=lambda name: (-len(name), name))
    return [re.compile(rf"(?<!\w){_form(name)}(?!\w)", re.IGNORECASE) for name in wanted]


def _form(name: str) -> str:
    """Each word of it; a Russian one with any ending."""
    return r"\s+".join(
        rf"{re.escape(word[:-1])}\w{{0,3}}" if len(word) > 3 and _CYRILLIC.search(word) else re.escape(word)
        for word in name.split()
    )
