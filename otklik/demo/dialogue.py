"""What both sides said in the demo: announcements and readers, ideas and votes, goals, applications, starts.

Nobody is written to: people of the demo are nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from otklik.demo import dialogue_words as words
from otklik.demo.story import SEED, Company, Person
from otklik.dialogue.public import (
    Announcement,
    Audience,
    Goal,
    GoalState,
    GoalTerms,
    IdeaState,
    Manners,
    NewApplication,
    NewStep,
    NewsTerms,
    PromiseState,
    PromiseTerms,
    Question,
    Resource,
    Side,
    VettingOutcome,
    Wording,
    acknowledge,
    apply,
    ask_about,
    finish_step,
    mark_read,
    moderate_idea,
    move_commitment,
    move_goal,
    propose_commitment,
    propose_goal,
    publish_announcement,
    set_idea_state,
    set_manners,
    set_step,
    set_steps,
    show_answer,
    start_onboarding,
    vote,
    write_announcement,
    write_idea,
)
from otklik.events.public import Actor, ActorKind, Origin
from otklik.identity.public import User
from otklik.partners.public import Contact

READERS = 40
AGREEING = 4
STARTING = 2
_DAY = timedelta(days=1)


def talk(
    program_id: int,
    companies: Sequence[Company],
    people: tuple[Mapping[str, int], Mapping[str, int]],
    staff: Mapping[str, User],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """``people``: ids of partners and of contacts by their keys."""
    _Talk(program_id, companies, people, staff, by, at).run()


class _Talk:
    def __init__(
        self,
        program_id: int,
        companies: Sequence[Company],
        people: tuple[Mapping[str, int], Mapping[str, int]],
        staff: Mapping[str, User],
        by: Actor,
        at: datetime,
    ) -> None:
        self.program_id, self.by, self.now = program_id, by, at
        self.today = at.astimezone(UTC).date()
        self.partner_ids, self.contact_ids = people
        self.head = staff["head"]
        self.ours = Actor(ActorKind.PERSON, self.head.pk, Origin.DEMO)
        self.random = Random(f"{SEED}-talk")  # noqa: S311 (a story, not a secret)
        known = [one for one in companies if one.joined < 0 and one.people]
        self.known = sorted(known, key=lambda one: (-one.revenue, one.key))
        self.newcomers = sorted(
            (one for one in companies if one.people), key=lambda one: (-one.joined, one.key)
        )

    def run(self) -> None:
        self._set_up()
        self._announce()
        self._have_ideas()
        self._agree()
        self._apply()
        self._begin()

    def _set_up(self) -> None:
        at = self.now - 60 * _DAY
        manners = Manners(
            moderates_ideas=True,
            takes_applications=True,
            introduction=words.INTRODUCTION,
            questions=[Question({"en": en, "ru": ru}, needed) for en, ru, needed in words.ASKED],
            vetting=words.VETTING,
            answer_days=3,
            resources=[Resource(title, url) for title, url in words.RESOURCES],
        )
        set_manners(program_id=self.program_id, manners=manners, by=self.by, at=at)
        steps = [NewStep(kind, titles, side, days, link) for kind, side, days, titles, link in words.STEPS]
        set_steps(program_id=self.program_id, steps=steps, by=self.by, at=at)

    def _announce(self) -> None:
        for number, (kind, ago, confirm, tiers, texts) in enumerate(words.NEWS):
            at = self.now - ago * _DAY
            said = NewsTerms(
                kind,
                {code: Wording(*told) for code, told in texts.items()},
                Audience(tiers=tiers),
                needs_acknowledgement=confirm,
                mails_copy=False,
            )
            news = write_announcement(program_id=self.program_id, terms=said, by=self.ours, at=at)
            publish_announcement(announcement_id=news.pk, author=self.head, by=self.ours, at=at)
            readers = self._read(news, confirm, at)
            if number == 0 and readers:
                self._ask(news, readers[0], at + _DAY)

    def _read(self, news: Announcement, confirm: bool, at: datetime) -> list[tuple[Company, Person]]:
        reached = set(news.addressees.values_list("contact_id", flat=True))
        there = [
            (one, person)
            for one in self.known
            for person in one.people
            if self.contact_ids[person.key] in reached
        ]
        readers = there[:READERS]
        for _company, person in readers:
            contact_id = self.contact_ids[person.key]
            moment = min(at + timedelta(hours=self.random.randint(1, 40)), self.now)
            who: dict[str, Any] = {
                "announcement_id": news.pk,
                "contact_id": contact_id,
                "by": self._person(contact_id),
            }
            mark_read(**who, at=moment)
            if confirm and self.random.random() < 0.7:
                acknowledge(**who, at=moment)
        return readers

    def _ask(self, news: Announcement, asker: tuple[Company, Person], at: datetime) -> None:
        company, person = asker
        contact_id, language = self.contact_ids[person.key], self._language(company)
        question = ask_about(
            announcement_id=news.pk,
            contact_id=contact_id,
            subject=words.NEWS[0][4][language][0],
            text=words.QUESTIONS[language],
            language=language,
            key="demo",
            by=self._person(contact_id),
            at=at,
        )
        asked, answer = words.ANSWER
        show_answer(question_id=question.pk, question=asked, answer=answer, by=self.ours, at=at + _DAY)

    def _have_ideas(self) -> None:
        begun = 50
        for language, ideas in words.IDEAS.items():
            speakers = self._people(language)
            for state, votes, title, text, reason, outcome in ideas:
                at = self.now - begun * _DAY
                begun -= 5
                author, *others = self.random.sample(speakers, votes)
                idea = self._idea(author, title, text, language, at)
                moderate_idea(idea_id=idea, shown=True, by=self.ours, at=at + _DAY / 2)
                for one in others:
                    vote(idea_id=idea, contact=one, wants=True, by=self._person(one.pk), at=at + _DAY)
                if state != "new":
                    set_idea_state(
                        idea_id=idea,
                        state=IdeaState(state),
                        reason=reason,
                        outcome=outcome,
                        by=self.ours,
                        at=at + 4 * _DAY,
                    )
        title, text = words.WAITING_IDEA
        self._idea(self._people("ru")[0], title, text, "ru", self.now - _DAY)

    def _idea(self, author: Contact, title: str, text: str, language: str, at: datetime) -> int:
        by = self._person(author.pk)
        return write_idea(contact=author, title=title, text=text, language=language, by=by, at=at).pk

    def _agree(self) -> None:
        for language in ("ru", "en"):
            partners = [one for one in self.known if self._language(one) == language][:AGREEING]
            for company in partners:
                self._agree_with(company, language)

    def _agree_with(self, company: Company, language: str) -> None:
        at = self.now - 55 * _DAY
        partner_id = self.partner_ids[company.key]
        theirs = self._person(self.contact_ids[company.people[0].key])
        for text, measure, target, days, state in words.GOALS[language]:
            said = GoalTerms(text, self.today + days * _DAY, measure, target)
            goal: Goal = propose_goal(partner_id=partner_id, terms=said, on=at.date(), by=self.ours, at=at)
            if state == "agreed":
                move_goal(goal_id=goal.pk, state=GoalState.AGREED, by=theirs, at=at + 2 * _DAY)
        for side, text, days, took in words.PROMISES[language]:
            due = self.today + days * _DAY
            who = self.ours if side is Side.OURS else theirs
            promise = propose_commitment(
                partner_id=partner_id, terms=PromiseTerms(side, text, due), on=at.date(), by=who, at=at
            )
            if took is not None:
                done = datetime.combine(due, at.timetz()) + took * _DAY
                move_commitment(
                    commitment_id=promise.pk, state=PromiseState.DONE, on=done.date(), by=who, at=done
                )

    def _apply(self) -> None:
        """The first is late, the second is being vetted, the third has just come."""
        for number, told in enumerate(words.APPLICATIONS):
            company, person, address, site, country, language, ago, answers = told
            at = self.now - ago * _DAY
            questions = [ru if language == "ru" else en for en, ru, _needed in words.ASKED]
            asked = NewApplication(
                company, person, address, site, country, language, list(zip(questions, answers, strict=True))
            )
            sent = apply(program_id=self.program_id, asked=asked, key=f"demo:{address}", by=self.by, at=at)
            for step in sent.steps.all()[: 2 - number if number < 2 else 0]:
                set_step(step_id=step.pk, outcome=VettingOutcome.PASSED, by=self.ours, at=at + _DAY / 2)

    def _begin(self) -> None:
        """One goes as planned, the other is stuck."""
        for company, ago, done in zip(self.newcomers[:STARTING], (4, 15), (2, 1), strict=True):
            at = self.now - ago * _DAY
            partner_id = self.partner_ids[company.key]
            begun = start_onboarding(partner_id=partner_id, on=at.date(), by=self.ours, at=at)
            theirs = self._person(self.contact_ids[company.people[0].key])
            for step in begun.steps.filter(side=Side.THEIRS)[:done]:
                finish_step(step_id=step.pk, done=True, by=theirs, at=at + _DAY)

    def _people(self, language: str) -> list[Contact]:
        keys = [p.key for one in self.known if self._language(one) == language for p in one.people[:2]]
        ids = [self.contact_ids[key] for key in keys[:80]]
        found = Contact.objects.select_related("partner").in_bulk(ids)
        return [found[pk] for pk in ids]

    @staticmethod
    def _language(company: Company) -> str:
        return "ru" if company.land.language == "ru" else "en"

    @staticmethod
    def _person(contact_id: int) -> Actor:
        return Actor(ActorKind.CONTACT, contact_id, Origin.DEMO)
