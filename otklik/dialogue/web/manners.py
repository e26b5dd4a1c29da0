"""How a program talks: its form, its vetting, moderation, what newcomers begin with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from otklik.dialogue.labels import SIDES, STEP_KINDS
from otklik.dialogue.models import ProgramManners, StepTemplate
from otklik.dialogue.operations.manners import Manners, questions_of, resources_of, set_manners
from otklik.dialogue.operations.onboarding import NewStep, set_steps
from otklik.dialogue.rules.lists import (
    BadLine,
    is_link,
    read_names,
    read_questions,
    read_resources,
    written_questions,
    written_resources,
)
from otklik.dialogue.rules.vocabulary import Side, StepKind
from otklik.dialogue.web.parts import area, line_problem
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Program, visible_programs

MOST_STEPS = 20
_LONG = 10_000


class MannersForm(forms.Form):
    takes_applications = forms.BooleanField(
        label=gettext_lazy("Take applications through the public form"), required=False
    )
    introduction_en = forms.CharField(
        label=gettext_lazy("Introduction in English"), required=False, max_length=4000, widget=area(3)
    )
    introduction_ru = forms.CharField(
        label=gettext_lazy("Introduction in Russian"), required=False, max_length=4000, widget=area(3)
    )
    questions = forms.CharField(
        label=gettext_lazy("Questions of the form"),
        required=False,
        max_length=_LONG,
        widget=area(6),
        help_text=gettext_lazy(
            "One a line, in English and Russian: How many visits? | Сколько посещений? *"
            " A star at the end asks it of everybody."
        ),
    )
    vetting = forms.CharField(
        label=gettext_lazy("Vetting steps"),
        required=False,
        max_length=_LONG,
        widget=area(5),
        help_text=gettext_lazy("One a line. Nobody is approved before each has an outcome."),
    )
    answer_days = forms.IntegerField(
        label=gettext_lazy("Answer within working days"), min_value=1, max_value=30, initial=3
    )
    moderates_ideas = forms.BooleanField(
        label=gettext_lazy("Look at ideas before other partners see them"), required=False, initial=True
    )
    resources = forms.CharField(
        label=gettext_lazy("Resources to begin with"),
        required=False,
        max_length=_LONG,
        widget=area(4),
        help_text=gettext_lazy("One a line: First steps | https://example.com/guide"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        readers = {"questions": read_questions, "vetting": read_names, "resources": read_resources}
        for name, read in readers.items():
            try:
                cleaned[name] = read(cleaned.get(name, ""))
            except BadLine as bad:
                self.add_error(name, line_problem(bad))
        return cleaned

    def manners(self) -> Manners:
        said = self.cleaned_data
        return Manners(
            moderates_ideas=said["moderates_ideas"],
            takes_applications=said["takes_applications"],
            introduction={"en": said["introduction_en"], "ru": said["introduction_ru"]},
            questions=said["questions"],
            vetting=said["vetting"],
            answer_days=said["answer_days"],
            resources=said["resources"],
        )


class StepForm(forms.Form):
    title_en = forms.CharField(label=gettext_lazy("Step in English"), max_length=200, required=False)
    title_ru = forms.CharField(label=gettext_lazy("Step in Russian"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(k.value, STEP_KINDS[k]) for k in StepKind])
    side = forms.ChoiceField(label=gettext_lazy("Who does it"), choices=[(s.value, SIDES[s]) for s in Side])
    due_days = forms.IntegerField(label=gettext_lazy("Within days"), min_value=1, max_value=365, initial=7)
    link = forms.CharField(label=gettext_lazy("Link"), max_length=300, required=False)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"].strip()
        if link and not is_link(link):
            text = _("This is no link. Write https://… or an address of the portal: /portal/…")
            raise forms.ValidationError(text)
        return link

    def step(self) -> NewStep | None:
        """None for a row without words."""
        said = self.cleaned_data
        titles = {code: said.get(f"title_{code}", "").strip() for code in ("en", "ru")}
        if not any(titles.values()):
            return None
        return NewStep(StepKind(said["kind"]), titles, Side(said["side"]), said["due_days"], said["link"])


StepFormSet = forms.formset_factory(StepForm, extra=3, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


@require_safe
@needs(Right.MANAGE_PORTAL)
def programs(request: StaffRequest) -> HttpResponse:
    rows = list(visible_programs(request.user).order_by("name"))
    manners = {row.program_id: row for row in ProgramManners.objects.filter(program__in=rows)}
    lines = [(program, manners.get(program.pk)) for program in rows]
    return render(request, "dialogue/manners_list.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PORTAL)
def edit(request: StaffRequest, program_id: int) -> HttpResponse:
    program = get_object_or_404(visible_programs(request.user), pk=program_id)
    form = MannersForm(request.POST or None, initial=_values(program))
    if form.is_valid():
        set_manners(program_id=program.pk, manners=form.manners(), by=actor_for(request), at=now())
        messages.success(request, _("Saved."))
        return redirect("dialogue-manners", program.pk)
    context = {"form": form, "program": program}
    return render(request, "dialogue/manners.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PORTAL)
def steps(request: StaffRequest, program_id: int) -> HttpResponse:
    program = get_object_or_404(visible_programs(request.user), pk=program_id)
    rows = StepTemplate.objects.filter(program=program)
    initial = [
        {
            "title_en": row.titles.get("en", ""),
            "title_ru": row.titles.get("ru", ""),
            "kind": row.kind,
            "side": row.side,
            "due_days": row.due_days,
            "link": row.link,
        }
        for row in rows
    ]
    formset = StepFormSet(request.POST or None, initial=initial)
    if formset.is_valid():
        # A row of the page that nobody touched has nothing cleaned in it.
        found = [form.step() for form in formset if form.cleaned_data]
        kept = [step for step in found if step is not None]
        set_steps(program_id=program.pk, steps=kept, by=actor_for(request), at=now())
        messages.success(request, _("Saved. Who began before goes on with the steps they have."))
        return redirect("dialogue-steps", program.pk)
    status = 422 if formset.is_bound else 200
    return render(request, "dialogue/steps.html", {"formset": formset, "program": program}, status=status)


def _values(program: Program) -> dict[str, Any]:
    row = ProgramManners.objects.filter(program=program).first()
    if row is None:
        return {}
    return {
        "takes_applications": row.takes_applications,
        "introduction_en": row.introduction.get("en", ""),
        "introduction_ru": row.introduction.get("ru", ""),
        "questions": written_questions(questions_of(row)),
        "vetting": "\n".join(row.vetting),
        "answer_days": row.answer_days,
        "moderates_ideas": row.moderates_ideas,
        "resources": written_resources(resources_of(row)),
    }
