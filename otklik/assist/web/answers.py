"""Automatic answers: what is answered, by which examples, and whether it was right."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_q.tasks import async_task

from otklik.assist.access import visible_answers
from otklik.assist.jobs import TEACH
from otklik.assist.models import AutomaticAnswer, Example
from otklik.assist.operations.examples import KnownAlready, NoText, add_example, move_example, switch_example
from otklik.assist.operations.reviewing import review_answer
from otklik.assist.operations.settings import set_intent, switch_answers
from otklik.assist.operations.teaching import examples_digest
from otklik.assist.queries.overview import figures_by_language, overview
from otklik.assist.queries.use import to_review, use_in_all
from otklik.assist.rules.vocabulary import AnswerOutcome, Intent, Review
from otklik.assist.web.forms import ExampleForm, IntentForm, MoveForm, ReviewForm, SwitchForm
from otklik.desk.public import visible_tickets
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

A_PAGE = 50


@require_safe
@needs(Right.SEE_TICKETS)
def beside(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Beside a ticket; nothing to an agent who may not know what it tells."""
    ticket = get_object_or_404(visible_tickets(request.user), pk=ticket_id)
    answer = visible_answers(request.user).filter(ticket_id=ticket.pk).order_by("-told_at").first()
    if answer is None or not answer.title:
        return HttpResponse()
    return render(request, "assist/_ticket_panel.html", {"answer": answer})


@require_safe
@needs(Right.SEE_TICKETS)
def show(request: StaffRequest) -> HttpResponse:
    found = overview(at=now())
    initial = {"in_portal": found.settings.answers_in_portal, "by_mail": found.settings.answers_by_mail}
    context = {
        "found": found,
        "whole": use_in_all(at=now()),
        "form": SwitchForm(initial=initial),
        "may_edit": request.user.may(Right.MANAGE_ANSWERS),
        "is_stale": found.model is not None and found.model.digest != examples_digest(),
    }
    return render(request, "assist/answers.html", context)


@require_POST
@needs(Right.MANAGE_ANSWERS)
def switch(request: StaffRequest) -> HttpResponse:
    form = SwitchForm(request.POST)
    if form.is_valid():
        switch_answers(
            in_portal=form.cleaned_data["in_portal"],
            by_mail=form.cleaned_data["by_mail"],
            by=actor_for(request),
            at=now(),
        )
        messages.success(request, _("Saved."))
    return redirect("answers")


@require_POST
@needs(Right.MANAGE_ANSWERS)
def learn(request: StaffRequest) -> HttpResponse:
    async_task(TEACH, request.user.pk)
    messages.success(request, _("It learns now; the new figures are here in a minute."))
    return redirect("answers")


@require_safe
@needs(Right.SEE_TICKETS)
def intent(request: StaffRequest, intent_name: str) -> HttpResponse:
    return _intent_page(request, _intent(intent_name))


@require_POST
@needs(Right.MANAGE_ANSWERS)
def save_intent(request: StaffRequest, intent_name: str) -> HttpResponse:
    chosen = _intent(intent_name)
    form = IntentForm(request.POST)
    if chosen is Intent.NONE:
        raise Http404
    if not form.is_valid():
        return _intent_page(request, chosen, form=form)
    set_intent(intent=chosen, by=actor_for(request), at=now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("answers-intent", chosen.value)


@require_POST
@needs(Right.MANAGE_ANSWERS)
def add(request: StaffRequest, intent_name: str) -> HttpResponse:
    chosen = _intent(intent_name)
    form = ExampleForm(request.POST)
    if form.is_valid():
        try:
            add_example(intent=chosen, by=actor_for(request), at=now(), **form.cleaned_data)
        except NoText:
            form.add_error("text", _("There is no word in it."))
        except KnownAlready as known:
            form.add_error("text", _("This sentence is there already: %(id)s.") % {"id": known.example.pk})
        else:
            messages.success(request, _("Added. It counts from the next lesson on."))
            return redirect("answers-intent", chosen.value)
    return _intent_page(request, chosen, example_form=form)


@require_POST
@needs(Right.MANAGE_ANSWERS)
def move(request: StaffRequest, example_id: int) -> HttpResponse:
    example = get_object_or_404(Example, pk=example_id)
    form = MoveForm(request.POST)
    if form.is_valid():
        move_example(
            example_id=example.pk, intent=Intent(form.cleaned_data["intent"]), by=actor_for(request), at=now()
        )
    return redirect("answers-intent", example.intent)


@require_POST
@needs(Right.MANAGE_ANSWERS)
def switch_one(request: StaffRequest, example_id: int) -> HttpResponse:
    example = get_object_or_404(Example, pk=example_id)
    is_active = request.POST.get("is_active") == "1"
    switch_example(example_id=example.pk, is_active=is_active, by=actor_for(request), at=now())
    return redirect("answers-intent", example.intent)


@require_safe
@needs(Right.SEE_TICKETS)
def review(request: StaffRequest) -> HttpResponse:
    rows = visible_answers(request.user)
    told = rows.exclude(outcome=AnswerOutcome.SUGGESTED).select_related("contact", "partner", "reviewed_by")
    may_review = request.user.may(Right.MANAGE_ANSWERS)
    context = {
        "sample": to_review(rows, now()) if may_review else [],
        "page": Paginator(told.order_by("-told_at", "-pk"), A_PAGE).get_page(request.GET.get("page")),
        "whole": use_in_all(at=now()),
        "form": ReviewForm(),
        "may_review": may_review,
    }
    return render(request, "assist/review.html", context)


@require_POST
@needs(Right.MANAGE_ANSWERS)
def judge(request: StaffRequest, told_id: int) -> HttpResponse:
    answer: AutomaticAnswer = get_object_or_404(visible_answers(request.user), pk=told_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        review_answer(
            answer_id=answer.pk,
            verdict=Review(form.cleaned_data["verdict"]),
            note=form.cleaned_data["note"],
            by=actor_for(request),
            at=now(),
        )
        messages.success(request, _("Noted."))
    return redirect("answers-review")


def _intent(name: str) -> Intent:
    try:
        return Intent(name)
    except ValueError:
        raise Http404 from None


def _intent_page(
    request: StaffRequest,
    chosen: Intent,
    *,
    form: IntentForm | None = None,
    example_form: ExampleForm | None = None,
) -> HttpResponse:
    found = overview(at=now())
    row = next((row for row in found.rows if row.intent is chosen), None)
    if form is None and row is not None:
        kept = row.setting
        form = IntentForm(
            initial={"in_portal": kept.in_portal, "by_mail": kept.by_mail, "threshold": kept.threshold}
        )
    examples = Example.objects.filter(intent=chosen).select_related("added_by").order_by("language", "pk")
    is_wrong = any(one is not None and bool(one.errors) for one in (form, example_form))
    context = {
        "intent": chosen,
        "row": row,
        "figures": figures_by_language(found.model, chosen) if row else [],
        "precision": found.precision,
        "form": form,
        "example_form": example_form or ExampleForm(initial={"language": request.user.language}),
        "move_form": MoveForm(initial={"intent": chosen.value}, auto_id=False),
        "page": Paginator(examples, A_PAGE).get_page(request.GET.get("page")),
        "may_edit": request.user.may(Right.MANAGE_ANSWERS),
    }
    return render(request, "assist/intent.html", context, status=422 if is_wrong else 200)
