"""What is typed to set a mailbox up: how its mail comes, how it signs in, how answers leave."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from otklik.desk.models import Mailbox
from otklik.desk.web.settings.forms import in_use, team_field
from otklik.partners.public import Program


def is_token_address(url: str) -> bool:
    """Encrypted, or on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


def _secret(label: Any, *, longest: int = 500, strip: bool = True) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=longest, required=False, strip=strip, widget=widget)


# Never read back: what is stored stays unless something new is typed.
MAILBOX_SECRETS = ("password", "smtp_url", "client_secret", "refresh_token")
GRANT = ("client_id", "token_url", "scope", "client_secret", "refresh_token")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_AGAIN = _("Enter it again: the stored one is for the other server.")


MAILBOX_PARTS = {
    "first": ("address", "name", "program", "team", "language", "signature", "source"),
    "fetching": (
        "host", "port", "security", "user_name", "password", "forget_password", "folder", "takes_old",
        "after_fetch", "move_to",
    ),
    "grant": ("client_id", "client_secret", "token_url", "scope", "refresh_token"),
}  # fmt: skip


class MailboxForm(forms.Form):
    address = forms.EmailField(label=_("Address"), max_length=254)
    name = forms.CharField(
        label=_("Sender name"), max_length=120, required=False, help_text=_("Stands before the address.")
    )
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.all(), empty_label=None)
    team = team_field()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    signature = forms.CharField(label=_("Signature"), required=False, widget=forms.Textarea({"rows": 3}))
    source = forms.ChoiceField(
        label=_("How does mail get here?"),
        choices=[
            (Mailbox.Source.IMAP, _("We fetch it (IMAP)")),
            (Mailbox.Source.LISTENER, _("A mail server hands it over (SMTP or LMTP)")),
            (Mailbox.Source.WEBHOOK, _("A provider posts it to us (webhook)")),
            (Mailbox.Source.NONE, _("It does not: the address only sends")),
        ],
    )
    host = forms.CharField(label=_("IMAP server"), max_length=255, required=False)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(
        label=_("Encryption"),
        choices=[
            (Mailbox.Security.TLS, _("TLS from the beginning (port 993)")),
            (Mailbox.Security.STARTTLS, _("STARTTLS (port 143)")),
            (Mailbox.Security.PLAIN, _("none; only on this machine")),
        ],
    )
    user_name = forms.CharField(label=_("User name"), max_length=255, required=False)
    password = _secret(_("Password"), strip=False)
    client_id = forms.CharField(
        label=_("OAuth: client ID"),
        max_length=255,
        required=False,
        help_text=_(
            "For servers that take no passwords (Microsoft 365, Google). Empty: sign in by password."
        ),
    )
    client_secret = _secret(_("OAuth: client secret"))
    token_url = forms.CharField(label=_("OAuth: token address"), max_length=500, required=False)
    scope = forms.CharField(label=_("OAuth: scope"), max_length=500, required=False)
    refresh_token = _secret(_("OAuth: refresh token"), longest=8000)
    folder = forms.CharField(label=_("Folder"), max_length=120, initial="INBOX")
    takes_old = forms.BooleanField(
        label=_("Take in the mail that is there already"),
        required=False,
        help_text=_(
            "Otherwise only mail from now on becomes tickets. Whoever wrote earlier gets no receipt."
        ),
    )
    after_fetch = forms.ChoiceField(
        label=_("What becomes of a mail that was taken?"),
        choices=[
            (Mailbox.AfterFetch.SEEN, _("It stays and is marked as read")),
            (Mailbox.AfterFetch.MOVE, _("It is moved to another folder")),
            (Mailbox.AfterFetch.DELETE, _("It is deleted there")),
        ],
    )
    move_to = forms.CharField(label=_("Move to the folder"), max_length=120, required=False)
    smtp_url = forms.CharField(
        label=_("Server for outgoing mail"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("smtp://user:password@host:587. Empty: the installation's own server."),
    )
    trusted_server = forms.CharField(
        label=_("Server that checks senders"),
        max_length=255,
        required=False,
        help_text=_(
            "The name that your own mail server writes first in Authentication-Results. Whoever it does "
            "not find to be the sender joins a ticket by the address we gave them alone. Empty: nobody is "
            "checked."
        ),
    )
    sends_receipts = forms.BooleanField(
        label=_("Tell the writer that the message arrived"), required=False, initial=True
    )
    is_active = in_use()

    def __init__(self, *args: Any, is_new: bool, stored: Collection[str] = (), **kwargs: Any) -> None:
        """``stored``: names of secrets there are."""
        super().__init__(*args, **kwargs)
        self._stored = stored
        if "smtp_url" in stored:
            label = _("Send through the installation's own server again")
            self.fields["forget_server"] = forms.BooleanField(label=label, required=False)
        if "password" in stored:
            label = _("Forget the stored password")
            self.fields["forget_password"] = forms.BooleanField(label=label, required=False)
        if not is_new:
            kept = _("Empty: what is stored stays. It is never shown.")
            for name in MAILBOX_SECRETS:
                self.fields[name].help_text = kept

    def parts(self) -> dict[str, list[forms.BoundField]]:
        """The fields in their order, by what they are for."""
        found: dict[str, list[forms.BoundField]] = {"first": [], "fetching": [], "grant": [], "last": []}
        for name in self.fields:
            part = next((key for key, names in MAILBOX_PARTS.items() if name in names), "last")
            found[part].append(self[name])
        return found

    def grant_is_open(self) -> bool:
        return any(bound.errors or bound.value() for bound in self.parts()["grant"])

    def clean_smtp_url(self) -> str:
        url = str(self.cleaned_data["smtp_url"]).strip()
        try:
            parts = urlsplit(url)
            good = not url or (parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0)
        except ValueError:
            good = False
        if not good:
            raise forms.ValidationError(_("Write it as smtp://user:password@host:587 or smtps://host:465."))
        return url

    def clean_token_url(self) -> str:
        url = str(self.cleaned_data["token_url"]).strip()
        if url and not is_token_address(url):
            raise forms.ValidationError(_("Write it as https://login.example.com/token."))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_grant(cleaned)
        if cleaned.get("source") == Mailbox.Source.IMAP:
            for name in ("host", "user_name"):
                if not cleaned.get(name):
                    self.add_error(name, _("Needed to fetch mail."))
        # Whoever may set mailboxes up may not read their passwords, not even with a server of their own, or
        # with one that is typed in while nothing is fetched.
        moved = bool(cleaned.get("host")) and self._is_other("host", cleaned)
        if moved and "password" in self._stored and not self._retyped(cleaned):
            self.add_error("password", _("Type the password again: the stored one is for the other server."))
        if cleaned.get("after_fetch") == Mailbox.AfterFetch.MOVE and not cleaned.get("move_to"):
            self.add_error("move_to", _("Say where to."))
        return cleaned

    def _retyped(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("password") or cleaned.get("forget_password"))

    def _is_other(self, name: str, cleaned: dict[str, Any]) -> bool:
        return bool(self.initial.get(name, cleaned.get(name)) != cleaned.get(name))

    def _clean_grant(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("client_id"):
            return
        if not cleaned.get("token_url") and "token_url" not in self.errors:
            self.add_error("token_url", _("Needed to sign in without a password."))
        # As with passwords: what is stored is for the servers it was entered for.
        elsewhere = self._is_other("token_url", cleaned)
        if elsewhere and "client_secret" in self._stored and not cleaned.get("client_secret"):
            self.add_error("client_secret", _AGAIN)
        if cleaned.get("refresh_token"):
            return
        moved = elsewhere or self._is_other("host", cleaned)
        if "refresh_token" not in self._stored:
            self.add_error("refresh_token", _("Needed to sign in without a password."))
        elif moved or cleaned.get("smtp_url"):
            self.add_error("refresh_token", _AGAIN)
