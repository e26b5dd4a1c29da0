"""What people type about money. Forms only check its shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from otklik.kit.money import AmountProblem, BadAmount, UnknownCurrency, digits_of, read_amount
from otklik.partners.public import Contact, Program
from otklik.payouts.labels import HOLD_REASONS, PAY_METHODS, SCHEDULES
from otklik.payouts.operations.holds import LONGEST_TEXT, HoldTerms
from otklik.payouts.operations.paying import LONGEST_REFERENCE
from otklik.payouts.rules.accounts import LONGEST_ACCOUNT, LONGEST_HOLDER
from otklik.payouts.rules.schedule import MOST_NET_DAYS, MOST_NOTICE_DAYS, Terms
from otklik.payouts.rules.vocabulary import HoldReason, PayMethod, PayoutProblem, Schedule
from otklik.payouts.web.asked_amount import AskedAmountForm
from otklik.payouts.web.problems import AMOUNT_PROBLEMS


def day_input() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class OnceForm(forms.Form):
    """The key goes with the form into the row it makes: the same form twice makes one."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class CurrencyForm(forms.Form):
    """An amount of a partner in one of the currencies given. A subclass says whether it may be below zero."""

    is_signed = False
    zero_text = AMOUNT_PROBLEMS[AmountProblem.NEGATIVE]

    currency = forms.ChoiceField(label=_("Currency"))
    amount = forms.CharField(
        label=_("Amount"), max_length=40, widget=forms.TextInput({"inputmode": "decimal"})
    )

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["currency"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(code, code) for code in currencies]
        if len(currencies) == 1:
            chosen.initial = currencies[0]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "amount" in cleaned and "currency" in cleaned:
            try:
                amount = read_amount(cleaned["amount"], cleaned["currency"], signed=self.is_signed)
            except BadAmount as bad:
                self.add_error("amount", str(AMOUNT_PROBLEMS[bad.problem]))
            else:
                cleaned["amount"] = amount
                if amount == 0:
                    self.add_error("amount", str(self.zero_text))
        return cleaned


class BatchForm(OnceForm):
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"), empty_label=None)
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, as in EUR."))
    pay_on = forms.DateField(label=_("Pay day"), widget=day_input())
    earned_until = forms.DateField(
        label=_("Earned until"),
        widget=day_input(),
        help_text=_("What was earned later is left for the next batch."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("For yourselves; partners do not see it."),
    )

    def __init__(self, *args: Any, programs: QuerySet[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["program"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = programs

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        try:
            digits_of(currency)
        except UnknownCurrency:
            text = _("Nobody knows this currency. Write its three letters, as in EUR.")
            raise forms.ValidationError(text) from None
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"pay_on", "earned_until"} <= cleaned.keys() and cleaned["pay_on"] < cleaned["earned_until"]:
            self.add_error("pay_on", str(_("The pay day is before the end of the earnings.")))
        return cleaned


class HoldForm(CurrencyForm, OnceForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *((r.value, HOLD_REASONS[r]) for r in HoldReason)]
    )
    checking = forms.CharField(
        label=_("What is being checked"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The partner reads these words."),
    )
    decide_by = forms.DateField(
        label=_("Decision by"), widget=day_input(), help_text=_("The partner is told this day.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("Only this part waits; the rest is paid as usual.")

    def terms(self) -> HoldTerms:
        amount: Decimal = self.cleaned_data["amount"]
        return HoldTerms(
            amount,
            HoldReason(self.cleaned_data["reason"]),
            self.cleaned_data["checking"],
            self.cleaned_data["decide_by"],
        )


class AdjustmentForm(CurrencyForm, OnceForm):
    is_signed = True
    zero_text = _("Write an amount: with a minus it takes money off the balance.")

    why = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Whoever approves it reads these words; the partner sees the line and its amount."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("With a minus it takes money off the balance.")


class RequestForm(OnceForm, AskedAmountForm):
    """``contact``: who asked for it by telephone or mail, or nobody."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Who asked"),
        required=False,
        empty_label="–",
        help_text=_("The person at the partner who asked you for it."),
    )

    field_order = ("currency", "amount", "contact", "form_key")

    def __init__(self, *args: Any, people: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["contact"]
        assert isinstance(who, forms.ModelChoiceField)
        who.queryset = people


class DetailsForm(OnceForm):
    method = forms.ChoiceField(
        label=_("Way of paying"), choices=[("", "–"), *((m.value, PAY_METHODS[m]) for m in PayMethod)]
    )
    holder = forms.CharField(
        label=_("Holder"), max_length=LONGEST_HOLDER, help_text=_("As the bank or the system knows the name.")
    )
    account = forms.CharField(
        label=_("Account"),
        max_length=LONGEST_ACCOUNT,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("IBAN, number of the account with the bank’s code, or the address in the system."),
    )


class TermsForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    schedule = forms.ChoiceField(
        label=_("How often"), choices=[(one.value, SCHEDULES[one]) for one in Schedule]
    )
    day = forms.IntegerField(
        label=_("Day of payment"),
        min_value=1,
        max_value=31,
        help_text=_(
            "Every week: 1 is Monday. Twice a month: the first of the two days, the second comes 15 days "
            "later. Otherwise the day of the month; a quarter is paid in its first month."
        ),
    )
    net_days = forms.IntegerField(
        label=_("Days after the period"),
        min_value=0,
        max_value=MOST_NET_DAYS,
        help_text=_("How long after its end what was earned in a period can be paid at the earliest."),
    )
    notice_days = forms.IntegerField(
        label=_("Days of notice"),
        min_value=0,
        max_value=MOST_NOTICE_DAYS,
        help_text=_("The partner hears of a payout so many days ahead."),
    )
    minimum = forms.CharField(
        label=_("Smallest payout"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("A currency and an amount on each line, as in EUR 50. Less than that stays and grows."),
    )
    needs_details = forms.BooleanField(
        label=_("Pay to confirmed account details only"),
        required=False,
        help_text=_("Off where accounts are kept by whoever transfers the money."),
    )

    def __init__(self, *args: Any, is_of_program: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_of_program:
            del self.fields["needs_details"]

    def clean_minimum(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for line in self.cleaned_data["minimum"].splitlines():
            if not line.strip():
                continue
            currency, _gap, amount = line.strip().partition(" ")
            try:
                found[currency.upper()] = read_amount(amount, currency.upper())
            except (BadAmount, UnknownCurrency):
                text = _("“%(line)s” is no currency with an amount. Write it as EUR 50.")
                raise forms.ValidationError(text % {"line": line.strip()[:40]}) from None
        return {currency: amount for currency, amount in found.items() if amount}

    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(Schedule(said["schedule"]), said["day"], said["net_days"], said["notice_days"])


class DayForm(forms.Form):
    """What happened to a payout or to a batch, on which day and why; each of the three where it is asked."""

    on = forms.DateField(required=False)
    reference = forms.CharField(required=False, max_length=LONGEST_REFERENCE)
    problem = forms.ChoiceField(
        required=False, choices=[("", ""), *((p.value, p.value) for p in PayoutProblem if p)]
    )
