"""A translation of an article as a machine makes it: a beginning for an editor, never shown to readers."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django_q.tasks import async_task

from otklik.desk.public import InUse, TranslationOff, is_translating, terms_for, translator_in_use
from otklik.events.public import Actor, record
from otklik.kit.secrets import SecretUnreadable
from otklik.kit.translation.protocol import MOST_TEXTS, Term, TranslationFailed
from otklik.knowledge.models import ArticleText, DraftTranslation
from otklik.knowledge.operations.locking import about, person
from otklik.knowledge.operations.texts import LONGEST_TITLE
from otklik.knowledge.rules.drafting import batches, kept_in, parts_of
from otklik.knowledge.rules.vocabulary import DraftState

log = logging.getLogger(__name__)
DRAFT = "otklik.knowledge.jobs.make_draft"
_CHARACTERS = 20_000


@transaction.atomic
def ask_draft(*, article_id: int, language: str, by: Actor, at: datetime) -> DraftTranslation:
    """Made anew each time it is asked for, by a job. Raises TranslationOff, ArticleText.DoesNotExist."""
    if not is_translating():
        raise TranslationOff
    source = ArticleText.objects.get(article_id=article_id, language=F("article__source_language"))
    row = (
        DraftTranslation.objects.select_for_update().filter(article_id=article_id, language=language).first()
    )
    row = row or DraftTranslation(article_id=article_id, language=language)
    row.ask(source_number=source.number, by_id=person(by), at=at)
    row.save()
    data = {"language": language, "number": source.number}
    record("article.draft_asked", by=by, at=at, subjects=about(article_id), data=data)
    async_task(DRAFT, row.pk)
    return row


def make_draft(*, draft_id: int, active: InUse | None = None) -> None:
    """The job. One attempt: its editor waits and is told. What was asked anew meanwhile is left alone."""
    waiting = DraftTranslation.objects.filter(pk=draft_id, state=DraftState.WANTED)
    row = waiting.select_related("article").first()
    if row is None:
        return
    source = ArticleText.objects.filter(article=row.article, language=row.article.source_language).first()
    made: dict[str, str] = {"state": DraftState.FAILED, "failure": "failed"}
    try:
        active = active or translator_in_use()
        if active is None or source is None:
            made["failure"] = "off"
        else:
            title, body = _translated(source, row, active)
            made = {"state": DraftState.MADE, "failure": "", "title": title[:LONGEST_TITLE], "body": body}
    except SecretUnreadable:
        made["failure"] = "key"
    except TranslationFailed as failure:
        log.warning("the draft translation %s failed: %s %s", draft_id, failure.word, failure)
        made["failure"] = failure.word
    waiting.filter(asked_at=row.asked_at).update(**made)


def _translated(source: ArticleText, row: DraftTranslation, active: InUse) -> tuple[str, str]:
    """Paragraph by paragraph, so that an answer cannot lose the order of headings and lists."""
    terms = [*terms_for(row.article.program_id), *(Term(text) for text in kept_in(source.body))]
    texts = [source.title, *parts_of(source.body)]
    done: list[str] = []
    for batch in batches(texts, most=MOST_TEXTS, longest=_CHARACTERS):
        done += active.translator.translate(batch, source.language, row.language, terms)
    return done[0], "".join(done[1:])
