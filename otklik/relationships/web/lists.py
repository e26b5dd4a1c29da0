"""What the lists over many partners share: whose rows, what they are narrowed by, and their file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import QueryDict, StreamingHttpResponse
from django.utils.translation import get_language, override

from otklik.identity.public import Right, StaffRequest, User, staff_choices
from otklik.kit.clock import now
from otklik.kit.tabular.export import csv_lines
from otklik.partners.public import Program, visible_programs
from otklik.relationships.access import map_partners

A_PAGE = 50
CHUNK = 500
_MOST_DIGITS = 18
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What stands in the address; odd values are taken as not given."""

    program: int | None
    manager: int | None
    mine: bool
    programs: Sequence[Program]
    managers: Sequence[tuple[int, str]]


def narrowed(request: StaffRequest) -> Narrowed:
    """Two queries. Whose partners is a question only for those who see more than their own."""
    user, asked = request.user, request.GET
    programs = list(visible_programs(user).order_by("name", "pk"))
    managers = staff_choices() if user.may(Right.SEE_ALL_PARTNERS) else []
    program, manager = number_of(asked, "program"), number_of(asked, "manager")
    return Narrowed(
        program if program in {one.pk for one in programs} else None,
        manager if manager in {pk for pk, _ in managers} else None,
        "mine" in asked,
        programs,
        managers,
    )


def number_of(asked: QueryDict, name: str) -> int | None:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def word_of(asked: QueryDict, name: str, words: Iterable[str]) -> str:
    text = asked.get(name, "")
    return next((word for word in words if word == text), "")


def rows_of(
    rows: QuerySet[Row], user: User, by: Narrowed, *, to_program: str = "partner__program"
) -> QuerySet[Row]:
    """Rows with a ``partner`` that this person sees and asked for. Those who see all need no look at the
    partners: whoever is erased has no such rows."""
    manager = user.pk if by.mine else by.manager
    sees_all = user.may(Right.SEE_PARTNERS) and user.may(Right.SEE_FEEDBACK)
    if by.program:
        rows = rows.filter(**{to_program: by.program})
    if manager is None and sees_all and user.may(Right.SEE_ALL_PARTNERS):
        return rows
    partners = map_partners(user)
    return rows.filter(partner__in=partners if manager is None else partners.filter(manager=manager))


def page_of(rows: QuerySet[Row], number: str | None) -> Page[Row]:
    """Ids first: a database that sorts 30,000 rows with all that is joined to them takes thrice as long."""
    page: Page[Any] = Paginator(rows.values_list("pk", flat=True), A_PAGE).get_page(number)
    ids = list(page.object_list)
    found = {one.pk: one for one in rows.order_by().filter(pk__in=ids)}
    page.object_list = [found[pk] for pk in ids if pk in found]
    return page


def csv_answer(
    name: str, columns: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Lines are made while the answer is sent, when the request's own language is no longer set."""
    header = [str(column) for column in columns]
    lines = _in_language(get_language() or "en", csv_lines(header, rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{now():%Y-%m-%d}.csv"'
    return response


def _in_language(language: str, lines: Iterator[str]) -> Iterator[str]:
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def rows_for_file(rows: QuerySet[Row]) -> Iterator[Row]:
    return rows.iterator(chunk_size=CHUNK)


def may_export(user: User) -> bool:
    return user.may(Right.EXPORT)


def reasons_in_words(reasons: Sequence[Sequence[Any]], words: Any) -> str:
    return "; ".join(str(words.get(word, word)) for word, *_ in reasons)
