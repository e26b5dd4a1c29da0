"""Partners with their people on the map and the loop under way: 20,000 partners, 100,000 people, eight
quarterly waves with 60,000 answers and more silences, 20,000 alerts, and one partner with 300 people.

Rows go in past the operations (so there are no events), by ``bulk_create``: on any database, and beside what
is there already. Nothing here knows the judgements that are measured: scores, answers and dates are drawn.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tests.bench.harness import cached_folder
from tests.bench.loop_people import Filling, Size, add_partners, add_people, add_waves
from tests.bench.loop_rows import add_alerts, add_map, add_work
from tests.bench.product import built_without_syncs, make_tables, open_product, schema_digest
from tests.bench.scale import people_and_programs

# Another number where what is made here changes: kept databases of before are made anew.
EDITION = 2
_SEED = 41


@dataclass(frozen=True, slots=True)
class Filled:
    large_partner: int
    waves: tuple[int, ...]
    """Of the first program, the oldest first."""


def fill(
    *, managers: Sequence[int], versions: Sequence[int], at: datetime, size: Size | None = None
) -> Filled:
    """``versions``: of an NPS survey of each program; the first program gets 7 of 10 partners."""
    from otklik.feedback.models import SurveyVersion

    random = np.random.default_rng(_SEED)
    found = [SurveyVersion.objects.select_related("survey").get(pk=pk) for pk in versions]
    filling = Filling(random, at, size or Size(), managers, found, [], [])
    add_partners(filling)
    add_people(filling)
    invited = add_waves(filling)
    add_alerts(filling, invited)
    add_map(filling)
    add_work(filling)
    first = found[0].survey.program_id
    waves = sorted({(one.wave.started_at, one.wave_id) for one in invited if one.program_id == first})
    return Filled(filling.partners[-1].pk, tuple(pk for _, pk in waves))


@dataclass(frozen=True, slots=True)
class Installation:
    """Ids. ``manager`` has hundreds of partners and sees no others of the first program; ``keeper`` keeps the
    large one."""

    head: int
    manager: int
    keeper: int
    filled: Filled
    built: str


def open_loop(size: Size | None = None) -> tuple[Path, Installation]:
    """The product on that database, made on the first call."""
    at = datetime.now(UTC).replace(microsecond=0)
    wanted = size or Size()
    extra = f"{EDITION} {wanted} {at:%Y-%m}"
    digest = hashlib.sha256(f"{schema_digest()}{extra}".encode()).hexdigest()[:12]
    with cached_folder(f"loop-{digest}") as (folder, ready):
        open_product(folder)
        told = folder / "loop.json"
        if not ready:
            began = time.perf_counter()
            make_tables()
            with built_without_syncs():
                managers, versions = people_and_programs(at.date())
                surveys = [version for _, version in versions]
                filled = fill(managers=managers, versions=surveys, at=at, size=wanted)
            built = f"{time.perf_counter() - began:.0f} s"
            told.write_text(json.dumps([filled.large_partner, filled.waves, built]), encoding="utf-8")
        large, waves, built = json.loads(told.read_text(encoding="utf-8"))
        filled = Filled(large, tuple(waves))
        return folder, Installation(_id_of("head"), _id_of("m0"), _keeper(large), filled, built)


def _keeper(partner_id: int) -> int:
    from otklik.partners.models import Partner

    found = Partner.objects.get(pk=partner_id).manager_id
    assert found is not None
    return found


def _id_of(name: str) -> int:
    from otklik.identity.public import User

    return User.objects.get(email=f"{name}@bench.example").pk
