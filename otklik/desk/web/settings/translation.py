"""Who translates for the desk, and the words of the program that are kept as they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.desk.languages import TRANSLATION_FAILURE, language_choices, language_name
from otklik.desk.models import GlossaryTerm, TranslationSettings
from otklik.desk.operations.keeping import NameTaken
from otklik.desk.operations.translation_settings import (
    TRIAL,
    has_stored_key,
    remove_term,
    save_term,
    save_translation_settings,
    translation_settings,
    try_translation,
)
from otklik.desk.rules.vocabulary import TranslationProvider
from otklik.desk.web.settings.lists import Line, Table, form_page, listed
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.languages import LANGUAGES
from otklik.partners.public import Program

_PLAIN = ("is_active", "provider", "address", "model", "language", "translates_incoming")
_AGAIN = gettext_lazy("Enter it again: the stored one is for the other server.")


class TranslationForm(forms.Form):
    is_active = forms.BooleanField(
        label=gettext_lazy("Texts are sent to this provider"),
        required=False,
        help_text=gettext_lazy(
            "Sent are the words of a message, without its quotes, its signature, its files and without "
            "addresses of people. Names inside the words go along. Off: nothing leaves this server."
        ),
    )
    provider = forms.ChoiceField(
        label=gettext_lazy("Provider"),
        choices=[
            (TranslationProvider.DEEPL, gettext_lazy("DeepL (free or pro)")),
            (TranslationProvider.LIBRE, gettext_lazy("LibreTranslate, also your own")),
            (TranslationProvider.CHAT, gettext_lazy("A language model (OpenAI or compatible)")),
        ],
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "DeepL needs none. LibreTranslate: https://translate.example. A model: up to and with the "
            "version, https://api.example/v1."
        ),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    forget_key = forms.BooleanField(label=gettext_lazy("Forget the stored key"), required=False)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("The desk's own language"),
        help_text=gettext_lazy("What comes in is translated into it while a ticket has no owner."),
    )
    translates_incoming = forms.BooleanField(
        label=gettext_lazy("Messages that the owner cannot read are translated by themselves"),
        required=False,
        help_text=gettext_lazy("Otherwise only when somebody asks for it."),
    )

    def __init__(self, *args: Any, row: TranslationSettings, has_key: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._row, self._has_key = row, has_key
        fields: Any = self.fields
        fields["language"].choices = language_choices(["en", "ru"])
        if has_key:
            fields["key"].help_text = _("Stored, never shown. Empty: it stays.")
        else:
            del fields["forget_key"]

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).rstrip("/")
        if address and not _is_address(address):
            raise forms.ValidationError(
                _("An address begins with https://. In your own network the installation has to allow it.")
            )
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        provider, address = cleaned.get("provider"), cleaned.get("address", "")
        moved = (provider, address) != (self._row.provider, self._row.address)
        keeps = self._has_key and not cleaned.get("key") and not cleaned.get("forget_key")
        if keeps and moved and "address" in cleaned:
            self.add_error("key", str(_AGAIN))
        if provider != TranslationProvider.DEEPL and not address and "address" in cleaned:
            self.add_error("address", _("This provider needs an address."))
        if provider == TranslationProvider.CHAT and not cleaned.get("model"):
            self.add_error("model", _("Name the model."))
        if provider == TranslationProvider.DEEPL and not cleaned.get("key") and not keeps:
            self.add_error("key", _("DeepL needs a key."))
        return cleaned


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and not parts.username and not parts.query and not parts.fragment
    except ValueError:
        return False
    return named and (parts.scheme == "https" or (parts.scheme == "http" and settings.OTKLIK.fetch_private))


class TermForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Term"), max_length=120, help_text=gettext_lazy("It stays as it is.")
    )
    program = forms.ModelChoiceField(
        label=gettext_lazy("Program"),
        queryset=Program.objects.all(),
        required=False,
        empty_label=gettext_lazy("every program"),
    )
    languages = forms.CharField(
        label=gettext_lazy("Only into these languages"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Codes with commas: de, fr. Empty: into any language."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def clean_languages(self) -> list[str]:
        named = [code.strip().lower() for code in str(self.cleaned_data["languages"]).split(",")]
        codes = list(dict.fromkeys(code for code in named if code))
        if unknown := [code for code in codes if code.partition("-")[0] not in LANGUAGES]:
            raise forms.ValidationError(
                _("There is no language %(codes)s.") % {"codes": ", ".join(unknown)[:60]}
            )
        return codes


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def translation(request: StaffRequest) -> HttpResponse:
    row = translation_settings()
    has_key = has_stored_key(row)
    form = TranslationForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in _PLAIN},
        row=row,
        has_key=has_key,
    )
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in _PLAIN}
        if form.cleaned_data["key"] or form.cleaned_data.get("forget_key"):
            fields["key"] = form.cleaned_data["key"]
        save_translation_settings(fields=fields, by=actor_for(request), at=now())
        messages.success(request, _("Saved. Try the translator now."))
        return redirect("translation")
    return form_page(
        request,
        form,
        title=_("Translation"),
        back="desk-settings",
        back_label=_("Support desk"),
        template="desk/settings/translation.html",
        is_saved=row.pk is not None,
        terms=GlossaryTerm.objects.count(),
        trial=TRIAL,
        into=language_name(_trial_language(row)),
    )


@require_POST
@needs(Right.MANAGE_DESK)
def translation_attempt(request: StaffRequest) -> HttpResponse:
    """Sends one sentence of ours and shows what comes back."""
    text, failure = try_translation(into=_trial_language(translation_settings()))
    told = str(TRANSLATION_FAILURE.get(failure, TRANSLATION_FAILURE["failed"])) if failure else ""
    if request.headers.get("HX-Request"):
        return render(request, "desk/settings/_translation_attempt.html", {"text": text, "failure": told})
    if failure:
        messages.error(request, _("No translation: %(why)s") % {"why": told})
    else:
        messages.success(request, f"{TRIAL} → {text}")
    return redirect("translation")


def _trial_language(row: TranslationSettings) -> str:
    return "ru" if row.language == "en" else row.language


@require_safe
@needs(Right.MANAGE_DESK)
def glossary(request: StaffRequest) -> HttpResponse:
    lines = [
        Line(
            reverse("glossary-term", args=[term.pk]),
            term.text,
            [
                term.program.name if term.program else _("every program"),
                ", ".join(term.languages) or _("any language"),
                term.note,
            ],
        )
        for term in GlossaryTerm.objects.select_related("program")
    ]
    table = Table(
        _("Terms that are not translated"),
        reverse("glossary-term-new"),
        _("New term"),
        [_("Term"), _("Program"), _("Into"), _("Note")],
        lines,
        (_("No terms yet"), _("Add the words your partners know by one name only: CPA, hold, postback.")),
        icon="tag",
        back=(reverse("translation"), _("Translation")),
    )
    return listed(request, table)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_DESK)
def glossary_term(request: StaffRequest, term_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(GlossaryTerm, pk=term_id) if term_id is not None else None
    initial: dict[str, Any] = {}
    if row:
        initial = {"text": row.text, "program": row.program_id, "note": row.note}
        initial["languages"] = ", ".join(row.languages)
    form = TermForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            save_term(term_id=term_id, fields=form.cleaned_data, by=actor_for(request), at=now())
        except NameTaken:
            form.add_error("text", _("This term is in the list already."))
        else:
            messages.success(request, _("Saved."))
            return redirect("glossary")
    return form_page(
        request,
        form,
        title=row.text if row else _("New term"),
        back="glossary",
        back_label=_("Terms that are not translated"),
        template="desk/settings/term.html",
        term=row,
    )


@require_POST
@needs(Right.MANAGE_DESK)
def glossary_term_removal(request: StaffRequest, term_id: int) -> HttpResponse:
    row = get_object_or_404(GlossaryTerm, pk=term_id)
    remove_term(term_id=row.pk, by=actor_for(request), at=now())
    messages.success(request, _("“%(name)s” was removed.") % {"name": row.text})
    return redirect("glossary")
