"""How a letter begins, and whether it may go at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from otklik.identity.public import User
from otklik.loop.models import Alert, Ask, LetterTemplate
from otklik.loop.queries.guarding import may_not_be_asked
from otklik.loop.rules.asking import too_soon
from otklik.loop.rules.letters import filled
from otklik.loop.rules.vocabulary import GuardReason, LetterKind, LetterRefusal
from otklik.partners.public import AddressKind, Consent, Contact, PartnerStatus

# An answer to what they told us they get in any case; the rest only while they want our mails.
_UNASKED = frozenset({LetterKind.PROMOTER, LetterKind.SILENT})
# The letter speaks of the answer behind the alert, and may be how an ask that was proposed is put.
_NOT_OF_A_LETTER = frozenset({GuardReason.NO_PROMOTER, GuardReason.OLD_SCORE, GuardReason.UNDER_WAY})


@dataclass(frozen=True, slots=True)
class Draft:
    """``language``: of the template. Subject and text are empty where there is no template."""

    kind: LetterKind
    language: str
    subject: str
    text: str


def draft_of(
    alert: Alert, contact: Contact | None, kind: LetterKind, language: str, *, sender: User
) -> Draft:
    """Filled in with what is known. Asks for the alert's program and partner: select them with it."""
    row = LetterTemplate.objects.filter(program=alert.program_id, kind=kind, language=language).first()
    if row is None:
        return Draft(kind, language, "", "")
    values = {
        "name": contact.name if contact is not None else "",
        "partner": alert.partner.name if alert.partner is not None else "",
        "program": alert.program.name,
        "sender": sender.name,
        "score": "" if alert.score is None else str(alert.score),
        "done": alert.result,
    }
    return Draft(kind, language, filled(row.subject, values), filled(row.text, values))


def language_for(alert: Alert, contact: Contact | None) -> str:
    """Theirs, else their company's, where we have letters in it; else the first language of the product."""
    ours = [language for language, _name in settings.LANGUAGES]
    wanted = [*(contact.languages if contact is not None else ())]
    wanted += [alert.partner.language] if alert.partner is not None else []
    known = (language.partition("-")[0].lower() for language in wanted)
    return next((language for language in known if language in ours), ours[0])


def refusal_of(contact: Contact, kind: LetterKind, *, at: datetime) -> LetterRefusal | None:
    """Why they are not written to now. Asks for their partner: select it with them."""
    if contact.erased_at is not None or not contact.is_active or contact.partner.status == PartnerStatus.LEFT:
        return LetterRefusal.GONE
    addresses = contact.addresses.filter(kind=AddressKind.EMAIL)
    bounced = list(addresses.values_list("bounced_at", flat=True))
    if not bounced:
        return LetterRefusal.NO_ADDRESS
    if all(moment is not None for moment in bounced):
        return LetterRefusal.BOUNCES
    if kind in _UNASKED and contact.consent == Consent.WITHDRAWN:
        return LetterRefusal.UNSUBSCRIBED
    if kind is LetterKind.PROMOTER and _is_left_in_peace(contact.pk, at):
        return LetterRefusal.NOT_NOW
    return None


def _is_left_in_peace(contact_id: int, at: datetime) -> bool:
    past = [one.past for one in Ask.objects.filter(contact_id=contact_id)]
    reasons = {*may_not_be_asked(contact_id, at=at), *too_soon(past, at.date())}
    return bool(reasons - _NOT_OF_A_LETTER)
