"""Words of the trade that mean one thing, in Russian and English alike.

A few hundred examples cannot show every way to say "payout"; this list says it once, and what is learnt
from "когда выплата" holds for "when is the commission due". Each word is the beginning of the words meant;
``=`` in front of it takes that word alone. A text has a concept or not, however often.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

_CONCEPTS = {
    "money": """выплат выплач деньг денег перевод перевед переведен перечисл вознагражд комисси оплат платеж
        платит платите зачисл поступлен поступил средств заработ бонус гонорар
        payout =paid =pay payment money commission transfer wire fund earning earned remuneration""",
    "amount": """сколько сумм размер баланс остат остал начисл накоп итог
        amount sum balance figure total outstanding accrued remaining owed much""",
    "when": """когда =дата =дату =даты =дате числа число срок скоро график день расписан завтра
        when date =day due soon schedule timing timeline eta tomorrow deadline""",
    "duration": """долго длит занима времени ждать жду ждем ожида дней через ещё еще
        long longer days weeks wait waiting expect take takes""",
    "late": """задерж опазд опозд просроч сдвин прошло прошел прошла =нет дошл дойд наконец тишин
        late delay overdue unpaid missing yet still never silence gone""",
    "state": """статус стади этап состояни отправлен отправили одобр утвержд подтвержд исполнен прошл провел
        ушел ушл завис отклон вернул
        status stage =state sent approved processing released confirmed pending stuck rejected
        bounce failed""",
    "hold": """холд удерж заморо заморож размороз блокир заблокир разблокир придерж зарезерв =держите
        =держат
        hold holding holds =held freez froze frozen unfreez withheld withhold block unblock blocked
        reserve""",
    "why": "почему причин основани повод поясн объясн вызван зачем why reason ground explain cause caused",
    "ticket": "обращени тикет заявк запрос претензи # кейс ticket case request inquiry enquiry complaint",
    "wrote": """писал написал пишу письмо письма дважды третий напомина
        wrote write written mail email twice reminder following""",
    "question": "вопрос проблем question problem matter",
    "reply": """ответ отвеч новост слышно движени прогресс решается решени продвиг рассмотр
        answer reply replied respond response update news follow progress decided decision""",
    "worked_on": """работе работу взял занимается займется передан передал
        =working worked dealing picked passed handled someone somebody anybody""",
    "check": """провер аудит модерац валидац верифик антифрод фрод чекн качеств
        check checking checked review reviewed audit moderat validat verif fraud suspicious quality
        examin""",
    "traffic": """трафик лид лиды лидов клик конверс источник накрутк площадк канал
        traffic lead leads click conversion source channel""",
    "document": """договор =акт =акты =акта =актов =актах фактур оферт =документ =документы =документов
        закрывающ шаблон образец доверенност справк приложени бумаг бланк эдо экземпляр сверк
        брендбук =форма =форму
        contract agreement invoice document template form annex paperwork papers certificate pdf
        copy original brand statement attorney""",
    "terms": "услови правил политик terms rules policy privacy",
    "where": """где скача найти взять ссылк пришлите скинь дайте направ получить доступ
        where find download link obtain access send forward""",
    "course": """обуч самообуч научи учебн вебинар урок тренинг академи сертифик экзамен семинар =курс =курсы
        =курса =курсе =курсов видеоурок аттестац переаттестац попыт
        course training webinar lesson academy certif exam learn tutorial seminar recording enrol
        train attempt""",
    "change": """измен смен сменил помен обнов перенес перенест удал закро закры расторг исправ подключ
        увелич поднять поднимит переоформ объедин поставьт верните перевед добав
        =change changed changing delete erase terminat close correct increase raise =move moved
        merge cancel =put =add switch""",
    "stop": "отпиш присылайте больше хватит stop unsubscrib",
    "dispute": """оспор соглас пересчит неверн расхожд незакон суд юрист жаловат саботаж нахамил пожаловат
        безобраз ужас скучн плох
        dispute disagree recalculat differ unlawful court lawyer complain rude ugly sabotage
        terrible boring""",
    "may": "можно разреш запрещ ограничен возможно =may allow forbidden restrict permitted possible",
    "rate": """ставк тариф процент лимит порог минимальн уровен
        =rate =plan tier threshold minimum percent =limit discount""",
    "bank": "реквизит карт крипт наличн card crypto cash details vat tax exchange валют доллар ндс",
    "thanks": "спасиб отличн поздравл понял thanks thank great happy sorted =ok",
    "broken": """грузится ошибк сломал сломан взлом пуст упал упала падает
        broken error bug =down load hacked crash wrong mistake""",
    "technical": """постбек пиксел интеграц сайт баннер кабинет логи
        api ssl utm postback pixel integrat site banner dashboard""",
    "customer": "клиент покупател заказ товар customer client order goods",
    "event": """встреч конференц участи выступ вакан офис обед перезвон
        meeting conference vacanc office lunch call speak""",
    "away": "отпуск отсутств возвращен vacation reply",
    "start": "начать новичк новым стать start begin newbie become join",
    "is_question": "?",
    "asks": """подскаж скажите уточн сообщ просим прошу пришлите скиньте нужен нужна нужно хочу хотел ищу
        could please let advise kindly need want looking wondering know""",
    "which": """какой какая какое какие каком какую каков как кто
        what how which who whom is are do does did can""",
    "good": """радует довол доволен удобн полезн хорош нрав быстро понятн честно чист
        pleased satisfied useful nice good easy easier fair clean convenient fast""",
    "bad": """надоело раздраж устар маленьк некрасив убивают ругает мешает
        annoy outdated small fed tired killing cross confusing bad""",
    "attached": """вложен приложил прикрепил высыла присыла отправля скриншот
        attached attach adding sending screenshot""",
}


def concepts_of(words: list[str], *, asks: bool) -> frozenset[str]:
    """``words``: folded; ``asks``: whether the text asks for anything. Concepts, and every two
    of them that stand in one text ("hold why")."""
    found = sorted(
        {name for word in words for name in _of_word(word)} | ({"asking"} if asks else {"telling"})
    )
    return frozenset(found) | {f"{first} {second}" for first, second in combinations(found, 2)}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile("|".join(map(_pattern, words.split())))) for name, words in _CONCEPTS.items()
    )


def _pattern(word: str) -> str:
    return re.escape(word[1:]) + r"\Z" if word.startswith("=") else re.escape(word)


def _of_word(word: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _patterns() if pattern.match(word))
