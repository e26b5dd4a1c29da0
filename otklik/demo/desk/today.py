"""The tickets that are open at this moment, so that every view of the inbox has something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from otklik.demo.desk.threads import MANNERS, MATTERS, OWNERS, Course, Kind, Story, begin
from otklik.demo.story import SEED, Company
from otklik.desk.public import Channel

# Ticket by ticket: tier, language, matter, minutes since it began, what happened since.
Scene = tuple[str, str, str, int, str]
SCENES: tuple[Scene, ...] = (
    ("gold", "ru", "payouts", 4, "new"),
    ("silver", "en", "tracking", 11, "new"),
    ("gold", "ru", "tracking", 18, "new"),
    ("gold", "en", "traffic_hold", 26, "traffic"),
    ("silver", "ru", "moderation", 55, "traffic"),
    ("gold", "ru", "payouts", 104, "owned"),
    ("platinum", "en", "payouts", 98, "owned"),
    ("gold", "ru", "promo", 85, "owned"),
    ("platinum", "ru", "tracking", 76, "owned"),
    ("gold", "en", "api", 61, "owned"),
    ("silver", "ru", "api", 22, "owned"),
    ("bronze", "en", "creatives", 240, "owned"),
    ("gold", "ru", "payouts", 205, "overdue"),
    ("platinum", "ru", "traffic_hold", 150, "overdue"),
    ("silver", "en", "payouts", 5900, "overdue"),
    ("gold", "en", "contract", 900, "waiting"),
    ("silver", "ru", "creatives", 1500, "waiting"),
    ("gold", "ru", "promo", 2300, "waiting"),
    ("bronze", "ru", "tier", 2900, "waiting"),
    ("gold", "ru", "payouts", 95, "asked"),
    ("platinum", "en", "payouts", 300, "asked"),
    ("silver", "ru", "moderation", 410, "asked"),
    ("gold", "ru", "tracking", 130, "back"),
    ("silver", "en", "promo", 260, "back"),
    ("gold", "ru", "contract", 700, "mention"),
    ("platinum", "en", "tier", 480, "mention"),
    ("gold", "ru", "payouts", 38, "callback"),
    ("gold", "ru", "promo", 17, "customer"),
    ("silver", "ru", "payouts", 600, "twice"),
    ("platinum", "ru", "payouts", 66, "lead"),
    ("platinum", "en", "moderation", 93, "lead"),
)


def today(told: Sequence[Company], now: datetime) -> list[Story]:
    random = Random(SEED + 8)  # noqa: S311 -- a story, not a secret
    found = []
    for tier, language, topic, minutes, scene in SCENES:
        fits = [
            one
            for one in told
            if one.tier == tier and (one.land.language == "ru") is (language == "ru") and one.joined < -3
        ]
        matter = next(one for one in MATTERS[language] if one.topic == topic)
        story = begin(random, random.choice(fits), now - timedelta(minutes=minutes), matter=matter)
        story.channel, story.team = Channel.EMAIL, language
        story.owner = random.choice(OWNERS[language])
        found.append(story)
        _Scene(random, story, now).play(scene)
        if scene == "lead":
            story.owner = "lead"
        if scene == "twice":
            found.append(_again(random, story, now))
    return sorted(found, key=lambda one: one.at)


class _Scene(Course):
    def play(self, scene: str) -> None:
        scenes: dict[str, Callable[[], None]] = {
            "new": self._new,
            "traffic": self._queue_of_traffic,
            "waiting": self._waiting,
            "asked": self._asked,
            "back": self._back,
            "mention": self._mention,
            "callback": self._callback,
            "customer": self._customer,
        }
        scenes.get(scene, lambda: None)()

    def _new(self) -> None:
        self.story.owner = None

    def _queue_of_traffic(self) -> None:
        self.story.owner, self.story.team = None, "traffic"

    def _waiting(self) -> None:
        at = self._reply(self.story.at + self._minutes(8, 40), self._of_case(self.story.matter.questions))
        self.story.add(Kind.WAIT, at, who=self.owner)

    def _asked(self) -> None:
        self.story.case = min(self.story.case, len(self.story.matter.asked) - 1)
        at = self._reply(self.story.at + self._minutes(8, 25), self._line(self.manners.passed_on))
        department = "traffic" if self.story.matter.topic == "moderation" else "finance"
        question = self.word.fill(self.story.matter.asked[self.story.case])
        asked = at + timedelta(minutes=1)
        self.story.add(Kind.ASK, asked, question, who=self.owner, value=department)

    def _back(self) -> None:
        """We asked, they answered a quarter of an hour ago: it is our turn."""
        at = self._reply(self.story.at + self._minutes(5, 30), self._of_case(self.story.matter.questions))
        self.story.add(Kind.WAIT, at, who=self.owner)
        self._says(self.now - self._minutes(9, 20), self._of_case(self.story.matter.data))

    def _mention(self) -> None:
        at = self._reply(self.story.at + self._minutes(5, 30), self._line(self.manners.passed_on))
        said = self.random.choice(self.manners.mentions)
        for number, colleague in enumerate(("head", "lead", "agent")):
            if colleague == self.owner:
                continue
            note = self.word.fill(said, colleague=self.word.colleague(colleague))
            at += timedelta(minutes=number + 1)
            self.story.add(Kind.MENTION, at, note, who=self.owner, value=colleague)

    def _callback(self) -> None:
        self.story.channel = Channel.PHONE
        self.story.text = self._line(self.manners.calls)
        wish = self.manners.callback_wishes[-1]
        self.story.add(Kind.CALLBACK, self.story.at + timedelta(minutes=6), wish)

    def _customer(self) -> None:
        self.story.customer = self.word.customer = "Илья Сомов"
        self.story.subject = self.word.fill("Клиент {customer}: {offer}")
        self.story.text = self.word.fill(self.manners.customers[0][0])


def _again(random: Random, story: Story, now: datetime) -> Story:
    """The same person about the same matter a little later: whoever opens either is told of the other."""
    manners = MANNERS[story.language]
    again = begin(random, story.company, now - timedelta(minutes=33), matter=story.matter)
    again.word, again.case = story.word, story.case
    again.person, again.subject, again.channel = story.person, story.subject, Channel.FORM
    again.text = f"{random.choice(manners.duplicates)}\n\n{story.text}"
    again.team, again.owner = story.team, story.owner
    return again
