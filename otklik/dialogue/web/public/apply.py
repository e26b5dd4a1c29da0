"""The application form and the applicant's own page: no account, nothing given away."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from otklik.dialogue.labels import SENTENCES
from otklik.dialogue.letters import program_zone
from otklik.dialogue.models import Application, ProgramManners
from otklik.dialogue.operations.applications import (
    NewApplication,
    NothingAsked,
    NotTaken,
    add_words,
    apply,
)
from otklik.dialogue.operations.manners import questions_of
from otklik.dialogue.queries.applications import AWAITS_US
from otklik.dialogue.rules.lists import in_language
from otklik.dialogue.rules.vocabulary import ApplicationState, Reason
from otklik.dialogue.web.parts import Keyed, area, page_language
from otklik.dialogue.web.public.guard import open_page
from otklik.kit.clock import now
from otklik.kit.limits import count
from otklik.kit.long_text import LongTextField
from otklik.kit.one_line import one_line
from otklik.partners.public import AddressKind, BadAddress, country_choices, normalise_address

_SOONEST = timedelta(seconds=3)
_LIMITS = "20/h/ip,5/h/key"
_SIGNER_SALT = "otklik.dialogue.opened"


class ApplicationForm(forms.Form):
    opened = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    person = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    address = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("The answer comes there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    site = forms.URLField(
        label=gettext_lazy("Site"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput({"placeholder": "https://"}),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    consent = forms.BooleanField(
        label=gettext_lazy("You may keep what I wrote here in order to decide and to answer me")
    )
    # Nobody sees it; programs that fill in every field do.
    fax = forms.CharField(label=gettext_lazy("Leave this field empty"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, manners: ProgramManners) -> None:
        super().__init__(data)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", "–"), *country_choices()]
        self.asked = questions_of(manners)
        language = page_language()
        for number, question in enumerate(self.asked):
            self.fields[f"question_{number}"] = LongTextField(
                label=question.told(language),
                max_length=4000,
                required=question.is_required,
                widget=area(2),
            )
        self.order_fields(
            [name for name in self.fields if name not in ("consent", "fax")] + ["consent", "fax"]
        )

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("consent", "fax", "opened")]

    def clean_address(self) -> str:
        try:
            return normalise_address(AddressKind.EMAIL, self.cleaned_data["address"])
        except BadAddress:
            text = _("Check the address: we could not send an answer to it.")
            raise forms.ValidationError(text) from None

    def clean_company(self) -> str:
        return self._line("company")

    def clean_person(self) -> str:
        return self._line("person")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("fax"):
            self.add_error("fax", _("Leave this field empty: programs fill it in, people do not."))
        if not self.errors and not self._was_opened_by_a_person():
            # Nothing is lost: the page comes back with everything in it, to be sent once more.
            self.add_error(None, _("We could not tell you from a program. Send it once more."))
        return cleaned

    def new(self) -> NewApplication:
        said = self.cleaned_data
        answers = [
            (question.told(page_language()), said.get(f"question_{number}", ""))
            for number, question in enumerate(self.asked)
        ]
        return NewApplication(
            company=said["company"],
            person=said["person"],
            address=said["address"],
            site=said["site"],
            country=said["country"],
            language=page_language(),
            answers=answers,
        )

    def sent_key(self) -> str:
        """One page sent twice is one application; with other words in it, it is another one."""
        said = self.cleaned_data
        parts = [str(_opened_key(self.data.get("opened", ""))), said["company"], said["address"]]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]

    def _line(self, name: str) -> str:
        if line := one_line(self.cleaned_data[name]):
            return line
        raise forms.ValidationError(_("This field is required."))

    def _was_opened_by_a_person(self) -> bool:
        return _opened_key(self.data.get("opened", "")) is not None and not _is_fresh(self.data["opened"])


class WordsForm(Keyed):
    text = LongTextField(label=gettext_lazy("Your answer"), max_length=10_000, widget=area(6))


@require_http_methods(["GET", "HEAD", "POST"])
@open_page
def form(request: HttpRequest, program_slug: str) -> HttpResponse:
    """However it goes wrong, what was typed is still there. The answer says nothing about whether we know
    the company or the address."""
    manners = ProgramManners.objects.select_related("program").filter(program__slug=program_slug).first()
    if manners is None or not manners.takes_applications:
        raise Http404
    if request.method != "POST":
        return _shown(request, manners, ApplicationForm(manners=manners))
    filled = ApplicationForm(request.POST, manners=manners)
    if filled.is_valid():
        if _is_too_often(request, filled.cleaned_data["address"]):
            text = _("There were many applications in a short time. Send it once more in an hour.")
            filled.add_error(None, text)
            return _shown(request, manners, filled, status=429)
        try:
            application = apply(
                program_id=manners.program_id, asked=filled.new(), key=filled.sent_key(), at=now()
            )
        except NotTaken as gone:
            raise Http404 from gone
        return redirect("application-status", application.public_key)
    return _shown(request, manners, filled, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@open_page
def status(request: HttpRequest, public_key: str) -> HttpResponse:
    rows = Application.objects.select_related("program").exclude(address="")
    application = get_object_or_404(rows, public_key=public_key)
    asks = application.state == ApplicationState.MORE_WANTED
    filled = WordsForm(request.POST or None) if asks else WordsForm()
    if request.method == "POST" and filled.is_valid():
        key = filled.cleaned_data["key"] or secrets.token_hex(8)
        try:
            add_words(application_id=application.pk, text=filled.cleaned_data["text"], key=key, at=now())
        except NothingAsked:
            # Answered or decided in another window: the page says how it stands now.
            return redirect("application-status", public_key)
        return redirect("application-status", public_key)
    awaits_us = application.state in AWAITS_US
    zone = program_zone(application)
    context = {
        "application": application,
        "zone": zone.key,
        "program": application.program,
        "awaits_us": awaits_us,
        "is_late": awaits_us and application.due_at < now(),
        "asks": asks,
        "form": filled,
        "sentence": "" if awaits_us or not application.reason else SENTENCES[Reason(application.reason)],
    }
    with timezone.override(zone):
        return render(request, "dialogue/public/status.html", context, status=422 if filled.errors else 200)


def _shown(
    request: HttpRequest, manners: ProgramManners, filled: ApplicationForm, *, status: int = 200
) -> HttpResponse:
    known = filled.is_bound and _opened_key(filled.data.get("opened", "")) is not None
    context = {
        "form": filled,
        "program": manners.program,
        "introduction": in_language(manners.introduction, page_language()),
        "opened": filled.data["opened"] if known else _signer().sign(secrets.token_urlsafe(9)),
        "days": manners.answer_days,
    }
    return render(request, "dialogue/public/apply.html", context, status=status)


def _is_too_often(request: HttpRequest, address: str) -> bool:
    """By the visitor's network, as sign-in sees it behind whatever proxies, and by the address typed."""
    at = now()
    with transaction.atomic():
        for rate in ratelimit.parse_rates(_LIMITS):
            name = ratelimit.get_cache_key(
                request, app="otklik.dialogue", action="apply", rate=rate, key=address
            )
            if count(str(name), span=timedelta(seconds=rate.duration), at=at) > rate.amount:
                return True
    return False


def _opened_key(opened: str) -> str | None:
    """None where the page did not come from here."""
    try:
        return str(_signer().unsign(opened))
    except BadSignature:
        return None


def _is_fresh(opened: str) -> bool:
    """Sent sooner than anybody reads and types."""
    try:
        _signer().unsign(opened, max_age=_SOONEST)
    except BadSignature:
        # Too old for "just now" is what a person's page is.
        return False
    return True


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SIGNER_SALT)
