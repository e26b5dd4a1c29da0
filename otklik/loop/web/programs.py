"""Rules, causes and letters are kept program by program."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from otklik.identity.public import StaffRequest
from otklik.loop.access import programs_to_manage
from otklik.partners.public import Program


def chosen_program(request: StaffRequest) -> tuple[list[Program], Program | None]:
    """All that this person keeps, and the one of the address; the first one where it names none."""
    programs = list(programs_to_manage(request.user).order_by("name"))
    asked = request.GET.get("program", "")
    return programs, next(
        (one for one in programs if str(one.pk) == asked), programs[0] if programs else None
    )


def frame(request: StaffRequest, tab: str) -> dict[str, Any]:
    """What stands around each of these pages. ``tab``: the address name of the page."""
    programs, program = chosen_program(request)
    tabs = [("alert-rules", _("Alert rules")), ("root-causes", _("Root causes")), ("letters", _("Letters"))]
    return {"programs": programs, "program": program, "tab": tab, "tabs": tabs}
