"""What many of these pages need."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from otklik.dialogue.rules.lists import BadLine
from otklik.identity.public import StaffRequest
from otklik.kit.long_text import with_one_sign_breaks
from otklik.partners.public import Program, visible_programs

A_PAGE = 50
LONGEST_TEXT = 20_000
_LARGEST_ID = 2**63 - 1


class Keyed(forms.Form):
    """The page gives the form a name; sent twice, it does one thing once."""

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex


def area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def day_input() -> forms.DateInput:
    # Browsers take the day of their own field in one form only, whatever the language of the page.
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def line_problem(bad: BadLine) -> str:
    return str(_("Line %(number)s cannot be read. Look at the example.") % {"number": bad.number})


def whole_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return number if (number := int(text)) <= _LARGEST_ID else None


def page_language() -> str:
    return (get_language() or "en").partition("-")[0]


def our_languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


def picked_program(request: StaffRequest) -> Program | None:
    """The one of the address, or the only one there is."""
    programs = visible_programs(request.user)
    wanted = whole_number(request.GET.get("program", ""))
    if wanted is not None:
        return programs.filter(pk=wanted).first()
    found = list(programs.order_by("name")[:2])
    return found[0] if len(found) == 1 else None


def typed(request: HttpRequest, name: str, longest: int = LONGEST_TEXT) -> str:
    """The page stops typing at ``longest``; browsers count a line break as one sign, as is done here."""
    said = with_one_sign_breaks(str(request.POST.get(name, "")))
    return str(said.replace("\x00", "")[:longest].strip())
