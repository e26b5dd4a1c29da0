"""What somebody at a partner finds in the portal of the journeys, in a data folder with the desk's cast:
``python -m tests.browser.portal_world``."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

TITLES = {"en": "How payouts are paid", "ru": "Как платятся выплаты"}
TEXTS = {
    "en": "We pay on the fifth of each month. A payout under check waits until it is over.",
    "ru": "Мы платим пятого числа каждого месяца. Выплата на проверке ждёт её конца.",
}
NOTES = {"en": "Payouts, holds and papers about money.", "ru": "Выплаты, удержания и документы о деньгах."}
QUESTIONS = {"en": "Which payout is it?", "ru": "О какой выплате речь?"}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "otklik.config.settings"
    import django

    django.setup()
    from otklik.kit.clock import now

    build(now())


def build(at: datetime) -> None:
    from otklik.desk import public as desk
    from otklik.desk.models import Topic
    from otklik.events.public import Actor
    from otklik.identity.public import User
    from otklik.knowledge.operations.articles import Settings, create_article, publish_article
    from otklik.knowledge.operations.texts import Written, save_text

    by = Actor.system()
    topic = Topic.objects.get(key="payouts")
    fields: dict[str, Any] = {
        "notes": NOTES,
        "questions": QUESTIONS,
        "owner": User.objects.get(email="dmitri@example.com"),
    }
    desk.save_topic(topic_id=topic.pk, fields=fields, by=by, at=at)
    calendar = desk.save_calendar(
        calendar_id=None,
        name="Office",
        definition={"zone": "Europe/Moscow", "weekly": {"mon-fri": ["10:00-19:00"]}},
        by=by,
        at=at,
    )
    desk.save_policy(
        policy_id=None,
        fields={"name": "Everybody", "calendar": calendar, "is_active": True},
        topics=[],
        targets=[
            desk.NewTarget(desk.ClockKind.FIRST_RESPONSE, "", 240, 80),
            desk.NewTarget(desk.ClockKind.RESOLUTION, "", 1440, 80),
        ],
        by=by,
        at=at,
    )
    settings = Settings(slug="payouts", topic_ids=[topic.pk])
    article = create_article(
        language="en", title=TITLES["en"], body=TEXTS["en"], settings=settings, by=by, at=at
    )
    other = Written(title=TITLES["ru"], body=TEXTS["ru"], based_on=None)
    save_text(article_id=article.pk, language="ru", written=other, by=by, at=at)
    publish_article(article_id=article.pk, by=by, at=at)


if __name__ == "__main__":
    main()
