"""The dictionaries of topics: the list, one of them, and a box that shows what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.feedback.operations.comment_topics import TopicChangedMeanwhile, save_comment_topic
from otklik.feedback.queries.dictionaries import edited_topics
from otklik.feedback.rules.texts.default_topics import DEFAULT_TOPICS
from otklik.feedback.rules.texts.effective import Edited, effective
from otklik.feedback.rules.texts.matching import split_entries
from otklik.feedback.rules.texts.quotes import Piece, pieces
from otklik.feedback.rules.texts.sentiment import sentiment
from otklik.feedback.rules.texts.topics import Topic, TopicMatcher
from otklik.feedback.web.texts.forms import LONGEST_SAMPLE, TopicForm
from otklik.feedback.web.texts.pages import name_of
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.texts.reading import read
from otklik.partners.public import Program

_DEFAULTS = {topic.key: topic for topic in DEFAULT_TOPICS}


@dataclass(frozen=True, slots=True)
class Line:
    """``source``: "own", "shared" or "default"."""

    url: str
    name: str
    entries: int
    source: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What the words find in a sample: marked, with the entries that found it."""

    pieces: tuple[Piece, ...]
    entries: tuple[str, ...]
    others: tuple[str, ...]
    sentiment: int | None
    telling: tuple[str, ...]


@require_safe
@needs(Right.RUN_SURVEYS)
def topics(request: StaffRequest) -> HttpResponse:
    program = _program(request)
    program_id = program.pk if program else None
    edited = [one for one in edited_topics() if one.program_id in (None, program_id)]
    chosen: dict[str, Edited] = {}
    for one in sorted(edited, key=lambda one: one.program_id is not None):
        chosen[one.topic.key] = one
    keys = dict.fromkeys([*_DEFAULTS, *sorted(chosen)])
    context = {
        "lines": [_line(key, chosen.get(key), program_id) for key in keys],
        "programs": Program.objects.order_by("name"),
        "program": program,
        "new_url": reverse("survey-topic-new") + _suffix(program_id),
    }
    return render(request, "feedback/texts/topics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def topic(request: StaffRequest, topic_key: str = "") -> HttpResponse:
    program = _program(request)
    program_id = program.pk if program else None
    edited = edited_topics()
    row = _row(edited, topic_key, program_id)
    shown = row.topic if row else _DEFAULTS.get(topic_key)
    if topic_key and shown is None:
        raise Http404
    taken = frozenset((*_DEFAULTS, *(one.topic.key for one in edited)))
    form = TopicForm(request.POST or None, key=topic_key, taken=taken, initial=_initial(request, shown, row))
    if "try" in request.POST:
        tried = _try(form, edited, program_id)
        if request.headers.get("HX-Request"):
            return render(request, "feedback/texts/_tried.html", {"tried": tried, "form": form})
        return _page(request, form, shown, program, tried)
    if form.is_valid():
        try:
            save_comment_topic(
                form.topic(),
                program_id=program_id,
                is_active=form.cleaned_data["is_active"],
                by=actor_for(request),
                at=now(),
            )
        except TopicChangedMeanwhile:
            form.add_error(None, _("Somebody else saved this topic at the same moment. Save it again."))
        else:
            messages.success(request, _("Saved. Comments are read again; that may take some minutes."))
            return redirect(reverse("survey-topics") + _suffix(program_id))
    return _page(request, form, shown, program, None)


def _page(
    request: StaffRequest, form: TopicForm, shown: Topic | None, program: Program | None, tried: Tried | None
) -> HttpResponse:
    context = {
        "form": form,
        "title": name_of(shown) if shown else _("New topic"),
        "program": program,
        "tried": tried,
        "back": reverse("survey-topics") + _suffix(program.pk if program else None),
    }
    return render(request, "feedback/texts/topic.html", context)


def _program(request: StaffRequest) -> Program | None:
    """The one named in the address; None for all programs. A name that is none is 404."""
    asked = request.GET.get("program", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404
    return get_object_or_404(Program, pk=asked)


def _row(edited: list[Edited], key: str, program_id: int | None) -> Edited | None:
    """The program's own, else the one of all programs."""
    fitting = [one for one in edited if one.topic.key == key and one.program_id in (None, program_id)]
    return max(fitting, key=lambda one: one.program_id is not None, default=None)


def _initial(request: StaffRequest, shown: Topic | None, row: Edited | None) -> dict[str, Any]:
    if shown is None:
        # From a group of comments that no topic covers: its phrase is the first entry.
        return {"words": request.GET.get("words", "")[:80]}
    return {
        "name_ru": shown.name_ru,
        "name_en": shown.name_en,
        "words": "\n".join(split_entries(shown.words)),
        "is_active": row.is_active if row else True,
    }


def _line(key: str, row: Edited | None, program_id: int | None) -> Line:
    topic = row.topic if row else _DEFAULTS[key]
    source = "default" if row is None else "own" if row.program_id == program_id else "shared"
    return Line(
        reverse("survey-topic", args=[key]) + _suffix(program_id),
        name_of(topic),
        len(split_entries(topic.words)),
        source,
        row is None or row.is_active,
    )


def _suffix(program_id: int | None) -> str:
    return f"?program={program_id}" if program_id is not None else ""


def _try(form: TopicForm, edited: list[Edited], program_id: int | None) -> Tried | None:
    """None where the words cannot be used; the form says why."""
    form.is_valid()
    if "words" in form.errors or "sample" in form.errors:
        return None
    reading = read(form.cleaned_data["sample"])
    tried = Topic("\0", "", "", form.cleaned_data["words"])
    others = [topic for topic in effective(edited, program_id).topics if topic.key != form.key]
    found = {one.key: one for one in TopicMatcher([tried, *others]).find(reading)}
    evidence = found[tried.key].evidence if tried.key in found else ()
    sound = sentiment(reading)
    names = {topic.key: name_of(topic) for topic in others}
    return Tried(
        pieces(reading.text, [(one.start, one.end) for one in evidence], longest=LONGEST_SAMPLE),
        tuple(dict.fromkeys(one.entry for one in evidence)),
        tuple(names[other] for other in found if other != tried.key),
        sound.value,
        tuple(dict.fromkeys(one.words for one in sound.evidence)),
    )
