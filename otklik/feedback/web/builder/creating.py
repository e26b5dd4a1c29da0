"""A new survey, from a standard form."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.feedback.labels import SURVEY_KIND_LABELS
from otklik.feedback.operations.surveys import SurveyNameTaken, create_survey
from otklik.feedback.rules.standard_forms import LANGUAGES, StandardForm, standard_form
from otklik.feedback.web.builder.words import STANDARD_FORMS
from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Program, language_name, visible_programs


class NewSurveyForm(forms.Form):
    form = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        choices=[(one.value, title) for one, (title, _text) in STANDARD_FORMS.items()],
        initial=StandardForm.RELATIONAL.value,
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the survey"),
        max_length=160,
        help_text=gettext_lazy("For your colleagues; those who are asked do not see it."),
    )
    program = forms.ModelChoiceField(
        label=gettext_lazy("Program"), queryset=Program.objects.none(), empty_label=None
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(code, language_name(code)) for code in LANGUAGES],
        initial=list(LANGUAGES),
        help_text=gettext_lazy("Others are added in the form. Who speaks none of them gets the first."),
    )

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["program"].queryset = visible_programs(user).order_by("name")  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def new(request: StaffRequest) -> HttpResponse:
    form = NewSurveyForm(request.user, request.POST or None)
    if form.is_valid() and (saved := _create(request, form)):
        return saved
    chosen = form["form"].value()
    cards = [
        {"value": one.value, "title": title, "text": text, "is_chosen": one.value == chosen, **_sample(one)}
        for one, (title, text) in STANDARD_FORMS.items()
    ]
    return render(request, "feedback/surveys/new.html", {"form": form, "cards": cards})


def _sample(one: StandardForm) -> dict[str, str]:
    language = (get_language() or "en").split("-")[0]
    draft = standard_form(one, [language])
    words = next(iter(draft.wording.values()))
    return {"kind": SURVEY_KIND_LABELS[draft.kind], "question": words["question"]}


def _create(request: StaffRequest, form: NewSurveyForm) -> HttpResponse | None:
    typed = form.cleaned_data
    draft = standard_form(StandardForm(typed["form"]), typed["languages"])
    try:
        version = create_survey(
            program_id=typed["program"].pk,
            name=typed["name"],
            kind=draft.kind,
            wording=draft.wording,
            questions=draft.questions,
            by=actor_for(request),
            at=now(),
        )
    except SurveyNameTaken:
        form.add_error("name", _("The program has a survey of this name already."))
        return None
    messages.success(request, _("The survey is there. Look through its words, then plan its first wave."))
    return redirect("survey-form", version.survey_id)
