"""Interviews: written down, shown, mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from otklik.feedback.access import editable_interviews, scope_of, visible_interviews
from otklik.feedback.models import GuideVersion, Interview, InterviewGuide
from otklik.feedback.operations.voices.interviews import (
    ERASED,
    NOT_THEIRS,
    NOTHING_SAID,
    TO_COME,
    InterviewChangedMeanwhile,
    InterviewRefused,
    change_interview,
    record_interview,
)
from otklik.feedback.queries.topic_names import topic_names
from otklik.feedback.rules.voices.vocabulary import InterviewChannel, QuoteConsent
from otklik.feedback.voice_labels import CONSENT_LABELS, INTERVIEW_CHANNEL_LABELS, SENTIMENT_LABELS
from otklik.feedback.web.voices.filters import whole_number
from otklik.feedback.web.voices.forms import InterviewForm
from otklik.feedback.web.voices.picking import found_partners, usable_partners
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.registry import Text
from otklik.partners.public import Contact, Partner

PROBLEMS: dict[str, Text] = {
    NOT_THEIRS: gettext_lazy("This person does not belong to the partner any more. Choose somebody else."),
    TO_COME: gettext_lazy("This day is still to come."),
    NOTHING_SAID: gettext_lazy("Write down at least one thing that was said."),
    ERASED: gettext_lazy("The data of this partner were erased."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def new(request: StaffRequest) -> HttpResponse:
    """First with whom, then by which guide, then what was said."""
    wanted = whole_number(request.GET.get("partner", ""))
    if wanted is None:
        return _picker(request)
    partner = get_object_or_404(usable_partners(request).select_related("program"), pk=wanted)
    guides = _guides(partner)
    version = _chosen_version(request, guides)
    initial = {"held_on": timezone.localdate(now()), "contact": request.GET.get("contact", "")}
    form = _form(request, partner, version, initial=initial)
    if form.is_valid():
        try:
            interview = record_interview(
                partner_id=partner.pk,
                talk=form.talk(),
                interviewer_id=request.user.pk,
                by=actor_for(request),
                at=now(),
            )
        except InterviewRefused as refused:
            form.add_error(None, str(PROBLEMS[refused.problem]))
        else:
            messages.success(request, _("The interview is written down."))
            return redirect("interview", interview.pk)
    context = {"form": form, "partner": partner, "guides": guides, "version": version}
    return render(request, "feedback/voices/interview_form.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, interview_id: int) -> HttpResponse:
    rows = visible_interviews(scope_of(request.user))
    interview = get_object_or_404(
        rows.select_related("partner", "contact", "interviewer", "version__guide", "program"), pk=interview_id
    )
    names = topic_names()
    questions = interview.version.questions if interview.version else []
    context = {
        "interview": interview,
        "channel": INTERVIEW_CHANNEL_LABELS[InterviewChannel(interview.channel)],
        "notes": [(row["text"], interview.notes.get(row["key"], "")) for row in questions],
        "quotes": [
            (quote.text, CONSENT_LABELS[QuoteConsent(quote.consent)]) for quote in interview.quotes.all()
        ],
        "topics": [names.get(key, key) for key in interview.topics.split()],
        "sentiment": SENTIMENT_LABELS[interview.sentiment],
        "may_edit": editable_interviews(request.user).filter(pk=interview.pk).exists(),
    }
    return render(request, "feedback/voices/interview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def edit(request: StaffRequest, interview_id: int) -> HttpResponse:
    rows = editable_interviews(request.user).select_related("partner__program", "version__guide")
    interview = get_object_or_404(rows, pk=interview_id)
    quotes = list(interview.quotes.all())
    form = _form(
        request, interview.partner, interview.version, initial=_initial(interview, quotes), quotes=len(quotes)
    )
    revision = whole_number(request.POST.get("revision", "")) or interview.revision
    if form.is_valid():
        try:
            change_interview(
                interview_id=interview.pk,
                talk=form.talk(),
                revision=revision,
                by=actor_for(request),
                at=now(),
            )
        except InterviewRefused as refused:
            form.add_error(None, str(PROBLEMS[refused.problem]))
        except InterviewChangedMeanwhile:
            text = _("Somebody changed this interview while you wrote. Open it anew and add what is missing.")
            form.add_error(None, text)
        else:
            messages.success(request, _("Saved."))
            return redirect("interview", interview.pk)
    context = {
        "form": form,
        "partner": interview.partner,
        "interview": interview,
        "version": interview.version,
        "revision": revision,
    }
    return render(request, "feedback/voices/interview_form.html", context, status=422 if form.errors else 200)


def _picker(request: StaffRequest) -> HttpResponse:
    context = {
        "partners": found_partners(request),
        "wanted": request.GET.get("q", "")[:200],
        "title": _("New interview"),
        "text": _("With which partner did you talk?"),
        "back": "interviews",
    }
    return render(request, "feedback/voices/pick_partner.html", context)


def _guides(partner: Partner) -> Sequence[InterviewGuide]:
    latest = GuideVersion.objects.filter(guide=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = InterviewGuide.objects.filter(program_id=partner.program_id, archived_at=None)
    return list(rows.annotate(latest_id=Subquery(latest)).order_by("name"))


def _chosen_version(request: StaffRequest, guides: Sequence[InterviewGuide]) -> GuideVersion | None:
    """What was posted wins: a guide may get a new version while somebody writes under the old one."""
    posted = whole_number(request.POST.get("version", ""))
    ids = {guide.pk for guide in guides}
    if posted is not None:
        return GuideVersion.objects.select_related("guide").filter(pk=posted, guide_id__in=ids).first()
    asked = whole_number(request.GET.get("guide", ""))
    guide = next((guide for guide in guides if guide.pk == asked), None)
    if guide is None:
        return None
    return guide.versions.select_related("guide").order_by("-number").first()


def _form(
    request: StaffRequest,
    partner: Partner,
    version: GuideVersion | None,
    *,
    initial: dict[str, Any],
    quotes: int = 0,
) -> InterviewForm:
    people = Contact.objects.filter(partner=partner, erased_at=None).order_by("name", "pk")
    topics = sorted(topic_names().items(), key=lambda one: one[1])
    return InterviewForm(
        request.POST or None,
        initial=initial,
        people=[(str(pk), name) for pk, name in people.values_list("pk", "name")],
        topics=topics,
        version=version,
        quotes=quotes if not request.POST else sum(name.startswith("quote_") for name in request.POST),
    )


def _initial(interview: Interview, quotes: Sequence[Any]) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "held_on": interview.held_at.date(),
        "contact": str(interview.contact_id or ""),
        "channel": interview.channel,
        "score": "" if interview.score is None else str(interview.score),
        "words": interview.words,
        "topics": interview.topics.split(),
    }
    initial |= {f"note_{key}": note for key, note in interview.notes.items()}
    for number, quote in enumerate(quotes):
        initial |= {f"quote_{number}": quote.text, f"consent_{number}": quote.consent}
    return initial
