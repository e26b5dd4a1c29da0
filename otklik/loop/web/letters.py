"""Letters: the templates of a program, and one that is written about an alert."""

from __future__ import annotations

import uuid
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

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.access import editable_alerts, editable_letters
from otklik.loop.labels import LETTER_KINDS, LETTER_REFUSALS, PLACE_WORDS
from otklik.loop.models import Alert
from otklik.loop.operations.letters import (
    CannotWrite,
    Letter,
    OpenPlaces,
    TemplateChanged,
    TextMissing,
    UnknownPlaces,
    change_template,
    write_letter,
)
from otklik.loop.operations.locking import AlertClosed
from otklik.loop.operations.working import NotTheirPerson
from otklik.loop.queries.letters import draft_of, language_for, refusal_of
from otklik.loop.rules.letters import LONGEST_SUBJECT, LONGEST_TEXT, PLACES, kind_for
from otklik.loop.rules.vocabulary import Flow, LetterKind, LetterRefusal
from otklik.loop.web.forms import people_of
from otklik.loop.web.programs import frame


class TemplateForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 14})
    )


class LetterForm(forms.Form):
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    contact = forms.TypedChoiceField(label=gettext_lazy("To whom"), coerce=int, empty_value=None)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 14})
    )

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        field = self.fields["contact"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = people_of(alert)
        field.initial = alert.contact_id


@require_safe
@needs(Right.MANAGE_PROGRAMS)
def index(request: StaffRequest) -> HttpResponse:
    context = frame(request, "letters")
    rows = list(editable_letters(request.user).filter(program=context["program"]))
    context["kinds"] = [
        (label, [row for row in rows if row.kind == kind]) for kind, label in LETTER_KINDS.items()
    ]
    return render(request, "loop/settings/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_PROGRAMS)
def edit(request: StaffRequest, letter_id: int) -> HttpResponse:
    row = get_object_or_404(editable_letters(request.user).select_related("program"), pk=letter_id)
    stored = {"subject": row.subject, "text": row.text, "version": row.version}
    form = TemplateForm(request.POST or None, initial=stored)
    if form.is_valid():
        said = form.cleaned_data
        try:
            change_template(
                template_id=row.pk,
                subject=said["subject"],
                text=said["text"],
                expected_version=said["version"],
                by=actor_for(request),
                at=now(),
            )
        except UnknownPlaces as found:
            text = _("Nothing can be filled in here: %(places)s. Places are listed below.")
            form.add_error("text", text % {"places": " ".join(found.places)})
        except TextMissing:
            form.add_error("text", _("A letter needs a subject and a text."))
        except TemplateChanged:
            form.add_error(None, _("Somebody else changed this letter meanwhile. Open it anew."))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('letters')}?program={row.program_id}")
    places = [(f"{{{place}}}", PLACE_WORDS[place]) for place in PLACES]
    context = {"form": form, "letter": row, "program": row.program, "places": places}
    return render(request, "loop/settings/letter.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def write(request: StaffRequest, alert_id: int) -> HttpResponse:
    rows = editable_alerts(request.user).select_related("program", "partner", "contact__partner")
    alert = get_object_or_404(rows, pk=alert_id)
    kind, language = _kind(request, alert), _language(request, alert)
    draft = draft_of(alert, alert.contact, kind, language, sender=request.user)
    form = LetterForm(
        request.POST or None, alert=alert, initial={"subject": draft.subject, "text": draft.text}
    )
    if form.is_valid() and _sent(request, form, alert, kind, language):
        messages.success(request, _("The letter is on its way. Answers come into the desk."))
        return redirect("alert", alert.pk)
    context = {
        "alert": alert,
        "form": form,
        "kind": kind,
        "language": language,
        "kinds": list(LETTER_KINDS.items()),
        "languages": settings.LANGUAGES,
        "refusal": _warning(alert, kind),
    }
    return render(request, "loop/letter.html", context, status=422 if form.errors else 200)


def _kind(request: StaffRequest, alert: Alert) -> LetterKind:
    first = kind_for(Flow(alert.flow), owes_word=alert.is_closed)
    return next((kind for kind in LetterKind if kind.value == request.GET.get("kind")), first)


def _language(request: StaffRequest, alert: Alert) -> str:
    asked = request.GET.get("language")
    known = [language for language, _name in settings.LANGUAGES]
    return asked if asked in known else language_for(alert, alert.contact)


def _warning(alert: Alert, kind: LetterKind) -> str:
    """Before anything is typed: that this letter would not go."""
    if alert.partner is None:
        return str(LETTER_REFUSALS[LetterRefusal.NOBODY])
    refusal = refusal_of(alert.contact, kind, at=now()) if alert.contact is not None else None
    return str(LETTER_REFUSALS[refusal]) if refusal is not None else ""


def _sent(request: StaffRequest, form: LetterForm, alert: Alert, kind: LetterKind, language: str) -> bool:
    said = form.cleaned_data
    letter = Letter(kind, said["contact"], said["subject"], said["text"], language)
    try:
        write_letter(alert_id=alert.pk, letter=letter, key=said["key"], by=actor_for(request), at=now())
    except CannotWrite as refused:
        form.add_error("contact", str(LETTER_REFUSALS[refused.refusal]))
    except NotTheirPerson:
        form.add_error("contact", _("This person does not belong to the partner."))
    except OpenPlaces as found:
        text = _("Fill in what is still open: %(places)s.")
        form.add_error("text", text % {"places": " ".join(found.places)})
    except TextMissing:
        form.add_error("text", _("A letter needs a subject and a text."))
    except AlertClosed:
        form.add_error(None, _("The alert is closed: only what was done may be told. Reopen it to go on."))
    else:
        return True
    return False
