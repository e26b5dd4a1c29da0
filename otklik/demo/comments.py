"""What people write: by language, cause and mood. Written for the demo."""

from __future__ import annotations

from random import Random

LOW: dict[str, dict[str, tuple[str, ...]]] = {
    "ru": {
        "payouts": (
            "Выплату ждём третью неделю, в ответ — «передали в финансовый отдел».",
            "Задержали выплату, а сроков никто не называет. Работать в минус мы не можем.",
            "Деньги пришли на две недели позже. За трафик мы платим сразу.",
            "По выплате трижды писали в поддержку, каждый раз отвечал новый человек.",
        ),
        "manager": (
            "После ухода Ольги нас как будто забыли: новый менеджер отвечает раз в неделю.",
            "Сменили менеджера и не предупредили. Все договорённости пришлось рассказывать заново.",
            "Новый менеджер не знает наших условий, переспрашивает одно и то же.",
        ),
        "slow": (
            "В сезон ответа ждали четыре дня. Кампания за это время закончилась.",
            "В ноябре до поддержки не дозвониться, а в чате отвечают на следующий день.",
            "Перед распродажей ждали замену ссылки двое суток. Потеряли лучшие часы.",
            "Осенью на письма отвечают заметно дольше, чем летом.",
            "Поддержка перегружена: на простой вопрос ушло трое суток.",
        ),
        "language": ("Инструкции только на русском и английском, команде трудно.",),
        "general": (
            "Статистика в кабинете расходится с нашей, и причину никто не объяснил.",
            "Просили тестовый доступ две недели назад, так и ждём.",
            "В промоматериалах старые цены, клиенты ругаются на нас.",
            "Условия поменяли письмом в пятницу вечером, со вторника всё иначе.",
            "Отвечают вежливо, но вопрос так и не решён.",
            "Отклонили часть конверсий без объяснения.",
        ),
    },
    "en": {
        "payouts": (
            "Our payout is three weeks late and nobody can say when it will come.",
            "We pay for traffic the same day. A two-week delay hurts.",
            "Asked about the payout three times and got three different answers.",
        ),
        "manager": ("Our manager changed and nothing was handed over. We had to explain everything again.",),
        "slow": (
            "Four days for an answer in the busiest month. The campaign was over by then.",
            "We waited two days for a new link before the sale and lost the best hours.",
            "In autumn every answer takes twice as long as in summer.",
            "Support is slow in the season; simple questions take days.",
        ),
        "language": (
            "Support answers in English only, and half of my team does not read it.",
            "The guides are not in our language, so we guess.",
        ),
        "general": (
            "Numbers in the dashboard do not match ours and nobody explained why.",
            "The creatives we were given had expired prices.",
            "We asked for a test account two weeks ago.",
            "Some conversions were rejected without a reason.",
            "Polite answers, but the issue is still open.",
        ),
    },
}
MIDDLE = {
    "ru": (
        "В целом нормально, но хочется отвечать партнёрам быстрее.",
        "Хорошие условия, промоматериалы обновляют редко.",
        "Всё работает. До девятки не хватает выплат дважды в месяц.",
        "Нужен API статистики, остальное устраивает.",
    ),
    "en": (
        "Good overall. Faster answers would make it a nine.",
        "Fine, but the creatives are rarely refreshed.",
        "Works well; an API for statistics would help.",
    ),
}
HIGH = {
    "ru": (
        "Менеджер всегда на связи, вопросы решает в тот же день.",
        "Лучшая поддержка среди программ, с которыми работаем.",
        "Честная статистика и понятные условия. Рекомендую коллегам.",
        "Помогли настроить постбэк за час, спасибо!",
    ),
    "en": (
        "Our manager answers the same day and knows our business.",
        "Best support among the programs we work with.",
        "Clear terms, honest statistics. I already recommended you.",
        "They helped us set up the postback within an hour.",
    ),
}


def comment(random: Random, language: str, cause: str, score: int) -> str:
    """A comment that fits, or "" as two of three people leave none (detractors write more often)."""
    chance = 0.55 if score <= 6 else 0.25 if score <= 8 else 0.3
    if random.random() > chance:
        return ""
    tongue = "ru" if language == "ru" else "en"
    if score <= 6:
        by_cause = LOW[tongue]
        return random.choice(by_cause.get(cause) or by_cause["general"])
    return random.choice((MIDDLE if score <= 8 else HIGH)[tongue])
