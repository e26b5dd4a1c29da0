"""What timelines say about accounts. Every single sign-in stays out of them: the contact's panel has the
last ones."""

from __future__ import annotations

from django.utils.translation import gettext as _

from otklik.events.public import EventLine
from otklik.partners.public import Names, Sentence


def _invited(line: EventLine, names: Names) -> str:
    return _("Invited to the portal.")


def _disabled(line: EventLine, names: Names) -> str:
    return _("The access to the portal was withdrawn.")


def _changed(line: EventLine, names: Names) -> str:
    """Somebody's own language or zone is of no interest here."""
    sees = line.data.get("sees_money")
    if sees is None:
        return ""
    return _("Sees the company's money in the portal.") if sees else _("No longer sees the company's money.")


def _erasure_asked(line: EventLine, names: Names) -> str:
    return _("Asked us to erase their data.")


def _erasure_taken_back(line: EventLine, names: Names) -> str:
    return _("No longer asks us to erase their data.")


def _erasure_declined(line: EventLine, names: Names) -> str:
    return _("The request to erase their data was declined.")


def _company_changed(line: EventLine, names: Names) -> str:
    return _("The company's own sign-in to the portal was set up or changed.")


def _company_removed(line: EventLine, names: Names) -> str:
    return _("The company's own sign-in to the portal was removed.")


SENTENCES = (
    Sentence("account.invited", _invited, "mail"),
    Sentence("account.disabled", _disabled, "lock"),
    Sentence("account.changed", _changed, "user"),
    Sentence("erasure.asked", _erasure_asked, "trash"),
    Sentence("erasure.taken_back", _erasure_taken_back, "trash"),
    Sentence("erasure.declined", _erasure_declined, "trash"),
    Sentence("company_sign_in.changed", _company_changed, "building"),
    Sentence("company_sign_in.removed", _company_removed, "building"),
)
