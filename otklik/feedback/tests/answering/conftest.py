from __future__ import annotations

import pytest

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, SurveyLink, SurveyVersion
from otklik.feedback.operations.surveys import create_survey
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.tests.invited import invite, link_of, wave_of
from otklik.feedback.tokens import invitation_token
from tests.world import NOW, World

WORDING = {
    "en": {"question": "How likely?", "follow_up": "Why?", "follow_up_low": "What went wrong?"},
    "ru": {"question": "Насколько вероятно?", "follow_up": "Почему?", "thanks": "Спасибо, Вера!"},
}
QUESTIONS = [
    {
        "key": "why",
        "kind": "choices",
        "low": 0,
        "high": 6,
        "labels": {"en": "Which?", "ru": "Что?"},
        "options": {"en": ["Payouts", "Support"], "ru": ["Выплаты", "Поддержка"]},
    },
    {"key": "more", "kind": "text", "labels": {"en": "More?", "ru": "Ещё?"}},
    {"key": "ease", "kind": "ces", "labels": {"en": "Easy?", "ru": "Легко?"}},
]


@pytest.fixture
def version(world: World) -> SurveyVersion:
    made = create_survey(
        program_id=world.program.pk, name="NPS", kind=SurveyKind.NPS, wording=WORDING,
        by=Actor.system(), at=NOW,
    )  # fmt: skip
    SurveyVersion.objects.filter(pk=made.pk).update(questions=QUESTIONS)
    return SurveyVersion.objects.get(pk=made.pk)


@pytest.fixture
def vera(world: World, version: SurveyVersion) -> Invitation:
    return invite(wave_of(version), world.vera)


@pytest.fixture
def link(world: World, version: SurveyVersion) -> SurveyLink:
    return link_of(world, version)


@pytest.fixture
def page(vera: Invitation) -> str:
    return f"/a/{invitation_token(vera.pk)}/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cast lives in March; invitations of then are not over."""
    for module in ("views", "door"):
        monkeypatch.setattr(f"otklik.feedback.web.answering.{module}.now", lambda: NOW)
