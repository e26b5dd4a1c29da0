# ruff: noqa: E501 -- letters read better unbroken
"""What the demo's desk works by, in words: topics, canned answers, macros, triggers."""

from __future__ import annotations

# key, team, points of priority, blocks money, names.
TOPICS: tuple[tuple[str, str, int, bool, str, str], ...] = (
    ("payouts", "", 0, True, "Выплаты", "Payouts"),
    ("traffic_hold", "", 0, True, "Холд и качество трафика", "Traffic hold"),
    ("tracking", "", 8, False, "Ссылки и трекинг", "Links and tracking"),
    ("creatives", "", -5, False, "Промоматериалы", "Creatives"),
    ("contract", "", 0, False, "Договор и документы", "Contract and documents"),
    ("tier", "", -5, False, "Уровни и ставки", "Tiers and rates"),
    ("api", "", 4, False, "API и выгрузки", "API and exports"),
    ("moderation", "", 0, False, "Модерация площадок", "Moderation of sites"),
    ("promo", "", 0, False, "Промокоды", "Promo codes"),
)
# What partners are told of a topic, who owns it, and what they are asked with it.
TOLD: dict[str, tuple[str, str, str, str, str]] = {
    "payouts": (
        "finance",
        "Когда придёт выплата, почему сумма другая, смена реквизитов.",
        "When a payout comes, why its amount differs, new account details.",
        "О какой выплате речь?\nЗа какой месяц?",
        "Which payout is it?\nFor which month?",
    ),
    "traffic_hold": (
        "officer",
        "Удержания, проверки трафика и что по ним прислать.",
        "Holds, checks of traffic and what to send for them.",
        "С какого дня и какой источник?",
        "Since which day, and which source?",
    ),
    "tracking": (
        "agent3",
        "Ссылки, метки, постбеки и потерянные конверсии.",
        "Links, labels, postbacks and lost conversions.",
        "Ссылка целиком",
        "The whole link",
    ),
    "contract": (
        "agent",
        "Договор, акты, налоги и реквизиты компании.",
        "The contract, acts, taxes and the company's papers.",
        "",
        "",
    ),
    "api": (
        "agent4",
        "Выгрузки, токены, ошибки запросов.",
        "Exports, tokens, errors of requests.",
        "Запрос и ответ на него",
        "The request and what came back",
    ),
}
# name, shortcut, topic, Russian, English.
CANNED: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "Выплата отправлена · Payout sent",
        "payout-sent",
        "payouts",
        "{{ contact.first_name }}, здравствуйте!\n\nВыплата отправлена, банки обычно зачисляют её за один-два рабочих дня. Платёжное поручение — в разделе «Выплаты».\n\nС уважением,\n{{ agent.name }}",
        "Hello {{ contact.first_name }},\n\nThe payout has left; banks usually need one or two working days. The confirmation is under Payouts.\n\nBest regards,\n{{ agent.name }}",
    ),
    (
        "Передали коллегам · Passed on",
        "passed-on",
        "",
        "{{ contact.first_name }}, здравствуйте!\n\nВопрос передали коллегам, которые за это отвечают. Напишем сами, дополнительно ничего делать не нужно. Номер обращения — {{ ticket.number }}.\n\nС уважением,\n{{ agent.name }}",
        "Hello {{ contact.first_name }},\n\nWe have asked the colleagues who know, and will write to you. There is nothing you need to do. The number of your request is {{ ticket.number }}.\n\nBest regards,\n{{ agent.name }}",
    ),
    (
        "Нужны данные постбэка · Postback details",
        "postback",
        "tracking",
        "{{ contact.first_name }}, добрый день!\n\nПришлите, пожалуйста, полный адрес постбэка с параметрами и время одной потерянной конверсии: по ним найдём, где теряются события.\n\n{{ agent.name }}",
        "Hello {{ contact.first_name }},\n\nCould you send the full postback address with its parameters, and the time of one lost conversion? With these we find where the events get lost.\n\n{{ agent.name }}",
    ),
    (
        "Холд: что проверяем · What a hold checks",
        "hold",
        "traffic_hold",
        "{{ contact.first_name }}, здравствуйте!\n\nТрафик на плановой проверке: смотрим время между кликом и заявкой, площадки и повторы. Обычно это занимает до двух рабочих дней. Список площадок и примеры объявлений ускорят дело.\n\nС уважением,\n{{ agent.name }}",
        "Hello {{ contact.first_name }},\n\nYour traffic is under a regular review: time between click and lead, placements, repeats. It takes up to two working days; a list of placements and examples of your ads make it shorter.\n\nBest regards,\n{{ agent.name }}",
    ),
    (
        "Критерии уровней · Criteria of the tiers",
        "tiers",
        "tier",
        "{{ contact.first_name }}, добрый день!\n\nСейчас у {{ partner.name }} уровень {{ partner.tier }}. Уровни пересматриваются в первых числах квартала, критерии — в разделе «Условия». Личный план подготовит ваш менеджер, {{ partner.manager }}.\n\n{{ agent.name }}",
        "Hello {{ contact.first_name }},\n\n{{ partner.name }} is {{ partner.tier }} at present. Tiers are reviewed in the first days of a quarter by the criteria under Terms. {{ partner.manager }} will prepare a plan for you.\n\n{{ agent.name }}",
    ),
    (
        "Извинения за задержку · Sorry for the wait",
        "sorry",
        "",
        "{{ contact.first_name }}, здравствуйте!\n\nИзвините, что ответа пришлось ждать. Сейчас вашим вопросом занимаюсь лично и держу его на контроле.\n\nС уважением,\n{{ agent.name }}",
        "Hello {{ contact.first_name }},\n\nSorry that you had to wait. I am looking after this myself now.\n\nBest regards,\n{{ agent.name }}",
    ),
)
