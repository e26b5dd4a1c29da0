"""What a partner's timeline says about money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from otklik.events.public import EventLine
from otklik.identity.public import Right
from otklik.kit.money import shown
from otklik.partners.public import Names, Sentence
from otklik.payouts.labels import DECLINE_REASONS, HOLD_REASONS, PAY_METHODS, PAYOUT_PROBLEMS, SCHEDULES
from otklik.payouts.rules.vocabulary import PayoutProblem


def _money(data: Mapping[str, Any], field: str = "amount") -> str:
    return shown(Decimal(data[field]), data["currency"], get_language() or "en")


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "DATE_FORMAT")


def _hold_opened(line: EventLine, names: Names) -> str:
    told = _("%(amount)s is on hold: %(reason)s. A decision comes by %(day)s.")
    return told % _hold(line)


def _hold_changed(line: EventLine, names: Names) -> str:
    told = _("The hold changed: %(amount)s, %(reason)s. A decision comes by %(day)s.")
    return told % _hold(line)


def _hold_released(line: EventLine, names: Names) -> str:
    return _("The hold on %(amount)s was lifted.") % _hold(line)


def _hold_kept(line: EventLine, names: Names) -> str:
    return _("%(amount)s was kept back for good: %(reason)s.") % _hold(line)


def _hold(line: EventLine) -> dict[str, Any]:
    data = line.data
    return {
        "amount": _money(data),
        "reason": HOLD_REASONS[data["reason"]],
        "day": _day(data["decide_by"]),
    }


def _requested(line: EventLine, names: Names) -> str:
    if line.data["amount"] is None:
        return _("A payout of everything available in %(currency)s was asked for.") % line.data
    return _("A payout of %(amount)s was asked for.") % {"amount": _money(line.data)}


def _request_withdrawn(line: EventLine, names: Names) -> str:
    return _("The request for a payout was withdrawn.")


def _declined(line: EventLine, names: Names) -> str:
    reason = DECLINE_REASONS[line.data["reason"]]
    return _("The request for a payout was declined: %(reason)s.") % {"reason": reason}


def _planned(line: EventLine, names: Names) -> str:
    return _("A payout of %(amount)s is planned for %(day)s.") % _payout(line)


def _approved(line: EventLine, names: Names) -> str:
    return _("The payout of %(amount)s was approved.") % _payout(line)


def _cancelled(line: EventLine, names: Names) -> str:
    return _("The planned payout of %(amount)s was called off; the money stays on the balance.") % _payout(
        line
    )


def _sent(line: EventLine, names: Names) -> str:
    return _("The payout of %(amount)s was sent.") % _payout(line)


def _payout(line: EventLine) -> dict[str, Any]:
    return {"amount": _money(line.data), "day": _day(line.data["expected_on"])}


def _paid(line: EventLine, names: Names) -> str:
    told = _("The payout of %(amount)s arrived on %(day)s.")
    return told % {"amount": _money(line.data), "day": _day(line.data["on"])}


def _failed(line: EventLine, names: Names) -> str:
    return _("The payout of %(amount)s failed: %(problem)s.") % _problem(line)


def _returned(line: EventLine, names: Names) -> str:
    return _("The payout of %(amount)s came back: %(problem)s.") % _problem(line)


def _problem(line: EventLine) -> dict[str, Any]:
    # A file may bring a payout that failed without saying why.
    problem = line.data.get("problem") or PayoutProblem.OTHER
    return {"amount": _money(line.data), "problem": PAYOUT_PROBLEMS[problem]}


def _moved(line: EventLine, names: Names) -> str:
    told = _("The payout of %(amount)s is now expected on %(day)s instead of %(before)s: %(problem)s.")
    return told % {
        **_problem(line),
        "day": _day(line.data["to"]),
        "before": _day(line.data["from"]),
    }


def _corrected(line: EventLine, names: Names) -> str:
    told = {
        "sent_after": _("The day on which the payout was sent was put right: %(day)s."),
        "paid_after": _("The day on which the payout arrived was put right: %(day)s."),
    }
    return " ".join(
        sentence % {"day": _day(line.data[name])} for name, sentence in told.items() if name in line.data
    )


def _delayed(line: EventLine, names: Names) -> str:
    return _("The payout expected on %(day)s is late.") % {"day": _day(line.data["expected_on"])}


def _calculated(line: EventLine, names: Names) -> str:
    told = ngettext(
        "The batch was calculated: %(n)s payout, %(amount)s.",
        "The batch was calculated: %(n)s payouts, %(amount)s.",
        line.data["payouts"],
    )
    return told % {"n": line.data["payouts"], "amount": _money(line.data)}


def _batch_approved(line: EventLine, names: Names) -> str:
    if line.data["missing"]:
        return _("The batch was approved; one more approval is missing.")
    return _("The batch was approved by the second person.")


def _batch_cancelled(line: EventLine, names: Names) -> str:
    return _("The batch was called off.")


def _batch_sent(line: EventLine, names: Names) -> str:
    told = ngettext("%(n)s payout of it was sent.", "%(n)s payouts of it were sent.", line.data["payouts"])
    return told % {"n": line.data["payouts"]}


def _batch_exported(line: EventLine, names: Names) -> str:
    return _("The file to pay from was downloaded, with the account details.")


def _details_proposed(line: EventLine, names: Names) -> str:
    return _("New account details were given (%(method)s); they wait for a second person.") % _method(line)


def _details_confirmed(line: EventLine, names: Names) -> str:
    return _("The account details were confirmed (%(method)s).") % _method(line)


def _details_declined(line: EventLine, names: Names) -> str:
    return _("The new account details were declined (%(method)s).") % _method(line)


def _method(line: EventLine) -> dict[str, Any]:
    return {"method": PAY_METHODS[line.data["method"]]}


def _terms(line: EventLine, names: Names) -> str:
    return _("The payment terms were changed: %(schedule)s.") % {"schedule": SCHEDULES[line.data["schedule"]]}


def _terms_dropped(line: EventLine, names: Names) -> str:
    return _("The partner’s own payment terms ended; those of the program hold.")


def _stated(line: EventLine, names: Names) -> str:
    told = _("Statement %(number)s was issued; its balance is %(amount)s.")
    return told % {"number": line.data["number"], "amount": _money(line.data, "closing")}


def _proposed(line: EventLine, names: Names) -> str:
    return _("A change of the balance by %(amount)s was proposed.") % {"amount": _money(line.data)}


def _adjusted(line: EventLine, names: Names) -> str:
    return _("The balance was changed by %(amount)s.") % {"amount": _money(line.data)}


def _not_adjusted(line: EventLine, names: Names) -> str:
    return _("The proposed change of the balance by %(amount)s was declined.") % {"amount": _money(line.data)}


def _reversed(line: EventLine, names: Names) -> str:
    return _("A line of the ledger was taken back: %(amount)s.") % {"amount": _money(line.data)}


def _reconciled(line: EventLine, names: Names) -> str:
    told = _(
        "Figures of %(start)s – %(end)s were compared: they differ by %(amount)s, %(rest)s is unexplained."
    )
    data = line.data
    apart = Decimal(data["theirs"]) - Decimal(data["ours"])
    return told % {
        "start": _day(data["start"]),
        "end": _day(data["end"]),
        "amount": shown(apart, data["currency"], get_language() or "en"),
        "rest": _money(data, "unexplained"),
    }


def _imported(line: EventLine, names: Names) -> str:
    return _("A file came in. Recorded: %(new)s, moved on: %(changed)s, there already: %(same)s.") % line.data


def _sentence(kind: str, tell: Callable[[EventLine, Names], str], icon: str) -> Sentence:
    return Sentence(kind, tell, icon, Right.SEE_MONEY)


SENTENCES = (
    _sentence("hold.opened", _hold_opened, "pause"),
    _sentence("hold.changed", _hold_changed, "pause"),
    _sentence("hold.released", _hold_released, "play"),
    _sentence("hold.kept", _hold_kept, "lock"),
    _sentence("payout.requested", _requested, "message"),
    _sentence("payout.request_withdrawn", _request_withdrawn, "x"),
    _sentence("payout.declined", _declined, "x"),
    _sentence("payout.planned", _planned, "calendar"),
    _sentence("payout.approved", _approved, "check"),
    _sentence("payout.cancelled", _cancelled, "x"),
    _sentence("payout.sent", _sent, "arrow-up"),
    _sentence("payout.paid", _paid, "check"),
    _sentence("payout.failed", _failed, "alert"),
    _sentence("payout.returned", _returned, "alert"),
    _sentence("payout.moved", _moved, "calendar"),
    _sentence("payout.corrected", _corrected, "edit"),
    _sentence("payout.delayed", _delayed, "clock"),
    _sentence("batch.calculated", _calculated, "list"),
    _sentence("batch.approved", _batch_approved, "check"),
    _sentence("batch.cancelled", _batch_cancelled, "x"),
    _sentence("batch.sent", _batch_sent, "arrow-up"),
    _sentence("batch.exported", _batch_exported, "download"),
    _sentence("payout_details.proposed", _details_proposed, "key"),
    _sentence("payout_details.confirmed", _details_confirmed, "check"),
    _sentence("payout_details.declined", _details_declined, "x"),
    _sentence("payment_terms.changed", _terms, "settings"),
    _sentence("payment_terms.dropped", _terms_dropped, "settings"),
    _sentence("statement.issued", _stated, "file"),
    _sentence("adjustment.proposed", _proposed, "edit"),
    _sentence("adjustment.approved", _adjusted, "edit"),
    _sentence("adjustment.declined", _not_adjusted, "x"),
    _sentence("entry.reversed", _reversed, "minus"),
    _sentence("report.reconciled", _reconciled, "search"),
    _sentence("money.imported", _imported, "upload"),
)
