"""What somebody types of a policy change: days for tiers, a list of partners, or a file with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from otklik.impact.change_labels import LINE_MISTAKES
from otklik.impact.models import PolicyStart
from otklik.impact.operations.changes import ChangeTerms
from otklik.impact.queries.changes import partners_named
from otklik.impact.rules.change_starts import MOST_LINES, Mistake, match, read_list
from otklik.impact.rules.vocabulary import LONGEST_ABOUT, LONGEST_NAME
from otklik.kit.long_text import LongTextField
from otklik.kit.tabular import Cell, Limits, TableError, describe, open_table
from otklik.partners.public import Partner

MOST_TOLD = 20
# As dates of a list are read: a year typed in part would put every answer under the change.
_DAYS = (MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2100, 12, 31)))
_LONGEST_LIST = 600_000


def _day() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def tier_field(tier: str) -> str:
    """By the tier and not by its place: others may appear, or go, while the form is open. Ids of a page hold
    no spaces, and a tier may."""
    return f"tier-{sha256(tier.encode()).hexdigest()[:12]}"


class ChangeForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What was changed"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"placeholder": _("Answers within 4 hours for gold")}),
    )
    about = LongTextField(
        label=_("What it is, in a few words"),
        required=False,
        max_length=LONGEST_ABOUT,
        widget=forms.Textarea({"rows": 3}),
    )
    listed = LongTextField(
        label=_("Partners one by one"),
        required=False,
        max_length=_LONGEST_LIST,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "placeholder": "A-1042; 2026-03-01"}),
        help_text=_(
            "One a line: code or name of the partner, a semicolon, the day. It goes before the day of the "
            "partner’s tier."
        ),
    )
    file = forms.FileField(
        label=_("Or a file with the list"),
        required=False,
        allow_empty_file=True,  # reading it says so in better words
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_(
            "CSV or XLSX: the partner in the first column, the day in the second, names of the columns in "
            "the first row. Its lines are added to the list above."
        ),
    )

    def __init__(self, *args: Any, program_id: int, sizes: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._program_id, self._tiers = program_id, list(sizes)
        for tier, size in sizes.items():
            self.fields[tier_field(tier)] = forms.DateField(
                label=tier or gettext("Without a tier"),
                required=False,
                widget=_day(),
                validators=_DAYS,
                help_text=ngettext("%(n)s partner", "%(n)s partners", size) % {"n": size},
            )

    @property
    def tier_fields(self) -> list[forms.BoundField]:
        return [self[tier_field(tier)] for tier in self._tiers]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "listed" in self.errors:  # too long: it stays as it was typed
            return data
        text = self._with_file(data.get("listed", ""), data.get("file"))
        lines, unreadable = read_list(text)
        days, unmatched = match(lines, partners_named(self._program_id, {one.partner for one in lines}))
        if mistakes := sorted([*unreadable, *unmatched], key=lambda one: one.line):
            self.add_error("listed", _said(mistakes))
        data["days"] = days
        return data

    def terms(self) -> ChangeTerms:
        data = self.cleaned_data
        by_tier = {tier: day for tier in self._tiers if (day := data[tier_field(tier)])}
        return ChangeTerms(data["name"], data["about"], by_tier, data["days"])

    def _with_file(self, text: str, file: UploadedFile[bytes] | None) -> str:
        """What the file holds stands in the field from here on: a browser forgets which file was chosen."""
        if file is None:
            return text
        try:
            added = _lines_of(file)
        except TableError as error:
            self.add_error("file", describe(error, gettext))
            return text
        text = "\n".join([part for part in (text.rstrip("\n"), *added) if part])
        self.data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, for whoever reads it
        self.data["listed"] = text  # type: ignore[index]
        return text


def _lines_of(file: UploadedFile[bytes]) -> list[str]:
    """Raises TableError."""
    source = cast(BinaryIO, file.file)
    with open_table(source, limits=Limits(line=10_000, rows=MOST_LINES + 1, columns=100)) as table:
        return [_line(*[_text(cell) for cell in row.cells[:2]]) for row in table.rows if any(row.cells[:2])]


def _line(partner: str, day: str = "") -> str:
    """As ``read_list`` reads it, which takes quotes around a name for those of a spreadsheet."""
    if partner[:1] == partner[-1:] == '"':
        partner = '"{}"'.format(partner.replace('"', '""'))
    return f"{partner}; {day}"


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else " ".join(str(cell).split())


def listed_text(program_id: int, starts: Sequence[PolicyStart]) -> str:
    """What was typed, for a correction: by code where there is one, by number where others have the name."""
    named = partners_named(program_id, {one.partner.name for one in starts})
    return "\n".join(_line(_called(one.partner, named), one.starts_on.isoformat()) for one in starts)


def _called(partner: Partner, named: Mapping[str, Sequence[int]]) -> str:
    if partner.external_id:
        return partner.external_id
    return partner.name if named[partner.name] == [partner.pk] else f"#{partner.pk}"


def _said(mistakes: Sequence[Mistake]) -> list[str]:
    said = [
        str(LINE_MISTAKES[one.wrong]) % {"line": one.line, "text": one.text[:80]}
        for one in mistakes[:MOST_TOLD]
    ]
    more = len(mistakes) - MOST_TOLD
    if more > 0:
        text = ngettext("And %(n)s more line like these.", "And %(n)s more lines like these.", more)
        said.append(text % {"n": more})
    return said
