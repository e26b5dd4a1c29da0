"""Something happened to a person, told by another system: a survey may be waiting for it."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.partners import program_by
from otklik.api.v1.schemas import Id, Moment, Strict, Text
from otklik.events.public import Actor
from otklik.feedback.public import OccasionRefused, note_occasion
from otklik.identity.public import Right, User
from otklik.kit.clock import now
from otklik.partners.public import (
    AddressKind,
    BadAddress,
    contacts_with_address,
    normalise_address,
    visible_contact,
)

router = Router(tags=["feedback"])
WRITE = Bearer(Scope.FEEDBACK_WRITE, Right.IMPORT)


class OccasionIn(Strict):
    """``name``: as the plan of a survey names it. ``key``: its name in your system; told twice, it asks once.
    The person by ``contact_id``, or by ``email`` within the program."""

    program: Text
    name: Text
    key: Text
    happened_at: Moment
    contact_id: Id | None = None
    email: Text = ""


class OccasionOut(Schema):
    """How many surveys it set off now. 0 where nobody waits for this event, the person must not be asked now,
    or it is told of more than 30 days after the question was due: the wave's page says why."""

    surveys: int


@router.post("/occasions", auth=WRITE, response=OccasionOut)
def note(request: HttpRequest, payload: OccasionIn) -> OccasionOut:
    """Tell of a payout, a finished course or an onboarding, so that the person is asked about it."""
    owner, at = owner_of(request), now()
    if payload.happened_at > at:
        raise HttpError(422, "happened_at: it has not happened yet.")
    contact_id = _contact(payload, owner)
    by = Actor.person(owner.pk)
    try:
        surveys = note_occasion(
            contact_id=contact_id,
            name=payload.name,
            key=payload.key,
            happened_at=payload.happened_at,
            by=by,
            at=at,
        )
    except OccasionRefused:
        raise HttpError(
            422,
            "name, key: a name of small letters, digits, dots and dashes such as payout.paid, and a key of "
            "at most 50 characters that does not begin with own-.",
        ) from None
    return OccasionOut(surveys=surveys)


def _contact(payload: OccasionIn, owner: User) -> int:
    program = program_by(payload.program, owner)
    contact_id = payload.contact_id if payload.contact_id is not None else _by_email(payload, program.pk)
    found = visible_contact(owner, contact_id)
    if found is None or found.erased_at is not None or found.partner.program_id != program.pk:
        raise Http404
    return contact_id


def _by_email(payload: OccasionIn, program_id: int) -> int:
    try:
        address = normalise_address(AddressKind.EMAIL, payload.email)
    except BadAddress:
        raise HttpError(422, "contact_id, email: say who it is by one of them.") from None
    found = contacts_with_address(address, program_id=program_id)
    if len(found) > 1:
        raise HttpError(409, "email: several people of the program have this address; say contact_id.")
    if not found:
        raise Http404
    return found[0][0]
