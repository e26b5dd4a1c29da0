"""What staff type into an announcement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from otklik.dialogue.labels import NEWS_KINDS
from otklik.dialogue.models import Announcement
from otklik.dialogue.operations.announcements import NewsTerms, Wording
from otklik.dialogue.queries.audience import Audience, countries_of, tiers_of
from otklik.dialogue.rules.vocabulary import NewsKind
from otklik.dialogue.web.parts import LONGEST_TEXT, Keyed, area
from otklik.identity.public import User
from otklik.partners.public import (
    ROLE,
    ContactRole,
    Program,
    country_name,
    language_choices,
    name_key,
    visible_partners,
)

SLOTS = 4
_FIRST_LANGUAGES = ("ru", "en")
_MOST_NAMED = 500


class AnnouncementForm(Keyed):
    """Up to four languages: ``language_0``, ``title_0``, ``body_0`` and so on; empty ones are left out."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(k.value, NEWS_KINDS[k]) for k in NewsKind])
    needs_acknowledgement = forms.BooleanField(
        label=_("Everybody has to confirm that they have read it"),
        required=False,
        help_text=_("Who gets a copy by mail and has not confirmed after three days is reminded once."),
    )
    mails_copy = forms.BooleanField(label=_("Send a copy by mail"), required=False, initial=True)
    tiers = forms.MultipleChoiceField(label=_("Tiers"), required=False, widget=forms.CheckboxSelectMultiple)
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, ROLE[role]) for role in ContactRole],
    )
    partners = forms.CharField(
        label=_("Partners"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=area(3),
        help_text=_("One name a line. Empty: every partner of the program."),
    )

    def __init__(self, *args: Any, program: Program, author: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program, self.author = program, author
        self._choices("tiers", [(tier, tier) for tier in tiers_of(program.pk)])
        self._choices("countries", [(code, country_name(code)) for code in countries_of(program.pk)])
        languages = [("", "–"), *language_choices()]
        for slot in range(SLOTS):
            self.fields[f"language_{slot}"] = forms.ChoiceField(
                label=_("Language"), choices=languages, required=False
            )
            self.fields[f"title_{slot}"] = forms.CharField(label=_("Title"), max_length=200, required=False)
            self.fields[f"body_{slot}"] = forms.CharField(
                label=_("Text"), max_length=LONGEST_TEXT, required=False, widget=area(8)
            )

    def slots(self) -> list[tuple[forms.BoundField, ...]]:
        return [
            (self[f"language_{slot}"], self[f"title_{slot}"], self[f"body_{slot}"]) for slot in range(SLOTS)
        ]

    def clean_partners(self) -> list[int]:
        """Ids of the partners named, each of which the author has to see."""
        names = [line.strip() for line in self.cleaned_data["partners"].splitlines() if line.strip()]
        if len(names) > _MOST_NAMED:
            raise forms.ValidationError(_("Name 500 partners at most."))
        rows = visible_partners(self.author).filter(program=self.program, erased_at=None)
        found = dict(rows.filter(name_key__in=[name_key(n) for n in names]).values_list("name_key", "pk"))
        missing = [name for name in names if name_key(name) not in found]
        if missing:
            text = _("No partner of the program has this name: %(names)s.")
            raise forms.ValidationError(text, params={"names": ", ".join(missing[:5])})
        return sorted(found.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for slot in range(SLOTS):
            language, title, body = (cleaned.get(f"{name}_{slot}", "") for name in _SLOT)
            if not (title or body):
                continue
            if not language or language in seen:
                self.add_error(f"language_{slot}", str(_("Choose a language, each only once.")))
            if not (title and body):
                self.add_error(f"title_{slot}", str(_("A language needs both a title and a text.")))
            seen.add(language)
        if not seen and not self.errors:
            self.add_error(None, str(_("Write a title and a text in at least one language.")))
        return cleaned

    def terms(self) -> NewsTerms:
        said = self.cleaned_data
        texts = {}
        for slot in range(SLOTS):
            language, title, body = (said.get(f"{name}_{slot}", "") for name in _SLOT)
            if language and title:
                texts[language] = Wording(title, body)
        audience = Audience(said["tiers"], said["countries"], said["partners"], said["roles"])
        return NewsTerms(
            NewsKind(said["kind"]),
            texts,
            audience,
            needs_acknowledgement=said["needs_acknowledgement"],
            mails_copy=said["mails_copy"],
        )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        if not choices:
            del self.fields[name]
            self.fields[name] = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)


_SLOT = ("language", "title", "body")


def first_values(language: str) -> dict[str, Any]:
    """The languages of the pages first, the writer's own before the other."""
    ordered = sorted(_FIRST_LANGUAGES, key=lambda code: code != language)
    return {f"language_{slot}": code for slot, code in enumerate(ordered)}


def values_of(announcement: Announcement, author: User) -> dict[str, Any]:
    audience = Audience.of(announcement)
    named = visible_partners(author).filter(pk__in=audience.partners).order_by("name_key")
    values: dict[str, Any] = {
        "version": announcement.version,
        "kind": announcement.kind,
        "needs_acknowledgement": announcement.needs_acknowledgement,
        "mails_copy": announcement.mails_copy,
        "tiers": audience.tiers,
        "countries": audience.countries,
        "roles": audience.roles,
        "partners": "\n".join(named.values_list("name", flat=True)),
    }
    for slot, text in enumerate(announcement.texts.order_by("pk")[:SLOTS]):
        values |= {
            f"language_{slot}": text.language, f"title_{slot}": text.title, f"body_{slot}": text.body
        }  # fmt: skip
    return values
