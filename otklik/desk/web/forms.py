"""What is posted by the inbox and the page of a ticket. Forms check; operations decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from otklik.desk import labels
from otklik.desk.models import Topic
from otklik.desk.rules.vocabulary import Priority, TicketStatus
from otklik.identity.public import Team, active_staff

LONGEST_TEXT = 100_000


class BulkForm(forms.Form):
    action = forms.ChoiceField(
        choices=[(name, name) for name in ("status", "priority", "owner", "team", "tag", "spam")]
    )
    value = forms.CharField(max_length=60, required=False)
    query = forms.CharField(max_length=1000, required=False)
    everything = forms.BooleanField(required=False)

    def ids(self, posted: QueryDict) -> list[int]:
        return [int(text) for text in posted.getlist("ticket") if text.isascii() and text.isdigit()][:500]

    def filter(self) -> QueryDict:
        return QueryDict(self.cleaned_data["query"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        action, value = cleaned.get("action"), cleaned.get("value", "")
        wrong = (
            (action == "status" and value not in set(TicketStatus))
            or (action == "priority" and value not in set(Priority))
            or (action == "owner" and value != "me" and not _is_one_of(value, active_staff()))
            or (action == "team" and not _is_one_of(value, Team.objects.all()))
            or (action == "tag" and not value.strip())
        )
        if wrong:
            self.add_error("value", "unknown")
        return cleaned

    def change(self, me: int) -> dict[str, Any]:
        """As ``BulkChange`` takes it."""
        action, value = self.cleaned_data["action"], self.cleaned_data["value"]
        match action:
            case "owner":
                return {"owner_id": me if value == "me" else int(value)}
            case "team":
                return {"team_id": int(value)}
            case "tag":
                return {"tag": value.strip()}
            case "spam":
                return {"spam": True}
            case "status":
                return {"status": TicketStatus(value)}
        return {"priority": Priority(value)}


def _is_one_of(value: str, rows: Any) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19 and rows.filter(pk=int(value)).exists()


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=120)
    query = forms.CharField(max_length=1000, required=False)
    for_everybody = forms.BooleanField(required=False)

    def filter(self) -> QueryDict:
        return QueryDict(self.cleaned_data["query"])


class ComposeForm(forms.Form):
    """A reply or a note. ``based_on``: the newest message its writer had seen."""

    mode = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    text = forms.CharField(max_length=LONGEST_TEXT, strip=False)
    to_partner = forms.BooleanField(required=False)
    to_customer = forms.BooleanField(required=False)
    based_on = forms.IntegerField(min_value=0, required=False)
    anyway = forms.BooleanField(required=False)
    status_after = forms.ChoiceField(
        choices=[("", ""), *((status.value, status.value) for status in TicketStatus)], required=False
    )
    key = forms.CharField(max_length=64, required=False)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        if not text:
            raise forms.ValidationError("empty", code="required")
        return text


class StatusForm(forms.Form):
    status = forms.ChoiceField(choices=[(status.value, labels.STATUS[status]) for status in TicketStatus])


class OwnerForm(forms.Form):
    """0 gives the ticket back to its team."""

    owner = forms.IntegerField(min_value=0)

    def clean_owner(self) -> int | None:
        owner = self.cleaned_data["owner"]
        if owner and not active_staff().filter(pk=owner).exists():
            raise forms.ValidationError("unknown")
        return owner or None


class TeamForm(forms.Form):
    team = forms.IntegerField(min_value=0)

    def clean_team(self) -> int | None:
        team = self.cleaned_data["team"]
        if team and not Team.objects.filter(pk=team).exists():
            raise forms.ValidationError("unknown")
        return team or None


class TopicForm(forms.Form):
    topic = forms.IntegerField(min_value=0)

    def clean_topic(self) -> int | None:
        topic = self.cleaned_data["topic"]
        if topic and not Topic.objects.filter(pk=topic).exists():
            raise forms.ValidationError("unknown")
        return topic or None


class PriorityForm(forms.Form):
    """Empty: back to what is worked out from the facts."""

    priority = forms.ChoiceField(
        choices=[("", ""), *((priority.value, labels.PRIORITY[priority]) for priority in Priority)],
        required=False,
    )


class TagForm(forms.Form):
    tag = forms.CharField(max_length=60)


class SubjectForm(forms.Form):
    subject = forms.CharField(max_length=400)
