"""What is posted by the inbox and the page of a ticket. Forms check; operations decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from otklik.desk import labels
from otklik.desk.access import answerable_tickets
from otklik.desk.models import Message, SubRequest, Ticket, Topic
from otklik.desk.queries.callers import visible_people_with_number
from otklik.desk.queries.conversation import Conversation
from otklik.desk.queries.inbox import MOST_AT_ONCE
from otklik.desk.queries.sides import money_hidden
from otklik.desk.rules.vocabulary import Priority, TicketStatus
from otklik.desk.templatetags.desk_words import topic_name
from otklik.identity.public import Team, User, active_staff
from otklik.kit.zones import ZoneField
from otklik.partners.public import (
    Contact,
    Program,
    name_key,
    visible_contacts,
    visible_partners,
    visible_programs,
)

LONGEST_TEXT = 100_000


class BulkForm(forms.Form):
    action = forms.ChoiceField(
        choices=[(name, name) for name in ("status", "priority", "owner", "team", "tag", "spam")]
    )
    value = forms.CharField(max_length=60, required=False)
    query = forms.CharField(max_length=1000, required=False)
    everything = forms.BooleanField(required=False)

    def ids(self, posted: QueryDict) -> list[int]:
        chosen = posted.getlist("ticket")[:MOST_AT_ONCE]
        return [int(text) for text in chosen if text.isascii() and text.isdigit() and len(text) < 19]

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
    # Into which language it goes out ("": as it is written), its translation as its writer has mended it, and
    # of which text that was made.
    into = forms.CharField(max_length=10, required=False)
    translation = forms.CharField(max_length=LONGEST_TEXT, strip=False, required=False)
    translation_of = forms.CharField(max_length=64, required=False)
    still_fits = forms.BooleanField(required=False)

    def clean_translation(self) -> str:
        return str(self.cleaned_data["translation"]).replace("\r\n", "\n").strip()

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

    CHOICES = tuple((priority.value, labels.PRIORITY[priority]) for priority in Priority)

    priority = forms.ChoiceField(choices=[("", ""), *CHOICES], required=False)


class TagForm(forms.Form):
    tag = forms.CharField(max_length=60)


class SubjectForm(forms.Form):
    subject = forms.CharField(max_length=400)


def _number(text: str) -> int:
    digits = text.strip().lstrip("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise forms.ValidationError(_("Give the ticket's number, for example 1234."))
    return int(digits)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except forms.ValidationError:
        return False
    return len(text) <= 254


class LinkForm(forms.Form):
    target = forms.CharField(label=_("Number of the other ticket"), max_length=20)

    def clean_target(self) -> int:
        return _number(self.cleaned_data["target"])


class SplitForm(forms.Form):
    """The messages of the page that is shown; longer threads are split from their newest part."""

    subject = forms.CharField(label=_("Subject of the new ticket"), max_length=400)
    messages = forms.TypedMultipleChoiceField(
        label=_("Messages to take"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, shown: Conversation, subject: str) -> None:
        super().__init__(data, initial={"subject": subject})
        field: Any = self.fields["messages"]
        field.choices = [
            (m.pk, Truncator(f"{_who(m)}: {money_hidden(m) if m.pk in shown.untold else m.text}").chars(110))
            for m in shown.messages
        ]


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


class HandoverForm(forms.Form):
    """To any department but the one that is asked."""

    team = forms.ModelChoiceField(label=_("Department"), queryset=Team.objects.all())
    remark = forms.CharField(
        label=_("Why there?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Stays with the ticket as your answer."),
    )

    def __init__(self, data: Any = None, *, asked: SubRequest) -> None:
        super().__init__(data)
        field: Any = self.fields["team"]
        field.queryset = Team.objects.exclude(pk=asked.team_id)


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
        self._user = user
        self._program: int | None = ticket.program_id
        self._found: int | None = None
        self._contact: int | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("partner", "").strip()
        # By the key of names: neither database folds Russian letters, and it has an index.
        rows = visible_partners(self._user).filter(program_id__in=[self._program], erased_at=None)
        found = list(rows.filter(name_key=name_key(name)).order_by("pk").values_list("pk", "name"))
        exactly = [pk for pk, known in found if known == name]
        self._found = next(iter([*exactly, *(pk for pk, _known in found)]), None)
        if name and self._found is None:
            self.add_error(
                "partner", _("No partner of this name in the ticket's program. Check the list of partners.")
            )
        wanted = cleaned.get("contact", "").strip()
        if self._found and wanted:
            self._contact = self._somebody(self._found, wanted)
            if self._contact is None:
                self.add_error("contact", _("Nobody of this name or address there."))
        return cleaned

    def _somebody(self, partner_id: int, wanted: str) -> int | None:
        """By name or address; what looks like an address is one, nearly always."""
        people = visible_contacts(self._user).filter(partner_id=partner_id).order_by("pk")
        ways = [{"name_key": name_key(wanted)}, {"addresses__normalised": wanted.lower()}]
        for way in reversed(ways) if "@" in wanted else ways:
            if ids := people.filter(**way).values_list("pk", flat=True)[:1]:
                return ids[0]
        return None

    def partner_id(self) -> int:
        assert self._found is not None
        return self._found

    def contact_id(self) -> int | None:
        return self._contact


class NewTicketForm(PartnerForm):
    """``kind``: we write to them, or they asked and we write it down."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[("write", _("We write to the partner")), ("asked", _("The partner asked, I write it down"))],
        widget=forms.RadioSelect,
        initial="write",
    )
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none(), empty_label=None)
    subject = forms.CharField(label=_("Subject"), max_length=400)
    text = forms.CharField(label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}))
    topic = forms.ModelChoiceField(
        label=_("Topic"),
        queryset=Topic.objects.filter(is_active=True),
        required=False,
        empty_label=_("No topic"),
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False, empty_label=_("No team")
    )
    priority = forms.ChoiceField(
        label=_("Priority"), choices=[("", _("by the facts")), *PriorityForm.CHOICES], required=False
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput({"data-once": ""}))

    field_order = ("kind", "program", "partner", "contact", "subject", "text", "topic", "team", "priority")

    def __init__(self, data: Any = None, *, user: User, initial: dict[str, Any]) -> None:
        forms.Form.__init__(self, data, initial=initial)
        programs = visible_programs(user)
        self._user, self._program, self._found, self._contact = user, None, None, None
        field: Any = self.fields["program"]
        field.queryset = programs
        if data is None:
            field.initial = programs.first()
        topic: Any = self.fields["topic"]
        topic.label_from_instance = topic_name
        self.fields["contact"].help_text = _("Name, or an address; a new address may stand here too.")

    def clean(self) -> dict[str, Any]:
        program = self.cleaned_data.get("program")
        self._program = program.pk if program else None
        cleaned = super().clean()
        wanted = cleaned.get("contact", "").strip()
        if self._found and self._contact is None and "contact" in self.errors and _is_address(wanted):
            # Not known there yet: the letter goes to the address itself.
            del self.errors["contact"]
        if cleaned.get("kind") == "write" and self._found and not wanted:
            self.add_error("contact", _("Say who gets the letter."))
        return cleaned

    def address(self) -> str:
        """Of somebody who is no contact yet."""
        wanted = str(self.data.get("contact", "")).strip()
        return wanted.lower() if self._contact is None and _is_address(wanted) else ""


class CallForm(forms.Form):
    number = forms.CharField(label=_("Phone number"), max_length=40)
    direction = forms.ChoiceField(
        label=_("Who called?"),
        choices=[("incoming", _("They called")), ("outgoing", _("We called"))],
        widget=forms.RadioSelect,
        initial="incoming",
    )
    contact = forms.ModelChoiceField(
        label=_("Who is it?"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody we know"),
    )
    ticket = forms.ModelChoiceField(
        label=_("About which ticket?"),
        queryset=Ticket.objects.none(),
        required=False,
        empty_label=_("A new matter"),
    )
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none(), empty_label=None)
    subject = forms.CharField(label=_("Subject"), max_length=400, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600, initial=5)
    text = forms.CharField(
        label=_("What was said"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 7})
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput({"data-once": ""}))

    def __init__(self, data: Any, *, user: User, number: str) -> None:
        super().__init__(data, initial={"number": number})
        people = visible_people_with_number(user, number) if number else Contact.objects.none()
        tickets = answerable_tickets(user).filter(contact__in=people, is_open=True)
        programs = visible_programs(user)
        choices: Any = self.fields
        choices["contact"].queryset = people
        choices["contact"].label_from_instance = lambda contact: f"{contact.name}, {contact.partner.name}"
        choices["ticket"].queryset = tickets
        choices["ticket"].label_from_instance = lambda ticket: f"#{ticket.pk} {ticket.subject}"
        choices["program"].queryset, choices["program"].initial = programs, programs.first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("ticket") and not cleaned.get("subject"):
            self.add_error("subject", _("Say in a few words what it is about."))
        return cleaned


class CallbackForm(forms.Form):
    phone = forms.CharField(label=_("Phone number"), max_length=40)
    local_time = forms.DateTimeField(
        label=_("From when"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text=_("By the caller's own watch; empty: as soon as possible."),
    )
    time_zone = ZoneField(label=_("Their time zone"))
    wish = forms.CharField(label=_("In their own words"), max_length=200, required=False)


class CallbackEndForm(forms.Form):
    reached = forms.TypedChoiceField(choices=[("1", "yes"), ("0", "no")], coerce=lambda text: text == "1")
    note = forms.CharField(max_length=2000, required=False)
