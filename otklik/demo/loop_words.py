"""What is said in the demo to people who gave a low score, and among ourselves about the accounts."""

# ruff: noqa: E501 -- texts read better in long lines

from __future__ import annotations

CALLED = {
    "ru": (
        "Созвонились. Больше всего мешает ожидание: о задержке узнают сами, от нас ни слова.",
        "Поговорили полчаса. Цифры у нас и у них расходятся, присылали выгрузку дважды.",
        "Дозвонились со второго раза. Раньше менеджер был один, теперь не знают, к кому идти.",
    ),
    "en": (
        "We talked. The worst is not knowing: they find out about a delay by themselves.",
        "Half an hour on the phone. Their figures and ours differ, and they have sent the export twice.",
        "Reached them at the second try. They do not know whom to turn to since the manager changed.",
    ),
}
PROMISED = {
    "ru": ("Напишем о задержке в тот же день", "Сверим конверсии за квартал построчно"),
    "en": ("Write about any delay on the same day", "Compare the quarter's conversions line by line"),
}
DONE = {
    "ru": "Причину нашли и убрали, рассказали по телефону.",
    "en": "Found and mended; we told them on the phone.",
}
SNOOZED = {"ru": "В отпуске до понедельника, просили не звонить.", "en": "On leave until Monday."}

PLAN = {
    "ru": "Удержать и вырасти: сначала вернуть доверие к срокам выплат, потом говорить о новых продуктах. Решает директор, но без руководителя закупки он ничего не подпишет.",
    "en": "Keep and grow: first win back trust in the dates of payouts, then talk about new products. The chief executive decides, but signs nothing without the head of media buying.",
}
# Days from today; a negative one is over and done.
ACTIONS = {
    "ru": ((-6, "Показать директору новую выписку"), (9, "Познакомиться с финансовым контролёром"), (24, "Обсудить продление договора")),
    "en": ((-6, "Show the director the new statement"), (9, "Meet the financial controller"), (24, "Talk about the renewal")),
}  # fmt: skip
REVIEWED = {
    "ru": "Квартал вышел неровным: объёмы выросли, но выплата дважды задержалась. Договорились сверяться каждый месяц.",
    "en": "An uneven quarter: volumes grew, but a payout was late twice. We agreed to compare figures every month.",
}
CALL_NOTES = {
    "ru": "Поговорили: причину знаем, занимаемся.",
    "en": "We talked: the reason is known and being worked on.",
}
