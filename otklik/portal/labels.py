"""Words on screen for the closed lists."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.portal.rules.vocabulary import AccountState, Way

WAY: dict[str, str | Promise] = {
    Way.LINK: _("by a link from the mailbox"),
    Way.PASSWORD: _("with a password"),
    Way.PASSKEY: _("with a passkey"),
    Way.COMPANY: _("through the company's sign-in"),
}
ACCOUNT: dict[str, tuple[str | Promise, str]] = {
    AccountState.NONE: (_("not invited"), "plain"),
    AccountState.OPEN_TO: (_("may come in by mail link"), "main"),
    AccountState.INVITED: (_("invited, not there yet"), "care"),
    AccountState.USED: (_("uses it"), "good"),
    AccountState.WITHDRAWN: (_("access withdrawn"), "bad"),
    AccountState.LEFT: (_("no longer there"), "plain"),
}
