from __future__ import annotations

import ipaddress
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+\Z")
_MOST = 200


class LinesField(forms.CharField):
    """One thing a line, as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=8000, widget=forms.Textarea({"rows": 4}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        lines = [line.strip().lower() for line in str(value or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def run_validators(self, value: Any) -> None:
        super().run_validators("\n".join(value))


class AskingRulesForm(forms.Form):
    cooldown_days = forms.IntegerField(
        label=gettext_lazy("Days between two surveys to one person"),
        help_text=gettext_lazy(
            "Over all surveys and ways of asking. Whoever was asked less long ago is left out."
        ),
        min_value=1,
        max_value=1000,
    )
    quarantine_days = forms.IntegerField(
        label=gettext_lazy("Days of silence after a complaint"),
        help_text=gettext_lazy("For whoever calls a mail of ours spam in their mail program."),
        min_value=1,
        max_value=3650,
    )
    leaves_out_open_tickets = forms.BooleanField(
        label=gettext_lazy("Leave out people with an open ticket"),
        help_text=gettext_lazy(
            "Careful: whoever waits for help is unhappier than others, and a score without them looks better "
            "than it is. Results then show how many were left out and what it does to the score."
        ),
        required=False,
    )
    sender_name = forms.CharField(
        label=gettext_lazy("Name of the sender"),
        help_text=gettext_lazy("Who the mail seems to be from; empty: the name of this installation."),
        max_length=120,
        required=False,
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Replies go to"),
        help_text=gettext_lazy("A mailbox of the support desk makes a ticket of each reply."),
        required=False,
    )
    own_domains = LinesField(
        label=gettext_lazy("Own domains"),
        help_text=gettext_lazy(
            "One a line, as partner.example. Answers from them are marked as signs of gaming."
        ),
    )
    own_networks = LinesField(
        label=gettext_lazy("Own networks"), help_text=gettext_lazy("One a line, as 192.0.2.0/24.")
    )

    def clean_sender_name(self) -> str:
        name: str = self.cleaned_data["sender_name"]
        if not name.isprintable():
            raise forms.ValidationError(_("A name has no line breaks and no invisible signs."))
        return name

    def clean_own_domains(self) -> list[str]:
        lines = [line.lstrip("@") for line in self._few("own_domains")]
        for line in lines:
            if not _DOMAIN.match(line):
                raise forms.ValidationError(_("%(line)s is not a domain.") % {"line": line[:60]})
        return lines

    def clean_own_networks(self) -> list[str]:
        try:
            return [str(ipaddress.ip_network(line, strict=False)) for line in self._few("own_networks")]
        except ValueError as error:
            raise forms.ValidationError(
                _("%(line)s is not a network, as 192.0.2.0/24.") % {"line": str(error).split("'")[1][:60]}
            ) from error

    def _few(self, name: str) -> list[str]:
        lines: list[str] = self.cleaned_data[name]
        if len(lines) > _MOST:
            raise forms.ValidationError(_("At most %(most)s lines.") % {"most": _MOST})
        return lines
