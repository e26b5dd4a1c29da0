"""The lexicon of praise and complaint: (weight, entries), see ``matching`` for how entries are written."""

from __future__ import annotations

STRONG_PRAISE = """
    отличный, отлично, превосходный, прекрасный, прекрасно, великолепный, замечательный, замечательно,
    супер, топ, топовый, шикарный, шикарно, класс, классный, классно, огонь, бомба, обожать, восторг,
    идеальный, идеально, лучший, лучшая, лучшие, золото, на высоте, рекомендую, рекомендовать, молодец,
    молодцы, безупречн*, кайф, awesome, excellent, amazing, fantastic, great, brilliant, perfect,
    perfectly, love, loving, best, outstanding, superb, wonderful, impressive, impressed, recommend,
    star, extra mile, flawless, terrific, incredible, stellar, 👍, ❤, 🔥, 😍, 💪, 🎉
    """
PRAISE = """
    хороший, хорошо, удобный, удобно, быстрый, быстро, оперативный, оперативно, вежливый, вежливо,
    понятный, понятно, вовремя, помогать, помочь, помощь, спасибо, благодарен, благодарить, доволен,
    довольный, нравиться, понравиться, устраивать, полезный, полезно, четко, четкий, честный, честно,
    стабильный, стабильно, надежный, приятный, приятно, без задержка, в срок, день в день, подробный,
    компетентный, грамотный, качественный, профессионально, профессионал, простой и понятный, наладить,
    сходиться, выше чем, доводить до конца, довести до конца, на связи, в курсе, без проблем,
    без лишних вопросов, растем, радовать, порадовать, выгодный, выгодно, внимательный, отзывчивый,
    не подводить, не подвести, держать в курсе, заранее предупреждать, вытащить, без нареканий, все ок,
    работать четко, конвертить отлично, в том же духе, заинтересован*, сразу, легко, свежий, расти,
    ценить, улучши*, норм работать, в реальном времени, решаться, за пять минут, за минуты, дружелюбн*,
    приходить сами, good, nice, quick, quickly, fast, helpful, help, useful, friendly, polite, easy,
    easily, clean, intuitive, fair, reliable, honest, responsive, happy, satisfied, pleased, thanks,
    thank, thank you, on time, well, really well, better than, painless, smooth, smoothly, clear,
    strong, competitive, solid, professional, knowledgeable, lovely, no complaints, no problem,
    no issues, never had an issue, never a problem, no delays, works, works well, resolved, solved,
    fixed, keep it up, keep up, shout out, appreciate, enjoy, enjoyable, exactly what,
    keeps us informed, always informed, convert well, convenient, improved, find a solution,
    found a solution, accurate, transparent, stable, simple, :), :-), :d, ;), )), ))), 🙂, 😊, 🙏
    """
COMPLAINT = """
    плохой, плохо, медленный, медленно, долго, долгий, задержка, задерживать, задержать, задержали,
    тормозить, проблема, ошибка, жалоба, неудобный, неудобно, непонятный, непонятно, сложно, сложный,
    трудно, ждать, ожидание, висеть, устареть, старый, врать, падать, упасть, терять, теряться,
    пропадать, пропасть, срезать, порезать, снизить, урезать, расхождение, не работать, не отвечать,
    не прийти, не приходить, не платить, не помочь, не помогать, не решить, не вникать, не засчитывать,
    не засчитываться, не сообщить, не предупредить, не показать, не обновлять, не обновляться,
    не конверт*, не найти, нет ответа, ответа нет, нет смысла, не дозвониться, не сохраняться,
    не грузиться, не сходиться, не объяснить, никто не, без объяснения, без объяснений, без причины,
    отписка, шаблон*, игнор*, отклонять, забанить, блокировать, заблокировать, заморозить, молчать,
    глюк*, баг, слететь, дорого, невыгодн*, перебор, слишком большой, задним числом, раньше было лучше,
    стало хуже, хуже, мало, слабый, слабо, подозревать, недоволен, отказ, потерять, сырой, ругаться,
    злиться, жаль, грустно, неприятно, гонять по кругу, возврат много, сломить, невозможно, нереально,
    в пустоту, узнавать последними, меняться каждый, каждый раз, сменилось, зажимать, сдвинуться,
    через раз, пропадать, тянуть, нет вообще, вообще нет, опять, до сих пор, так и не, третий день,
    вторую неделю, вечно, наплевать, спам, просить три раза, инструкций нет, рассылки нет, надоесть,
    заново, хромать, нестабильн*, путаница, недоплат*, bad, slow, late, delay, delayed, problem, issue,
    bug, bugs, error, wrong, broken, breaking, confusing, confused, complicated, hard, difficult,
    outdated, missing, lost, lose, lack, lacking, too high, too low, low, low compared, poor, poorly,
    unfair, expensive, rejected, banned, blocked, fail, fails, failed, cut, dropped, expire, unanswered,
    unclear, random, ignore, ignored, waiting, waited, wait, still waiting, not work, not working,
    not counted, not match, not enough, not help, not paid, not reply, not find, never online,
    never listen, never told, nobody replies, nobody knows, nobody can tell, nobody informed,
    nobody explained, no explanation, without explanation, without any explanation, no proof, no reply,
    no response, without notice, no notice, complaint, complain, off by, takes days, takes weeks,
    takes a week, takes forever, two day delay, hold the money, retroactively, out of stock, copy paste,
    passed from one, never solved, mess, messy, used to be better, used to be much better, went nowhere,
    ourselves, scrub, shaving, leave, leaving, unhappy, sad, annoying, annoyed, hate, inconsistent,
    unreliable, unresponsive, refunds, different numbers, every other month, no onboarding, not easy,
    get paused, stuck, worse, worst, three months, how much longer, :(, :-(, ((, (((, 😞, 😕, 🙁, 👎, 😢
    """
STRONG_COMPLAINT = """
    ужасный, ужасно, ужас, отвратительн*, отвратный, кошмар, позор, безобрази*, обман, обманывать,
    обмануть, кидать, кинуть, кидалово, мошенник*, мошеннич*, хамить, хамство, грубить, шейв*,
    разочарован, разочаровать, разочарование, уходить к конкурентам, ухожу, ужасающ*, издевательство,
    воровать, украсть, бесить, бардак, отстой, дно, плевать, выть, так дела не делают, чёрт ногу,
    невыносим*, худший, никому не, мрак, жесть, треш, трэш, достать уже, terrible, awful, horrible,
    disgusting, scam, fraudsters, stealing, steal, thieves, rude, useless, joke, disaster, nightmare,
    disappointed, disappointing, disappointment, unacceptable, ridiculous, pathetic, worst, incompetent,
    cheat, cheated, angry, furious, where is my money, 😡, 🤬, 💩, 😠
    """
# What people ask for is no praise of what is there, and no complaint either.
WISHES = """
    хотеться, хотелось бы, хочется, было бы, добавить, добавьте, сделайте, нужен, нужны, нужно,
    не хватать, пора, больше, перейдите, пожелание, предложение, прошу, would be, would love,
    would like, would help, wish, please, need, could be, should be, suggest, suggestion, hope, more,
    better docs
    """

GROUPS: tuple[tuple[float, str], ...] = (
    (2.0, STRONG_PRAISE),
    (1.0, PRAISE),
    (-1.0, COMPLAINT),
    (-2.0, STRONG_COMPLAINT),
)
