"""What is told of payouts and holds: as it stands in the books at this moment, and nothing where they hold
nothing to tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from otklik.assist.registry import Asked, Told
from otklik.assist.rules.vocabulary import Intent
from otklik.kit.money import shown
from otklik.payouts.public import (
    HOLD_REASONS,
    PAYOUT_PROBLEMS,
    Awaited,
    Balance,
    Hold,
    HoldReason,
    HoldState,
    Payout,
    PayoutProblem,
    PayoutState,
    available,
    days_late,
    partner_money,
)

PAGE = "portal-money"
_MOST = 3
# Older news is history, and whoever asks means something else.
_LATELY = timedelta(days=60)
_DECIDED_LATELY = timedelta(days=14)
_OF_TRAFFIC = (HoldReason.TRAFFIC_CHECK, HoldReason.FRAUD_CHECK)


def answer_payout(asked: Asked) -> Told | None:
    """The payouts on their way; where none is, the latest one and the day of the next."""
    today = timezone.localdate(asked.at)
    money = partner_money(asked.contact.partner, today)
    payouts = money.payouts[:_MOST]
    lines = [_awaited(payout, today, asked.language) for payout in payouts]
    if not payouts:
        latest = _latest(asked, today)
        payouts = [latest] if latest else []
        lines = [ended_line(payout, asked.language) for payout in payouts]
        if money.pay_day is not None and (payouts or money.balances):
            lines.append(_("By the terms the next payout day is %(day)s.") % {"day": _day(money.pay_day)})
    if asked.intent is Intent.PAYOUT_STATE:
        lines += [_balance(balance, asked.language) for balance in money.balances[:_MOST]]
    if not lines:
        return None
    lines += [held_line(hold, today, asked.language) for hold in money.holds[:_MOST]]
    title = _("Your payout and balance") if asked.intent is Intent.PAYOUT_STATE else _("Your next payout")
    sources = [*_sources("payout", payouts), *_sources("hold", money.holds[:_MOST])]
    return Told(title, lines, (PAGE, ()), [*sources, ("partner", asked.contact.partner_id)])


def answer_hold(asked: Asked) -> Told | None:
    """What is held and why; where nothing is any more, what was decided lately."""
    return _of_holds(asked, _("What is on hold and why"), tuple(HoldReason))


def answer_traffic(asked: Asked) -> Told | None:
    """What is held because traffic is being checked. Checks that hold no money nobody here knows
    of."""
    return _of_holds(asked, _("The check of your traffic"), _OF_TRAFFIC)


def _of_holds(asked: Asked, title: str, reasons: Sequence[HoldReason]) -> Told | None:
    today = timezone.localdate(asked.at)
    rows = Hold.objects.filter(partner_id=asked.contact.partner_id, reason__in=list(reasons))
    holds = list(rows.filter(state=HoldState.OPEN).order_by("decide_by", "pk")[:_MOST])
    lines = [held_line(hold, today, asked.language) for hold in holds]
    if not holds:
        decided = rows.exclude(state=HoldState.OPEN).filter(decided_at__gte=asked.at - _DECIDED_LATELY)
        holds = list(decided.order_by("-decided_at", "-pk")[:_MOST])
        lines = [decided_line(hold, asked.language) for hold in holds]
    return Told(title, lines, (PAGE, ()), _sources("hold", holds)) if lines else None


def _latest(asked: Asked, today: date) -> Payout | None:
    """That came to an end, well or not."""
    ended = (PayoutState.PAID, PayoutState.FAILED, PayoutState.RETURNED)
    rows = Payout.objects.filter(partner_id=asked.contact.partner_id, state__in=ended)
    return rows.filter(expected_on__gte=today - _LATELY).order_by("-expected_on", "-pk").first()


def _awaited(payout: Payout, today: date, language: str) -> str:
    told = {
        "amount": shown(payout.amount, payout.currency, language),
        "day": _day(payout.expected_on),
        "before": _day(payout.original_expected_on),
        "sent": _day(timezone.localdate(payout.sent_at)) if payout.sent_at else "",
    }
    if payout.state == PayoutState.SENT:
        line = _("%(amount)s was sent on %(sent)s and is expected on %(day)s.")
    elif payout.state == PayoutState.APPROVED:
        line = _("%(amount)s is approved and will be paid on %(day)s.")
    else:
        line = _("%(amount)s is planned for %(day)s and still has to be approved.")
    parts = [line % told]
    if days_late(_days(payout), today):
        parts.append(_("That day has passed: the payout is late."))
    elif payout.expected_on > payout.original_expected_on:
        parts.append(_("It was first planned for %(before)s.") % told)
    if payout.problem:
        parts.append(
            _("The reason: %(reason)s.") % {"reason": PAYOUT_PROBLEMS[PayoutProblem(payout.problem)]}
        )
    return " ".join(parts)


def _days(payout: Payout) -> Awaited:
    """A bank takes its days: money that left in time is not late before they are over."""
    return Awaited(
        key=payout.pk,
        state=PayoutState(payout.state),
        expected_on=payout.expected_on,
        original_expected_on=payout.original_expected_on,
        notice_days=0,
        sent_on=timezone.localdate(payout.sent_at) if payout.sent_at else None,
    )


def ended_line(payout: Payout, language: str) -> str:
    told = {
        "amount": shown(payout.amount, payout.currency, language),
        "day": _day(payout.paid_on or payout.expected_on),
        "reason": PAYOUT_PROBLEMS[PayoutProblem(payout.problem or PayoutProblem.OTHER)],
    }
    if payout.state == PayoutState.PAID:
        return _("The latest payout, %(amount)s, was paid on %(day)s.") % told
    if payout.state == PayoutState.RETURNED:
        return _("The payout of %(amount)s came back: %(reason)s. The money is on your balance again.") % told
    return _("The payout of %(amount)s failed: %(reason)s. The money is on your balance again.") % told


def _balance(balance: Balance, language: str) -> str:
    told = {
        "free": shown(_free(balance), balance.currency, language),
        "total": shown(balance.total, balance.currency, language),
    }
    return _("On your balance: %(total)s, of which %(free)s is neither on hold nor planned yet.") % told


def _free(balance: Balance) -> Decimal:
    return available(balance.total, balance.held, balance.planned)


def held_line(hold: Hold, today: date | None, language: str) -> str:
    told = {
        "amount": shown(hold.amount, hold.currency, language),
        "reason": HOLD_REASONS[HoldReason(hold.reason)],
        "day": _day(hold.decide_by),
    }
    line = _("%(amount)s is on hold: %(reason)s.") % told
    if hold.checking:
        line += " " + _("What is being checked: %(checking)s") % {"checking": _sentence(hold.checking)}
    if today is not None and hold.decide_by < today:
        return line + " " + _("A decision was due on %(day)s and is late.") % told
    return line + " " + _("A decision comes by %(day)s.") % told


def decided_line(hold: Hold, language: str) -> str:
    told = {
        "amount": shown(hold.amount, hold.currency, language),
        "reason": HOLD_REASONS[HoldReason(hold.reason)],
        "day": _day(timezone.localdate(hold.decided_at)) if hold.decided_at else "",
    }
    if hold.state == HoldState.RELEASED:
        return _("The hold on %(amount)s (%(reason)s) was lifted on %(day)s.") % told
    line = _("%(amount)s was kept back for good on %(day)s: %(reason)s.") % told
    return f"{line} {_sentence(hold.outcome_note)}" if hold.outcome_note else line


def _sentence(text: str) -> str:
    trimmed = " ".join(text.split())
    return trimmed if trimmed.endswith((".", "!", "?", "…")) else f"{trimmed}."


def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


def _sources(noun: str, rows: Iterable[Payout | Hold]) -> list[tuple[str, int]]:
    return [(noun, row.pk) for row in rows]
