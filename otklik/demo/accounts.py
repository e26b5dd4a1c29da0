"""The largest accounts of each manager in the demo: ties and lines on the map, what the team expected of the
wave, tasks that came of it, a plan and a review of the last quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from otklik.demo import loop_words as words
from otklik.demo.cast import HEIR, LEAVER
from otklik.demo.story import SEED, Company, Person
from otklik.events.public import Actor, ActorKind, Origin
from otklik.feedback.public import Response
from otklik.identity.public import User
from otklik.partners.public import Authority, Influence
from otklik.relationships.public import (
    CallState,
    CallToAction,
    InfluenceKind,
    Role,
    TieKind,
    TieLevel,
    Wanted,
    add_action,
    check_due,
    close_call,
    count_silence,
    enter_expected,
    finish_action,
    make_review,
    quarter_before,
    quarter_of,
    raise_calls,
    save_plan,
    set_contract,
    sign_off,
    state_influence_line,
    state_tie,
)

EXPECTED_OF, MAPPED_OF, PLANNED, HANDLED = 6, 3, 2, 12
_DAY = timedelta(days=1)
_LEVELS = (TieLevel.STRONG, TieLevel.WORKING, TieLevel.WORKING, TieLevel.WEAK, TieLevel.NONE)


class Accounts:
    def __init__(
        self,
        program_id: int,
        companies: Sequence[Company],
        people: tuple[Mapping[str, int], Mapping[str, int]],
        staff: Mapping[str, User],
    ) -> None:
        """``people``: ids of partners and of contacts by their keys, which may grow."""
        self.program_id, self.staff = program_id, staff
        self.partner_ids, self.contact_ids = people
        known = [one for one in companies if one.joined < -3 and len(one.people) > 2]
        self.known = sorted(known, key=lambda one: (-one.revenue, one.key))
        self.random = Random(f"{SEED}-accounts")  # noqa: S311 (a story, not a secret)

    def expect(self, wave_id: int, *, at: datetime) -> None:
        """Before the wave is sent: a manager thinks a little better of people than they will say."""
        for manager, mine in self._by_manager(EXPECTED_OF).items():
            ids = [self.contact_ids[person.key] for one in mine for person in one.people]
            rows = Response.objects.filter(contact__in=ids, responded_at__lt=at).order_by(
                "responded_at", "pk"
            )
            last = dict(rows.values_list("contact_id", "score"))
            scores = {pk: min(10, last.get(pk, 7) + self.random.choice((0, 0, 1, 1, 2))) for pk in ids}
            user = self.staff[manager]
            enter_expected(
                wave_id=wave_id, user_id=user.pk, scores=scores, by=self._ours(manager), at=at - 2 * _DAY
            )
            for one in mine:
                partner_id = self.partner_ids[one.key]
                who = self._ours("head")
                sign_off(wave_id=wave_id, partner_id=partner_id, dropped={}, by=who, at=at - _DAY)

    def settle(self, wave_id: int, *, by: Actor, at: datetime) -> None:
        """After it was closed."""
        for tier, needed in (("Platinum", (2, 1, 3)), ("Gold", (1, 1, 2)), ("", (1, 0, 1))):
            roles = (Role.DECISION_MAKER, Role.INFLUENCER, Role.END_USER)
            needs = {role: Wanted(n, min(n, 2)) for role, n in zip(roles, needed, strict=True)}
            ours, when = self._ours("head"), at - 200 * _DAY
            set_contract(program_id=self.program_id, tier=tier, needs=needs, months=6, by=ours, at=when)
        for manager, mine in self._by_manager(MAPPED_OF).items():
            for number, company in enumerate(mine):
                self._draw(company, manager, at - (20 + 17 * number) * _DAY)
                if number < PLANNED:
                    self._plan(company, manager, at - 12 * _DAY)
        raise_calls(wave_id=wave_id, today=at.astimezone(UTC).date(), by=by, at=at)
        self._handle(wave_id, at)
        count_silence(at=at)
        check_due(at=at)

    def _by_manager(self, count: int) -> dict[str, list[Company]]:
        found: dict[str, list[Company]] = {}
        for one in self.known:
            mine = found.setdefault(HEIR if one.manager == LEAVER else one.manager, [])
            if len(mine) < count:
                mine.append(one)
        return found

    def _draw(self, company: Company, manager: str, at: datetime) -> None:
        by = self._ours(manager)
        for place, person in enumerate(company.people):
            # Somebody nobody talks to is what a map is for.
            if place and self.random.random() < 0.25:
                continue
            level = _LEVELS[(place + self.random.randint(0, 2)) % len(_LEVELS)]
            self._tie(person, manager, TieKind.MANAGER, level, by, at)
            if person.post.authority is Authority.FINAL:
                self._tie(person, "head", TieKind.SPONSOR, TieLevel.WEAK, by, at)
        decider, weighty = company.people[0], [
            one for one in company.people[1:] if one.post.influence in (Influence.HIGH, Influence.MEDIUM)
        ]  # fmt: skip
        for place, person in enumerate(weighty[:2]):
            kind = InfluenceKind.ADVISES if place == 0 else InfluenceKind.BLOCKS
            self._line(person, decider, kind, by, at)
        for person in company.people[1:]:
            if person not in weighty:
                self._line(decider if not weighty else weighty[0], person, InfluenceKind.LEADS, by, at)

    def _tie(
        self, person: Person, colleague: str, kind: TieKind, level: TieLevel, by: Actor, at: datetime
    ) -> None:
        contact_id, user_id = self.contact_ids[person.key], self.staff[colleague].pk
        state_tie(contact_id=contact_id, user_id=user_id, kind=kind, level=level, by=by, at=at)

    def _line(self, source: Person, target: Person, kind: InfluenceKind, by: Actor, at: datetime) -> None:
        source_id, target_id = self.contact_ids[source.key], self.contact_ids[target.key]
        state_influence_line(source_id=source_id, target_id=target_id, kind=kind, by=by, at=at)

    def _plan(self, company: Company, manager: str, at: datetime) -> None:
        partner_id, by, user = self.partner_ids[company.key], self._ours(manager), self.staff[manager]
        language = "ru" if company.land.language == "ru" else "en"
        next_review = (at + 40 * _DAY).date()
        save_plan(
            partner_id=partner_id, text=words.PLAN[language], next_review_on=next_review, expected_version=0,
            by=by, at=at,
        )  # fmt: skip
        for place, (days, text) in enumerate(words.ACTIONS[language]):
            person = company.people[place % len(company.people)]
            due = (at + (12 + days) * _DAY).date()
            action = add_action(
                partner_id=partner_id, text=text, due_on=due, owner_id=user.pk,
                contact_id=self.contact_ids[person.key], by=by, at=at,
            )  # fmt: skip
            if days < 0:
                finish_action(action_id=action.pk, by=by, at=at + 4 * _DAY)
        today = at.astimezone(UTC).date()
        make_review(
            partner_id=partner_id, quarter=quarter_before(quarter_of(today)), words=words.REVIEWED[language],
            user=user, today=today, by=by, at=at + 5 * _DAY,
        )  # fmt: skip

    def _handle(self, wave_id: int, at: datetime) -> None:
        """Some of the tasks are done already."""
        calls = CallToAction.objects.filter(wave_id=wave_id, owner__isnull=False).select_related("partner")
        for place, call in enumerate(calls.order_by("kind", "place", "pk")[: HANDLED * 3]):
            if place % 3 == 0:
                language = "ru" if call.partner.language == "ru" else "en"
                by = Actor(ActorKind.PERSON, call.owner_id, Origin.DEMO)
                close_call(
                    call_id=call.pk, state=CallState.DONE, note=words.CALL_NOTES[language], by=by, at=at
                )

    def _ours(self, colleague: str) -> Actor:
        return Actor(ActorKind.PERSON, self.staff[colleague].pk, Origin.DEMO)
