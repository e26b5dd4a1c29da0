"""No template says anything to a person outside the translation tags."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = re.compile(
    # Classes of the frame are blocks: what they hold is no text.
    r"{%\s*block \w+_class\s*%}.*?{%\s*endblock\s*%}|"
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{#.*?#}|"
    r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{%.*?%}|{{.*?}}",
    re.S,
)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "content", "data-confirm"}
# The same in every language: names, units, file formats, and the languages' own names.
NAMES = {"Otklik", "NPS", "CSV", "XLSX", "CSAT", "CES", "API", "RU", "EN", "UTC", "nbsp", "kB", "MB"}


class Spoken(HTMLParser):
    """Collects what a reader sees or a screen reader says, apart from scripts, styles and code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.silent = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code")
        if tag != "meta":
            self.found += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if self.silent <= 0:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    spoken = Spoken()
    spoken.feed(TRANSLATED.sub(" ", template))
    return [word for part in spoken.found for word in WORD.findall(part) if word not in NAMES]


def test_a_bare_word_is_found() -> None:
    assert bare_words('<p title="Hello">{% translate "x" %} {{ y }} Привет</p>') == ["Hello", "Привет"]
    assert bare_words("{% blocktranslate %}Hello {{ you }}{% endblocktranslate %}<b>NPS</b>") == []


def test_every_word_on_a_page_can_be_translated() -> None:
    found = {
        str(path.relative_to(ROOT)): words
        for path in sorted((ROOT / "otklik").rglob("templates/**/*.html"))
        if (words := bare_words(path.read_text(encoding="utf-8")))
    }
    assert not found, found
