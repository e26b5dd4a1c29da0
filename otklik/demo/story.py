"""The demo's people and answers, drawn from one seed, the same each time. No database here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from otklik.demo.cast import (
    FIRST_WORDS,
    HEIR,
    LANDS,
    LEAVER,
    NEEDS,
    PEOPLE,
    POSTS,
    PRODUCTS,
    RU_FIRST,
    RU_SECOND,
    SECOND_WORDS,
    SEGMENTS,
    TIERS,
    Land,
    Post,
)
from otklik.demo.comments import comment
from otklik.demo.mood import (
    HANDOVER_MONTH,
    MONTHS,
    NOISE,
    PAYOUT_DIP,
    PAYOUT_HIT,
    PAYOUT_HIT_FROM,
    SUPPORT_REMEMBERED_DAYS,
    Situation,
    cause,
    expected_score,
)
from otklik.partners.public import Authority, Influence

PARTNERS = 430
SEED = 20240611
ASKED_EVERY_MONTHS = 5
# Partners whose payouts are in the books, and for how many months.
PAID, PAID_MONTHS = 32, 12
CHANNELS = (("email", 70), ("portal", 16), ("link", 9), ("telegram", 5))


@dataclass(slots=True)
class Person:
    key: str
    name: str
    email: str
    post: Post
    title: str
    temper: float
    habit: float
    first_ask: int


@dataclass(slots=True)
class Company:
    key: str
    name: str
    land: Land
    segment: str
    tier: str
    tier_effect: float
    manager: str
    joined: int
    warmth: float
    revenue: Decimal
    contract_on: date
    renewal_on: date
    products: tuple[str, ...]
    needs: tuple[str, ...]
    hit: float | None = None
    """Of those whose payouts are in the books: how hard the payment provider hit them."""
    people: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    company: Company
    person: Person
    at: datetime
    score: int
    text: str
    channel: str


def month_start(anchor: date, month: int) -> date:
    """The first day of the month ``month`` months after the anchor's (negative: before)."""
    index = anchor.year * 12 + anchor.month - 1 + month
    return date(index // 12, index % 12 + 1, 1)


def companies(anchor: date) -> list[Company]:
    random = Random(SEED)  # noqa: S311 -- a story, not a secret
    names: set[str] = set()
    found = []
    for number in range(PARTNERS):
        land = random.choices(LANDS, [one.weight for one in LANDS])[0]
        company = _company(random, number, land, _company_name(random, land, names), anchor)
        company.people = [_person(random, company, place) for place in range(_headcount(random, company))]
        found.append(company)
    for place, company in enumerate(payees(found)):
        company.hit = PAYOUT_HIT if place % 4 else 0.0
    return found


def payees(told: Iterable[Company]) -> list[Company]:
    """Whose payouts are in the books, the largest first."""
    old = [one for one in told if one.joined <= -PAID_MONTHS]
    return sorted(old, key=lambda one: (-one.revenue, one.key))[:PAID]


def answers(
    told: list[Company], anchor: date, month: int, until: datetime, waits: Mapping[str, list[datetime]]
) -> Iterator[Answer]:
    """The answers of one month in time order, none later than ``until``. ``waits``: by company, when support
    kept it waiting."""
    random = Random(SEED * 1000 + month)  # noqa: S311
    day, after = month_start(anchor, month), month_start(anchor, month + 1)
    days = (after - day).days
    found = []
    for company in told:
        for person in company.people:
            due = (month - person.first_ask) % ASKED_EVERY_MONTHS == 0
            # Drawn for everybody, so that one person's silence does not change another's answer.
            luck, shift = random.random(), random.random()
            on = day + timedelta(days=int(shift * days))
            answer = _answer(random, company, person, month, on, _lately(waits.get(company.key, ()), on))
            if due and company.joined < month and luck < person.habit and answer.at <= until:
                found.append(answer)
    return iter(sorted(found, key=lambda one: (one.at, one.person.key)))


def _company(random: Random, number: int, land: Land, name: str, anchor: date) -> Company:
    tier, _weight, effect = random.choices(TIERS, [one[1] for one in TIERS])[0]
    joined = -MONTHS - 1 if random.random() < 0.7 else random.randint(-MONTHS, -2)
    contract = month_start(anchor, joined - random.randint(0, 30)) + timedelta(days=random.randint(0, 27))
    size = {"platinum": 90_000, "gold": 30_000, "silver": 9_000, "bronze": 2_500}[tier]
    return Company(
        key=f"P{number + 1001}",
        name=name,
        land=land,
        segment=random.choices([one[0] for one in SEGMENTS], [one[1] for one in SEGMENTS])[0],
        tier=tier,
        tier_effect=effect,
        manager=random.choice(land.managers),
        joined=joined,
        warmth=random.gauss(0, 0.8),
        revenue=Decimal(round(size * random.lognormvariate(0, 0.5), 2)).quantize(Decimal("0.01")),
        contract_on=contract,
        renewal_on=month_start(anchor, random.randint(1, 12)) + timedelta(days=random.randint(0, 27)),
        products=tuple(sorted(random.sample(PRODUCTS, random.randint(1, 3)))),
        needs=(random.choice(NEEDS),) if random.random() < 0.4 else (),
    )


def _company_name(random: Random, land: Land, taken: set[str]) -> str:
    while True:
        if land.language == "ru" and random.random() < 0.6:
            name = f"{random.choice(RU_FIRST)}-{random.choice(RU_SECOND)}"
        else:
            name = f"{random.choice(FIRST_WORDS)} {random.choice(SECOND_WORDS)}"
        if name not in taken:
            taken.add(name)
            return name


def _headcount(random: Random, company: Company) -> int:
    low, high = {"platinum": (5, 8), "gold": (4, 6), "silver": (3, 5), "bronze": (2, 4)}[company.tier]
    return random.randint(low, high)


def _person(random: Random, company: Company, place: int) -> Person:
    # The first two are whoever runs the company and whoever works with the program; the rest is chance.
    post = POSTS[0] if place == 0 else random.choices(POSTS[1:], [one.weight for one in POSTS[1:]])[0]
    tongue = company.land.language
    group = "ru_f" if tongue == "ru" and random.random() < 0.5 else tongue
    first, last = PEOPLE[group]
    answers_often = {Authority.FINAL: 0.36, Authority.SHARED: 0.4}.get(post.authority, 0.52)
    habit = (
        0.0
        if random.random() < 0.14
        else min(0.95, random.betavariate(4 * answers_often, 4 * (1 - answers_often)))
    )
    key = f"{company.key}-{place + 1}"
    return Person(
        key=key,
        name=f"{random.choice(first)} {random.choice(last)}",
        email=f"{key.lower()}@partner.example",
        post=post,
        title=post.ru if tongue == "ru" else post.en,
        temper=random.gauss(0, 0.7),
        habit=habit,
        first_ask=random.randint(0, ASKED_EVERY_MONTHS - 1),
    )


def _lately(waits: Iterable[datetime], day: date) -> int:
    return sum(0 <= (day - one.date()).days <= SUPPORT_REMEMBERED_DAYS for one in waits)


def _answer(
    random: Random, company: Company, person: Person, month: int, day: date, kept_waiting: int
) -> Answer:
    situation = Situation(
        month=month,
        calendar_month=day.month,
        role=role_of(person.post),
        tier_effect=company.tier_effect,
        segment=company.segment,
        barrier=company.land.barrier,
        handed_over=company.manager == LEAVER,
        kept_waiting=kept_waiting,
        hit=_hit(company, month, day),
    )
    mood = expected_score(situation) + company.warmth + person.temper + random.gauss(0, NOISE)
    score = max(0, min(10, round(mood)))
    text = comment(random, company.land.language, cause(situation), score)
    channel = random.choices([one[0] for one in CHANNELS], [one[1] for one in CHANNELS])[0]
    moment = time(random.randint(6, 17), random.randint(0, 59), random.randint(0, 59))
    return Answer(company, person, datetime.combine(day, moment, UTC), score, text, channel)


def _hit(company: Company, month: int, day: date) -> float:
    if company.hit is None:
        return 1.0
    begun = month > min(PAYOUT_DIP) or day.day >= PAYOUT_HIT_FROM
    return company.hit if begun else 0.0


def role_of(post: Post) -> str:
    if post.authority in (Authority.FINAL, Authority.SHARED):
        return "decision_maker"
    if post.influence in (Influence.HIGH, Influence.MEDIUM):
        return "influencer"
    return "end_user" if post.influence is Influence.LOW else "unknown"


def manager_in(company: Company, month: int) -> str:
    return HEIR if company.manager == LEAVER and month >= HANDOVER_MONTH else company.manager
