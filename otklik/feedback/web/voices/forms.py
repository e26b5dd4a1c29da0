"""What people type about interviews, guides, mentions and feeds. Forms only check its shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.feedback.models import GuideVersion
from otklik.feedback.operations.voices.feeds import FeedSettings
from otklik.feedback.operations.voices.interviews import (
    LONGEST_QUOTE,
    LONGEST_WORDS,
    MOST_QUOTES,
    Talk,
)
from otklik.feedback.rules.voices.addresses import web_address
from otklik.feedback.rules.voices.feeds import LONGEST_AUTHOR, LONGEST_TEXT, LONGEST_TITLE
from otklik.feedback.rules.voices.guides import LONGEST_NOTE
from otklik.feedback.rules.voices.vocabulary import InterviewChannel, QuoteConsent
from otklik.feedback.voice_labels import CONSENT_LABELS, INTERVIEW_CHANNEL_LABELS
from otklik.partners.public import Program

MOST_KEYWORDS, LONGEST_KEYWORD = 50, 80
_SPARE_QUOTES = 2


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def _day() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class InterviewForm(forms.Form):
    held_on = forms.DateField(label=_("Day of the talk"), widget=_day())
    contact = forms.ChoiceField(label=_("With whom"), required=False)
    channel = forms.ChoiceField(
        label=_("How you talked"), choices=[(c.value, INTERVIEW_CHANNEL_LABELS[c]) for c in InterviewChannel]
    )
    score = forms.TypedChoiceField(
        label=_("Score, if one was named"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("none")), *((str(n), str(n)) for n in range(11))],
        help_text=_(
            "How likely they are to recommend the program, 0 to 10. NPS counts answers to surveys only."
        ),
    )
    words = forms.CharField(
        label=_("Notes"), required=False, max_length=LONGEST_WORDS, strip=True, widget=_area(6)
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all empty, and they are found by the words of the notes."),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[str, str]],
        topics: Sequence[tuple[str, str]],
        version: GuideVersion | None,
        quotes: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.fields["contact"].choices = [("", _("nobody by name")), *people]  # type: ignore[attr-defined]
        self.fields["topics"].choices = list(topics)  # type: ignore[attr-defined]
        for question in version.questions if version else ():
            self.fields[f"note_{question['key']}"] = forms.CharField(
                label=question["text"], required=False, max_length=LONGEST_NOTE, widget=_area(3)
            )
        consents = [(consent.value, CONSENT_LABELS[consent]) for consent in QuoteConsent]
        self.quote_count = min(quotes + _SPARE_QUOTES, MOST_QUOTES)
        for number in range(self.quote_count):
            self.fields[f"quote_{number}"] = forms.CharField(
                label=_("Their own words"), required=False, max_length=LONGEST_QUOTE, widget=_area(2)
            )
            self.fields[f"consent_{number}"] = forms.ChoiceField(
                label=_("Consent"), required=False, choices=consents
            )

    def facts(self) -> Sequence[forms.BoundField]:
        return [self[name] for name in ("held_on", "contact", "channel", "score")]

    def note_fields(self) -> Sequence[forms.BoundField]:
        return [
            self[f"note_{question['key']}"] for question in (self.version.questions if self.version else ())
        ]

    def quote_fields(self) -> Sequence[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"quote_{n}"], self[f"consent_{n}"]) for n in range(self.quote_count)]

    def talk(self) -> Talk:
        said = self.cleaned_data
        return Talk(
            held_on=said["held_on"],
            channel=InterviewChannel(said["channel"]),
            contact_id=int(said["contact"]) if said["contact"] else None,
            version_id=self.version.pk if self.version else None,
            notes={name[5:]: value for name, value in said.items() if name.startswith("note_")},
            words=said["words"],
            quotes=[
                (said[f"quote_{n}"], QuoteConsent(said[f"consent_{n}"] or QuoteConsent.NO))
                for n in range(self.quote_count)
            ],
            topics=said["topics"],
            score=said["score"],
        )


class GuideForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=160)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    questions = forms.CharField(
        label=_("Questions"),
        max_length=30_000,
        widget=_area(14),
        help_text=_(
            "One question a line. An interview keeps the questions it was led by, whatever changes here."
        ),
    )


class ProgramForm(forms.Form):
    """A program to choose, left out where there is only one."""

    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none(), empty_label=None)

    def __init__(self, *args: Any, programs: Sequence[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = list(programs)
        field = self.fields["program"]
        field.queryset = Program.objects.filter(pk__in=[one.pk for one in self.programs])  # type: ignore[attr-defined]
        if len(self.programs) == 1:
            del self.fields["program"]

    def program_id(self) -> int:
        return int(self.cleaned_data["program"].pk if "program" in self.fields else self.programs[0].pk)


class NewGuideForm(ProgramForm, GuideForm):
    field_order = ("program", "name", "language", "questions")


class MentionForm(forms.Form):
    url = forms.CharField(label=_("Address of the page"), required=False, max_length=2000)
    author = forms.CharField(label=_("Who wrote it"), required=False, max_length=LONGEST_AUTHOR)
    title = forms.CharField(label=_("Title"), required=False, max_length=LONGEST_TITLE)
    text = forms.CharField(label=_("What they wrote"), max_length=LONGEST_TEXT, widget=_area(6))
    published_on = forms.DateField(label=_("Published on"), widget=_day())

    def clean_url(self) -> str:
        return _address(self.cleaned_data["url"])


class NewMentionForm(ProgramForm, MentionForm):
    field_order = ("program", "url", "author", "title", "text", "published_on")


def _address(value: str) -> str:
    value = value.strip()
    if value and not web_address(value):
        raise forms.ValidationError(
            _("This is not an address of a page: it begins with http:// or https://.")
        )
    return value


class FeedForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=160)
    url = forms.CharField(
        label=_("Address of the feed"),
        max_length=1000,
        help_text=_("RSS or Atom, beginning with https:// or http://."),
    )
    every_hours = forms.IntegerField(
        label=_("Look every so many hours"), min_value=1, max_value=168, initial=6
    )
    keywords = forms.CharField(
        label=_("Words to keep an entry by"),
        required=False,
        max_length=5000,
        widget=_area(3),
        help_text=_(
            "One a line. An entry is kept where a word of it begins with one of these. Empty: all are kept."
        ),
    )
    is_active = forms.BooleanField(label=_("The feed is read"), required=False, initial=True)

    def clean_url(self) -> str:
        return _address(self.cleaned_data["url"])

    def clean_keywords(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["keywords"].splitlines()]
        words = list(dict.fromkeys(line for line in lines if line))
        if len(words) > MOST_KEYWORDS or any(len(word) > LONGEST_KEYWORD for word in words):
            raise forms.ValidationError(_("At most 50 words of 80 characters."))
        return words

    def settings(self) -> FeedSettings:
        names = ("name", "url", "every_hours", "keywords", "is_active")
        return FeedSettings(**{name: self.cleaned_data[name] for name in names})


class NewFeedForm(ProgramForm, FeedForm):
    field_order = ("program", "name", "url", "every_hours", "keywords", "is_active")
