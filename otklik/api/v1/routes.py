"""The REST API, version 1, with its description at ``openapi.json``."""

from __future__ import annotations

from typing import Any

import pydantic
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from otklik.api.v1 import (
    articles,
    articles_read,
    feedback,
    impact,
    loop,
    money,
    occasions,
    partners,
    payouts,
    surveys,
    tickets,
)

CODES = {
    400: "bad_request",
    401: "no_token",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "not_valid",
}

api = NinjaAPI(
    title="Otklik",
    version="1",
    urls_namespace="api-1",
    docs_url=None,
    description=(
        "Partners, contacts, answers, NPS, what moves it, surveys, tickets, alerts and money. "
        "Send `Authorization: Bearer <token>`; tokens are made at /tokens/."
    ),
)
api.add_router("", partners.router)
api.add_router("", feedback.router)
api.add_router("", occasions.router)
api.add_router("", surveys.router)
api.add_router("", tickets.router)
api.add_router("", money.router)
api.add_router("", payouts.router)
api.add_router("", loop.router)
api.add_router("", impact.router)
api.add_router("", articles.router)
api.add_router("", articles_read.router)

_AWAY = ("OperationalError", "InterfaceError")


def _problem(request: HttpRequest, status: int, message: str, where: str = "") -> HttpResponse:
    body = {"code": CODES.get(status, "error"), "message": message, "where": where}
    return api.create_response(request, body, status=status)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(request, error.status_code, error.message)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = _problem(request, 401, "Send a valid token: Authorization: Bearer otk_…")
    response.headers["WWW-Authenticate"] = 'Bearer realm="otklik"'
    return response


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(request, 404, "There is nothing here, or it is not yours to see.")


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    where = ".".join(str(part) for part in first.get("loc", ()))
    return _problem(request, 422, str(first.get("msg", "The request does not fit the description.")), where)


@api.exception_handler(pydantic.ValidationError)
def _not_written(request: HttpRequest, error: pydantic.ValidationError) -> HttpResponse:
    """While the answer is written its parts are still read, and pydantic keeps only the words of what went
    wrong there: a database that left in between must not pass for a fault of ours."""
    reasons = [str(one.get("ctx", {}).get("error", "")) for one in error.errors(include_url=False)]
    away = next((said for said in reasons if said.startswith(_AWAY)), None)
    raise OperationalError(away) if away else error
