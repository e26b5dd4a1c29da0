"""An answer on its way from the page to the operation: the same checks for the fast door and for Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from otklik.feedback.models import SurveyLink
from otklik.feedback.operations.answering import GivenAnswer, Taken
from otklik.feedback.rules.answering import KEPT, Outcome
from otklik.feedback.tokens import BadToken, invitation_of
from otklik.feedback.web.answering.reading import LARGEST, Posted, Unreadable, read_script
from otklik.kit.outage import Outage, outage_of

# Pages of other hosts cannot send it without being asked whether they may, and nobody says that they may.
HEADER = "HTTP_X_OTKLIK_ANSWER"
STATUS = {
    **dict.fromkeys(KEPT, 200),
    Outcome.UNKNOWN: 404,
    Outcome.EXPIRED: 410,
    Outcome.ERASED: 410,
    Outcome.WITHDRAWN: 410,
    Outcome.CLOSED: 410,
    Outcome.OFF_SCALE: 422,
    Outcome.TOO_LONG: 422,
    Outcome.TOO_MANY: 429,
}
_OUTAGE = {
    Outage.DATABASE_AWAY: (503, "The database cannot be reached just now. Send the same answer again."),
    Outage.DISK_FULL: (507, "The server has no room left. Nothing was stored; send the same answer later."),
}
Environ = Mapping[str, Any]
Take = Callable[[GivenAnswer], Taken]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer is given: an invitation or a link."""

    invitation_id: int | None = None
    link_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Mapping[str, str]


class Busy(Exception):
    """Too many answers wait to be stored; this one was not, or it is not known to be: send it again."""


def place_of_token(token: str) -> Place | None:
    try:
        return Place(invitation_id=invitation_of(token))
    except BadToken:
        return None


_links: dict[str, int] = {}


def known_place(slug: str) -> Place | None:
    """Links are never deleted and keep their slug, so one that was seen need not be looked for again."""
    found = _links.get(slug)
    return Place(link_id=found) if found is not None else None


def place_of_slug(slug: str) -> Place | None:
    if (known := known_place(slug)) is not None:
        return known
    found = SurveyLink.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        return None
    if len(_links) < 10_000:
        _links[slug] = found
    return Place(link_id=found)


def receive(environ: Environ, body: bytes, place: Place | None, take: Take, *, at: datetime) -> Reply:
    """An answer that our script sent. Whatever breaks on our side is raised."""
    if len(body) > LARGEST:
        return too_large()
    if is_foreign(environ):
        return Reply(403, {"code": "foreign", "message": "Answers come from our own page only."})
    if place is None:
        return Reply(404, {"code": Outcome.UNKNOWN.value})
    try:
        posted = read_script(body)
    except Unreadable:
        return Reply(400, {"code": "unreadable"})
    given = given_answer(environ, place, posted, at=at)
    if given is None:
        return Reply(400, {"code": "unreadable"})
    outcome = take(given).outcome
    name = "outcome" if outcome in KEPT else "code"
    return Reply(STATUS[outcome], {name: outcome.value})


def given_answer(environ: Environ, place: Place, posted: Posted, *, at: datetime) -> GivenAnswer | None:
    """None where a link's answer has no key."""
    if place.link_id is not None and not posted.client_key:
        return None
    network = network_of(environ)
    agent, languages = environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return GivenAnswer(
        score=posted.score,
        at=at,
        invitation_id=place.invitation_id,
        link_id=place.link_id,
        client_key=posted.client_key if place.link_id is not None else "",
        version_id=posted.version_id,
        comment=posted.comment,
        answers=posted.answers,
        may_contact=posted.may_contact,
        language=posted.language,
        gesture=posted.gesture,
        device=f"{agent[:400]}\n{languages[:100]}\n{posted.screen}\n{network}",
        network=network,
        seconds=posted.seconds,
    )


def is_foreign(environ: Environ) -> bool:
    """Sent by a page of another host. Programs that say nothing about it are no browser, and forge nothing in
    anybody's name: there is no cookie that an answer would ride on."""
    if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
        return True
    origin = environ.get("HTTP_ORIGIN")
    if not origin:
        return False
    host = urlsplit(str(origin)).netloc
    return host not in (environ.get("HTTP_HOST"), urlsplit(settings.OTKLIK.public_url).netloc)


def network_of(environ: Environ) -> str:
    """Behind a proxy the address that the proxy itself added last; without one the header is whatever the
    visitor writes."""
    if settings.OTKLIK.behind_proxy and (forwarded := environ.get("HTTP_X_FORWARDED_FOR")):
        return str(forwarded).rpartition(",")[2].strip()[:60]
    return str(environ.get("REMOTE_ADDR") or "")[:60]


def too_large() -> Reply:
    return Reply(413, {"code": Outcome.TOO_LONG.value})


def broken(error: BaseException) -> Reply | None:
    """What to say where the database is away or the disk is full; None where it is a fault of ours."""
    if isinstance(error, Busy):
        status, message = _OUTAGE[Outage.DATABASE_AWAY]
        return Reply(status, {"code": "busy", "message": message})
    outage = outage_of(error)
    if outage not in _OUTAGE:
        return None
    status, message = _OUTAGE[outage]
    return Reply(status, {"code": outage.value, "message": message})
