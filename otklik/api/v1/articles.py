"""What articles are worth, over REST: the figures of the page of what is missing, as they were stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer
from otklik.api.v1.schemas import Moment
from otklik.identity.public import Right
from otklik.knowledge.public import latest_figures

router = Router(tags=["articles"])
READ = Bearer(Scope.TICKETS_READ, Right.EDIT_ARTICLES)


class VisitShareOut(BaseModel):
    """A share on 0..1 with its 95 % interval."""

    value: float
    low: float
    high: float


class DeflectionOut(BaseModel):
    """Visits of the last 30 days. ``share``: those after which that person wrote no ticket on the topic
    within 72 hours; ``share_by_company``: nobody of their company did. Null where nothing was counted."""

    computed_at: Moment | None
    counted: int
    solved: int
    solved_by_company: int
    pending: int
    anonymous: int
    asked_before: int
    share: VisitShareOut | None
    share_by_company: VisitShareOut | None


@router.get("/articles/deflection", auth=READ, response=DeflectionOut)
def deflection(request: HttpRequest) -> dict[str, Any]:
    """How many visits to articles spared a ticket. ``computed_at`` is null before the first count."""
    figures = latest_figures()
    nothing: dict[str, Any] = dict.fromkeys(DeflectionOut.model_fields, 0)
    nothing |= {"share": None, "share_by_company": None}
    if figures is None:
        return {**nothing, "computed_at": None}
    return {**nothing, **figures.deflection, "computed_at": figures.computed_at}
