"""A large installation: 20,000 partners, 100,000 contacts, 1,000,000 answers over 24 months.

Two programs of 14,000 and 6,000 partners; the account managers of the first see own partners only. 12
segments, 5 tiers, 30 countries, 40 managers, each with partners in a few countries. An eighth of the answers
has words. Rows go in past the operations (so there are no events); histograms and search index are made by
the product's own rebuilds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.harness import cached_folder, note
from tests.bench.product import built_without_syncs, insert_many, key_of, make_tables, open_product

PARTNERS, CONTACTS, ANSWERS, MONTHS = 20_000, 100_000, 1_000_000, 24
MANAGERS = 40
OWN_ONLY_SHARE = 0.7
SEGMENTS = (
    "Affiliates", "Agencies", "Bloggers", "Cashback", "Coupons", "Brokers",
    "Networks", "Media", "Resellers", "Schools", "Tipsters", "Webmasters",
)  # fmt: skip
TIERS = ("", "bronze", "silver", "gold", "platinum")
COUNTRIES = (
    "RU", "KZ", "BY", "UZ", "AM", "GE", "AZ", "KG", "RS", "BG", "PL", "DE", "FR", "ES", "PT", "IT",
    "GB", "BR", "IN", "ID", "VN", "TH", "TR", "AE", "EG", "NG", "KE", "ZA", "MX", "AR",
)  # fmt: skip
ROLES = ("decision_maker", "influencer", "end_user", "unknown")
CHANNELS = ("email", "portal", "link", "telegram", "chat", "import")
FIRST = (
    "Vera", "Gleb", "Olga", "Pavel", "Irina", "Denis", "Marta", "Luca", "Aisha", "Tomas", "Светлана",
    "Андрей", "Мария", "Николай",
)  # fmt: skip
LAST = (
    "Orlova", "Sokolov", "Silva", "Novak", "Costa", "Weber", "Haddad", "Okafor", "Петрова", "Иванов",
    "Кузнецова", "Лебедев",
)  # fmt: skip
NOUNS = (
    "Aurora", "Borealis", "Comet", "Delta", "Ember", "Falcon", "Granit", "Harbor", "Iskra", "Juno",
    "Kontur", "Lumen", "Маяк", "Север",
)  # fmt: skip
KINDS = (
    "Media", "Traffic", "Group", "Partners", "Digital", "Agency", "Network", "Trade", "Студия",
    "Реклама",
)  # fmt: skip
COMMENT = (
    "The payout of March came late and nobody said why; the manager answers quickly, the reports are fine."
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who looks at the pages: the head sees everything, the managers own partners (in the first program): one
    has several hundred of them, the newcomer a few dozen."""

    head: int
    manager: int
    newcomer: int


@dataclass(slots=True)
class _World:
    random: np.random.Generator
    today: date
    program: np.ndarray[Any, Any]
    segment: np.ndarray[Any, Any]
    tier: np.ndarray[Any, Any]
    country: np.ndarray[Any, Any]
    manager: np.ndarray[Any, Any]


def open_large_installation() -> tuple[Path, Cast, str]:
    """The product on that database, made on the first call. The text says how long making it took."""
    today = datetime.now(UTC).date()
    key = key_of(Path(__file__), extra=f"{today:%Y-%m}")
    with cached_folder(f"pages-{key}") as (folder, ready):
        open_product(folder)
        report = folder / "built.txt"
        if not ready:
            began = time.perf_counter()
            make_tables()
            with built_without_syncs():
                _build(today)
            report.write_text(f"{time.perf_counter() - began:.0f} s", encoding="utf-8")
        return folder, _cast(), report.read_text(encoding="utf-8")


def _cast() -> Cast:
    from otklik.identity.public import User

    def id_of(name: str) -> int:
        return User.objects.get(email=f"{name}@bench.example").pk

    return Cast(id_of("head"), id_of("m1"), id_of(f"m{MANAGERS - 1}"))


def _build(today: date) -> None:
    from otklik.feedback.operations.histograms import rebuild_histograms
    from otklik.search.public import reindex

    random = np.random.default_rng(11)
    managers, versions = people_and_programs(today)
    country = random.choice(len(COUNTRIES), PARTNERS, p=_falling(len(COUNTRIES)))
    own_only = np.arange(PARTNERS) < PARTNERS * OWN_ONLY_SHARE
    world = _World(
        random,
        today,
        program=np.where(own_only, 0, 1),
        segment=random.choice(len(SEGMENTS), PARTNERS, p=_falling(len(SEGMENTS))),
        tier=random.choice(len(TIERS), PARTNERS, p=(0.05, 0.5, 0.25, 0.15, 0.05)),
        country=country,
        manager=_managers(random, country),
    )
    programs = [version[0] for version in versions]
    _step("partners", lambda: insert_many("partners_partner", _PARTNER, _partners(world, programs, managers)))
    roles = random.choice(len(ROLES), CONTACTS, p=(0.2, 0.25, 0.4, 0.15))
    employer = np.sort(
        np.concatenate([np.arange(PARTNERS), random.integers(0, PARTNERS, CONTACTS - PARTNERS)])
    )
    _step("contacts", lambda: insert_many("partners_contact", _CONTACT, _contacts(world, employer, roles)))
    _step("addresses", lambda: insert_many("partners_address", _ADDRESS, _addresses()))
    answers = _answers(world, employer, roles, programs, managers, [version[1] for version in versions])
    _step("answers", lambda: insert_many("feedback_response", RESPONSE, answers))
    _step("search index", lambda: reindex(at=datetime.now(UTC)))
    _step("histograms", rebuild_histograms)


def _managers(random: np.random.Generator, country: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Neighbouring countries share managers, and a large country has several. The last one is new."""
    manager = (country + random.integers(0, 6, PARTNERS) * 5) % MANAGERS
    handed_over = (manager == MANAGERS - 1) & (random.random(PARTNERS) < 0.85)
    return np.where(handed_over, MANAGERS - 2, manager)


def _step(name: str, run: Any) -> None:
    began = time.perf_counter()
    run()
    note(f"{name}: {time.perf_counter() - began:.1f} s")


def people_and_programs(today: date) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids of the managers; (program, survey version) of both programs."""
    from otklik.events.public import Actor
    from otklik.feedback.public import SurveyKind, create_survey
    from otklik.identity.operations.staff import create_first_administrator
    from otklik.identity.public import Role, create_user
    from otklik.partners.public import create_program

    at, by = datetime(today.year - 3, 1, 1, tzinfo=UTC), Actor.system()
    english = {"language": "en", "time_zone": "UTC"}
    create_first_administrator(
        email="root@bench.example", name="Root", password="not used at all", at=at, **english
    )
    create_user(email="head@bench.example", name="Anna Head", roles=[Role.HEAD], by=by, at=at, **english)
    managers = [
        create_user(
            email=f"m{n}@bench.example",
            name=f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]} {n}",
            roles=[Role.ACCOUNT_MANAGER],
            by=by,
            at=at,
            **english,
        ).pk
        for n in range(MANAGERS)
    ]
    versions = []
    for name, own_only in (("North", True), ("South", False)):
        program = create_program(
            name=name, slug=name.lower(), currency="EUR", managers_see_own_only=own_only, by=by, at=at
        )
        version = create_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=by, at=at)
        versions.append((program.pk, version.pk))
    return managers, versions


_PARTNER = (
    "id, program_id, name, name_key, external_id, status, tier, segment, country, language, "
    "time_zone, manager_id, revenue, contract_number, contract_started_on, renewal_on, custom, "
    "created_at, version"
)
_CONTACT = (
    "id, partner_id, name, name_key, external_id, job_title, authority, influence, role, "
    "role_overruled, languages, time_zone, preferred_channel, preferred_hours, consent, is_active, "
    "created_at, version"
)
_ADDRESS = "contact_id, kind, value, normalised, is_primary"
RESPONSE = (
    "version_id, kind, language, partner_id, contact_id, score, comment, status, source_key, "
    "responded_at, recorded_at, program_id, segment, tier, country, role, manager_id, channel, "
    "answers, is_late"
)


def _partners(world: _World, programs: list[int], managers: list[int]) -> Iterator[tuple[object, ...]]:
    from otklik.partners.rules.names import name_key

    joined = f"{world.today.year - 3}-02-01 09:00:00"
    statuses = world.random.choice(
        ["active", "applicant", "paused", "left"], PARTNERS, p=(0.8, 0.05, 0.1, 0.05)
    )
    names = world.random.integers(0, (len(NOUNS), len(KINDS)), (PARTNERS, 2))
    for n in range(PARTNERS):
        name = f"{NOUNS[names[n, 0]]} {KINDS[names[n, 1]]} {n}"
        renewal = world.today + timedelta(days=int(n * 7919 % 730) - 60)
        yield (
            n + 1, programs[world.program[n]], name, name_key(name), f"P-{n}", str(statuses[n]),
            TIERS[world.tier[n]], SEGMENTS[world.segment[n]], COUNTRIES[world.country[n]], "en", "UTC",
            managers[world.manager[n]], float(n * 104_729 % 5_000_000) / 100, f"C-{n}", "2023-01-10",
            renewal.isoformat(), "{}", joined, 1,
        )  # fmt: skip


def _contacts(
    world: _World, employer: np.ndarray[Any, Any], roles: np.ndarray[Any, Any]
) -> Iterator[tuple[object, ...]]:
    from otklik.partners.rules.names import name_key

    joined = f"{world.today.year - 3}-02-01 09:00:00"
    for n in range(CONTACTS):
        name = f"{FIRST[n % len(FIRST)]} {LAST[n // 7 % len(LAST)]} {n}"
        yield (
            n + 1, int(employer[n]) + 1, name, name_key(name), f"K-{n}", "Manager", "unknown", "unknown",
            ROLES[roles[n]], "", "[]", "", "email", "", "given", True, joined, 1,
        )  # fmt: skip


def _addresses() -> Iterator[tuple[object, ...]]:
    for n in range(CONTACTS):
        email = f"person{n}@partner{n % 9973}.example"
        yield (n + 1, "email", email, email, True)


def _answers(
    world: _World,
    employer: np.ndarray[Any, Any],
    roles: np.ndarray[Any, Any],
    programs: list[int],
    managers: list[int],
    versions: list[int],
) -> Iterator[tuple[object, ...]]:
    """In the order of time, as they come in; more in spring and autumn."""
    random = world.random
    who = random.integers(0, CONTACTS, ANSWERS)
    partner = employer[who]
    moments = _moments(world)
    mood = 0.55 + 0.02 * world.segment[partner] - 0.1 * (roles[who] == 2)
    draw = random.random(ANSWERS)
    score = np.where(
        draw < mood,
        random.integers(9, 11, ANSWERS),
        np.where(draw < mood + 0.2, random.integers(7, 9, ANSWERS), random.integers(0, 7, ANSWERS)),
    )
    # A fifth was given while somebody else looked after the partner.
    manager = np.where(
        random.random(ANSWERS) < 0.2, (world.manager[partner] + 5) % MANAGERS, world.manager[partner]
    )
    channel = random.choice(len(CHANNELS), ANSWERS, p=(0.6, 0.15, 0.1, 0.06, 0.05, 0.04))
    with_words = random.random(ANSWERS) < 0.125
    # Lists, because a million look-ups of single numpy elements take longer than the inserts.
    of_partner = [
        (versions[program], programs[program], SEGMENTS[segment], TIERS[tier], COUNTRIES[country])
        for program, segment, tier, country in zip(
            world.program.tolist(),
            world.segment.tolist(),
            world.tier.tolist(),
            world.country.tolist(),
            strict=True,
        )
    ]
    drawn = zip(
        partner.tolist(),
        who.tolist(),
        score.tolist(),
        roles[who].tolist(),
        manager.tolist(),
        channel.tolist(),
        with_words.tolist(),
        moments,
        strict=True,
    )
    for n, (p, person, given, role, looked_after, way, worded, moment) in enumerate(drawn):
        version, program, segment, tier, country = of_partner[p]
        yield (
            version, "nps", "en", p + 1, person + 1, given, COMMENT if worded else "", "complete",
            f"bench:{n:07d}", moment, moment, program, segment, tier, country, ROLES[role],
            managers[looked_after], CHANNELS[way], "{}", False,
        )  # fmt: skip


def _moments(world: _World) -> list[str]:
    """As Django writes them in SQLite, up to yesterday."""
    first = world.today.year * 12 + world.today.month - MONTHS
    start = np.datetime64(f"{first // 12}-{first % 12 + 1:02d}-01", "s")
    span = int((np.datetime64(world.today, "s") - start).astype(int))
    seconds = np.sort(world.random.integers(0, span, int(ANSWERS * 1.5)))
    season = 1 + 0.4 * np.sin(seconds / (365.25 * 86400) * 4 * np.pi)
    kept = world.random.choice(len(seconds), ANSWERS, replace=False, p=season / season.sum())
    texts = np.datetime_as_string(start + np.sort(seconds[kept]).astype("timedelta64[s]"))
    return [str(text).replace("T", " ") for text in texts]


def _falling(number: int) -> np.ndarray[Any, Any]:
    """Shares of which the first is the largest."""
    weights = 1 / (np.arange(number) + 3)
    return weights / weights.sum()
