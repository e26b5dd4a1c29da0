"""What erasing and merging people at partners do to what they left at articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from otklik.kit.clock import now
from otklik.kit.registry import ErasureHook, MergeHook
from otklik.knowledge.models import (
    Article,
    ArticleText,
    ArticleVersion,
    DraftTranslation,
    Feedback,
    View,
)
from otklik.knowledge.operations.indexing import describe, make_findable, take_out
from otklik.knowledge.rules.personal import blanked, has_marks

MODELS = ("knowledge.Feedback", "knowledge.View")


def erase(noun: str, ids: Sequence[int]) -> None:
    """Counts stay and name nobody: whether an article helped, and that somebody opened it. What was marked in
    an article made from a ticket of theirs goes from every version of it."""
    _blank_marks(Article.objects.filter(**{f"from_ticket__{noun}__in": ids}))
    if noun != "contact":
        return
    for row in Feedback.objects.filter(contact_id__in=ids):
        row.contact, row.words, row.reader = None, "", f"erased:{row.pk}"
        row.save(update_fields=["contact", "words", "reader"])
    View.objects.filter(contact_id__in=ids).update(contact=None)


def _blank_marks(articles: QuerySet[Article]) -> None:
    # A machine's words hold no marks that could be trusted; it makes them again.
    DraftTranslation.objects.filter(article__in=articles).delete()
    for version in ArticleVersion.objects.filter(article__in=articles):
        version.title, version.body = blanked(version.title), blanked(version.body)
        version.save(update_fields=["title", "body"])
    for text in ArticleText.objects.filter(article__in=articles).select_related("article"):
        if has_marks(text.title + text.body):
            text.title, text.body = blanked(text.title), blanked(text.body)
            take_out([text], for_good=True)
            text.words = ""
            describe(text)
            text.save()
            # The registry hands no moment down.
            make_findable([text], at=now())


def merge(noun: str, source_id: int, target_id: int) -> None:
    """Of two words about the same text that of the person who stays counts."""
    if noun != "contact":
        return
    View.objects.filter(contact_id=source_id).update(contact_id=target_id)
    reader = f"contact:{target_id}"
    said = set(Feedback.objects.filter(reader=reader).values_list("article_id", "language", "number"))
    for row in Feedback.objects.filter(contact_id=source_id):
        if (row.article_id, row.language, row.number) in said:
            row.delete()
        else:
            row.contact_id, row.reader = target_id, reader
            row.save(update_fields=["contact", "reader"])


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Everything kept here about a person, in plain values."""
    views = View.objects.filter(contact_id=contact_id).order_by("at", "pk")
    said = Feedback.objects.filter(contact_id=contact_id).order_by("at", "pk")
    return {
        "articles_opened": [
            {"article": slug, "language": language, "at": at.isoformat()}
            for slug, language, at in views.values_list("article__slug", "language", "at")
        ],
        "article_feedback": [
            {
                "article": row.article.slug,
                "language": row.language,
                "helped": row.helped,
                "why": row.why,
                "words": row.words,
                "at": row.at.isoformat(),
            }
            for row in said.select_related("article")
        ],
    }


erasure = ErasureHook("knowledge", erase, MODELS)
merging = MergeHook("knowledge", merge, MODELS)
