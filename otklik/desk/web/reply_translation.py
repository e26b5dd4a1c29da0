"""The partner's language in the composer: shown to the writer before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Required, TypedDict

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.desk.access import answerable_tickets, visible_messages
from otklik.desk.languages import TRANSLATION_FAILURE, language_choices, language_name
from otklik.desk.models import Draft, Ticket
from otklik.desk.operations.reply_translation import ask_reply_translation
from otklik.desk.operations.translating import NothingToTranslate, TranslationOff, ask_translation
from otklik.desk.operations.translators import is_translating
from otklik.desk.queries.conversation import Conversation, draft_of
from otklik.desk.queries.translations import reply_language
from otklik.desk.rules.languages import short_code
from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.languages import LANGUAGES


class Outgoing(TypedDict, total=False):
    """As ``operations.messages.reply`` takes it."""

    text: Required[str]
    language: str
    original: str
    original_language: str


class PreviewForm(forms.Form):
    text = forms.CharField(max_length=100_000)
    into = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES])
    to_partner = forms.BooleanField(required=False)
    to_customer = forms.BooleanField(required=False)
    based_on = forms.IntegerField(min_value=0, max_value=2**62, required=False)

    def wanted(self) -> dict[str, Any]:
        return {**self.cleaned_data, "based_on": self.cleaned_data["based_on"] or 0}


@dataclass(frozen=True, slots=True)
class Preview:
    """``state`` "": nothing was asked for. ``failure``: in words."""

    state: str
    text: str
    language: str
    of: str
    failure: str


@dataclass(frozen=True, slots=True)
class ReplyTranslation:
    into: str
    choices: Sequence[tuple[str, str]]
    preview: Preview


def reply_translation(
    ticket: Ticket, user: User, said: Conversation, draft: Draft | None
) -> ReplyTranslation | None:
    """None while nothing is translated."""
    if not said.is_translated:
        return None
    languages = reply_language(ticket, said.messages, draft, own=user.language)
    choices = language_choices(languages.likely)
    return ReplyTranslation(languages.suggested, choices, preview_of(draft))


def preview_of(draft: Draft | None) -> Preview:
    if draft is None or not draft.translation_state:
        return Preview("", "", "", "", "")
    failure = draft.translation_failure
    return Preview(
        draft.translation_state,
        draft.translation,
        language_name(draft.into),
        fingerprint(draft.translated_text),
        str(TRANSLATION_FAILURE.get(failure, TRANSLATION_FAILURE["failed"])) if failure else "",
    )


def fingerprint(text: str) -> str:
    """Of which text a translation was made: browsers may change line ends and the spaces around."""
    return sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()[:16]


def in_their_language(cleaned: Mapping[str, Any], user: User) -> tuple[Outgoing, str]:
    """(what ``reply`` is told besides, "") or (nothing, what has to be decided first)."""
    into, made = short_code(cleaned["into"]), cleaned["translation"]
    if not into or not is_translating():
        return {"text": cleaned["text"]}, ""
    if not made:
        return {"text": ""}, _(
            "Nothing was sent yet: look at the translation first, or choose to send it as you wrote it."
        )
    if cleaned["translation_of"] != fingerprint(cleaned["text"]) and not cleaned["still_fits"]:
        return {"text": ""}, _(
            "Nothing was sent yet: your text was changed after it was translated. Translate it again, or say "
            "that the translation still fits."
        )
    if made == cleaned["text"]:
        return {"text": made, "language": into}, ""
    return {
        "text": made,
        "language": into,
        "original": cleaned["text"],
        "original_language": user.language,
    }, ""


@require_POST
@needs(Right.ANSWER_TICKETS)
def reply_preview_ask(request: StaffRequest, ticket_id: int) -> HttpResponse:
    ticket = get_object_or_404(answerable_tickets(request.user), pk=ticket_id)
    asked = PreviewForm(request.POST)
    draft = draft_of(ticket, request.user)
    if asked.is_valid():
        # Switched off meanwhile: there is nothing to show.
        with suppress(TranslationOff):
            draft = ask_reply_translation(
                ticket_id=ticket.pk, user_id=request.user.pk, **asked.wanted(), at=now()
            )
    if not request.headers.get("HX-Request"):
        return redirect(reverse("ticket", args=[ticket.pk]) + "#composer")
    return _preview(request, ticket, draft)


@require_safe
@needs(Right.ANSWER_TICKETS)
def reply_preview(request: StaffRequest, ticket_id: int) -> HttpResponse:
    """Fetched again and again while the translation is being made."""
    ticket = get_object_or_404(answerable_tickets(request.user), pk=ticket_id)
    return _preview(request, ticket, draft_of(ticket, request.user))


def _preview(request: StaffRequest, ticket: Ticket, draft: Draft | None) -> HttpResponse:
    context = {"preview": preview_of(draft), "ticket": ticket}
    return render(request, "desk/_reply_preview.html", context)


@require_POST
@needs(Right.ANSWER_TICKETS)
def message_translation(request: StaffRequest, message_id: int) -> HttpResponse:
    """A message in the reader's own language, asked for by hand; the page shows it once it is made."""
    message = get_object_or_404(visible_messages(request.user), pk=message_id)
    with suppress(TranslationOff, NothingToTranslate):
        ask_translation(
            message_id=message.pk, language=request.user.language, by=actor_for(request), at=now()
        )
    return redirect(reverse("ticket", args=[message.ticket_id]) + f"#message-{message.pk}")
