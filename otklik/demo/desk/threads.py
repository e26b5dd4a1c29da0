"""What happens in the demo's tickets, drawn from one seed. No database here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random

from otklik.demo.desk import manners_en, manners_ru, matters_en, matters_ru
from otklik.demo.desk.matters import Manners, Matter
from otklik.demo.desk.wording import Wording
from otklik.demo.story import SEED, Company, Person
from otklik.desk.public import Channel, Side

TICKETS = 330
DAYS = 70
# Partners of whom so large a part is answered late; of the others nearly nobody.
TROUBLED_SHARE, TROUBLED_LATE, USUALLY_LATE = 0.14, 0.6, 0.05
# As often whether it was late or not: in this story coming back moves nobody's score.
REOPENED = 0.12
CHANNELS = (
    (Channel.EMAIL, 58),
    (Channel.FORM, 16),
    (Channel.PORTAL, 9),
    (Channel.TELEGRAM, 6),
    (Channel.PHONE, 5),
    (Channel.API, 3),
    (Channel.CHAT, 3),
)  # fmt: skip
OWNERS = {"ru": ("agent", "agent3"), "en": ("agent2", "agent4")}
MATTERS = {"ru": matters_ru.MATTERS, "en": matters_en.MATTERS}
MANNERS: Mapping[str, Manners] = {"ru": manners_ru.MANNERS, "en": manners_en.MANNERS}


class Kind(StrEnum):
    SAYS = "says"
    """Somebody outside writes."""
    AUTO = "auto"
    REPLY = "reply"
    NOTE = "note"
    MENTION = "mention"
    WAIT = "wait"
    ASK = "ask"
    ANSWER = "answer"
    CALLBACK = "callback"
    CALLED = "called"
    SOLVE = "solve"
    CLOSE = "close"
    HAND_OVER = "hand_over"
    RATE = "rate"
    SPAM = "spam"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Step:
    """``who``: key of a colleague, "" for outside or by itself. ``value``: stars, or the key of a colleague
    or department."""

    kind: Kind
    at: datetime
    text: str = ""
    who: str = ""
    value: str | int = ""
    side: Side = Side.PARTNER


@dataclass(slots=True)
class Story:
    company: Company
    person: Person
    matter: Matter
    language: str
    channel: Channel
    subject: str
    text: str
    at: datetime
    team: str
    owner: str | None
    word: Wording
    case: int
    customer: str = ""
    late: bool = False
    copy_of: Story | None = None
    steps: list[Step] = field(default_factory=list)

    def add(
        self, kind: Kind, at: datetime, text: str = "", *, who: str = "", value: str | int = "", **more: Side
    ) -> datetime:
        self.steps.append(Step(kind, at, text, who, value, **more))
        return at


def threads(told: Sequence[Company], now: datetime) -> list[Story]:
    """Those of the past in the order they began; none of their steps lies after ``now``."""
    random = Random(SEED + 7)  # noqa: S311 -- a story, not a secret
    known = [one for one in told if one.joined < -3]
    troubled = {one.key for one in random.sample(known, round(len(known) * TROUBLED_SHARE))}
    weights = [weight(one) * (2.2 if one.key in troubled else 1.0) for one in known]
    found = []
    for number in range(TICKETS):
        company = random.choices(known, weights)[0]
        late = random.random() < (TROUBLED_LATE if company.key in troubled else USUALLY_LATE)
        opened = working_moment(random, now - timedelta(days=random.uniform(3, DAYS)))
        story = begin(random, company, opened)
        story.late = late
        Course(random, story, now).run(number)
        found.append(story)
        if number % 33 == 5 and (copy := _duplicate(random, story, now)) is not None:
            found.append(copy)
    return sorted(found, key=lambda one: (one.at, one.person.key))


def waits(stories: Sequence[Story]) -> dict[str, list[datetime]]:
    """By company: when it was kept waiting, a day after it wrote: longer than anybody was promised."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for story in stories:
        if story.late:
            found[story.company.key].append(story.at + timedelta(days=1))
    return found


def begin(random: Random, company: Company, at: datetime, *, matter: Matter | None = None) -> Story:
    language = "ru" if company.land.language == "ru" else "en"
    every = MATTERS[language]
    matter = matter or random.choices(every, [one.weight for one in every])[0]
    person = random.choice(company.people)
    word = Wording(random, language, at, person.name, company.name)
    manners, case = MANNERS[language], random.randrange(len(matter.openings))
    body = [matter.openings[case], random.choice(matter.details)]
    if random.random() < 0.25:
        body.pop()
    text = "\n\n".join(
        (
            random.choice(manners.greetings),
            word.fill(" ".join(body)),
            word.fill(matter.line(random, matter.wishes, case)),
            word.fill(random.choice(manners.signs)),
        )
    )
    of_traffic = matter.topic in ("traffic_hold", "moderation") and random.random() < 0.35
    return Story(
        company=company,
        person=person,
        matter=matter,
        language=language,
        channel=random.choices([one[0] for one in CHANNELS], [one[1] for one in CHANNELS])[0],
        subject=word.fill(matter.line(random, matter.subjects, case)),
        text=text,
        at=at,
        word=word,
        case=case,
        team="traffic" if of_traffic else language,
        owner="officer" if of_traffic else random.choice(OWNERS[language]),
    )


class Course:
    """From the first letter to the end, as one of a few courses goes."""

    def __init__(self, random: Random, story: Story, now: datetime) -> None:
        self.random, self.story, self.now = random, story, now
        self.manners = MANNERS[story.language]
        self.word = story.word
        self.reopened = False

    def run(self, number: int) -> None:
        story, draw = self.story, self.random.random()
        if number % 47 == 11:
            self._spam()
            return
        at = self._late() if story.late else story.at + self._minutes(6, 55)
        if story.channel is Channel.PHONE:
            at = self._after_call(at)
        elif number % 29 == 3 and not story.late:
            self._third_side(at)
            return
        elif story.case < len(story.matter.asked) and draw < 0.5:
            at = self._ask(at)
        elif draw < 0.7:
            at = self._clarify(at)
        if self.random.random() < 0.16:
            story.add(Kind.NOTE, at - timedelta(minutes=2), self._line(self.manners.notes), who=self.owner)
        self._end(at)

    @property
    def owner(self) -> str:
        return self.story.owner or OWNERS[self.story.language][0]

    def _late(self) -> datetime:
        """Nobody answers for days; the partner asks again."""
        story = self.story
        answered = in_hours(story.at + timedelta(days=self.random.choice((3, 4))) + self._minutes(0, 90))
        reminded = story.at + timedelta(days=self.random.choice((1, 2))) + self._minutes(5, 200)
        self._says(reminded, self._line(self.manners.reminders))
        if self.random.random() < 0.4:
            self._says(reminded + timedelta(hours=20), self._line(self.manners.reminders))
        return answered

    def _clarify(self, at: datetime) -> datetime:
        story = self.story
        self._reply(at, self._of_case(story.matter.questions), late=story.late)
        story.add(Kind.WAIT, at, who=self.owner)
        if self.random.random() < 0.12:
            story.add(Kind.AUTO, at + timedelta(minutes=1), self._line(self.manners.out_of_office))
        back = in_hours(at + self._minutes(40, 1500))
        self._says(back, self._of_case(story.matter.data))
        return back + self._minutes(9, 70)

    def _ask(self, at: datetime) -> datetime:
        """Another department knows; the owner stays the one who answers the partner."""
        story = self.story
        self._reply(at, self._line(self.manners.passed_on), late=story.late)
        department = "traffic" if story.matter.topic in ("traffic_hold", "moderation") else "finance"
        if department == story.team:
            department = "finance"
        asked = at + timedelta(minutes=2)
        story.add(
            Kind.ASK, asked, self.word.fill(story.matter.asked[story.case]), who=self.owner, value=department
        )
        answered = in_hours(asked + self._minutes(35, 1900 if story.late else 300))
        who = "finance" if department == "finance" else "officer"
        story.add(Kind.ANSWER, answered, self.word.fill(story.matter.told[story.case]), who=who)
        return answered + self._minutes(5, 40)

    def _after_call(self, at: datetime) -> datetime:
        """What stands in the ticket is a colleague's record of the call."""
        story = self.story
        story.text = self._line(self.manners.calls)
        if self.random.random() < 0.5:
            wish = self._line(self.manners.callback_wishes)
            asked = story.add(Kind.CALLBACK, at + timedelta(minutes=3), wish)
            note = self._line(self.manners.callback_notes)
            at = story.add(Kind.CALLED, asked + self._minutes(30, 110), note, who=self.owner)
        return at + self._minutes(10, 60)

    def _third_side(self, at: datetime) -> None:
        """The partner's own client joins; each side reads what is meant for it."""
        story, (opening, question, answer, end) = self.story, self.random.choice(self.manners.customers)
        is_russian = story.language == "ru"
        story.matter = next(one for one in MATTERS[story.language] if one.topic == "promo")
        story.customer = self.word.customer = "Мария Ветрова" if is_russian else "Hannah Cole"
        greeting = story.text.partition("\n\n")[0]
        story.text = "\n\n".join((greeting, self.word.fill(opening), story.person.name))
        subject = "Клиент {customer}: {offer}" if is_russian else "Our customer {customer}: {offer}"
        story.subject = self.word.fill(subject)
        self._reply(at, self._line((question,)), side=Side.CUSTOMER)
        back = in_hours(at + self._minutes(30, 300))
        story.add(Kind.SAYS, back, self._line((answer,)), side=Side.CUSTOMER)
        self._finish(self._reply(back + self._minutes(15, 90), self._line((end,))))

    def _spam(self) -> None:
        story = self.story
        story.subject, story.text = self.random.choice(self.manners.spam)
        story.channel, story.owner, story.late = Channel.EMAIL, None, False
        story.add(Kind.SPAM, story.at + self._minutes(10, 300), who=OWNERS[story.language][0])

    def _end(self, at: datetime) -> None:
        story = self.story
        solution = self._of_case(story.matter.solutions)
        answered = any(step.kind is Kind.REPLY for step in story.steps)
        at = self._reply(at, solution, late=story.late and not answered)
        if self.random.random() < REOPENED and not self.reopened:
            story.add(Kind.SOLVE, at, who=self.owner)
            back = in_hours(at + self._minutes(200, 2600))
            self._says(back, self._line(self.manners.not_solved))
            at = self._reply(back + self._minutes(20, 90), self._line(self.manners.second_solutions))
            self.reopened = True
        self._finish(at)

    def _finish(self, at: datetime) -> None:
        story, happy = self.story, not self.story.late
        if happy and not self.reopened and self.random.random() < 0.4:
            at = in_hours(at + self._minutes(20, 600))
            self._says(at, self._line(self.manners.thanks))
            at += self._minutes(2, 40)
        story.add(Kind.SOLVE, at, who=self.owner)
        if self.random.random() < 0.38:
            stars = self.random.choices((1, 2, 3, 4, 5), (0, 1, 2, 12, 22) if happy else (9, 12, 7, 3, 1))[0]
            texts = self.manners.praise if stars > 3 else self.manners.blame
            comment = self.random.choice(texts) if self.random.random() < 0.5 else ""
            story.add(Kind.RATE, at + self._minutes(30, 2000), comment, value=stars)
        # What has not happened yet is not told; a step that needs an earlier one goes with it.
        story.steps = [step for step in story.steps if step.at <= self.now]

    def _says(self, at: datetime, text: str) -> None:
        self.story.add(Kind.SAYS, at, text)

    def _reply(self, at: datetime, text: str, *, late: bool = False, side: Side = Side.PARTNER) -> datetime:
        manners = self.manners
        apology = self.random.choice(manners.apologies) if late else ""
        to = self.story.customer if side is Side.CUSTOMER else ""
        body = self.word.reply(manners, text, agent=self.owner, apology=apology, greet=not to)
        return self.story.add(Kind.REPLY, at, body, who=self.owner, side=side)

    def _of_case(self, lines: Sequence[str]) -> str:
        return self.word.fill(self.story.matter.line(self.random, tuple(lines), self.story.case))

    def _line(self, lines: Sequence[str]) -> str:
        return self.word.fill(self.random.choice(lines))

    def _minutes(self, least: int, most: int) -> timedelta:
        return timedelta(minutes=self.random.randint(least, most), seconds=self.random.randint(0, 59))


def _duplicate(random: Random, story: Story, now: datetime) -> Story | None:
    """The same matter came twice; a colleague joins the two."""
    at = story.at + timedelta(minutes=2)
    if not story.steps or story.steps[0].kind is Kind.SPAM or at > now - timedelta(hours=8):
        return None
    manners = MANNERS[story.language]
    text = "\n\n".join((random.choice(manners.greetings), random.choice(manners.duplicates), story.text))
    copy = Story(
        company=story.company,
        person=story.person,
        matter=story.matter,
        language=story.language,
        channel=Channel.FORM,
        subject=story.subject,
        text=text,
        at=at,
        team=story.team,
        owner=None,
        copy_of=story,
        word=story.word,
        case=story.case,
    )
    copy.add(Kind.MERGE, at + timedelta(minutes=2), who=story.owner or "lead")
    return copy


def weight(company: Company) -> float:
    return {"platinum": 3.0, "gold": 2.0, "silver": 1.0, "bronze": 0.6}[company.tier]


def in_hours(at: datetime) -> datetime:
    """The same moment, or that of the next working day where nobody sits at a desk any more."""
    if at.hour >= 14:
        at += timedelta(hours=16)
    if at.hour < 6:
        at += timedelta(hours=6 - at.hour)
    while at.weekday() >= 5:
        at += timedelta(days=1)
    return at


def working_moment(random: Random, day: datetime) -> datetime:
    """On a weekday between nine and four in Moscow, where an answer within the hour is believable."""
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC) + timedelta(
        minutes=random.randint(0, 415), seconds=random.randint(0, 59)
    )
