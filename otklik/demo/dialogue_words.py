"""What both sides of the demo say to each other."""

# ruff: noqa: E501 -- texts read better in long lines

from __future__ import annotations

from otklik.dialogue.public import NewsKind, Side, StepKind

# Kind, days ago, needs confirming, tiers, texts.
NEWS = (
    (
        NewsKind.CHANGE, 24, True, ("Gold", "Platinum"),
        {
            "en": ("New rates for mobile traffic", "From next month conversions from phones count **by the advertiser's own data**.\n\n- rates for desktop stay as they are\n- what was earned until then is paid by the old rates\n\nPlease confirm that you have read it."),
            "ru": ("Новые ставки за мобильный трафик", "Со следующего месяца конверсии с телефонов считаются **по данным рекламодателя**.\n\n- ставки за компьютеры не меняются\n- всё заработанное до этого оплатим по прежним ставкам\n\nПодтвердите, пожалуйста, что прочитали."),
        },
    ),
    (
        NewsKind.OUTAGE, 9, False, (),
        {
            "en": ("Statistics were late on Tuesday", "Between 09:10 and 12:40 UTC figures came with a delay. **Nothing was lost**: every conversion of that time is counted."),
            "ru": ("Во вторник статистика запаздывала", "С 12:10 до 15:40 по Москве цифры приходили с задержкой. **Ничего не потерялось**: все конверсии за это время засчитаны."),
        },
    ),
    (
        NewsKind.NEWS, 5, False, (),
        {
            "en": ("A manual for deep links", "There is a short manual for links that lead right to a product. Ask us underneath if something is unclear."),
            "ru": ("Инструкция по глубоким ссылкам", "Появилась короткая инструкция по ссылкам сразу на товар. Если что-то непонятно, спросите прямо здесь."),
        },
    ),
    (
        NewsKind.QUESTION, 2, False, ("Platinum",),
        {
            "en": ("When does a call suit you?", "We plan an hour each quarter to go through figures together. Which day of the week suits you best?"),
            "ru": ("Когда вам удобно созваниваться?", "Хотим раз в квартал вместе час разбирать цифры. Какой день недели вам подходит?"),
        },
    ),
)  # fmt: skip

QUESTIONS = {
    "en": "Does it count for traffic from our app as well?",
    "ru": "Это касается и трафика из нашего приложения?",
}
ANSWER = (
    "Does it count for apps? / Касается ли это приложений?",
    "No, only for sites opened on a phone. / Нет, только сайтов, открытых с телефона.",
)

# State, votes wanted, title, text, reason, outcome.
IDEAS = {
    "ru": (
        ("done", 14, "Выплаты два раза в месяц", "Месяц ждать долго, приходится кредитоваться.", "", "С марта выплаты идут 1-го и 15-го числа: так захотели больше половины голосовавших."),
        ("planned", 11, "Причина удержания сразу в письме", "Сейчас приходится спрашивать, что проверяют.", "Текст письма готов, включим в следующем квартале.", ""),
        ("considered", 9, "Скачать статистику за день одним файлом", "По одной кампании выгружать неудобно.", "Считаем, сколько это займёт.", ""),
        ("new", 4, "Тёмная тема личного кабинета", "Работаем по ночам, глаза устают.", "", ""),
        ("declined", 3, "Платить наличными", "", "Закон не разрешает: выплаты возможны только на счёт.", ""),
    ),
    "en": (
        ("done", 12, "A test postback button", "To see that our side answers before traffic starts.", "", "There is a button on the page of every link now."),
        ("planned", 7, "Banners in vertical sizes", "", "The design is drawn, they come with the next season.", ""),
        ("new", 5, "Names of the checkers of traffic", "So that we can ask them.", "", ""),
    ),
}  # fmt: skip
WAITING_IDEA = ("Бот с балансом в мессенджере", "Чтобы не заходить в кабинет ради одной цифры.")

# Text, measure, target, days until, state.
GOALS = {
    "ru": (
        ("Доля мобильного трафика", "доля посещений с телефонов", "40 %", 45, "agreed"),
        ("Меньше отклонённых конверсий", "доля отклонённых за месяц", "до 5 %", -6, "agreed"),
        ("Запуск в Казахстане", "первые сто конверсий", "100", 80, "proposed"),
    ),
    "en": (
        ("Share of returning buyers", "orders of known buyers", "25 %", 50, "agreed"),
        ("A second traffic source", "conversions besides search", "300 a month", 70, "proposed"),
    ),
}
# Side, text, days until, days it took from its day (None: open).
PROMISES = {
    "ru": (
        (Side.OURS, "Прислать новые баннеры", -20, -2),
        (Side.OURS, "Ответить по спорным конверсиям за прошлый месяц", -3, None),
        (Side.THEIRS, "Поставить новый счётчик на все страницы", 5, None),
        (Side.THEIRS, "Показать источники трафика", -30, 4),
    ),
    "en": (
        (Side.OURS, "A manager who speaks Polish on calls", 12, None),
        (Side.THEIRS, "Remove the old links", -10, -1),
    ),
}

STEPS = (
    (StepKind.ARTICLE, Side.THEIRS, 2, {"en": "Read how conversions are counted", "ru": "Прочитайте, как считаются конверсии"}, "/portal/"),
    (StepKind.DOCUMENT, Side.THEIRS, 5, {"en": "Sign the contract", "ru": "Подпишите договор"}, ""),
    (StepKind.LINK, Side.OURS, 6, {"en": "We set up your first link", "ru": "Настраиваем вашу первую ссылку"}, ""),
    (StepKind.DETAILS, Side.THEIRS, 7, {"en": "Add payout details", "ru": "Укажите реквизиты для выплат"}, "/portal/"),
    (StepKind.CALL, Side.OURS, 10, {"en": "A call about the first figures", "ru": "Созвон по первым цифрам"}, ""),
)  # fmt: skip
VETTING = ("Сайт открывается и наполнен", "Источники трафика понятны", "Компания подтверждена")
INTRODUCTION = {
    "en": "Tell us about your traffic. A person reads every application.",
    "ru": "Расскажите о вашем трафике. Каждую заявку читает человек.",
}
ASKED = (
    ("How many visits a month?", "Сколько посещений в месяц?", True),
    ("Which channels do you use?", "Какие каналы используете?", True),
    ("Which countries are your visitors from?", "Из каких стран ваши посетители?", False),
)
RESOURCES = (
    ("Как считаются конверсии", "https://help.meridian.example/conversions"),
    ("Баннеры и логотипы", "https://help.meridian.example/banners"),
)
# Company, person, address, site, country, language, days ago, answers.
APPLICATIONS = (
    ("Северный ветер", "Лидия Громова", "lidia@severwind.example", "https://severwind.example", "RU", "ru", 8, ("120 000", "Контекст, рассылка", "Россия")),
    ("Lakeside Media", "Ruth Palmer", "ruth@lakeside.example", "https://lakeside.example", "GB", "en", 2, ("45,000", "Search, coupons", "UK, Ireland")),
    ("Купонный дом", "Егор Титов", "egor@kupondom.example", "https://kupondom.example", "KZ", "ru", 1, ("300 000", "Купоны", "Казахстан")),
)  # fmt: skip
