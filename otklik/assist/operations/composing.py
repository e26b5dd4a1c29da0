"""From what was understood to what is told: in the person's language and zone, from what stands now."""

from __future__ import annotations

import zoneinfo
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from otklik.assist.models import AutomaticAnswer
from otklik.assist.queries.permission import who_see_money
from otklik.assist.queries.understanding import Understood
from otklik.assist.registry import Asked, Told, answer_providers
from otklik.assist.rules.vocabulary import AnswerChannel, AnswerOutcome
from otklik.partners.public import Contact

# A question is kept for those who review the answer; what is longer is no question.
LONGEST_QUESTION = 4000


def language_for(contact: Contact, *wishes: str) -> str:
    """The first that we speak: as wished, then what the person speaks, then their company."""
    spoken = dict(settings.LANGUAGES)
    for wish in (*wishes, *map(str, contact.languages), contact.partner.language):
        for code in (wish, wish.partition("-")[0]):
            if code in spoken:
                return code
    return str(settings.LANGUAGE_CODE)


def zone_for(contact: Contact) -> zoneinfo.ZoneInfo:
    for name in (contact.time_zone, contact.partner.time_zone):
        try:
            return zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            continue
    return zoneinfo.ZoneInfo("UTC")


def compose(
    understood: Understood,
    text: str,
    contact: Contact,
    *,
    language: str,
    at: datetime,
    ticket_id: int | None = None,
) -> Told | None:
    """None where nobody answers this intent, where it is about money the person does not see, or where there
    is nothing to tell."""
    provider = answer_providers.get(understood.intent.value)
    if provider is None or (provider.is_money and not who_see_money([contact.pk])):
        return None
    asked = Asked(understood.intent, text, contact, language, at, ticket_id)
    with translation.override(language), timezone.override(zone_for(contact)):
        return provider.answer(asked)


def new_answer(
    understood: Understood,
    told: Told,
    contact: Contact,
    *,
    key: str,
    question: str,
    channel: AnswerChannel,
    language: str,
    outcome: AnswerOutcome,
    at: datetime,
) -> AutomaticAnswer:
    """Not stored yet."""
    return AutomaticAnswer(
        key=key,
        contact=contact,
        partner_id=contact.partner_id,
        channel=channel,
        language=language,
        intent=understood.intent,
        confidence=understood.confidence,
        threshold=understood.threshold,
        model_version=understood.version,
        reasons=[asdict(reason) for reason in understood.reasons],
        question=question.replace("\x00", "")[:LONGEST_QUESTION],
        title=told.title[:300],
        lines=[str(line) for line in told.lines],
        link=_link(told),
        sources=[{"noun": noun, "id": pk} for noun, pk in told.sources],
        outcome=outcome,
        told_at=at,
    )


def _link(told: Told) -> dict[str, Any]:
    return {"name": told.link[0], "args": list(told.link[1])} if told.link else {}
