"""A reply in the reader's language: made from the draft, read and mended by its writer, then sent."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django_q.tasks import async_task

from otklik.desk.models import Draft
from otklik.desk.operations.people import save_draft
from otklik.desk.operations.translating import OFF, UNREADABLE_KEY, TranslationOff
from otklik.desk.operations.translators import InUse, is_translating, terms_for, translator_in_use
from otklik.desk.rules.languages import short_code
from otklik.desk.rules.vocabulary import TranslationState
from otklik.kit.secrets import SecretUnreadable
from otklik.kit.translation.protocol import TranslationFailed

log = logging.getLogger(__name__)
TRANSLATE_REPLY = "otklik.desk.jobs.translate_reply"


@transaction.atomic
def ask_reply_translation(
    *,
    ticket_id: int,
    user_id: int,
    text: str,
    into: str,
    to_partner: bool = True,
    to_customer: bool = False,
    based_on: int = 0,
    at: datetime,
) -> Draft:
    """The text is kept as the writer's draft meanwhile. Raises TranslationOff."""
    if not is_translating():
        raise TranslationOff
    draft = save_draft(
        ticket_id=ticket_id,
        user_id=user_id,
        text=text,
        to_partner=to_partner,
        to_customer=to_customer,
        based_on=based_on,
        at=at,
    )
    draft.into, draft.translated_text = short_code(into)[:10], draft.text
    draft.translation, draft.translation_failure = "", ""
    draft.translation_state = TranslationState.WANTED
    draft.save()
    async_task(TRANSLATE_REPLY, draft.pk)
    return draft


def make_reply_translation(*, draft_id: int, at: datetime, active: InUse | None = None) -> None:
    """The job. One attempt: its writer waits and is told at once. A draft that was sent, or asked for anew
    with another text meanwhile, is left as it is."""
    draft = Draft.objects.filter(pk=draft_id, translation_state=TranslationState.WANTED)
    row = draft.select_related("ticket", "user").first()
    if row is None:
        return
    made, failure = "", ""
    try:
        active = active or translator_in_use()
        if active is None:
            failure = OFF
        else:
            terms = terms_for(row.ticket.program_id)
            # From whatever language it is: they may write in any they know.
            (made,) = active.translator.translate([row.translated_text], "", row.into, terms)
    except SecretUnreadable:
        failure = UNREADABLE_KEY
    except TranslationFailed as found:
        log.warning("the translation of a reply failed: %s %s", found.word, found)
        failure = found.word
    state = TranslationState.FAILED if failure else TranslationState.MADE
    asked = draft.filter(into=row.into, translated_text=row.translated_text)
    asked.update(translation=made, translation_failure=failure, translation_state=state)
