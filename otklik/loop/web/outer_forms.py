"""What is typed about asks and improvements."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from otklik.dialogue.public import Wording
from otklik.identity.public import User, staff_choices, staff_with
from otklik.loop.access import FOLLOWS_UP, dialogue_partners
from otklik.loop.labels import ASK_KINDS, IMPROVEMENT_STATES
from otklik.loop.models import Ask, Improvement
from otklik.loop.operations.asking import Agreement
from otklik.loop.operations.improving import ImprovementTerms
from otklik.loop.queries.asks import able_to_speak
from otklik.loop.rules.improving import next_step
from otklik.loop.rules.vocabulary import AskKind, ImprovementState, Way
from otklik.loop.web.forms import WAY_CHOICES, cause_choices, day_input, moment_input
from otklik.partners.public import Partner, Program, name_key

_MOST_NAMED = 500
LANGUAGES = ("ru", "en")


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class _Several(forms.Form):
    """Several forms stand on one page. ``key``: sent twice, a form does one thing once."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{type(self).__name__.lower()}_%s"
        self.fields["key"].initial = uuid.uuid4().hex

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class NewAskForm(_Several):
    kind = forms.ChoiceField(label=_("What we ask for"), choices=[(k.value, ASK_KINDS[k]) for k in AskKind])
    text = forms.CharField(
        label=_("In a few words"),
        max_length=4000,
        required=False,
        widget=_area(),
        help_text=_("For whoever asks: to whom the reference goes, what the story is about."),
    )
    owner = forms.TypedChoiceField(label=pgettext_lazy("ask", "Who asks"), coerce=int)

    def __init__(self, *args: Any, partner: Partner, author: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=able_to_speak(partner)).order_by("name")
        self._offer("owner", list(staff_choices(people)))
        self.fields["owner"].initial = author.pk


class _OfAsk(_Several):
    def __init__(self, *args: Any, ask: Ask, author: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask, self.author, self.at = ask, author, at

    def _now(self, name: str) -> None:
        self.fields[name].initial = timezone.localtime(self.at).replace(second=0, microsecond=0)

    def _moment(self, name: str) -> datetime:
        """The field knows no seconds: what was said in the minute of the question was said after it."""
        typed: datetime = self.cleaned_data[name]
        asked = self.ask.asked_at
        if asked is not None and timedelta(0) < asked - typed < timedelta(minutes=1):
            return asked
        return typed


class PutForm(_OfAsk):
    """A button."""


class _SaidForm(_OfAsk):
    way = forms.ChoiceField(label=_("How they said it"), choices=WAY_CHOICES)
    said_at = forms.DateTimeField(label=_("When"), widget=moment_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now("said_at")


class AgreeForm(_SaidForm):
    exactly = forms.CharField(
        label=_("What exactly they agreed to"),
        max_length=4000,
        widget=_area(),
        help_text=_("Their name, their logo, one call, a text they have read: nothing beyond this is used."),
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=day_input(), help_text=_("Empty: until they take it back.")
    )
    field_order = ("exactly", "until", "way", "said_at", "key")

    def agreement(self) -> Agreement:
        said = self.cleaned_data
        return Agreement(said["exactly"], Way(said["way"]), self._moment("said_at"), said["until"])


class WithdrawForm(_SaidForm):
    words = forms.CharField(label=_("What they said"), max_length=4000, required=False, widget=_area(2))

    def moment(self) -> datetime:
        return self._moment("said_at")


class DeclineForm(_OfAsk):
    result = forms.CharField(
        label=_("Why, if they said so"), max_length=4000, required=False, widget=_area(2)
    )


class DeliverForm(_OfAsk):
    result = forms.CharField(label=_("What came of it"), max_length=4000, widget=_area(2))


class DropForm(_OfAsk):
    why = forms.CharField(label=_("Why"), max_length=4000, widget=_area(2))


class AskOwnerForm(_OfAsk):
    owner = forms.TypedChoiceField(label=pgettext_lazy("ask", "Who asks"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=able_to_speak(self.ask.partner)).order_by("name")
        self._offer("owner", list(staff_choices(people)))
        self.fields["owner"].initial = self.ask.owner_id


class ReferralForm(_OfAsk):
    partner = forms.CharField(label=_("Which partner came of it"), max_length=200)

    def clean_partner(self) -> Partner:
        rows = dialogue_partners(self.author).filter(program=self.ask.program_id)
        found = rows.filter(name_key=name_key(self.cleaned_data["partner"])).first()
        if found is None:
            raise forms.ValidationError(_("No partner of the program that you see has this name."))
        return found


class ImprovementForm(_Several):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("What gets better"), max_length=200)
    change = forms.CharField(label=_("What we change"), max_length=10_000, required=False, widget=_area(5))
    causes = forms.TypedMultipleChoiceField(
        label=_("Root causes"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    owner = forms.TypedChoiceField(label=_("Responsible"), coerce=int)
    due_on = forms.DateField(label=_("By which day"), required=False, widget=day_input())

    def __init__(self, *args: Any, program: Program, named: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=staff_with(FOLLOWS_UP)).order_by("name")
        self._offer("owner", list(staff_choices(people)))
        self._offer("causes", list(cause_choices(program.pk, named)))

    def terms(self) -> ImprovementTerms:
        said = self.cleaned_data
        return ImprovementTerms(said["title"], said["change"], said["causes"], said["owner"], said["due_on"])


class _OfImprovement(_Several):
    def __init__(self, *args: Any, improvement: Improvement, author: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.improvement, self.author = improvement, author


class StateForm(_OfImprovement):
    state = forms.ChoiceField(label=_("State"))
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("Needed where it is dropped.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = self.improvement.next_states
        self._offer("state", [(state.value, IMPROVEMENT_STATES[state]) for state in steps])
        self.fields["state"].initial = next_step(ImprovementState(self.improvement.state))


class LookForm(_OfImprovement):
    days = forms.TypedChoiceField(label=_("Alerts of"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        periods = [(30, _("the last 30 days")), (90, _("the last 90 days")), (365, _("the last year"))]
        self._offer("days", list(periods))
        self.fields["days"].initial = 90


class AddForm(_OfImprovement):
    names = forms.CharField(
        label=_("Partners"), max_length=20_000, widget=_area(), help_text=_("One name a line.")
    )

    def clean_names(self) -> list[int]:
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(names) > _MOST_NAMED:
            raise forms.ValidationError(_("Name 500 partners at most."))
        rows = dialogue_partners(self.author).filter(program=self.improvement.program_id)
        found = dict(rows.filter(name_key__in=[name_key(n) for n in names]).values_list("name_key", "pk"))
        missing = [name for name in names if name_key(name) not in found]
        if missing:
            text = _("No partner of the program has this name: %(names)s.")
            raise forms.ValidationError(text, params={"names": ", ".join(missing[:5])})
        return sorted(found.values())


class RemoveForm(_OfImprovement):
    partners = forms.CharField(required=False)

    def ids(self) -> list[int]:
        """Of the boxes that were ticked; whoever is not on the list changes nothing."""
        typed = self.data.getlist("partners") if hasattr(self.data, "getlist") else []
        return [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 19]


class TellForm(_Several):
    """Two languages; one without title and text is left out."""

    def __init__(self, *args: Any, improvement: Improvement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            first = _first_words(improvement, code)
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title"), max_length=200, required=False, initial=first.title
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Text"), max_length=20_000, required=False, initial=first.body, widget=_area(8)
            )

    def slots(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(code, self[f"title_{code}"], self[f"body_{code}"]) for code in LANGUAGES]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        texts = {code: (said.get(f"title_{code}", ""), said.get(f"body_{code}", "")) for code in LANGUAGES}
        for code, (title, body) in texts.items():
            if bool(title) != bool(body):
                self.add_error(f"title_{code}", str(_("A language needs both a title and a text.")))
        if not any(title or body for title, body in texts.values()):
            self.add_error(None, str(_("Write a title and a text in at least one language.")))
        return said

    def texts(self) -> dict[str, Wording]:
        said = self.cleaned_data
        found = {code: Wording(said[f"title_{code}"], said[f"body_{code}"]) for code in LANGUAGES}
        return {code: one for code, one in found.items() if one.title and one.body}


def _first_words(improvement: Improvement, code: str) -> Wording:
    """To begin with, in the language they read."""
    with translation.override(code):
        title = gettext("You said, we did: %(title)s") % {"title": improvement.title}
        body = gettext(
            "You told us what was in your way, and so did others. We have changed it.\n\n"
            "%(change)s\n\nIf it is no better for you, tell us."
        ) % {"change": improvement.change or improvement.title}
    return Wording(title[:200], body)
