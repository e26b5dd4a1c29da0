"""What happens in every other story of the dialogue."""

from __future__ import annotations

from datetime import date, timedelta

from otklik.dialogue.models import Announcement, Application, Idea, ProgramManners
from otklik.dialogue.operations.announcements import (
    NewsTerms,
    Wording,
    publish_announcement,
    write_announcement,
)
from otklik.dialogue.operations.applications import NewApplication, apply
from otklik.dialogue.operations.ideas import moderate_idea, write_idea
from otklik.dialogue.queries.audience import Audience
from otklik.dialogue.rules.vocabulary import NewsKind
from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.partners.models import Contact, Program
from tests.world import NOW, World

AT = NOW + timedelta(hours=1)
TODAY = AT.date()
DUE = date(2026, 3, 20)


def by(user: User) -> Actor:
    return Actor.person(user.pk)


def at_partner(contact: Contact) -> Actor:
    return Actor.contact(contact.pk)


def terms(title: str = "New rates", *, audience: Audience | None = None, **more: object) -> NewsTerms:
    texts = {"en": Wording(title, "Rates **change**."), "ru": Wording(f"{title} (ru)", "Ставки *меняются*.")}
    return NewsTerms(NewsKind.CHANGE, texts, audience or Audience(), **more)  # type: ignore[arg-type]


def draft(world: World, said: NewsTerms | None = None, *, who: User | None = None) -> Announcement:
    who = who or world.anna
    return write_announcement(program_id=world.program.pk, terms=said or terms(), by=by(who), at=AT)


def published(world: World, said: NewsTerms | None = None, *, who: User | None = None) -> Announcement:
    who = who or world.anna
    news = draft(world, said, who=who)
    return publish_announcement(announcement_id=news.pk, author=who, by=by(who), at=AT)


def idea_of(contact: Contact, title: str = "Payouts twice a month", *, text: str = "") -> Idea:
    return write_idea(contact=contact, title=title, text=text, language="en", by=at_partner(contact), at=AT)


def shown_idea(world: World, contact: Contact, title: str = "Payouts twice a month") -> Idea:
    idea = idea_of(contact, title)
    return moderate_idea(idea_id=idea.pk, shown=True, by=by(world.anna), at=AT)


def takes_applications(program: Program, *, vetting: tuple[str, ...] = ("Look at the site",)) -> None:
    ProgramManners.objects.create(
        program=program,
        takes_applications=True,
        vetting=list(vetting),
        questions=[{"texts": {"en": "How many visits?", "ru": "Сколько?"}, "is_required": True}],
    )


def applied(program: Program, *, company: str = "Comet", key: str = "k1") -> Application:
    asked = NewApplication(company, "Zoya Comet", "zoya@comet.example", country="RU", language="ru")
    return apply(program_id=program.pk, asked=asked, key=key, at=AT)
