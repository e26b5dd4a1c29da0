from __future__ import annotations

from datetime import UTC, datetime

import pytest

from otklik.knowledge.rules.gaps import Asked, Help, clusters_of, helped

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def asked(number: int, text: str, topic: int | None = None, partner: int | None = 1) -> Asked:
    return Asked(number, text, topic, partner, NOON)


def test_tickets_that_ask_the_same_come_together_with_their_topic() -> None:
    found = clusters_of(
        [
            asked(1, "Постбек.\nНе приходит постбек с вчерашнего дня", 7, 1),
            asked(2, "Нет данных.\nПропал постбек, что делать?", 7, 2),
            asked(3, "Настройка.\nКак настроить постбеки в трекере", None, None),
            asked(4, "Спасибо.\nВсё хорошо", 8),
            asked(5, ""),
        ]
    )
    assert [(one.language, one.topic_id, one.tickets, one.partners) for one in found] == [("ru", 7, 3, 2)]
    assert found[0].key.startswith("постбек")
    assert sorted(found[0].examples) == [1, 2, 3]


@pytest.mark.parametrize(
    ("yes", "n", "verdict"),
    [
        (0, 0, Help.CANNOT_TELL),
        (0, 4, Help.CANNOT_TELL),
        (0, 5, Help.DOES_NOT),
        (1, 5, Help.CANNOT_TELL),
        (5, 5, Help.HELPS),
        (20, 60, Help.DOES_NOT),
        (30, 60, Help.CANNOT_TELL),
    ],
)
def test_few_voices_tell_nothing(yes: int, n: int, verdict: Help) -> None:
    assert helped(yes, n).verdict is verdict
