"""The relationship map of the large installation (``scale.py``): waves in which everybody was asked, ties,
products and needs, goals and tickets; then what the product's own jobs keep of all of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from tests.bench.harness import note
from tests.bench.product import insert_many

WEEKS_AGO = (60, 34, 8)
PRODUCTS = ("CPA", "Coupons", "Revenue share", "Mobile", "Storefront", "Feeds")
_INVITATION = (
    "id, wave_id, key, version_id, program_id, partner_id, contact_id, state, reason, language, time_zone, "
    "address, segment, tier, country, role, manager_id, planned_at, attempts, sent_at, reminders_sent, "
    "expires_at, provisional_hits, answered_at"
)
_RESPONSE = (
    "version_id, kind, language, partner_id, contact_id, invitation_id, score, comment, status, source_key, "
    "responded_at, recorded_at, program_id, segment, tier, country, role, manager_id, channel, "
    "answers, is_late"
)
_TIE = "contact_id, user_id, kind, level, stated_at"
_ITEM = "partner_id, kind, name"


def fill_map(at: datetime, *, seed: int = 6) -> dict[str, float]:
    """Once, on an installation with partners, people and an NPS survey in each program. Seconds by step."""
    random = np.random.default_rng(seed)
    took = {
        "waves": _timed(lambda: _waves(random, at)),
        "ties": _timed(lambda: insert_many("relationships_tie", _TIE, _ties(random, at))),
        "items": _timed(lambda: insert_many("partners_partneritem", _ITEM, _items(random))),
    }
    took |= run_jobs(at)
    for name, seconds in took.items():
        note(f"{name}: {seconds:.1f} s")
    return took


def run_jobs(at: datetime) -> dict[str, float]:
    """What workers make again by the clock."""
    from otklik.relationships.operations.checks import check_due
    from otklik.relationships.operations.silence import count_silence

    return {
        "silence counted": _timed(lambda: count_silence(at=at)),
        "partners checked": _timed(lambda: check_due(at=at)),
    }


def _timed(run: object) -> float:
    began = time.perf_counter()
    run()  # type: ignore[operator]
    return time.perf_counter() - began


def _waves(random: np.random.Generator, at: datetime) -> None:
    from otklik.feedback.public import SurveyKind, SurveyVersion, Wave, WaveMode, WaveState

    for version in SurveyVersion.objects.filter(survey__kind=SurveyKind.NPS).select_related("survey"):
        for weeks in WEEKS_AGO:
            begun = at - timedelta(weeks=weeks)
            wave = Wave.objects.create(
                survey=version.survey, version=version, program_id=version.survey.program_id,
                name=f"Wave {begun:%Y-%m}", mode=WaveMode.WAVE, state=WaveState.CLOSED,
                created_at=begun, started_at=begun, closed_at=begun + timedelta(days=14),
            )  # fmt: skip
            asked = list(_asked(random, wave, begun))
            insert_many("feedback_invitation", _INVITATION, [row for row, _ in asked])
            insert_many("feedback_response", _RESPONSE, [row for _, row in asked if row])


def _asked(
    random: np.random.Generator, wave: object, begun: datetime
) -> Iterator[tuple[tuple[object, ...], tuple[object, ...] | None]]:
    """Everybody; each person has a habit of their own."""
    from django.db.models import Max

    from otklik.feedback.public import Invitation, Wave
    from otklik.partners.public import Contact

    assert isinstance(wave, Wave)
    first = (Invitation.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    sent, answered = _text(begun), _text(begun + timedelta(days=1))
    over = _text(begun + timedelta(days=14))
    people = Contact.objects.filter(partner__program=wave.program_id).order_by("pk").values_list(
        "pk", "partner_id", "role", "partner__segment", "partner__tier", "partner__country",
        "partner__manager_id",
    )  # fmt: skip
    for n, (person, partner, role, segment, tier, country, manager) in enumerate(people):
        habit = (person * 7919 % 100) / 100
        score = int(random.integers(0, 11)) if random.random() < 0.8 * habit else None
        pk, key = first + n, f"c{person}"
        frozen = (segment, tier, country, role, manager)
        asked = (
            pk, wave.pk, key, wave.version_id, wave.program_id, partner, person, "sent", "", "en", "UTC", "",
            *frozen, sent, 0, sent, 0, over, 0, None if score is None else answered,
        )  # fmt: skip
        given = (
            wave.version_id, "nps", "en", partner, person, pk, score, "", "complete", f"map:{pk}", answered,
            answered, wave.program_id, *frozen, "email", "{}", False,
        )  # fmt: skip
        yield asked, None if score is None else given


def _ties(random: np.random.Generator, at: datetime) -> Iterator[tuple[object, ...]]:
    """Of a third of the people to whoever keeps their partner."""
    from otklik.partners.public import Contact

    levels = ("none", "weak", "working", "strong")
    stated = _text(at - timedelta(days=90))
    kept = Contact.objects.filter(partner__manager__isnull=False).order_by("pk")
    for person, manager in kept.values_list("pk", "partner__manager_id"):
        if person % 3 == 0:
            yield person, manager, "manager", levels[int(random.integers(0, 4))], stated


def _items(random: np.random.Generator) -> Iterator[tuple[object, ...]]:
    from otklik.partners.public import Partner

    for partner in Partner.objects.order_by("pk").values_list("pk", flat=True):
        names = [name for name in PRODUCTS if random.random() < 0.4]
        yield from ((partner, "product", name) for name in names)
        if random.random() < 0.1:
            yield partner, "need", PRODUCTS[int(random.integers(0, len(PRODUCTS)))]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
