"""Forms for files: of money, and of a partner's own figures."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from otklik.kit.money import BadAmount, UnknownCurrency, read_amount
from otklik.partners.public import Program
from otklik.payouts.labels import FILE_KINDS
from otklik.payouts.rules.file_lines import LEDGER_DIGITS
from otklik.payouts.rules.vocabulary import MoneyFileKind
from otklik.payouts.web.forms import day_input

_TABLES = ".csv,.tsv,.txt,.xlsx"
_LONGEST_TOTALS = 400
_TOTAL = re.compile(
    r"(?P<before>[A-Z]{3})?[\s=:]*(?P<amount>[-\d.,'\s\u00a0\u202f]+?)\s*(?P<after>[A-Z]{3})?"
)


class FileForm(forms.Form):
    """Any form with one table in it. ``key`` makes the same form twice one file."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # reading it says so in better words
        widget=forms.FileInput(attrs={"accept": _TABLES}),
        help_text=_("CSV or XLSX with the names of the columns in the first row."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4


class MoneyFileForm(FileForm):
    kind = forms.ChoiceField(
        label=_("What is in the file"),
        choices=[(kind.value, FILE_KINDS[kind]) for kind in MoneyFileKind],
        initial=MoneyFileKind.ENTRIES.value,
        widget=forms.RadioSelect,
    )
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"), empty_label=None)
    totals = forms.CharField(
        label=_("What it adds up to"),
        required=False,
        max_length=_LONGEST_TOTALS,
        help_text=_(
            "If you know it, as in EUR 1234.56; USD 10. A file that adds up to something else is refused."
        ),
    )

    field_order = ("kind", "program", "file", "totals", "key")

    def __init__(self, *args: Any, programs: QuerySet[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["program"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = programs

    def clean_totals(self) -> dict[str, Decimal]:
        said: str = self.cleaned_data["totals"]
        found: dict[str, Decimal] = {}
        for part in filter(None, (part.strip() for part in said.split(";"))):
            match = _TOTAL.fullmatch(part.upper())
            currency = (match["before"] or match["after"] or "") if match else ""
            try:
                if match is None or currency in found or (match["before"] and match["after"]):
                    raise UnknownCurrency(part)
                found[currency] = read_amount(match["amount"], currency, signed=True, finest=LEDGER_DIGITS)
            except (BadAmount, UnknownCurrency):
                text = _("%(text)s is not understood. Write each total as EUR 1234.56, with ; between them.")
                raise forms.ValidationError(text, params={"text": part[:60]}) from None
        return found


class ReportForm(FileForm):
    currency = forms.ChoiceField(label=_("Currency"))
    start = forms.DateField(label=_("From"), widget=day_input())
    end = forms.DateField(label=_("To, this day included"), widget=day_input())

    field_order = ("file", "start", "end", "currency", "key")

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["currency"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, code) for code in currencies]
        self.fields["file"].help_text = _(
            "CSV or XLSX as the system writes it. Needed are a date and an amount; the number of an order, a "
            "source, conversions and a currency are read where they are there."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"start", "end"} <= cleaned.keys():
            if cleaned["end"] < cleaned["start"]:
                self.add_error("end", _("The period ends before it begins."))
            elif (cleaned["end"] - cleaned["start"]).days > _LONGEST_PERIOD:
                self.add_error("end", _("This is more than a year. Compare a shorter period."))
        return cleaned


_LONGEST_PERIOD = 366
