"""What is posted by the inbox and the page of a ticket. Forms check; operations decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from otklik.desk import labels
from otklik.desk.models import Message, Ticket, Topic
from otklik.desk.rules.vocabulary import Priority, TicketStatus
from otklik.identity.public import Team, User, active_staff
from otklik.partners.public import Contact, Partner, visible_contacts, visible_partners

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


def _number(text: str) -> int:
    digits = text.strip().lstrip("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise forms.ValidationError(_("Give the ticket's number, for example 1234."))
    return int(digits)


class LinkForm(forms.Form):
    target = forms.CharField(label=_("Number of the other ticket"), max_length=20)

    def clean_target(self) -> int:
        return _number(self.cleaned_data["target"])


class MergeForm(LinkForm):
    pass


class SplitForm(forms.Form):
    """The messages of the page that is shown; longer threads are split from their newest part."""

    subject = forms.CharField(label=_("Subject of the new ticket"), max_length=400)
    messages = forms.TypedMultipleChoiceField(
        label=_("Messages to take"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, messages: Sequence[Message], subject: str) -> None:
        super().__init__(data, initial={"subject": subject})
        field: Any = self.fields["messages"]
        field.choices = [(m.pk, Truncator(f"{_who(m)}: {m.text}").chars(110)) for m in messages]


def _who(message: Message) -> str:
    said_by = message.author or message.contact or message.customer
    return str(said_by) if said_by else message.from_name or message.from_address


class QuestionForm(forms.Form):
    team = forms.ModelChoiceField(label=_("Department"), queryset=Team.objects.all())
    question = forms.CharField(
        label=_("Question"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 5})
    )
    hours = forms.IntegerField(
        label=_("Answer within, working hours"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: what the ticket's SLA policy says."),
    )

    def minutes(self) -> int | None:
        hours = self.cleaned_data["hours"]
        return hours * 60 if hours else None


class AnswerForm(forms.Form):
    answer = forms.CharField(max_length=LONGEST_TEXT)


class CustomerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.EmailField(label=_("E-mail"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=[("ru", "Русский"), ("en", "English")])


class SharingForm(forms.Form):
    to_partner = forms.BooleanField(required=False)
    to_customer = forms.BooleanField(required=False)


class PartnerForm(forms.Form):
    """By the partner's name, among those the person sees; then somebody there."""

    partner = forms.CharField(
        label=_("Partner"), max_length=200, help_text=_("The name as it stands in the list.")
    )
    contact = forms.CharField(
        label=_("Contact there"),
        max_length=200,
        required=False,
        help_text=_("Name or address; may stay empty."),
    )

    def __init__(self, data: Any = None, *, user: User, ticket: Ticket) -> None:
        initial = {"partner": ticket.partner.name} if ticket.partner else {}
        super().__init__(data, initial=initial)
        self._user, self._program = user, ticket.program_id
        self._found: Partner | None = None
        self._contact: Contact | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("partner", "").strip()
        rows = visible_partners(self._user).filter(program_id=self._program, erased_at=None)
        self._found = rows.filter(name__iexact=name).first() or rows.filter(name=name).first()
        if name and self._found is None:
            self.add_error(
                "partner", _("No partner of this name in the ticket's program. Check the list of partners.")
            )
        wanted = cleaned.get("contact", "").strip()
        if self._found and wanted:
            people = visible_contacts(self._user).filter(partner=self._found)
            self._contact = people.filter(
                Q(name__iexact=wanted) | Q(addresses__normalised=wanted.lower())
            ).first()
            if self._contact is None:
                self.add_error("contact", _("Nobody of this name or address there."))
        return cleaned

    def partner_id(self) -> int:
        assert self._found is not None
        return self._found.pk

    def contact_id(self) -> int | None:
        return self._contact.pk if self._contact else None
