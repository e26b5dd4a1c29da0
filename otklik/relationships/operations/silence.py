"""Who is silent, over all waves: kept in rows that are made again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from otklik.feedback.public import (
    Invitation,
    Response,
    ResponseStatus,
    SurveyKind,
    Wave,
    WaveState,
)
from otklik.kit.bulk import put_for_ids
from otklik.kit.chunks import in_chunks
from otklik.partners.public import Contact
from otklik.relationships.models import SilentPerson
from otklik.relationships.queries.waves import REACHED, WaveResults, results_of
from otklik.relationships.rules.calls import reasons_of
from otklik.relationships.rules.silence import SilenceReason, Silent
from otklik.relationships.rules.vocabulary import TieLevel

CHUNK = 1000
GOOD_FOR = timedelta(hours=20)
_COLUMNS = (
    "partner_id",
    "program_id",
    "wave_id",
    "kind",
    "role",
    "chance",
    "points",
    "reasons",
    "tie",
    "open_tickets",
    "counted_at",
)


def count_silence(*, at: datetime) -> int:
    """Everybody whose last closed wave went unanswered, from the latest wave back. How many they are. Run
    again it leaves the same rows; whoever is silent no longer has none."""
    seen: set[int] = set()
    count = 0
    for wave in _closed_waves():
        asked = set(
            Invitation.objects.filter(REACHED, wave=wave).order_by().values_list("contact_id", flat=True)
        )
        if asked <= seen:
            continue
        count += _count_wave(wave, seen, at)
        seen |= asked
    SilentPerson.objects.filter(counted_at__lt=at).delete()
    return count


def count_if_due(*, at: datetime) -> None:
    """All of it where the last time lies back; else only those are taken out who answered since or left."""
    if SilentPerson.objects.filter(counted_at__gt=at - GOOD_FOR).exists():
        drop_the_heard()
    else:
        count_silence(at=at)


def drop_the_heard() -> int:
    """How many stand in the list no longer."""
    answered = Response.objects.filter(
        contact=OuterRef("contact"),
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__gte=OuterRef("wave__started_at"),
    )
    gone = SilentPerson.objects.filter(
        Q(Exists(answered)) | Q(contact__is_active=False) | Q(contact__erased_at__isnull=False)
    )
    ids = list(gone.values_list("pk", flat=True))
    for some in in_chunks(ids, CHUNK):
        SilentPerson.objects.filter(pk__in=some).delete()
    return len(ids)


def _closed_waves() -> Iterable[Wave]:
    rows = Wave.objects.filter(state=WaveState.CLOSED, survey__kind=SurveyKind.NPS, started_at__isnull=False)
    return rows.order_by(F("started_at").desc(), "-pk")


def _count_wave(wave: Wave, seen: set[int], at: datetime) -> int:
    results = results_of(wave.pk, at=at)
    heard = _heard_since(wave)
    silent = [one for one in results.silent if one.id not in seen and one.id not in heard]
    for some in in_chunks(silent, CHUNK):
        _store(some, results, wave, at)
    return len(silent)


def _heard_since(wave: Wave) -> set[int | None]:
    theirs = Invitation.objects.filter(wave=wave).values("contact_id")
    rows = Response.objects.filter(
        contact__in=theirs,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__gte=wave.started_at,
    )
    return set(rows.order_by().values_list("contact_id", flat=True))


@transaction.atomic
def _store(silent: Sequence[Silent], results: WaveResults, wave: Wave, at: datetime) -> None:
    ids = [one.id for one in silent]
    people = Contact.objects.filter(pk__in=ids, erased_at=None, is_active=True)
    there = {pk: (partner, program) for pk, partner, program in people.values_list(
        "pk", "partner_id", "partner__program_id"
    )}  # fmt: skip
    rows = [_row(one, *there[one.id], results, wave, at) for one in silent if one.id in there]
    put_for_ids(SilentPerson, ("contact_id",), _COLUMNS, rows)


def _row(
    one: Silent, partner_id: int, program_id: int, results: WaveResults, wave: Wave, at: datetime
) -> tuple[Any, ...]:
    values = {reason.reason: reason.value for reason in one.reasons}
    return (
        one.id,
        partner_id,
        program_id,
        wave.pk,
        one.kind.value,
        results.people[one.id].role.value,
        one.chance,
        one.points,
        reasons_of(one.reasons),
        # A strong tie and no ticket are no reasons, and stand among none.
        values.get(SilenceReason.TIE, TieLevel.STRONG.value),
        values.get(SilenceReason.TICKETS, 0),
        at,
    )
