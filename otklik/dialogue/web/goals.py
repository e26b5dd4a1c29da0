"""Goals and commitments of both sides, as staff see them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.dialogue.access import dialogue_partners, visible_commitments, visible_goals
from otklik.dialogue.labels import SIDES
from otklik.dialogue.models import Commitment, Goal
from otklik.dialogue.operations.goals import (
    DayOver,
    GoalTerms,
    NotTheirPerson,
    PromiseTerms,
    ReasonMissing,
    WrongStep,
    move_commitment,
    move_goal,
    propose_commitment,
    propose_goal,
)
from otklik.dialogue.queries.partner_side import agreed_goal, agreed_promise, agreements
from otklik.dialogue.rules.promises import SOON
from otklik.dialogue.rules.vocabulary import GoalState, PromiseState, Side
from otklik.dialogue.web.parts import A_PAGE, Keyed, day_input, typed
from otklik.identity.public import Right, StaffRequest, active_staff, actor_for, needs, staff_choices
from otklik.kit.clock import now
from otklik.partners.public import Contact, Partner

_SHOWN = ("overdue", "soon", "proposed", "open", "ended")


class _People(Keyed):
    owner = forms.TypedChoiceField(
        label=gettext_lazy("Our person"), required=False, coerce=int, empty_value=None
    )
    contact = forms.TypedChoiceField(
        label=gettext_lazy("Their person"), required=False, coerce=int, empty_value=None
    )
    due_on = forms.DateField(label=gettext_lazy("By"), widget=day_input())

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(partner=partner, erased_at=None, is_active=True).order_by("name_key")
        self._choices("owner", staff_choices(active_staff().order_by("name", "pk")))
        self._choices("contact", list(people.values_list("pk", "name")[:200]))
        self.initial.setdefault("owner", partner.manager_id)

    def _choices(self, name: str, choices: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "–"), *choices]


class GoalForm(_People):
    text = forms.CharField(label=gettext_lazy("What both want to reach"), max_length=400)
    measure = forms.CharField(
        label=gettext_lazy("Measured by"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What both sides look at to know, for example the share of mobile traffic."),
    )
    target = forms.CharField(label=gettext_lazy("Target"), max_length=120, required=False)
    field_order = ("text", "measure", "target", "due_on", "owner", "contact", "key")

    def terms(self) -> GoalTerms:
        said = self.cleaned_data
        return GoalTerms(
            text=said["text"],
            due_on=said["due_on"],
            measure=said["measure"],
            target=said["target"],
            owner_id=said["owner"],
            contact_id=said["contact"],
        )


class CommitmentForm(_People):
    side = forms.ChoiceField(
        label=gettext_lazy("Who promises"),
        choices=[(side.value, SIDES[side]) for side in Side],
        widget=forms.RadioSelect,
        initial=Side.OURS,
        help_text=gettext_lazy("What you promise holds at once; what they should promise they are asked."),
    )
    text = forms.CharField(label=gettext_lazy("What is promised"), max_length=400)
    goal = forms.TypedChoiceField(
        label=gettext_lazy("For the goal"), required=False, coerce=int, empty_value=None
    )
    field_order = ("side", "text", "due_on", "goal", "owner", "contact", "key")

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, partner=partner, **kwargs)
        goals = Goal.objects.filter(partner=partner, state__in=[GoalState.PROPOSED, GoalState.AGREED])
        self._choices("goal", list(goals.order_by("due_on").values_list("pk", "text")[:100]))

    def terms(self) -> PromiseTerms:
        said = self.cleaned_data
        return PromiseTerms(
            side=Side(said["side"]),
            text=said["text"],
            due_on=said["due_on"],
            goal_id=said["goal"],
            owner_id=said["owner"],
            contact_id=said["contact"],
        )


@require_safe
@needs(Right.RUN_DIALOGUE)
def listed(request: StaffRequest) -> HttpResponse:
    """Of all partners, what is overdue first."""
    today = timezone.localdate(now())
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in _SHOWN else "open"
    what = "commitments" if request.GET.get("what") == "commitments" else "goals"
    rows: QuerySet[Any] = (
        visible_commitments(request.user) if what == "commitments" else visible_goals(request.user)
    )
    if request.GET.get("mine"):
        rows = rows.filter(owner=request.user)
    rows = _narrowed(rows, chosen, today).select_related("partner", "owner", "contact")
    page = Paginator(rows.order_by("due_on", "pk"), A_PAGE).get_page(request.GET.get("page"))
    judge: Any = agreed_promise if what == "commitments" else agreed_goal
    context = {
        "page": page,
        "lines": [judge(row, side=Side.OURS, today=today) for row in page.object_list],
        "what": what,
        "chosen": chosen,
        "mine": bool(request.GET.get("mine")),
    }
    return render(request, "dialogue/goals.html", context)


@require_safe
@needs(Right.RUN_DIALOGUE)
def of_partner(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(dialogue_partners(request.user), pk=partner_id)
    today = timezone.localdate(now())
    found = agreements(partner.pk, side=Side.OURS, today=today)
    return render(request, "dialogue/partner_goals.html", {"partner": partner, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def new_goal(request: StaffRequest, partner_id: int) -> HttpResponse:
    return _new(request, partner_id, GoalForm, propose_goal)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def new_commitment(request: StaffRequest, partner_id: int) -> HttpResponse:
    return _new(request, partner_id, CommitmentForm, propose_commitment)


def _new(request: StaffRequest, partner_id: int, kind: Any, propose: Any) -> HttpResponse:
    partner = get_object_or_404(dialogue_partners(request.user), pk=partner_id)
    at = now()
    form = kind(request.POST or None, partner=partner, initial={"owner": request.user.pk})
    if form.is_valid():
        try:
            propose(
                partner_id=partner.pk,
                terms=form.terms(),
                on=timezone.localdate(at),
                key=form.cleaned_data["key"],
                by=actor_for(request),
                at=at,
            )
        except DayOver:
            form.add_error("due_on", _("This day is over. Choose a later one."))
        except (NotTheirPerson, Goal.DoesNotExist):
            form.add_error(None, _("Somebody changed this meanwhile. Look at it once more."))
        else:
            messages.success(request, _("Saved. The partner sees it in the portal."))
            return redirect("partner-goals", partner.pk)
    context = {"form": form, "partner": partner, "is_goal": kind is GoalForm}
    return render(request, "dialogue/goal_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.RUN_DIALOGUE)
def set_goal(request: StaffRequest, goal_id: int) -> HttpResponse:
    goal = get_object_or_404(visible_goals(request.user), pk=goal_id)
    state = request.POST.get("state", "")
    try:
        move_goal(
            goal_id=goal.pk,
            state=GoalState(state),
            reason=typed(request, "note"),
            by=actor_for(request),
            at=now(),
        )
    except (ValueError, WrongStep):
        messages.info(request, _("This cannot be done with it any more: look at it once more."))
    except ReasonMissing:
        messages.error(request, _("Write why: the other side will ask."))
    return redirect("partner-goals", goal.partner_id)


@require_POST
@needs(Right.RUN_DIALOGUE)
def set_commitment(request: StaffRequest, commitment_id: int) -> HttpResponse:
    promise: Commitment = get_object_or_404(visible_commitments(request.user), pk=commitment_id)
    at = now()
    try:
        move_commitment(
            commitment_id=promise.pk,
            state=PromiseState(request.POST.get("state", "")),
            note=typed(request, "note"),
            on=timezone.localdate(at),
            by=actor_for(request),
            at=at,
        )
    except (ValueError, WrongStep):
        messages.info(request, _("This cannot be done with it any more: look at it once more."))
    except ReasonMissing:
        messages.error(request, _("Write why: the other side will ask."))
    return redirect("partner-goals", promise.partner_id)


def _narrowed(rows: QuerySet[Any], chosen: str, today: Any) -> QuerySet[Any]:
    if chosen == "overdue":
        return rows.filter(state="agreed", due_on__lt=today)
    if chosen == "soon":
        return rows.filter(state="agreed", due_on__gte=today, due_on__lte=today + SOON)
    if chosen == "proposed":
        return rows.filter(state="proposed")
    if chosen == "ended":
        return rows.exclude(state__in=["agreed", "proposed"])
    return rows.filter(state__in=["agreed", "proposed"])
