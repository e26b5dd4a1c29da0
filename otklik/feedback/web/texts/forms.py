"""The form of a dictionary: it validates, and nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from otklik.feedback.rules.texts.matching import BadEntry, split_entries
from otklik.feedback.rules.texts.topics import MOST_ENTRIES, TooManyEntries, Topic, check_words

LONGEST_SAMPLE = 5_000


class TopicForm(forms.Form):
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    words = forms.CharField(
        label=_("Words and phrases, one a line"),
        max_length=40_000,
        widget=forms.Textarea({"rows": 16, "spellcheck": "false", "dir": "auto"}),
    )
    is_active = forms.BooleanField(label=_("Look for this topic"), required=False, initial=True)
    sample = forms.CharField(
        label=_("Try it on a comment"),
        required=False,
        max_length=LONGEST_SAMPLE,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, key: str = "", taken: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        self._taken = taken

    def clean_name_en(self) -> str:
        name: str = self.cleaned_data["name_en"]
        if not self.key:
            self.key = slugify(name)[:40]
            if not self.key or self.key in self._taken or self.key == "new":
                raise forms.ValidationError(gettext("There is such a topic already. Take another name."))
        return name

    def clean_words(self) -> str:
        words = "\n".join(split_entries(self.cleaned_data["words"]))
        try:
            check_words(words)
        except BadEntry as error:
            raise forms.ValidationError(
                gettext("“%(entry)s” holds no word, or more than six.") % {"entry": error.entry}
            ) from error
        except TooManyEntries as error:
            raise forms.ValidationError(
                gettext("At most %(most)s words and phrases fit in one topic.") % {"most": MOST_ENTRIES}
            ) from error
        return words

    def topic(self) -> Topic:
        found = self.cleaned_data
        return Topic(self.key, found["name_ru"], found["name_en"], found["words"])
