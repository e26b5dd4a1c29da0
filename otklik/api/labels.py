from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.api.rules.scopes import Scope

SCOPES = {
    Scope.PARTNERS_READ: _("read partners and contacts"),
    Scope.PARTNERS_WRITE: _("add and change partners and contacts"),
    Scope.FEEDBACK_READ: _("read answers and NPS"),
    Scope.FEEDBACK_WRITE: _("add answers"),
    Scope.TICKETS_READ: _("read tickets and their messages"),
    Scope.TICKETS_WRITE: _("begin, answer and change tickets"),
    Scope.LOOP_READ: _("read alerts, what was done about them, their rules and root causes"),
    Scope.LOOP_WRITE: _("note follow-ups; put off, give away and close alerts"),
    Scope.MONEY_READ: _("read balances, payouts, holds and statements"),
    Scope.MONEY_WRITE: _("add lines to the ledger, bring in payouts and say what became of them"),
    Scope.ARTICLES_READ: _("read articles"),
}
