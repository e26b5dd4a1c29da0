"""Whether somebody may be told something, and where answers are switched on."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.assist.models import AnswerSettings, IntentSetting
from otklik.assist.rules.vocabulary import AnswerChannel, Intent
from otklik.kit.registry import contact_rights, gather
from otklik.partners.public import Contact

MONEY = "money"


def who_see_money(contact_ids: Sequence[int]) -> set[int]:
    """Those who see the money of their partner. Nobody where no upper room knows of it, or where asking
    failed."""
    told = gather(contact_rights, contact_ids, [MONEY]).get(MONEY, {})
    return {pk for pk in contact_ids if told.get(pk)}


def reachable(contact_id: int) -> Contact | None:
    """With partner and program; None for whoever left or was erased."""
    rows = Contact.objects.select_related("partner__program").filter(is_active=True, erased_at=None)
    return rows.filter(pk=contact_id, partner__erased_at=None).first()


def is_switched_on(intent: Intent, channel: AnswerChannel) -> bool:
    """Of the whole and of the intent. What comes by a form is answered as mail is."""
    in_portal = channel is AnswerChannel.PORTAL
    whole = AnswerSettings.objects.filter(pk=1).first() or AnswerSettings()
    if not (whole.answers_in_portal if in_portal else whole.answers_by_mail):
        return False
    its = IntentSetting.objects.filter(intent=intent).first() or IntentSetting(intent=intent)
    return its.in_portal if in_portal else its.by_mail
