"""The letters with which every program begins, by kind and language: a subject and a text with places."""

from __future__ import annotations

from otklik.loop.rules.vocabulary import LetterKind

FIRST_LETTERS: dict[tuple[LetterKind, str], tuple[str, str]] = {
    (LetterKind.DETRACTOR, "en"): (
        "Your answer about {program}",
        """Hello {name},

you gave {program} a score of {score}, and I would like to understand what went wrong for {partner}.

I have read what you wrote. Could we talk for fifteen minutes this week? Name a time that suits you, or \
just answer this letter. If there is one thing that we should mend first, tell me which.

{sender}
""",
    ),
    (LetterKind.DETRACTOR, "ru"): (
        "Ваша оценка программы {program}",
        """Здравствуйте, {name}!

Вы поставили программе {program} оценку {score}, и мне важно понять, что у вас в {partner} пошло не так.

Ваш ответ у меня перед глазами. Сможем поговорить минут пятнадцать на этой неделе? Напишите, когда вам \
удобно, или просто ответьте на это письмо. И если есть что-то одно, что нужно исправить первым, скажите, \
что именно.

{sender}
""",
    ),
    (LetterKind.PASSIVE, "en"): (
        "What would make it a nine?",
        """Hello {name},

thank you for your answer: you gave {program} a score of {score}. That is not bad, and yet \
something was missing.

What is the one thing that would make it a nine for {partner}? One sentence is enough, and I will tell \
you honestly whether we can do it and when.

{sender}
""",
    ),
    (LetterKind.PASSIVE, "ru"): (
        "Чего не хватило до девятки?",
        """Здравствуйте, {name}!

Спасибо за ответ: вы поставили программе {program} оценку {score}. Это неплохо, и всё же чего-то не \
хватило.

Что одно нужно изменить, чтобы для {partner} это стала девятка? Хватит одной фразы, а я честно скажу, \
сможем ли мы это сделать и когда.

{sender}
""",
    ),
    (LetterKind.SILENT, "en"): (
        "How are things at {partner}?",
        """Hello {name},

we asked how working with {program} is going and have not heard from you. This is no reminder to fill in \
a form: your view matters to me, and I would rather ask in person.

What works for you, and what stands in your way? A line in answer is enough, or tell me when I may call.

{sender}
""",
    ),
    (LetterKind.SILENT, "ru"): (
        "Как дела у {partner}?",
        """Здравствуйте, {name}!

Мы спрашивали, как вам работается с программой {program}, и ответа не получили. Это не напоминание про \
анкету: мне важно ваше мнение, и я лучше спрошу лично.

Что у вас получается, а что мешает? Хватит одной строки в ответ. Или скажите, когда можно позвонить.

{sender}
""",
    ),
    (LetterKind.PROMOTER, "en"): (
        "Thank you, and one request",
        """Hello {name},

you gave {program} a score of {score}. Thank you: it means a lot to everybody who works with {partner}.

May I ask you for something? Others who are choosing a program would gladly hear how it works for you. \
It takes half an hour, nothing is published without your word, and a no is a perfectly good answer.

{sender}
""",
    ),
    (LetterKind.PROMOTER, "ru"): (
        "Спасибо, и одна просьба",
        """Здравствуйте, {name}!

Вы поставили программе {program} оценку {score}. Спасибо: для всех, кто работает с {partner}, это много \
значит.

Можно вас кое о чём попросить? Тем, кто сейчас выбирает программу, очень пригодился бы ваш рассказ о \
том, как всё устроено у вас. Это займёт полчаса, без вашего согласия мы ничего не опубликуем, и \
отказаться тоже можно.

{sender}
""",
    ),
    (LetterKind.DONE, "en"): (
        "You said, we did",
        """Hello {name},

some time ago you told us what was wrong for {partner}. Here is what we have done:

{done}

Does it help? If something is still not right, answer this letter, and we go on.

{sender}
""",
    ),
    (LetterKind.DONE, "ru"): (
        "Вы сказали, мы сделали",
        """Здравствуйте, {name}!

Недавно вы рассказали, что в {partner} не так с нашей программой. Вот что мы сделали:

{done}

Стало лучше? Если что-то всё ещё не так, ответьте на это письмо, и мы продолжим.

{sender}
""",
    ),
}
