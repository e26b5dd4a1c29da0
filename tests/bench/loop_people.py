"""Partners, their people, and the waves these were asked in. Scores, habits and dates are drawn; nothing here
knows the judgements that are measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from tests.bench.scale import COUNTRIES, FIRST, KINDS, LAST, NOUNS, SEGMENTS, TIERS

WAVES, DAYS_BETWEEN, DAYS_OPEN = 8, 91, 21
LAST_WAVE_DAYS_AGO = 45
TITLES = (
    "Managing director", "Head of partnerships", "Affiliate manager", "Media buyer", "Marketing director",
    "Accountant", "SEO specialist", "Директор по маркетингу", "Руководитель отдела", "Менеджер",
)  # fmt: skip
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    partners: int = 20_000
    people: int = 100_000
    answers: int = 60_000
    alerts: int = 20_000
    large: int = 300
    """People of the partner that is added behind the others."""


@dataclass(slots=True)
class Filling:
    random: np.random.Generator
    at: datetime
    size: Size
    managers: Sequence[int]
    versions: Sequence[Any]
    partners: list[Any]
    people: list[Any]


def store(model: Any, rows: Iterable[Any]) -> list[Any]:
    made: list[Any] = model.objects.bulk_create(rows, batch_size=_BATCH)
    return made


def add_partners(filling: Filling) -> None:
    from otklik.partners.models import Partner

    random, count = filling.random, filling.size.partners
    tier = random.choice(len(TIERS), count, p=(0.05, 0.5, 0.25, 0.15, 0.05)).tolist()
    country = random.integers(0, len(COUNTRIES), count).tolist()
    # The first manager has hundreds of partners, the last one a few dozen.
    weights = np.arange(len(filling.managers), 0, -1.0)
    manager = random.choice(len(filling.managers), count, p=weights / weights.sum()).tolist()
    renewal = random.integers(-60, 700, count).tolist()
    revenue = random.lognormal(9, 1.5, count).tolist()
    cut = count * 7 // 10
    rows = []
    for n in range(count + 1):
        here = n % count
        rows.append(
            Partner(
                program_id=filling.versions[0 if here < cut else -1].survey.program_id,
                name=f"{NOUNS[n % len(NOUNS)]} {KINDS[n // 14 % len(KINDS)]} {n}"
                if n < count
                else "Kontur 300",
                external_id=f"P-{n}",
                tier=TIERS[tier[here]],
                segment=SEGMENTS[n % len(SEGMENTS)],
                country=COUNTRIES[country[here]],
                manager_id=filling.managers[manager[here]],
                revenue=Decimal(f"{revenue[here]:.2f}"),
                contract_started_on=filling.at.date() - timedelta(days=900),
                # One of twenty has none.
                renewal_on=filling.at.date() + timedelta(days=renewal[here]) if n % 20 else None,
                created_at=filling.at - timedelta(days=900),
            )
        )
    filling.partners = store(Partner, rows)


def add_people(filling: Filling) -> None:
    """Everybody has one person, most some, few many; two of ten without a role."""
    from otklik.partners.models import Address, Contact
    from otklik.partners.rules.roles import role_from
    from otklik.partners.rules.vocabulary import Authority, Influence

    random, count, partners = filling.random, filling.size.people, filling.size.partners
    more = random.choice(partners, count - partners, p=_uneven(random, partners))
    employer = [
        *np.sort(np.concatenate([np.arange(partners), more])).tolist(),
        *[partners] * filling.size.large,
    ]
    authority = random.choice(["unknown", "none", "shared", "final"], len(employer), p=(0.2, 0.5, 0.2, 0.1))
    influence = random.choice(["unknown", "low", "medium", "high"], len(employer), p=(0.2, 0.4, 0.25, 0.15))
    stated = random.integers(10, 700, len(employer)).tolist()
    active = (random.random(len(employer)) > 0.04).tolist()
    rows = []
    for n, (company, a, i) in enumerate(zip(employer, authority.tolist(), influence.tolist(), strict=True)):
        when, by = filling.at - timedelta(days=stated[n]), filling.managers[n % len(filling.managers)]
        rows.append(
            Contact(
                partner=filling.partners[company],
                name=f"{FIRST[n % len(FIRST)]} {LAST[n // 7 % len(LAST)]} {n}",
                external_id=f"K-{n}",
                job_title=TITLES[n * 7 % len(TITLES)] if n % 9 else "",
                authority=a, authority_set_by_id=None if a == "unknown" else by,
                authority_set_at=None if a == "unknown" else when,
                influence=i, influence_set_by_id=None if i == "unknown" else by,
                influence_set_at=None if i == "unknown" else when,
                role=role_from(Authority(a), Influence(i), None).value,
                consent="given", preferred_channel="email",
                is_active=active[n] or company == partners,
                created_at=filling.at - timedelta(days=900),
            )
        )  # fmt: skip
    filling.people = store(Contact, rows)
    addresses = ((one.pk, f"person{n}@partner{n % 9973}.example") for n, one in enumerate(filling.people))
    store(
        Address,
        (Address(contact_id=pk, kind="email", value=a, normalised=a, is_primary=True) for pk, a in addresses),
    )


def _uneven(random: np.random.Generator, count: int) -> np.ndarray[Any, Any]:
    weights = random.lognormal(0, 0.8, count)
    return np.asarray(weights / weights.sum())


def add_waves(filling: Filling) -> list[Any]:
    """Every wave asks a sixth of all, and the large partner whole; three of seven answer."""
    from otklik.feedback.models import Invitation, Wave

    random, size = filling.random, filling.size
    asked = size.answers * 7 // 3 // WAVES
    level = random.normal(7.6, 1.6, len(filling.people))
    habit = random.beta(1.8 * 0.43, 1.8 * 0.57, len(filling.people))
    rows = []
    for turn in range(WAVES):
        days = LAST_WAVE_DAYS_AGO + DAYS_BETWEEN * (WAVES - 1 - turn)
        started = filling.at - timedelta(days=days)
        waves = [
            Wave(
                survey=version.survey, version=version, program_id=version.survey.program_id,
                name=f"Quarter {turn + 1}", mode="wave", state="closed", starts_at=started,
                closes_at=started + timedelta(days=DAYS_OPEN), started_at=started,
                closed_at=started + timedelta(days=DAYS_OPEN), planned=asked, people=asked,
                created_at=started,
            )
            for version in filling.versions
        ]  # fmt: skip
        of_program = {wave.program_id: wave for wave in store(Wave, waves)}
        chosen = random.choice(size.people, asked, replace=False)
        everybody = np.concatenate([chosen, np.arange(size.people, len(filling.people))])
        answers = random.random(len(everybody)) < habit[everybody]
        hours = random.exponential(60, len(everybody)).clip(0.1, DAYS_OPEN * 24 - 1)
        scores = np.rint(level[everybody] + random.normal(0, 1.1, len(everybody))).clip(0, 10).astype(int)
        drawn = zip(everybody.tolist(), answers.tolist(), hours.tolist(), scores.tolist(), strict=True)
        for person, answered, after, score in drawn:
            one = filling.people[person]
            if one.is_active:
                wave = of_program[one.partner.program_id]
                came = started + timedelta(hours=after) if answered else None
                rows.append((_invitation(one, wave, started, came), score))
    store(Invitation, (invitation for invitation, _ in rows))
    _add_answers(rows)
    return [invitation for invitation, _ in rows]


def _invitation(person: Any, wave: Any, started: datetime, answered: datetime | None) -> Any:
    from otklik.feedback.models import Invitation

    partner = person.partner
    return Invitation(
        wave=wave, key=f"contact:{person.pk}", version=wave.version, program_id=partner.program_id,
        partner=partner, contact=person, state="sent", language="en", time_zone="UTC",
        segment=partner.segment, tier=partner.tier, country=partner.country, role=person.role,
        manager_id=partner.manager_id, planned_at=started, send_at=started, sent_at=started,
        expires_at=started + timedelta(days=DAYS_OPEN), answered_at=answered,
    )  # fmt: skip


def _add_answers(rows: Iterable[tuple[Any, int]]) -> None:
    from otklik.feedback.models import Response

    store(
        Response,
        (
            Response(
                version=one.version, kind="nps", language="en", partner=one.partner, contact=one.contact,
                invitation=one, score=score, source_key=f"invitation:{one.pk}",
                comment="The payout came late and nobody said why." if one.pk % 5 == 0 else "",
                responded_at=one.answered_at, recorded_at=one.answered_at, program_id=one.program_id,
                segment=one.segment, tier=one.tier, country=one.country, role=one.role,
                manager_id=one.manager_id, channel="email",
            )
            for one, score in rows
            if one.answered_at is not None
        ),
    )  # fmt: skip
