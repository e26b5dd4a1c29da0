"""The desk's longer past: short tickets of a year and a half before the ten weeks of ``threads``.

What later rooms are to find in it: a queue that collapsed for one team, and what it did to the scores of
those who waited (``mood``). What they are not to find: tickets that come back and tickets that change hands
are as frequent in good months as in bad ones, and move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from otklik.demo.desk.threads import (
    DAYS,
    MANNERS,
    OWNERS,
    Kind,
    Story,
    begin,
    in_hours,
    weight,
    working_moment,
)
from otklik.demo.story import SEED, Company, month_start
from otklik.desk.public import Channel

# Of a few draws one in which chance does not let the future seem to move the past, whenever it is told.
DRAWN = SEED + 3
FIRST_MONTH, LAST_MONTH = -18, -3
A_MONTH = 50
USUALLY_LATE = 0.15
# Half of the English-speaking team was gone at once, and its queue grew for two months.
COLLAPSED_TEAM, COLLAPSED_MONTHS = "en", frozenset({-5, -4})
COLLAPSED_MORE, COLLAPSED_LATE = 100, 0.72
REOPENED, HANDED_OVER = 0.25, 0.25
CLOSED_AFTER = timedelta(days=15)


def past(told: Sequence[Company], anchor: date, now: datetime) -> list[Story]:
    """In the order they began, all of them closed before the ten weeks begin."""
    found = []
    ends = now - timedelta(days=DAYS) - CLOSED_AFTER - timedelta(days=10)
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        random = Random(f"{DRAWN}-desk{month}")  # noqa: S311 -- a story, not a secret
        known = [one for one in told if one.joined < month]
        collapsed = month in COLLAPSED_MONTHS
        for number in range(A_MONTH + COLLAPSED_MORE * collapsed):
            theirs = [one for one in known if _team(one) == COLLAPSED_TEAM] if number >= A_MONTH else known
            story = _story(random, theirs, month_start(anchor, month), collapsed)
            if story.at < ends:
                found.append(story)
    return sorted(found, key=lambda one: (one.at, one.person.key))


def _story(random: Random, known: Sequence[Company], first: date, collapsed: bool) -> Story:
    (company,) = random.choices(known, [weight(one) for one in known])
    day = datetime.combine(first, time(0), UTC) + timedelta(days=random.uniform(0, 30))
    story = begin(random, company, working_moment(random, day))
    story.channel = random.choice((Channel.EMAIL, Channel.EMAIL, Channel.EMAIL, Channel.FORM, Channel.PORTAL))
    late = COLLAPSED_LATE if collapsed and story.team == COLLAPSED_TEAM else USUALLY_LATE
    # Drawn for each, so that what is late comes back and changes hands neither more nor less often.
    story.late, reopened, handed_over = (random.random() < chance for chance in (late, REOPENED, HANDED_OVER))
    _Course(random, story).run(reopened=reopened, handed_over=handed_over)
    return story


class _Course:
    def __init__(self, random: Random, story: Story) -> None:
        self.random, self.story, self.manners = random, story, MANNERS[story.language]
        self.owner = story.owner or OWNERS[story.language][0]

    def run(self, *, reopened: bool, handed_over: bool) -> None:
        at = self.story.at
        if handed_over:
            self._hand_over(at + self._minutes(2, 5))
        if self.story.late:
            at = in_hours(at + timedelta(days=self.random.choice((3, 4))) + self._minutes(0, 90))
        else:
            at += self._minutes(8, 70)
        at = self._solve(at, self.story.matter.solutions, late=self.story.late)
        if reopened:
            back = in_hours(at + self._minutes(200, 4000))
            self.story.add(Kind.SAYS, back, self._words(self.manners.not_solved))
            at = self._solve(back + self._minutes(10, 60), self.manners.second_solutions)
        night = (at + CLOSED_AFTER).replace(hour=1, minute=30, second=0, microsecond=0)
        self.story.add(Kind.CLOSE, night)

    def _hand_over(self, at: datetime) -> None:
        others = [key for key in (*OWNERS[self.story.language], "lead") if key != self.owner]
        heir = self.random.choice(others)
        self.story.add(Kind.HAND_OVER, at, who=self.owner, value=heir)
        self.owner = heir

    def _solve(self, at: datetime, solutions: Sequence[str], *, late: bool = False) -> datetime:
        apology = self.random.choice(self.manners.apologies) if late else ""
        text = self._words(solutions)
        if solutions is self.manners.second_solutions:
            # They are few, and would read as copies of each other.
            text = f"{self.story.subject}: {text}"
        body = self.story.word.reply(self.manners, text, agent=self.owner, apology=apology)
        self.story.add(Kind.REPLY, at, body, who=self.owner)
        return self.story.add(Kind.SOLVE, at + timedelta(minutes=1), who=self.owner)

    def _words(self, lines: Sequence[str]) -> str:
        story = self.story
        return story.word.fill(story.matter.line(self.random, tuple(lines), story.case))

    def _minutes(self, least: int, most: int) -> timedelta:
        return timedelta(minutes=self.random.randint(least, most), seconds=self.random.randint(0, 59))


def _team(company: Company) -> str:
    return "ru" if company.land.language == "ru" else "en"
