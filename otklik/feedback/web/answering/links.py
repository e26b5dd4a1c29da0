"""The links of a survey: made, printed as codes, put into pages of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from otklik.feedback.access import visible_surveys
from otklik.feedback.models import Survey, SurveyLink
from otklik.feedback.operations.answering import is_link_closed
from otklik.feedback.operations.links import LinkFields, SurveyArchivedAlready, change_link, create_link
from otklik.feedback.queries.links import LinkLine, links_of
from otklik.feedback.rules.hosts import BadHost, read_hosts
from otklik.feedback.web.answering.codes import code_picture
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Card:
    """``tag``: what is pasted into a page."""

    line: LinkLine
    address: str
    tag: str
    is_closed: bool


class LinkForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the link"),
        max_length=120,
        help_text=gettext_lazy("Only you see it: where the link hangs or stands."),
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Takes answers until"),
        required=False,
        input_formats=[_LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL),
        help_text=gettext_lazy("Leave it empty for a link without an end."),
    )
    hosts = forms.CharField(
        label=gettext_lazy("Sites that may show the form"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://partner.example"}),
        help_text=gettext_lazy("One a line. On any other site the browser refuses to show it."),
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Many people answer from one device or network"),
        required=False,
        help_text=gettext_lazy(
            "A tablet at a stand, a hall with one Wi-Fi. Nobody's second answer is set aside then."
        ),
    )

    def clean_hosts(self) -> Sequence[str]:
        try:
            return read_hosts(self.cleaned_data["hosts"])
        except BadHost as odd:
            text = _("“%(text)s” is not the address of a site. Write it like https://partner.example.")
            raise forms.ValidationError(text % {"text": odd.text[:100]}) from None

    def fields_of_link(self) -> LinkFields:
        return LinkFields(**self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def links(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = _survey(request, survey_id)
    form = LinkForm(request.POST or None)
    if form.is_valid():
        try:
            create_link(survey_id=survey.pk, fields=form.fields_of_link(), by=actor_for(request), at=now())
        except SurveyArchivedAlready:
            form.add_error(None, _("This survey is archived. Restore it first."))
        else:
            messages.success(request, _("The link is ready."))
            return redirect("survey-links", survey.pk)
    cards = [_card(survey, line) for line in links_of(survey.pk)]
    return _page(request, survey, form, cards=cards)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def link(request: StaffRequest, survey_id: int, link_id: int) -> HttpResponse:
    survey = _survey(request, survey_id)
    found = get_object_or_404(SurveyLink, pk=link_id, survey=survey)
    initial = {
        "name": found.name,
        "closes_at": found.closes_at,
        "hosts": "\n".join(found.hosts),
        "is_shared": found.is_shared,
    }
    form = LinkForm(request.POST or None, initial=initial)
    if form.is_valid():
        change_link(link_id=found.pk, fields=form.fields_of_link(), by=actor_for(request), at=now())
        messages.success(request, _("Saved."))
        return redirect("survey-links", survey.pk)
    return _page(request, survey, form, changed=found)


@require_safe
@needs(Right.RUN_SURVEYS)
def code(request: StaffRequest, survey_id: int, link_id: int) -> HttpResponse:
    """The picture itself; ``?download`` saves it as a file."""
    survey = _survey(request, survey_id)
    found = get_object_or_404(SurveyLink, pk=link_id, survey=survey)
    response = HttpResponse(code_picture(_address(found)), content_type="image/svg+xml")
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="survey-{found.slug}.svg"'
    return response


def _survey(request: StaffRequest, survey_id: int) -> Survey:
    return get_object_or_404(visible_surveys(request.user).select_related("program"), pk=survey_id)


def _address(found: SurveyLink) -> str:
    return f"{settings.OTKLIK.public_url}{reverse('survey-link', args=[found.slug])}"


def _card(survey: Survey, line: LinkLine) -> Card:
    script = f"{settings.OTKLIK.public_url}{reverse('survey-embed', args=[line.link.slug])}"
    tag = f'<script async src="{script}"></script>'
    return Card(line, _address(line.link), tag, is_link_closed(line.link, survey, now()))


def _page(request: StaffRequest, survey: Survey, form: LinkForm, **more: Any) -> HttpResponse:
    context = {"survey": survey, "tab": "links", "form": form, **more}
    return render(request, "feedback/answering/links.html", context, status=422 if form.errors else 200)
