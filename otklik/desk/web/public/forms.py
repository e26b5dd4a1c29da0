"""What people outside post."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

from otklik.desk.models import WebForm
from otklik.desk.operations.asking import CallMe
from otklik.desk.operations.ratings import BEST, WORST
from otklik.desk.queries.doors import topics_on
from otklik.desk.templatetags.desk_words import topic_name
from otklik.desk.web.files import Upload
from otklik.kit.clock import now
from otklik.kit.zones import UTC, is_zone
from otklik.partners.public import AddressKind, BadAddress, normalise_address

LONGEST_TEXT = 50_000
# Nobody reads, types and sends in less; a program does.
SOONEST = timedelta(seconds=3)
_LATEST_CALL = timedelta(days=60)
_AREA = forms.Textarea(attrs={"rows": 7})


class _Opened(forms.Form):
    """``opened`` is given out with the page: it says when, and tells one opened page from another."""

    opened = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    @staticmethod
    def ticket() -> str:
        return _signer().sign(secrets.token_urlsafe(9))

    def opened_key(self) -> str | None:
        """None where the page did not come from here."""
        try:
            return str(_signer().unsign(self.data.get("opened", "")))
        except BadSignature:
            return None

    def was_too_quick(self) -> bool:
        try:
            _signer().unsign(self.data.get("opened", ""), max_age=SOONEST)
        except BadSignature:
            # Too old for "just now" is what a person's page is.
            return False
        return True


class CallFields(forms.Form):
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    call_at = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave it empty to be called as soon as we can."),
    )
    call_wish = forms.CharField(label=_("What suits you best"), max_length=200, required=False)
    # Set by the browser; without scripts the time is read as UTC, and the page says so.
    time_zone = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone:
            try:
                normalise_address(AddressKind.PHONE, phone)
            except BadAddress:
                text = _("This is no telephone number. Write it with its country code: +7 912 345-67-89.")
                raise forms.ValidationError(text) from None
        return phone

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        return zone if is_zone(zone) else UTC

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted, zone = cleaned.get("call_at"), cleaned.get("time_zone") or UTC
        if wanted is not None:
            local = wanted.replace(tzinfo=None)
            here = now().astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            if not here - timedelta(minutes=5) <= local <= here + _LATEST_CALL:
                self.add_error("call_at", _("Choose a time within the next 60 days."))
            cleaned["call_at"] = local
        if (wanted is not None or cleaned.get("call_wish")) and cleaned.get("phone") == "":
            self.add_error("phone", _("Which number shall we call?"))
        return cleaned

    def call(self) -> CallMe | None:
        cleaned = self.cleaned_data
        if not cleaned["phone"]:
            return None
        return CallMe(cleaned["phone"], cleaned["call_at"], cleaned["time_zone"], cleaned["call_wish"])


class AskForm(CallFields, _Opened):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The answer comes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    topic = forms.TypedChoiceField(label=_("What is it about?"), required=False, empty_value=None)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Your message"), max_length=LONGEST_TEXT, widget=_AREA)
    # Nobody sees it; programs that fill in every field do.
    website = forms.CharField(label=_("Leave this field empty"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, page: WebForm, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if topics := topics_on(page):
            field: Any = self.fields["topic"]
            field.choices = [("", "—"), *((topic.pk, topic_name(topic)) for topic in topics)]
            field.coerce = int
        else:
            del self.fields["topic"]
        if not page.asks_for_phone:
            for name in CallFields.base_fields:
                del self.fields[name]

    def clean_email(self) -> str:
        try:
            return normalise_address(AddressKind.EMAIL, self.cleaned_data["email"])
        except BadAddress:
            raise forms.ValidationError(_("Check the address: we could not send an answer to it.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("website"):
            self.add_error("website", _("Leave this field empty: programs fill it in, people do not."))
        if not self.errors and (self.opened_key() is None or self.was_too_quick()):
            # Nothing is lost: the page comes back with everything in it, to be sent once more.
            self.add_error(None, _("We could not tell you from a program. Send it once more."))
        return cleaned

    def call(self) -> CallMe | None:
        return super().call() if "phone" in self.fields else None

    def key(self, files: Iterable[Upload]) -> str:
        """One page sent twice is one request; the same page with other words in it is another one."""
        cleaned = self.cleaned_data
        parts = [str(self.opened_key()), cleaned["email"], cleaned["subject"], cleaned["text"]]
        parts += [f"{file.name}:{file.size}" for file in files]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


class WriteForm(_Opened):
    """An answer on the status page; ``again`` says that it is still not solved."""

    text = forms.CharField(label=_("Your message"), max_length=LONGEST_TEXT, required=False, widget=_AREA)
    again = forms.BooleanField(required=False)

    def key(self, text: str) -> str:
        opened = self.opened_key() or secrets.token_urlsafe(9)
        return hashlib.sha256(f"{opened}\0{text}".encode()).hexdigest()[:40]


class CallForm(CallFields):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = True


class RateForm(forms.Form):
    value = forms.IntegerField(min_value=WORST, max_value=BEST)
    comment = forms.CharField(
        label=_("What could be better?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="otklik.desk.opened")
