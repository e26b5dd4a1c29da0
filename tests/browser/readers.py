"""Who reads the pages in the tests of accessibility, and what each finds wrong on an open page.

Between the four every language meets every theme, and every theme and every language both a desk and a
telephone. In the fast part each page is read by one of them, by its place in the list; in the slow part all
read everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Page

from tests.browser.axe import serious

T = TypeVar("T")
CHECKS = (Path(__file__).parent / "accessibility.js").read_text()
# One question instead of four: each is a way through three processes.
_SEEN = """() => {
  const html = document.documentElement;
  return {
    unfocused: window.unfocused(),
    language: html.getAttribute("lang"),
    theme: html.getAttribute("data-bs-theme"),
    wide: html.scrollWidth > html.clientWidth,
  };
}"""


@dataclass(frozen=True, slots=True)
class Reader:
    language: str
    theme: str
    phone: bool = False

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}-{'phone' if self.phone else 'desk'}"


READERS = (
    Reader("en", "light"),
    Reader("ru", "dark"),
    Reader("en", "dark", phone=True),
    Reader("ru", "light", phone=True),
)
every_reader = pytest.mark.parametrize(
    ("reader", "reads_all"),
    [
        *(pytest.param(one, False, id=f"{one}") for one in READERS),
        *(pytest.param(one, True, id=f"{one}-all", marks=pytest.mark.slow) for one in READERS),
    ],
)


def one_reader(place: int) -> pytest.MarkDecorator:
    """For what is reached by steps: one reader in the fast part, the others in the slow one."""
    return pytest.mark.parametrize(
        "reader",
        [
            pytest.param(one, id=str(one), marks=() if n == place else pytest.mark.slow)
            for n, one in enumerate(READERS)
        ],
    )


def share(reader: Reader, pages: Sequence[T], reads_all: bool) -> Sequence[T]:
    return pages if reads_all else pages[READERS.index(reader) :: len(READERS)]


def look(page: Page, language: str = "", theme: str = "", *, twice: bool = False) -> list[str]:
    """``language``, ``theme``: of pages that follow the reader; of the others nothing is said. ``twice``: the
    contrast is judged by axe-core as well as by ourselves."""
    # Before the focus is moved about: colours on their way to another are no colours to judge.
    found = serious(page, contrast=twice)
    found += page.evaluate(CHECKS)
    page.keyboard.press("Tab")  # from now on the browser shows where the focus is
    seen = page.evaluate(_SEEN)
    found += seen["unfocused"]
    if language and seen["language"] != language:
        found.append("the language is not stated")
    if theme and seen["theme"] != theme:
        found.append("the theme is another")
    if seen["wide"]:
        found.append("wider than the screen")
    return [f"{page.url}: {fault}" for fault in found]
