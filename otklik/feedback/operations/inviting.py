"""Rows of invitations: a person and a moment, frozen, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from otklik.feedback.models import Invitation, SurveyVersion, Wave
from otklik.feedback.queries.asking import Person
from otklik.feedback.rules.forms import Form, read_form
from otklik.feedback.rules.plans import expires_at
from otklik.feedback.rules.vocabulary import InvitationState, Refusal, SurveyKind
from otklik.kit.bulk import insert_missing

_COLUMNS = (
    "wave_id",
    "key",
    "version_id",
    "program_id",
    "partner_id",
    "contact_id",
    "state",
    "reason",
    "picked_by_id",
    "language",
    "time_zone",
    "address",
    "segment",
    "tier",
    "country",
    "role",
    "manager_id",
    "planned_at",
    "send_at",
    "attempts",
    "reminders_sent",
    "provisional_hits",
    "expires_at",
)


class NewInvitation(NamedTuple):
    """`refusal`: left out, and why."""

    key: str
    person: Person
    send_at: datetime | None
    refusal: Refusal | None = None
    picked_by: int | None = None


def form_of(version: SurveyVersion, kind: str) -> Form:
    return read_form(SurveyKind(kind), version.wording, version.questions, asks_contact=version.asks_contact)


def write_invitations(rows: Sequence[NewInvitation], *, wave: Wave, form: Form, at: datetime) -> set[str]:
    """Keys of those that were written; a key the wave has already is left alone. One statement for every
    thousand rows; called in a transaction."""
    return insert_missing(Invitation, _COLUMNS, [_row(one, wave, form, at) for one in rows], told="key")


def _row(one: NewInvitation, wave: Wave, form: Form, at: datetime) -> tuple[Any, ...]:
    person, leaves = one.person, one.refusal is None
    return (
        wave.pk,
        one.key,
        wave.version_id,
        wave.program_id,
        person.partner_id,
        person.contact_id,
        (InvitationState.PLANNED if leaves else InvitationState.LEFT_OUT).value,
        "" if one.refusal is None else one.refusal.value,
        one.picked_by,
        form.language_for(*person.languages, person.partner_language),
        person.zone,
        person.address,
        person.segment,
        person.tier,
        person.country,
        person.role,
        person.manager_id,
        at,
        one.send_at if leaves else None,
        0,
        0,
        0,
        expires_at(one.send_at or at, wave.closes_at),
    )
