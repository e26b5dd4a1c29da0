"""What people type about articles. Forms only check its shape."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from otklik.desk.public import Topic
from otklik.identity.public import User, active_staff
from otklik.knowledge.labels import VISIBILITIES
from otklik.knowledge.models import Article, Folder
from otklik.knowledge.operations.articles import LONGEST_SLUG, Settings
from otklik.knowledge.operations.texts import LONGEST_BODY, LONGEST_NOTE, LONGEST_TITLE
from otklik.knowledge.rules.vocabulary import Visibility
from otklik.partners.public import Program, language_choices, visible_programs

BODY_ROWS = 22


class TextForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea({"rows": BODY_ROWS, "class": "form-control article-source", "dir": "auto"}),
        strip=False,
        help_text=_(
            "Markdown: # heading, **bold**, - list, [words](address), ![what it shows](name of a file)."
        ),
    )
    note = forms.CharField(label=_("What changed, for colleagues"), max_length=LONGEST_NOTE, required=False)
    based_on = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"])
        if not body.strip():
            raise forms.ValidationError(_("Write the text."))
        return body


class SourceForm(TextForm):
    is_small = forms.BooleanField(label=_("A small change: translations need no look"), required=False)


class TranslationForm(TextForm):
    """``source_number``: of the source that stands beside it on the page."""

    says_the_same = forms.BooleanField(
        label=_("It says the same as the original does now"), required=False, initial=True
    )
    source_number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SettingsForm(forms.Form):
    visibility = forms.ChoiceField(label=_("Who reads it"), choices=lambda: list(VISIBILITIES.items()))
    tiers = forms.CharField(
        label=_("Tiers"),
        max_length=400,
        required=False,
        help_text=_("For partners of some tiers: names as partners have them, with commas between."),
    )
    program = forms.ModelChoiceField(
        Program.objects.none(), label=_("Program"), required=False, empty_label=_("All programs")
    )
    folder = forms.ModelChoiceField(
        Folder.objects.all(),
        label=pgettext_lazy("of articles", "Folder"),
        required=False,
        empty_label=_("No folder"),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.filter(is_active=True),
        label=_("Topics it answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who keeps it true"), required=False, empty_label=_("Nobody yet")
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    slug = forms.SlugField(
        label=_("Address"),
        max_length=LONGEST_SLUG,
        required=False,
        help_text=_("Latin letters, digits and hyphens. Made from the title where it is empty."),
    )

    def __init__(self, *args: Any, user: User, article: Article | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows("program", visible_programs(user))
        self._rows("owner", active_staff())
        language = get_language() or "en"
        self.fields["folder"].label_from_instance = lambda row: row.name_in(language)  # type: ignore[attr-defined]
        self.fields["topics"].label_from_instance = lambda row: row.names.get(language) or str(row)  # type: ignore[attr-defined]
        if article is not None and article.published_at is not None:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _("It was published under this address: people keep links to it.")

    def _rows(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        said["tiers"] = [one.strip() for one in said.get("tiers", "").split(",") if one.strip()]
        if said.get("visibility") == Visibility.TIER and not said["tiers"]:
            self.add_error("tiers", _("Name one tier at least."))
        if any(len(tier) > 40 for tier in said["tiers"]):
            self.add_error("tiers", _("A tier has 40 signs at most."))
        return said

    def settings(self) -> Settings:
        said = self.cleaned_data
        return Settings(
            visibility=Visibility(said["visibility"]),
            tiers=said["tiers"],
            program_id=said["program"].pk if said["program"] else None,
            folder_id=said["folder"].pk if said["folder"] else None,
            topic_ids=[topic.pk for topic in said["topics"]],
            owner_id=said["owner"].pk if said["owner"] else None,
            review_on=said["review_on"],
            slug=said["slug"],
        )


class ArticleForm(SettingsForm, TextForm):
    """A new one. Its key goes into the row: the same form twice makes one article."""

    language = forms.ChoiceField(label=_("Language"), choices=lambda: languages())
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ["language", "title", "body"]


class FolderForm(forms.Form):
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=100)
    program = forms.ModelChoiceField(
        Program.objects.none(), label=_("Program"), required=False, empty_label=_("All programs")
    )

    def __init__(self, *args: Any, user: User, names: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["program"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = visible_programs(user)
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name, %(language)s") % {"language": language},
                max_length=120,
                required=False,
                initial=(names or {}).get(code, ""),
            )
        self.order_fields([f"name_{code}" for code, _name in settings.LANGUAGES])

    def names(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"] for code, _name in settings.LANGUAGES}


class VideoForm(forms.Form):
    title = forms.CharField(label=_("What it shows"), max_length=200)
    url = forms.CharField(label=_("Address"), max_length=500, widget=forms.URLInput)


def languages() -> list[tuple[str, str]]:
    """Those of the program's own pages first."""
    own = dict(settings.LANGUAGES)
    every = language_choices()
    return [one for one in every if one[0] in own] + [one for one in every if one[0] not in own]
