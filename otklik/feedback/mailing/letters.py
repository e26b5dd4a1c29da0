"""Mails of a survey: the template of a version's language is rendered once, each person costs a join.

What is personal stands in the template as signs of the private use area, which no word of a form keeps, so
that rendering and escaping pass them by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape

from django.conf import settings
from django.template.loader import render_to_string

from otklik.feedback.mailing.frame import Frame, frame_of
from otklik.feedback.rules.forms import Form
from otklik.feedback.rules.mail_words import Variable, parts_of
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind
from otklik.kit.one_line import one_line

_FILLED = ("subject", "intro", "why")
_FACES = ("\U0001f61e", "\U0001f641", "\U0001f610", "\U0001f642", "\U0001f604")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LONGEST_SUBJECT = 200


class Slot(StrEnum):
    """As written into a template that is being rendered."""

    NAME = "\ue001"
    PROGRAM = "\ue002"
    MANAGER = "\ue003"
    LINK = "\ue004"


_SLOTS = {Variable.NAME: Slot.NAME, Variable.PROGRAM: Slot.PROGRAM, Variable.MANAGER: Slot.MANAGER}
_PLACE = re.compile(r"\[\[([a-z_]+)\]\]")
_SPLIT = re.compile("([\ue001-\ue004])")
Parts = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True)
class Personal:
    """``link``: of the person's own page, with a slash at its end."""

    name: str
    program: str
    manager: str
    link: str


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Template:
    direction: str
    subject: Parts
    text: Parts
    html: Parts

    def fill(self, personal: Personal) -> Letter:
        plain = {
            Slot.NAME: one_line(personal.name),
            Slot.PROGRAM: one_line(personal.program),
            Slot.MANAGER: one_line(personal.manager),
        }
        told: dict[Slot, str] = {slot: self._isolated(value) for slot, value in plain.items()}
        marked: dict[Slot, str] = {slot: self._marked(value) for slot, value in plain.items()}
        told[Slot.LINK] = marked[Slot.LINK] = personal.link
        subject = _joined(self.subject, told)
        if len(subject) > _LONGEST_SUBJECT:
            subject = f"{subject[: _LONGEST_SUBJECT - 1]}…"
        return Letter(subject, _joined(self.text, told), _joined(self.html, marked))

    def _is_foreign(self, value: str) -> bool:
        """Runs the other way than the words around it, and would take their full stops along."""
        return bool(_RIGHT.search(value)) != (self.direction == "rtl")

    def _isolated(self, value: str) -> str:
        return f"\u2068{value}\u2069" if value and self._is_foreign(value) else value

    def _marked(self, value: str) -> str:
        safe = escape(value)
        return f'<span dir="auto">{safe}</span>' if value and self._is_foreign(value) else safe


def template_for(form: Form, language: str, *, is_reminder: bool = False) -> Template:
    """``language``: one of the form's."""
    words = tuple(sorted(form.words[language].items()))
    return _template(form.kind, language, words, is_reminder)


def preview(form: Form, language: str, *, program: str, is_reminder: bool = False) -> Letter:
    """As somebody would get it; its links lead nowhere."""
    sample = {"ru": ("Вера Орлова", "Анна Белова")}.get(language, ("Vera Orlova", "Anna Belova"))
    personal = Personal(sample[0], program, sample[1], "#")
    return template_for(form, language, is_reminder=is_reminder).fill(personal)


def link_of(token: str) -> str:
    return f"{settings.OTKLIK.public_url}/a/{token}/"


@lru_cache(maxsize=128)
def _template(
    kind: SurveyKind, language: str, words: tuple[tuple[str, str], ...], is_reminder: bool
) -> Template:
    texts = {word: _PRIVATE.sub("", text) for word, text in words}
    frame = frame_of(kind, language, texts, is_reminder=is_reminder)
    question = texts["question"]
    return Template(
        frame.direction,
        _parts(one_line(_slotted(frame.subject))),
        _parts(_text(kind, frame, question)),
        _parts(_html(kind, frame, question)),
    )


def _text(kind: SurveyKind, frame: Frame, question: str) -> str:
    low, high = SCALES[kind]
    ends = {low: f" ({frame.low})", high: f" ({frame.high})"}
    scores = [f"{n}{ends.get(n, '')}: {Slot.LINK}?s={n}" for n in range(low, high + 1)]
    paragraphs = (
        _slotted(frame.intro),
        question,
        "\n".join(scores),
        f"{frame.confirm}\n{frame.open_page}: {Slot.LINK}",
        "-- ",
        f"{_slotted(frame.why)}\n{frame.stop}: {Slot.LINK}stop/",
    )
    return "\n\n".join(paragraphs).replace("-- \n\n", "-- \n") + "\n"


def _html(kind: SurveyKind, frame: Frame, question: str) -> str:
    words = {
        name: escape(_slotted(text) if name in _FILLED else text).replace("\n", "<br>")
        for name, text in (*asdict(frame).items(), ("question", question), ("title", one_line(question)))
    }
    words["link"] = Slot.LINK.value
    return _PLACE.sub(lambda found: words[found[1]], _shell(kind, frame.direction))


@lru_cache(maxsize=8)
def _shell(kind: SurveyKind, direction: str) -> str:
    """Without words: the renderer writes attributes as a programmer's string, with every sign escaped that
    is not plain, and people's words hold such signs."""
    import mrml  # a native library that only mail needs

    low, high = SCALES[kind]
    amount = high - low + 1
    has_faces = kind is SurveyKind.CSAT
    context = {
        "direction": direction,
        "start": "right" if direction == "rtl" else "left",
        "end": "left" if direction == "rtl" else "right",
        "scores": [{"score": n, "face": _FACES[n - low] if has_faces else ""} for n in range(low, high + 1)],
        "size": "14px" if has_faces else "16px",
        "share": f"{(100 - amount) // amount}%",
        # Two rows of eleven buttons, one of fewer, on a narrow screen.
        "narrow": "14.5%" if amount > 7 else f"{96 // amount - 1}%",
    }
    source = render_to_string("feedback/mailing/letter.mjml", context)
    # No fonts: a mail of ours fetches nothing from anywhere.
    options = mrml.RenderOptions(disable_comments=True, fonts={})
    return mrml.to_html(source, render_options=options).content


def _slotted(text: str) -> str:
    return "".join(_SLOTS[part] if isinstance(part, Variable) else part for part in parts_of(text))


def _parts(text: str) -> Parts:
    return tuple(Slot(part) if _SPLIT.fullmatch(part) else part for part in _SPLIT.split(text) if part)


def _joined(parts: Parts, values: Mapping[Slot, str]) -> str:
    return "".join([values[part] if isinstance(part, Slot) else part for part in parts])
