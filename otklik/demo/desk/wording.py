# ruff: noqa: E501 -- tables read better in long lines
"""Names, sums, dates and numbers put into the words of ``matters_*``."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from otklik.demo.cast import STAFF
from otklik.demo.desk.matters import Manners

MONTHS = {
    "ru": (
        "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
        "декабрь",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
}  # fmt: skip
OFFERS = {
    "ru": ("Кешбэк-карта", "Страховка путешественника", "Онлайн-школа", "Хостинг Про", "Билеты и отели", "CRM-лицензия"),
    "en": ("Cashback card", "Travel insurance", "Online school", "Hosting plan", "Travel app", "CRM licence"),
}  # fmt: skip
PLACES = {
    "ru": ("Россия", "Казахстан", "Беларусь", "Узбекистан", "Турция"),
    "en": ("Germany", "Poland", "Brazil", "India", "Turkey", "the UK"),
}
LINKS = ("go-autumn", "tg-flow", "ctx-main", "site-42", "push-7", "blog-a", "yt-01", "cpa-east", "mail-x")
NAMES = {one.key: one.name for one in STAFF}


class Wording:
    """Draws each fact once a ticket, so that its letters speak of the same payout and the same link."""

    def __init__(self, random: Random, language: str, at: datetime, name: str, company: str) -> None:
        self.language, self.customer, self._company = language, "", company
        self._first_name = name.split()[0]
        month = MONTHS[language][(at.month - 2) % 12]
        offer, link = random.choice(OFFERS[language]), f"{random.choice(LINKS)}-{random.randint(11, 98)}"
        self._facts = {
            "month": month,
            "offer": offer,
            "link": link,
            "geo": random.choice(PLACES[language]),
            "sum": self._number(random.choice((380, 640, 910, 1250, 1870, 2400, 3150, 4820, 7600, 12400))),
            "n": str(random.choice((12, 17, 24, 38, 41, 56, 63, 87, 112, 140))),
            "few": str(random.randint(5, 9)),
            "pct": str(random.randint(4, 38)),
            "id": f"{random.choice('PRT')}-{random.randint(20_100, 98_900)}",
            "code4": str(random.randint(1000, 9999)),
            "act": f"MP-{random.randint(2021, 2025)}/{random.randint(100, 480)}",
            "promo": f"{random.choice(('AUTUMN', 'HELLO', 'BLOG', 'VIP', 'SALE'))}{random.randint(10, 40)}",
            "day": self._date(at - timedelta(days=random.randint(1, 4))),
            "soon": self._date(at + timedelta(days=random.randint(3, 9))),
        }

    def fill(self, text: str, **more: str) -> str:
        people = {"name": self._first_name, "company": self._company, "customer": self.customer}
        return text.format_map(self._facts | people | more)

    def colleague(self, key: str) -> str:
        return NAMES[key]

    def reply(self, manners: Manners, text: str, *, agent: str, apology: str = "", greet: bool = True) -> str:
        """``text`` as part of a letter of ours; ``greet`` False where it greets somebody itself."""
        name = NAMES[agent]
        pick = sum(map(ord, text)) + len(self._first_name)
        parts = [self.fill(manners.agent_greetings[pick % len(manners.agent_greetings)])] if greet else []
        if apology:
            joined = apology[-1] in ",:"
            parts.append(_capital(apology) + (" " + text if joined else " " + _capital(text)))
        else:
            parts.append(_capital(text))
        sign = manners.agent_signs[pick % len(manners.agent_signs)]
        return "\n\n".join((*parts, self.fill(sign, agent=name)))

    def _date(self, at: datetime) -> str:
        return f"{at:%d.%m}" if self.language == "ru" else f"{at.day} {MONTHS['en'][at.month - 1]}"

    def _number(self, value: int) -> str:
        text = f"{value:,}"
        return text.replace(",", "\N{NO-BREAK SPACE}") if self.language == "ru" else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
