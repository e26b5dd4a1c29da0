"""Payouts and holds: what the events of payouts tell."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from otklik.assist.operations.notices import News, Words
from otklik.assist.providers.money import PAGE, decided_line, ended_line, held_line
from otklik.assist.rules.vocabulary import NoticeKind
from otklik.kit.money import shown
from otklik.payouts.public import PAYOUT_PROBLEMS, Hold, Payout, PayoutProblem

# The word that ``payouts`` gives its notices -> what is told here.
OF_PAYOUTS = {
    "soon": NoticeKind.PAYOUT_SOON,
    "moved": NoticeKind.PAYOUT_LATE,
    "delayed": NoticeKind.PAYOUT_LATE,
}
OF_HOLDS = {
    "held": NoticeKind.HOLD_OPENED,
    "hold_changed": NoticeKind.HOLD_OPENED,
    "hold_late": NoticeKind.HOLD_OPENED,
    "hold_decided": NoticeKind.HOLD_DECIDED,
}


@dataclass(frozen=True, slots=True)
class PayoutNews(News):
    kind: NoticeKind
    occasion: str
    payout: Payout

    def words(self) -> Words:
        payout = self.payout
        named = {
            "amount": shown(payout.amount, payout.currency, get_language() or "en"),
            "day": date_format(payout.expected_on, "DATE_FORMAT"),
            "before": date_format(payout.original_expected_on, "DATE_FORMAT"),
        }
        if self.kind is NoticeKind.PAYOUT_FAILED:
            title = _("A payout did not go through")
            lines = [ended_line(payout, get_language() or "en")]
        elif self.kind is NoticeKind.PAYOUT_SOON:
            title = _("A payout comes on %(day)s") % named
            lines = [_("%(amount)s will be paid on %(day)s.") % named]
        elif payout.expected_on > payout.original_expected_on:
            title = _("A payout comes later than we said")
            lines = [_("%(amount)s is now expected on %(day)s instead of %(before)s.") % named]
        else:
            title = _("A payout is late")
            lines = [_("%(amount)s was expected on %(day)s and has not arrived. We are on it.") % named]
        if payout.problem and self.kind is NoticeKind.PAYOUT_LATE:
            reason = PAYOUT_PROBLEMS[PayoutProblem(payout.problem)]
            lines.append(_("The reason: %(reason)s.") % {"reason": reason})
        return Words(title, lines, _("You see your company's payouts."), (PAGE, ()))


@dataclass(frozen=True, slots=True)
class HoldNews(News):
    kind: NoticeKind
    occasion: str
    hold: Hold

    def words(self) -> Words:
        language = get_language() or "en"
        if self.kind is NoticeKind.HOLD_DECIDED:
            title, line = _("A hold was decided"), decided_line(self.hold, language)
        else:
            title, line = _("A part of your money is on hold"), held_line(self.hold, None, language)
        return Words(title, [line], _("You see your company's payouts."), (PAGE, ()))
