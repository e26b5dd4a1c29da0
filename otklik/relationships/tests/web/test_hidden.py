"""What one of us expects is nobody else's business until the wave begins, whoever asks and wherever."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client

import otklik
from otklik.events.models import Event
from otklik.feedback.operations.waves import start_wave
from otklik.feedback.rules.plans import Plan, plan_row
from otklik.identity.models import User
from otklik.relationships.models import ExpectedScore, Tie
from otklik.relationships.operations.expected import enter_expected
from otklik.relationships.personal import personal_data
from otklik.relationships.tests.stories import AT, by, draft_of, version_of
from tests.world import NOW, World

_PASSING = re.compile(r'"[\w-]{30,}"')


def shown(user: User, paths: tuple[str, ...]) -> list[str]:
    client = Client()
    client.force_login(user)
    return [_PASSING.sub("", client.get(path).content.decode()) for path in paths]


def test_no_page_of_anybody_else_changes_when_somebody_expects(world: World) -> None:
    wave = draft_of(version_of(world))
    wave.plan = plan_row(Plan(seed="s"))
    wave.save()
    for user in (world.dmitri, world.clara):
        Tie.objects.create(contact=world.vera, user=user, kind="work", level="weak", stated_at=NOW)
    paths = (
        f"/map/expected/{wave.pk}/{world.aurora.pk}/",
        f"/contacts/{world.vera.pk}/",
        f"/map/trends/?partner={world.aurora.pk}",
        f"/partners/{world.aurora.pk}/map/",
    )
    others = {
        "lead": world.anna,
        "administrator": world.root,
        "colleague": world.dmitri,
        "other": world.clara,
    }
    before = {name: shown(user, paths) for name, user in others.items()}
    scores = {world.vera.pk: 7, world.gleb.pk: 7}
    enter_expected(wave_id=wave.pk, user_id=world.boris.pk, scores=scores, by=by(world.boris), at=AT)
    for name, user in others.items():
        for path, old, new in zip(paths, before[name], shown(user, paths), strict=True):
            assert old == new, f"{name} at {path}"
    told = Event.objects.filter(kind="expected_scores.entered").values_list("data", flat=True)
    assert list(told) == [{"changed": 2}]
    assert "7" not in repr(personal_data(world.vera.pk))
    start_wave(wave_id=wave.pk, by=by(world.anna), at=AT)
    (open_page,) = shown(world.anna, paths[:1])
    assert f"{world.boris.name}: 7" in open_page
    assert f"{world.boris.name}: 7" in shown(world.dmitri, paths[:1])[0]


def test_no_door_for_programs_and_partners_reads_expectations() -> None:
    rooms = Path(otklik.__file__).parent
    for room in ("api", "edge", "search", "analytics", "portal"):
        said = "".join(file.read_text() for file in (rooms / room).rglob("*.py"))
        assert ExpectedScore.__name__ not in said
        assert "visible_expectations" not in said
