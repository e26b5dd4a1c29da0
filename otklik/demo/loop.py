"""Low scores of the demo and what was done about them: closed ones with cause, promise kept and the partner
told, some under way, one put off, some that nobody has begun with; three people who were asked again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from otklik.demo import loop_words as words
from otklik.dialogue.public import PromiseState, move_commitment
from otklik.events.public import Actor, ActorKind, Origin
from otklik.feedback.public import Response, ResponseStatus, SurveyKind
from otklik.identity.public import User
from otklik.loop.public import (
    Alert,
    Outcome,
    RootCause,
    Spoken,
    Way,
    ask_due,
    begin_loop,
    close_alert,
    compare_answers,
    note_follow_up,
    plan_re_ask,
    promise_action,
    raise_for_answers,
    snooze_alert,
    tell_partner,
)

LATELY = timedelta(days=55)
ALERTS, AGAIN = 18, 3
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_DETRACTOR, _PROMOTER = 6, 9
# Places among the leaves of the tree: one that comes again and again, some that come twice, and others.
_CAUSES = (0, 0, 2, 0, 4, 1, 2, 3, 5)


def close_the_loop(program_id: int, staff: Mapping[str, User], *, by: Actor, at: datetime) -> None:
    _Loop(program_id, by, at).run(staff["head"])


class _Loop:
    def __init__(self, program_id: int, by: Actor, at: datetime) -> None:
        self.program_id, self.by, self.now = program_id, by, at

    def run(self, head: User) -> None:
        ours = Actor(ActorKind.PERSON, head.pk, Origin.DEMO)
        begin_loop(program_id=self.program_id, by=ours, at=self.now - 400 * _DAY)
        leaves = RootCause.objects.filter(program_id=self.program_id, is_active=True, children=None)
        self.causes = list(leaves.order_by("pk").values_list("pk", flat=True))
        for response, later in self._recovered():
            self._ask_again(response, later)
        # The oldest are done with; the newest have only just come.
        for place, response in enumerate(self._unhappy()):
            alert = self._raise(response)
            if place < ALERTS // 2:
                self._finish(alert, place, told=place % 4 != 3)
            elif place < ALERTS - 5:
                self._begin(alert, place)
            elif place == ALERTS - 5:
                reason = words.SNOOZED[self._language(alert)]
                until, ours = self.now + 4 * _DAY, self._ours(alert)
                snooze_alert(alert_id=alert.pk, until=until, reason=reason, by=ours, at=self.now - _HOUR)

    def _answers(self, first: datetime, last: datetime) -> list[Response]:
        rows = Response.objects.filter(
            program_id=self.program_id, kind=SurveyKind.NPS, status=ResponseStatus.COMPLETE,
            contact__isnull=False, responded_at__gte=first, responded_at__lt=last,
        )  # fmt: skip
        return list(rows.select_related("partner").order_by("responded_at", "pk"))

    def _unhappy(self) -> list[Response]:
        """Of the last weeks, evenly, one at a partner."""
        low = [
            one for one in self._answers(self.now - LATELY, self.now - 4 * _HOUR) if one.score <= _DETRACTOR
        ]
        found = list({one.partner_id: one for one in low}.values())
        step = max(1, len(found) // ALERTS)
        return found[::-step][:ALERTS][::-1]

    def _recovered(self) -> list[tuple[Response, Response]]:
        """Low half a year ago, and a promoter since."""
        before = self._answers(self.now - 260 * _DAY, self.now - 150 * _DAY)
        low = {one.contact_id: one for one in before if one.score <= _DETRACTOR}
        since = self._answers(self.now - 110 * _DAY, self.now)
        pairs = [
            (low[one.contact_id], one) for one in since if one.score >= _PROMOTER and one.contact_id in low
        ]
        return pairs[:AGAIN]

    def _ask_again(self, response: Response, later: Response) -> None:
        alert = self._raise(response)
        self._finish(alert, response.pk, told=True)
        day = later.responded_at - 2 * _DAY
        plan_re_ask(
            alert_id=alert.pk, due_on=day.date(), on=response.responded_at.date(), by=self._ours(alert),
            at=day - 30 * _DAY,
        )  # fmt: skip
        ask_due(on=day.date(), by=self.by, at=day)
        compare_answers(response_ids=[later.pk], by=self.by, at=later.responded_at + _HOUR)

    def _raise(self, response: Response) -> Alert:
        raise_for_answers(response_ids=[response.pk], by=self.by, at=response.responded_at + _HOUR)
        return Alert.objects.select_related("partner").get(response=response)

    def _begin(self, alert: Alert, place: int) -> datetime:
        """Somebody talked to them, and promised something."""
        language, ours = self._language(alert), self._ours(alert)
        at = min(alert.opened_at + (5 + place * 7 % 60) * _HOUR, self.now - 2 * _HOUR)
        said = words.CALLED[language][place % len(words.CALLED[language])]
        way = Way.CALL if place % 3 else Way.MEETING
        note_follow_up(alert_id=alert.pk, spoken=Spoken(way, at, said), by=ours, at=at)
        text = words.PROMISED[language][place % len(words.PROMISED[language])]
        due = max(at + 9 * _DAY, self.now - 20 * _DAY) if place >= ALERTS // 2 else at + 4 * _DAY
        self.promise = promise_action(
            alert_id=alert.pk, text=text, due_on=due.date(), on=at.date(), by=ours, at=at + _HOUR
        )
        return at

    def _finish(self, alert: Alert, place: int, *, told: bool) -> None:
        ours, at = self._ours(alert), self._begin(alert, place % (ALERTS // 2))
        done = min(at + 3 * _DAY, self.now - _HOUR)
        move_commitment(
            commitment_id=self.promise.pk, state=PromiseState.DONE, on=done.date(), by=ours, at=done
        )
        cause = self.causes[_CAUSES[place % len(_CAUSES)] % len(self.causes)]
        close_alert(
            alert_id=alert.pk,
            outcome=Outcome.EXPLAINED if place % 3 == 2 else Outcome.MENDED,
            cause_ids=[cause],
            result=words.DONE[self._language(alert)],
            by=ours,
            at=done,
        )
        if told:
            tell_partner(alert_id=alert.pk, how=Way.CALL, happened_at=done, by=ours, at=done)

    def _ours(self, alert: Alert) -> Actor:
        return Actor(ActorKind.PERSON, alert.owner_id, Origin.DEMO)

    @staticmethod
    def _language(alert: Alert) -> str:
        return "ru" if alert.partner is not None and alert.partner.language == "ru" else "en"
