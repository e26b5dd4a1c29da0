"""What the program and its partners say to each other: announcements, goals, ideas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.dialogue.public import (
    Announcement,
    CannotVote,
    Commitment,
    DayOver,
    Goal,
    GoalState,
    PromiseState,
    ReasonMissing,
    Side,
    WrongStep,
    acknowledge,
    agreements,
    ask_about,
    counted,
    done_ideas,
    mark_read,
    most_wanted,
    move_commitment,
    move_goal,
    news_lines,
    news_to,
    own_questions,
    propose_commitment,
    propose_goal,
    set_news_mails,
    shown_answers,
    shown_ideas,
    similar_ideas,
    text_for,
    vote,
    wants_news_mails,
    write_idea,
)
from otklik.kit.clock import now
from otklik.kit.markup import html_of
from otklik.portal.web.guard import PortalRequest, actor_for_person, person_page
from otklik.portal.web.limits import is_too_often
from otklik.portal.web.talk_forms import CommitmentForm, GoalForm, IdeaForm, QuestionForm, StepForm

A_PAGE = 20


@require_safe
@person_page
def news(request: PortalRequest) -> HttpResponse:
    person = request.person
    rows = news_to(person.contact.pk, at=now())
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = news_lines(list(page.object_list), person.language)
    context = {"page": page, "lines": lines, "gets_mails": wants_news_mails(person.contact.pk)}
    return render(request, "portal/talk/news.html", context)


@require_POST
@person_page
def news_mails(request: PortalRequest) -> HttpResponse:
    wanted = request.POST.get("wanted") == "1"
    set_news_mails(
        contact_id=request.person.contact.pk, wanted=wanted, by=actor_for_person(request), at=now()
    )
    messages.success(request, _("Saved."))
    return redirect("portal-news")


@require_safe
@person_page
def announcement(request: PortalRequest, announcement_id: int) -> HttpResponse:
    """Opening it is reading it: both sides see that."""
    found = _announcement(request, announcement_id)
    if request.method == "GET":
        mark_read(
            announcement_id=found.pk,
            contact_id=request.person.contact.pk,
            by=actor_for_person(request),
            at=now(),
        )
    return _announcement_page(request, found, QuestionForm())


@require_POST
@person_page
def confirm(request: PortalRequest, announcement_id: int) -> HttpResponse:
    found = _announcement(request, announcement_id)
    acknowledge(
        announcement_id=found.pk,
        contact_id=request.person.contact.pk,
        by=actor_for_person(request),
        at=now(),
    )
    messages.success(request, _("Thank you. The program sees that you have read it."))
    return redirect("portal-announcement", found.pk)


@require_POST
@person_page
def ask(request: PortalRequest, announcement_id: int) -> HttpResponse:
    found, person = _announcement(request, announcement_id), request.person
    form = QuestionForm(request.POST)
    if not form.is_valid() or _is_too_often(request, form):
        return _announcement_page(request, found, form)
    text = text_for(found.pk, person.language)
    ask_about(
        announcement_id=found.pk,
        contact_id=person.contact.pk,
        subject=text.title if text is not None else "",
        text=form.cleaned_data["text"],
        language=person.language,
        key=form.cleaned_data["key"],
        by=actor_for_person(request),
        at=now(),
    )
    messages.success(request, _("Your question is with us. The answer comes here and by mail."))
    return redirect("portal-announcement", found.pk)


@require_safe
@person_page
def goals(request: PortalRequest) -> HttpResponse:
    return _goals_page(request, GoalForm(prefix="goal"), CommitmentForm(prefix="promise"))


@require_POST
@person_page
def new_goal(request: PortalRequest) -> HttpResponse:
    form = GoalForm(request.POST, prefix="goal")
    if _proposed(request, form, propose_goal):
        return redirect("portal-goals")
    return _goals_page(request, form, CommitmentForm(prefix="promise"))


@require_POST
@person_page
def new_commitment(request: PortalRequest) -> HttpResponse:
    form = CommitmentForm(request.POST, prefix="promise")
    if _proposed(request, form, propose_commitment):
        return redirect("portal-goals")
    return _goals_page(request, GoalForm(prefix="goal"), form)


@require_POST
@person_page
def set_goal(request: PortalRequest, goal_id: int) -> HttpResponse:
    goal = get_object_or_404(Goal, pk=goal_id, partner=request.person.partner)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _kept_step(request, form, "goal", goal.pk)
    try:
        move_goal(
            goal_id=goal.pk,
            state=GoalState(form.cleaned_data["state"]),
            reason=form.cleaned_data["note"],
            by=actor_for_person(request),
            at=now(),
        )
    except (ValueError, WrongStep):
        messages.info(request, _("This was answered or changed meanwhile. Look at it once more."))
    except ReasonMissing:
        messages.error(request, _("Write a word why: it helps to find something that fits both."))
    return redirect("portal-goals")


@require_POST
@person_page
def set_commitment(request: PortalRequest, commitment_id: int) -> HttpResponse:
    promise = get_object_or_404(Commitment, pk=commitment_id, partner=request.person.partner)
    form, at = StepForm(request.POST), now()
    if not form.is_valid():
        return _kept_step(request, form, "commitment", promise.pk)
    try:
        move_commitment(
            commitment_id=promise.pk,
            state=PromiseState(form.cleaned_data["state"]),
            note=form.cleaned_data["note"],
            on=timezone.localdate(at),
            by=actor_for_person(request),
            at=at,
        )
    except (ValueError, WrongStep):
        messages.info(request, _("This was answered or changed meanwhile. Look at it once more."))
    except ReasonMissing:
        messages.error(request, _("Write a word why: it helps to find something that fits both."))
    return redirect("portal-goals")


@require_safe
@person_page
def ideas(request: PortalRequest) -> HttpResponse:
    person = request.person
    shown = shown_ideas(person.program.pk, person.partner.pk)
    if request.GET.get("mine"):
        shown = shown.filter(partner=person.partner)
    page = Paginator(most_wanted(shown, person.contact.pk), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/talk/ideas.html", {"page": page, "mine": bool(request.GET.get("mine"))})


@require_safe
@person_page
def said_and_done(request: PortalRequest) -> HttpResponse:
    page = Paginator(done_ideas(request.person.program.pk), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/talk/done.html", {"page": page})


@require_safe
@person_page
def idea(request: PortalRequest, idea_id: int) -> HttpResponse:
    person = request.person
    shown = shown_ideas(person.program.pk, person.partner.pk)
    found = get_object_or_404(counted(shown, person.contact.pk), pk=idea_id)
    may_vote = found.moderation == "shown" and found.state not in ("done", "declined")
    is_own = found.partner_id == person.partner.pk
    return render(request, "portal/talk/idea.html", {"idea": found, "may_vote": may_vote, "is_own": is_own})


@require_POST
@person_page
def vote_for(request: PortalRequest, idea_id: int) -> HttpResponse:
    person = request.person
    found = get_object_or_404(shown_ideas(person.program.pk, person.partner.pk), pk=idea_id)
    try:
        vote(
            idea_id=found.pk,
            contact=person.contact,
            wants=request.POST.get("wants") == "1",
            by=actor_for_person(request),
            at=now(),
        )
    except CannotVote:
        messages.info(request, _("There is no voting for this idea now."))
    return redirect("portal-idea", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def new_idea(request: PortalRequest) -> HttpResponse:
    """Ideas alike are shown before a second one of the same kind is made."""
    person = request.person
    form = IdeaForm(request.POST or None)
    alike = []
    if form.is_valid() and not _is_too_often(request, form):
        said = form.cleaned_data
        if not said["is_new"]:
            shown = shown_ideas(person.program.pk, person.partner.pk)
            alike = similar_ideas(f"{said['title']} {said['text'][:300]}", shown)
        if not alike:
            written = write_idea(
                contact=person.contact,
                title=said["title"],
                text=said["text"],
                language=person.language,
                topic_id=said["topic"],
                key=said["key"],
                by=actor_for_person(request),
                at=now(),
            )
            messages.success(request, _("Thank you. Your idea is with us, and you hear what becomes of it."))
            return redirect("portal-idea", written.pk)
    context = {"form": form, "alike": alike}
    return render(request, "portal/talk/new_idea.html", context, status=422 if form.errors else 200)


def _announcement(request: PortalRequest, announcement_id: int) -> Announcement:
    rows = news_to(request.person.contact.pk, at=now())
    found = rows.filter(announcement__pk=announcement_id).first()
    if found is None:
        raise Http404
    return found.announcement


def _announcement_page(request: PortalRequest, found: Announcement, form: QuestionForm) -> HttpResponse:
    person = request.person
    addressee = news_to(person.contact.pk, at=now()).filter(announcement=found).first()
    text = text_for(found.pk, person.language)
    if addressee is None or text is None:
        raise Http404
    context = {
        "announcement": found,
        "addressee": addressee,
        "text": text,
        "html": html_of(text.body),
        "answers": shown_answers(found.pk),
        "own": own_questions(found.pk, person.partner.pk),
        "form": form,
    }
    return render(request, "portal/talk/announcement.html", context, status=422 if form.errors else 200)


def _kept_step(request: PortalRequest, form: StepForm, kind: str, row_id: int) -> HttpResponse:
    """The step was not taken; what was written about it is still there."""
    kept = {"kind": kind, "id": row_id, "note": form["note"].value() or "", "errors": form.errors}
    return _goals_page(request, GoalForm(prefix="goal"), CommitmentForm(prefix="promise"), kept=kept)


def _goals_page(
    request: PortalRequest,
    goal_form: GoalForm,
    promise_form: CommitmentForm,
    *,
    kept: dict[str, Any] | None = None,
) -> HttpResponse:
    found = agreements(request.person.partner.pk, side=Side.THEIRS, today=timezone.localdate(now()))
    context = {"found": found, "goal_form": goal_form, "promise_form": promise_form, "kept": kept}
    status = 422 if goal_form.errors or promise_form.errors or kept else 200
    return render(request, "portal/talk/goals.html", context, status=status)


def _is_too_often(request: PortalRequest, form: Form) -> bool:
    """Each of these is read by people; a question is a ticket. The form says so."""
    if not is_too_often(request, "write", str(request.person.account_id), at=now()):
        return False
    form.add_error("text", _("This was tried many times. Please wait an hour and try once more."))
    return True


def _proposed(request: PortalRequest, form: GoalForm | CommitmentForm, propose: Any) -> bool:
    if not form.is_valid() or _is_too_often(request, form):
        return False
    at = now()
    try:
        propose(
            partner_id=request.person.partner.pk,
            terms=form.terms(),
            on=timezone.localdate(at),
            key=form.cleaned_data["key"],
            by=actor_for_person(request),
            at=at,
        )
    except DayOver:
        form.add_error("due_on", _("This day is over. Choose a later one."))
        return False
    messages.success(request, _("Proposed. The program sees it and answers here."))
    return True
