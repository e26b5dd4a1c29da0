"""What every page of impact is about: a program, an outcome, and what was found of them last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from otklik.identity.public import StaffRequest
from otklik.impact.access import studied_programs
from otklik.impact.labels import OUTCOMES
from otklik.impact.queries.heard import heard
from otklik.impact.queries.reports import Newest, newest, newest_of
from otklik.impact.rules.report import Report
from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.kit.clock import now
from otklik.partners.public import Program


@dataclass(frozen=True, slots=True)
class Asked:
    programs: Sequence[Program]
    program: Program
    outcome: Outcome
    newest: Newest
    report: Report | None
    at: datetime

    @property
    def query(self) -> str:
        """The same question on another page."""
        return query_of(self.program, self.outcome)

    @property
    def is_computing(self) -> bool:
        return self.newest.is_computing(self.at)

    @property
    def has_failed(self) -> bool:
        return self.newest.has_failed(self.at)


def query_of(program: Program, outcome: Outcome) -> str:
    return urlencode({"program": program.pk, "outcome": outcome.value})


def read_asked(request: StaffRequest) -> Asked | None:
    """By the address; odd values are taken as not given. None: this person sees no program whole."""
    programs = list(studied_programs(request.user).order_by("name", "pk"))
    if not programs:
        return None
    outcome = read_outcome(request.GET.get("outcome", ""))
    return asked_of(programs, chosen_program(programs, request.GET.get("program", ""), outcome), outcome)


def asked_of(programs: Sequence[Program], program: Program, outcome: Outcome) -> Asked:
    found = newest(program.pk, outcome)
    report = None if found.done is None else found.done.report
    return Asked(programs, program, outcome, found, report, now())


def read_outcome(word: str) -> Outcome:
    return next((one for one in Outcome if one.value == word), Outcome.NPS)


def read_exposure(word: str) -> Exposure:
    """Of an address; nothing is there under another word."""
    if word not in set(Exposure):
        raise Http404
    return Exposure(word)


def answer(request: StaffRequest, template: str, room: str, asked: Asked | None, **more: Any) -> HttpResponse:
    """The page, or, where nothing was found yet, what it takes to find something."""
    context = frame(room, asked)
    if asked is None:
        return render(request, "impact/nobody.html", context)
    if asked.report is None:
        return render(
            request, "impact/nothing.html", context | {"heard": heard(asked.program.pk, asked.outcome)}
        )
    return render(request, template, context | more)


def frame(room: str, asked: Asked | None) -> dict[str, Any]:
    """What every page of impact shows around its own."""
    context: dict[str, Any] = {"room": room, "asked": asked.query if asked else "", "page_of": asked}
    if asked is None:
        return context
    return context | {
        "outcomes": [(one.value, name) for one, name in OUTCOMES.items()],
        "outcome": OUTCOMES[asked.outcome],
        "report": asked.report,
    }


def chosen_program(programs: Sequence[Program], given: str, outcome: Outcome) -> Program:
    """The one asked for; else the one about which something was found last."""
    by_id = {str(one.pk): one for one in programs}
    if given in by_id:
        return by_id[given]
    found = newest_of([one.pk for one in programs], outcome)
    return programs[0] if found is None else by_id[str(found.program_id)]
