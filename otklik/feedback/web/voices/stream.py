"""The lists: all voices together, interviews, mentions."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.feedback.access import scope_of
from otklik.feedback.queries.topic_names import topic_names
from otklik.feedback.queries.voice_stream import voices as voices_of
from otklik.feedback.rules.voices.vocabulary import VoiceKind
from otklik.feedback.web.voices import filters
from otklik.feedback.web.voices.lines import voice_lines
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now


@require_safe
@needs(Right.SEE_FEEDBACK)
def voices(request: StaffRequest) -> HttpResponse:
    return _listed(request, None, "voices")


@require_safe
@needs(Right.SEE_FEEDBACK)
def interviews(request: StaffRequest) -> HttpResponse:
    return _listed(request, VoiceKind.INTERVIEW, "interviews")


@require_safe
@needs(Right.SEE_FEEDBACK)
def mentions(request: StaffRequest) -> HttpResponse:
    return _listed(request, VoiceKind.MENTION, "mentions")


def _listed(request: StaffRequest, kind: VoiceKind | None, tab: str) -> HttpResponse:
    chosen = filters.read_filter(request.GET, kind, now())
    found, more = voices_of(scope_of(request.user), chosen.filter, before=chosen.before)
    names = topic_names()
    context = {
        "tab": tab,
        "chosen": chosen,
        "kinds": () if kind else filters.kind_choices(chosen),
        "sentiments": filters.sentiment_choices(chosen),
        "periods": filters.period_choices(chosen),
        "topics": filters.topic_choices(chosen, names),
        "lines": voice_lines(found, names),
        "more": filters.place_text(more),
        "may": {"run": request.user.may(Right.RUN_SURVEYS)},
    }
    return render(request, "feedback/voices/list.html", context)
