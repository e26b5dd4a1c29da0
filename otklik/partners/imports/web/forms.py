"""Forms of the wizard: they validate, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from otklik.kit.registry import Text
from otklik.kit.tabular import Order
from otklik.kit.zones import ZoneField, is_zone
from otklik.partners.imports.options import (
    DECIMAL_CHOICES,
    DELIMITER_CHOICES,
    ENCODING_CHOICES,
    ORDER_CHOICES,
)
from otklik.partners.imports.rules.values import Hints
from otklik.partners.imports.sample import Reading, Sample
from otklik.partners.imports.targets import ImportTarget, import_targets
from otklik.partners.models import ImportRun, Program


class ReadingForm(forms.Form):
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODING_CHOICES, required=False)
    delimiter = forms.ChoiceField(label=_("Separator"), choices=DELIMITER_CHOICES, required=False)

    @property
    def reading(self) -> Reading:
        return Reading(self.cleaned_data["encoding"], self.cleaned_data["delimiter"])


class UploadForm(ReadingForm):
    target = forms.ChoiceField(label=_("What is in the file"), widget=forms.RadioSelect)
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.all(), empty_label=None)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # reading it says so in better words
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx", "class": "import-drop"}),
        help_text=_("CSV or XLSX with the names of the columns in the first row. Drop it here or choose it."),
    )

    field_order = ("target", "program", "file", "encoding", "delimiter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [(t.name, t.label) for t in import_targets]  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """One choice for each column of the file, then how values are read, then the target's own options."""

    order = forms.ChoiceField(label=_("Dates such as 03/04/2025"), choices=ORDER_CHOICES, required=False)
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=DECIMAL_CHOICES, required=False)
    zone = ZoneField(label=_("Zone of times without one"))

    def __init__(self, run: ImportRun, target: ImportTarget, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.target = run, target
        self._tell_what_was_found()
        for option in target.options:
            self.fields[f"option-{option.name}"] = forms.ChoiceField(
                label=str(option.label), choices=option.choices, help_text=str(option.help)
            )
        choices = [("", _("leave out")), *((field.name, field.label) for field in target.fields)]
        for at, column in enumerate(run.columns):
            self.fields[f"column-{at}"] = forms.ChoiceField(label=column, choices=choices, required=False)

    def _tell_what_was_found(self) -> None:
        """Where nothing is stated the file decides; the first choice says how."""
        sample = Sample.from_json(self.run.sample)
        dates, found = sample.date_order(list(self.run.mapping)), settled_hints(sample, self.run.mapping)
        if dates.is_ambiguous:
            self._first_choice("order", ORDER_CHOICES, _("choose: the file does not tell"))
        elif dates.day_first or dates.month_first:
            self._first_choice("order", ORDER_CHOICES, _found(dict(ORDER_CHOICES)[found.order.value]))
        if found.decimal:
            self._first_choice("decimal", DECIMAL_CHOICES, _found(dict(DECIMAL_CHOICES)[found.decimal]))

    def _first_choice(self, name: str, choices: Sequence[tuple[str, Text]], label: Text) -> None:
        self.fields[name].choices = [("", label), *choices[1:]]  # type: ignore[attr-defined]

    @classmethod
    def initial_for(cls, run: ImportRun, zone: str) -> dict[str, str]:
        guessed = {f"column-{at}": run.mapping.get(column, "") for at, column in enumerate(run.columns)}
        return {"zone": zone if is_zone(zone) else "UTC", **guessed}

    def mapping(self) -> dict[str, str]:
        chosen = {column: self._said(f"column-{at}") for at, column in enumerate(self.run.columns)}
        return {column: field for column, field in chosen.items() if field}

    def options(self) -> dict[str, str]:
        return {
            option.name: self._said(f"option-{option.name}") or option.choices[0][0]
            for option in self.target.options
        }

    def hints(self, sample: Sample, mapping: Mapping[str, str]) -> Hints:
        """What the person stated, else what the columns told; day first where neither says."""
        found = settled_hints(sample, mapping)
        return Hints(
            Order(self._said("order")) if self._said("order") else found.order,
            self._said("decimal") or found.decimal,
            self._said("zone") or "UTC",
        )

    def order_is_open(self, sample: Sample, mapping: Mapping[str, str]) -> bool:
        """Dates have two readings, no value tells which, and nobody has chosen."""
        return not self._said("order") and sample.date_order(list(mapping)).is_ambiguous

    def _said(self, name: str) -> str:
        if not self.is_bound:
            return str(self.initial.get(name) or "")
        return str(getattr(self, "cleaned_data", {}).get(name) or "")


def _found(label: Text) -> str:
    return gettext("as found: %(what)s") % {"what": label}


def settled_hints(sample: Sample, mapping: Mapping[str, str]) -> Hints:
    """What the values of the mapped columns tell."""
    marks = [sample.decimals[column] for column in mapping if column in sample.decimals]
    return Hints(
        sample.date_order(list(mapping)).order,
        max(set(marks), key=marks.count) if marks else None,
    )
