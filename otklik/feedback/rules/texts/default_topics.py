"""The dictionaries a new program begins with. Administrators edit copies of them."""

from __future__ import annotations

from otklik.feedback.rules.texts.topics import Topic

DEFAULT_TOPICS: tuple[Topic, ...] = (
    Topic(
        "payouts",
        "Выплаты",
        "Payouts",
        """
        выплата, выплатить, выплачивать, оплата, оплатить, платить, платеж, заплатить, недоплатить,
        вывод средств, вывод денег, вывод на карту, вывести деньги, вывести средства, вывести баланс,
        вывести на карту, деньги, средства на счете, баланс, минималка, минимальная сумма, перечислить,
        перечислять, перевод денег, зачисление, зачислить, реквизит, кошелек, usdt, paypal, крипта,
        криптовалюта, payoneer, webmoney, начисление, начислять, начислить, заморозить баланс,
        задерживать деньги, -оплата за, -ставка выплаты, payout, payment, pay, paid, paying, unpaid,
        money, withdraw, withdrawal, wire transfer, bank transfer, crypto, threshold, balance, payday,
        remittance, get our funds, funds, cash out, earnings, -pay attention, -pay off, -paid traffic,
        -paid ads, -balanced
        """,
    ),
    Topic(
        "support_speed",
        "Скорость поддержки",
        "Support speed",
        """
        отвечать быстро, отвечать долго, отвечать через, отвечать за, отвечать сразу,
        отвечать оперативно, отвечать моментально, отвечать медленно, отвечать ночью, ответ через,
        ответ ждать, ответ нет, ответ неделя, ответ день, нет ответа, быстрый ответ, долгий ответ,
        оперативный ответ, ответить за, ответить быстро, ответить сразу, ответить через,
        ответить только, скорость ответа, поддержка быстрый, поддержка быстро, поддержка медленный,
        поддержка долго, поддержка оперативный, поддержка оперативно, поддержка молчать,
        саппорт быстрый, саппорт быстро, саппорт долго, саппорт медленный, саппорт молчать,
        саппорт спать, тикет висеть, обращение висеть, заявка висеть, дозвониться, дождаться ответа,
        ждать ответа, чат ждать, ждать реакции, время реакции, время ответа, решать быстро,
        решать сразу, решать долго, решать оперативно, решать за, решать месяц, игнорировать тикет,
        игнорировать обращение, игнорировать письмо, не отвечать, не дозвониться, -выплата быстрый,
        quick reply, quick response, fast reply, fast response, slow reply, slow response,
        response time, reply time, respond quick*, reply quick*, answer quick*, support slow,
        slow support, fast support, support fast, quick support, support quick, support takes,
        takes days, takes weeks, takes a week, takes forever, take ages, wait for reply,
        wait for an answer, waiting for reply, waiting for response, week to get a reply,
        days to get a reply, nobody replies, no reply, no response, no answer, never reply,
        never replies, not reply, not replying, not respond, not answer, unanswered, resolved quickly,
        solved quickly, answer in minutes, answer minutes, answer hours, reply hours, reply minutes,
        reply in days, answer in days, answer same day, chat never online, chat offline, hours to reply,
        prompt reply, prompt support, respond promptly, hard to reach
        """,
    ),
    Topic(
        "support_quality",
        "Качество поддержки",
        "Support quality",
        """
        поддержка шаблон*, отвечать шаблон*, шаблонный ответ, шаблонами, отписка, отписываться, отмазка,
        не вникать, не помогать поддержка, не помочь, поддержка помогать, поддержка помочь,
        поддержка вежливый, поддержка грамотный, поддержка компетентный, поддержка профессиональный,
        поддержка ужасный, поддержка плохой, поддержка хороший, поддержка отличный, поддержка отлично,
        поддержка бесполезный, поддержка никакой, поддержка слабый, поддержка супер, поддержка топ,
        поддержка дружелюбный, поддержка внимательный, поддержка качество, поддержка некомпетентный,
        поддержка на высоте, из поддержки, саппорт вежливый, саппорт бесполезный, саппорт ужасный,
        саппорт плохой, саппорт хороший, саппорт отличный, саппорт помогать, саппорт компетентный,
        саппорт грамотный, саппорт хамить, уровень поддержки, хамить, хамство, грубить, грубый,
        грубость, некомпетентн*, компетентн*, футболить, гонять по кругу, отдел к отделу,
        от отдела к отделу, решить вопрос, доводить до конца, довести до конца, служба поддержки,
        решать вопрос, решать проблема, не решить проблему, не решить, проблема не решена,
        support terrible, support awful, support bad, support poor, support great, support excellent,
        support good, support helpful, support friendly, support useless, support amazing, support rude,
        support polite, support knowledgeable, support incompetent, support quality, support team,
        copy paste, canned answer, canned reply, canned response, template answer, generic answer,
        scripted, passed from one, passed around, sent in circles, rude, polite, unhelpful,
        helpful support, never solved, not solved, never resolved, not resolved, issue solved,
        solve problem, solve issue, find a solution, found a solution, not help, not read my question,
        did not understand, incompetent, customer service, agent friendly, agent helpful, agents
        """,
    ),
    Topic(
        "tracking",
        "Статистика и учёт",
        "Statistics and tracking",
        """
        статистика, стата, стату, стате, статы, статой, трекинг, трекер, трекать, постбек, постбэк,
        субайди, сабайди, sub id, subid, расхождение, не сходиться, не засчитывать, не засчитываться,
        не учитывать, конверсия пропадать, конверсия терять, клик терять, клик не, атрибуция,
        отслеживание, отслеживать, отчет, отчетность, аналитика, метрика, пиксель, кука, куки,
        обновляться раз, реальное время, аналитик*, stats, statistics, tracking, tracker, track,
        postback, reporting, report, conversion, conversions, click, clicks, attribution, real time,
        analytics, pixel, numbers match, numbers not match, discrepancy, sales missing, missing sales,
        missing conversions, sub id reports, metrics, tracking link, -report a bug, -conversion rate,
        -track record, -отчетный документ
        """,
    ),
    Topic(
        "fraud",
        "Качество трафика и фрод",
        "Traffic quality and fraud",
        """
        фрод, фродов*, антифрод, мошенни*, шейв*, шэйв*, срезать лид, срезать процент,
        срезать конверсия, резать лид, качество трафика, трафик качество, некачественный трафик,
        качественный трафик, чистый трафик, трафик чистый, проверка трафика, апрув, аппрув,
        отклонять заявка, отклонять лид, отклонить лид, отклонить заявка, отклонять конверсия,
        отклонить за, отклонять, реджект*, забанить, бан, заблокировать аккаунт, блокировка аккаунта,
        блокировать аккаунт, аккаунт заблокировать, срезать, невалид*, скраб*, браковать, fraud,
        fraudulent, scrub, scrubbing, shave, shaving, rejected, reject lead, reject, rejection,
        declined lead, decline lead, declined, approval rate, invalid leads, invalid traffic,
        traffic quality, quality of traffic, banned, ban, account suspended, suspended, blocked account,
        clawback, chargeback, fake leads, bot traffic, appeal, lead quality
        """,
    ),
    Topic(
        "terms",
        "Условия и комиссия",
        "Terms and commission",
        """
        ставка, комиссия, комиссионный, вознаграждение, условие, тариф, процент с продаж, ревшара,
        ревшар, rev share, cpa, оферта, холд, холда, порезать ставка, повышенный ставка, срезать ставка,
        бонус, бонусный, правила программы, правила меняют, договориться об одном, задним числом,
        время жизни куки, минимальный порог, кап, капа, капы, commission, rate, rates, terms,
        revenue share, revshare, cookie window, cookie duration, cookie lifetime, cookie period,
        payout rate, cpa rate, bonus, conditions, retroactively, hold period, cap, caps, tier,
        better deal, percentage, -approval rate, -conversion rate, -response rate, -open rate,
        -exchange rate, -terms of
        """,
    ),
    Topic(
        "offers",
        "Продукт и офферы",
        "Product and offers",
        """
        оффер, оффера, офферы, офферов, офер, оферы, оферов, продукт, товар, товары, ассортимент,
        конвертить, конвертиться, не конверт*, конверт*, бренд, каталог, в наличии, не в наличии, склад,
        возврат много, возврат, клиент довольный, покупатель, качество товара, продажа расти,
        продажа падать, вертикаль, спрос, цена для клиентов, цена выше, доставка, эксклюзив,
        эксклюзивный, offer, offers, product, products, convert, converts, converting, brand, catalog,
        catalogue, out of stock, in stock, inventory, refunds, refund, customers love,
        customers complain, selection, shipping, vertical, exclusive, merchants, advertisers,
        conversion rate, -job offer, -offers help, -offer help, -no longer offer
        """,
    ),
    Topic(
        "promo",
        "Промоматериалы",
        "Promo materials",
        """
        баннер, креатив, креативы, промоматериал*, промо материал, промо, рекламный материал, лендинг,
        лэндинг, ленд, ленды, лендов, лэнд, прелендинг, преленд*, посадочная страница, промокод, купон,
        скидочный код, видеоролик, картинка, тизер, фид, фиды, макет, рекламные тексты,
        материалы для рекламы, логотип, banner, creative, creatives, landing page, landing, landings,
        promo, promo material, marketing material, promo code, coupon, discount code, voucher,
        video creative, product feed, feed, artwork, ad copy, logo, media kit, images, prelander,
        swipe copy, -creative solution, -creative team
        """,
    ),
    Topic(
        "manager",
        "Персональный менеджер",
        "Personal manager",
        """
        менеджер, менеджерша, аккаунт менеджер, персональный менеджер, мой аккаунт на связи, куратор,
        афм, ам, аффилейт менеджер, отдельный спасибо, спасибо лично, аккаунт держать, аккаунт помогать,
        менеджмент, manager, account manager, affiliate manager, partner manager, account rep, our rep,
        my rep, shout out, personal contact, am team, -password manager, -tag manager, -менеджер тегов,
        -менеджер паролей
        """,
    ),
    Topic(
        "portal",
        "Личный кабинет",
        "Portal and interface",
        """
        кабинет, личный кабинет, лк, интерфейс, интерфейсный, сайт тормозить, сайт виснуть, портал,
        дизайн, личка тормозить, дашборд, панель, платформа, мобильный версия, мобильное приложение,
        приложение, темная тема, верстка, удобный сайт, неудобный сайт, юзабилити, навигация, логин,
        авторизация, войти, зайти в аккаунт, слететь настройка, слететь фильтры, фильтр, кнопка,
        не грузиться, страница грузиться, сайт партнерки, -страница оффера, -панель поддержки, portal,
        dashboard, interface, ui, ux, platform, website slow, site slow, mobile app, mobile version,
        app, login, log in, sign in, password, redesign, navigation, navigate, usability, user friendly,
        dark mode, back office, button, loading, intuitive, cabinet, -landing page loading
        """,
    ),
    Topic(
        "onboarding",
        "Запуск и обучение",
        "Onboarding and training",
        """
        обучение, обучать, обучающий, обучить, вебинар, курс, база знаний, инструкция, мануал, гайд,
        гайды, туториал, онбординг, новичок, начинающий, для новых партнеров, старт работы,
        быстро стартовать, стартовать, запуститься, запустить кампания, с чего начать, как начать,
        первая кампания, разобраться самим, регистрация, методичка, мастер класс, -курс валют,
        -курс доллара, -курс евро, -в курсе, -держит в курсе, onboarding, onboard, training, train,
        trained, webinar, tutorial, guide, guides, course, knowledge base, beginner, newbie,
        new affiliates, getting started, get started, help center, how to start, setup, set up,
        documentation for beginners, figure out ourselves, learn how, walkthrough, registration, sign up
        """,
    ),
    Topic(
        "communication",
        "Информирование и связь",
        "Communication and news",
        """
        рассылка, новость, уведомление, уведомлять, уведомить, предупреждать, предупредить, оповещ*,
        оповестить, сообщить, сообщать, сообщение об изменении, информировать, проинформировать,
        информирование, коммуникация, обратный связь, узнавать последними, узнать последними,
        узнавать от, узнать от, узнавать из, в курсе, не сказать, прислушиваться, не слышать,
        не слушать, диалог, прозрачность, анонс, дайджест, канал в телеграме, молчать, communication,
        communicate, newsletter, news, announcement, announce, notify, notified, notification, inform,
        informed, heads up, never told, not told, not tell, nobody told, without telling,
        without notice, without warning, keep us posted, keeps posted, in the loop, updates about,
        update us, feedback, listen, transparency, transparent, learn from customers, last to know,
        find out from, warned, warning
        """,
    ),
    Topic(
        "integration",
        "Интеграция и API",
        "Integration and API",
        """
        апи, api, интеграция, интегрировать, интегрироваться, вебхук, эндпоинт, эндпойнт, sdk,
        токен доступа, выгрузка через, документация api, документация апи, плагин, модуль для, xml,
        json, s2s, integration, integrate, integrations, endpoint, webhook, plugin, wordpress, shopify,
        developer, zapier, api docs, rest api, json feed
        """,
    ),
    Topic(
        "documents",
        "Документы и договоры",
        "Contracts and paperwork",
        """
        акт, акты, актов, закрывающий документ, документ, документы, документооборот, эдо, диадок,
        договор, контракт, бухгалтер*, счет фактура, инвойс, упд, юрист, юридический, налог, ндс,
        самозанят*, подписать, подписание, отчетный документ, сверка, оригинал, бумага, invoice,
        invoices, invoicing, contract, contracts, paperwork, legal, lawyer, tax, taxes, vat, tax form,
        agreement, self billing, bookkeeping, accountan*, signed, signature, w8, w9,
        -контракт с клиентом, -sign up
        """,
    ),
)
