"""Lists that staff type as lines, and what a program shows in more than one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_LINES = 30
LONGEST_LINE = 300


class BadLine(ValueError):
    """``number``: the line as people count, from one."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Question:
    """``texts``: by language. A question with a star is asked of everybody."""

    texts: Mapping[str, str]
    is_required: bool

    def told(self, language: str) -> str:
        return in_language(self.texts, language)


@dataclass(frozen=True, slots=True)
class Resource:
    title: str
    url: str


def read_questions(text: str) -> list[Question]:
    """A line each: ``How many visits a month? | Сколько посещений в месяц? *``. Raises BadLine."""
    found = []
    for number, line in _lines(text):
        required = line.endswith("*")
        parts = [part.strip() for part in line.rstrip("*").split("|")]
        if not parts[0] or len(parts) > 2:
            raise BadLine(number)
        texts = {"en": parts[0], "ru": parts[1] if len(parts) > 1 and parts[1] else parts[0]}
        found.append(Question(texts, required))
    return found


def written_questions(questions: Iterable[Question]) -> str:
    """As ``read_questions`` takes them."""
    lines = []
    for question in questions:
        en, ru = question.texts.get("en", ""), question.texts.get("ru", "")
        words = en if en == ru else f"{en} | {ru}"
        lines.append(f"{words} *" if question.is_required else words)
    return "\n".join(lines)


def read_names(text: str) -> list[str]:
    """A name a line. Raises BadLine."""
    return [line for _, line in _lines(text)]


def read_resources(text: str) -> list[Resource]:
    """A line each: ``Title | https://…`` or ``Title | /portal/…``. Raises BadLine."""
    found = []
    for number, line in _lines(text):
        title, _, url = (part.strip() for part in line.rpartition("|"))
        if not title or not is_link(url):
            raise BadLine(number)
        found.append(Resource(title, url))
    return found


def written_resources(resources: Iterable[Resource]) -> str:
    return "\n".join(f"{one.title} | {one.url}" for one in resources)


def is_link(url: str) -> bool:
    """Of the web, or of our own pages."""
    if any(sign.isspace() or sign in "\\\"'<>`" or not sign.isprintable() for sign in url):
        return False
    if url.startswith("/"):
        return not url.startswith("//")
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """In this language, or in whichever there is."""
    for one in (language, language.partition("-")[0], "en", "ru", *texts):
        if text := str(texts.get(one) or "").strip():
            return text
    return ""


def _lines(text: str) -> Sequence[tuple[int, str]]:
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    for place, (number, line) in enumerate(lines):
        if len(line) > LONGEST_LINE or place >= MOST_LINES:
            raise BadLine(number)
    return lines
