"""The account plan of a partner, and its quarterly reviews, which are printed."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.dialogue.public import Side, agreements
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Partner
from otklik.relationships.access import editable_maps, map_partners, visible_plans, visible_reviews
from otklik.relationships.models import PlanAction
from otklik.relationships.operations.people import NotOnStaff, NotTheirPerson
from otklik.relationships.operations.plans import (
    ActionDone,
    PlanChanged,
    add_action,
    finish_action,
    save_plan,
)
from otklik.relationships.operations.reviews import make_review
from otklik.relationships.queries.reviews import ReviewPage, read_review
from otklik.relationships.rules.layout import TooManyPeople
from otklik.relationships.rules.quarters import last_quarters, quarter_of
from otklik.relationships.web.drawing import draw_people
from otklik.relationships.web.forms import ActionForm, PlanForm, ReviewForm
from otklik.relationships.web.quarter_bars import draw_quarters, quarters_of

OFFERED = 4
_GONE = gettext_lazy("The person or colleague is not here any more. Nothing was changed.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def plan(request: StaffRequest, partner_id: int) -> HttpResponse:
    if request.method != "POST":
        return _page(request, get_object_or_404(map_partners(request.user), pk=partner_id))
    subject = get_object_or_404(editable_maps(request.user), pk=partner_id)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, form=form)
    said = form.cleaned_data
    try:
        save_plan(
            partner_id=subject.pk,
            text=said["text"],
            next_review_on=said["next_review_on"],
            expected_version=said["version"],
            by=actor_for(request),
            at=now(),
        )
    except PlanChanged:
        form.add_error(None, _("Somebody saved the plan meanwhile. Copy your text, load the page anew."))
        return _page(request, subject, form=form)
    messages.success(request, _("The plan is saved."))
    return redirect("account-plan", subject.pk)


@require_POST
@needs(Right.EDIT_PARTNERS)
def action(request: StaffRequest, partner_id: int) -> HttpResponse:
    subject = get_object_or_404(editable_maps(request.user), pk=partner_id)
    form = ActionForm(request.POST, partner_id=subject.pk)
    if not form.is_valid():
        return _page(request, subject, action_form=form)
    said = form.cleaned_data
    try:
        add_action(
            partner_id=subject.pk,
            text=said["text"],
            due_on=said["due_on"],
            owner_id=said["owner"],
            contact_id=said["contact"],
            key=said["key"],
            by=actor_for(request),
            at=now(),
        )
    except (NotOnStaff, NotTheirPerson):
        messages.error(request, _GONE)
    return redirect("account-plan", subject.pk)


@require_POST
@needs(Right.EDIT_PARTNERS)
def done(request: StaffRequest, action_id: int) -> HttpResponse:
    rows = PlanAction.objects.filter(plan__partner__in=editable_maps(request.user)).select_related("plan")
    row = get_object_or_404(rows, pk=action_id)
    try:
        finish_action(action_id=row.pk, by=actor_for(request), at=now())
    except ActionDone:
        messages.info(request, _("It was done before."))
    return redirect("account-plan", row.plan.partner_id)


@require_POST
@needs(Right.EDIT_PARTNERS)
def new_review(request: StaffRequest, partner_id: int) -> HttpResponse:
    subject = get_object_or_404(editable_maps(request.user), pk=partner_id)
    at = now()
    today = timezone.localdate(at)
    form = ReviewForm(request.POST, quarters=last_quarters(quarter_of(today), OFFERED))
    if not form.is_valid():
        return _page(request, subject, review_form=form)
    said = form.cleaned_data
    made = make_review(
        partner_id=subject.pk,
        quarter=said["quarter"],
        words=said["words"],
        user=request.user,
        today=today,
        by=actor_for(request),
        at=at,
    )
    return redirect("account-review", subject.pk, made.quarter.isoformat())


@require_safe
@needs(Right.SEE_FEEDBACK)
def review(request: StaffRequest, partner_id: int, quarter: str) -> HttpResponse:
    try:
        first = date.fromisoformat(quarter)
    except ValueError:
        raise Http404 from None
    subject = get_object_or_404(map_partners(request.user).select_related("manager"), pk=partner_id)
    row = get_object_or_404(
        visible_reviews(request.user).select_related("made_by"), partner=subject, quarter=first
    )
    read = read_review(row)
    context = {
        "partner": subject,
        "review": row,
        "read": read,
        "picture": _picture(subject, read),
        "quarters": draw_quarters(quarters_of(row.figures["trend"])),
    }
    return render(request, "relationships/review.html", context)


def _picture(subject: Partner, read: ReviewPage) -> SafeString | str:
    try:
        return draw_people(subject.name, read.people, ours=read.ours, lines=read.lines)
    except TooManyPeople:
        return ""


def _page(
    request: StaffRequest,
    subject: Partner,
    *,
    form: PlanForm | None = None,
    action_form: ActionForm | None = None,
    review_form: ReviewForm | None = None,
) -> HttpResponse:
    row = visible_plans(request.user).filter(partner=subject).select_related("changed_by").first()
    today = timezone.localdate(now())
    started = {"text": row.text, "next_review_on": row.next_review_on, "version": row.version} if row else {}
    actions = PlanAction.objects.filter(plan=row).select_related("owner", "contact") if row else ()
    context = {
        "partner": subject,
        "plan": row,
        "today": today,
        "open_actions": [one for one in actions if one.done_at is None],
        "done_actions": [one for one in actions if one.done_at is not None],
        "reviews": visible_reviews(request.user).filter(partner=subject).order_by("-quarter"),
        "agreed": agreements(subject.pk, side=Side.OURS, today=today),
        "may_agree": request.user.may(Right.RUN_DIALOGUE),
        "may_edit": editable_maps(request.user).filter(pk=subject.pk).exists(),
        "form": form or PlanForm(initial={"version": 0, **started}),
        "action_form": action_form
        or ActionForm(partner_id=subject.pk, initial={"owner": subject.manager_id}),
        "review_form": review_form or ReviewForm(quarters=last_quarters(quarter_of(today), OFFERED)),
    }
    status = 422 if form or action_form or review_form else 200
    return render(request, "relationships/plan.html", context, status=status)
