"""Articles as things that staff find in the search of the whole house."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from otklik.knowledge.access import article_scope
from otklik.knowledge.models import ArticleText
from otklik.knowledge.operations.indexing import KIND, all_documents
from otklik.search.public import SearchKind, search_kinds


def register() -> None:
    search_kinds.add(
        SearchKind(
            name=KIND,
            label=_("Articles"),
            scope=article_scope,
            links=_pages,
            documents=all_documents,
            order=50,
        )
    )


def _pages(ids: Sequence[int]) -> dict[int, str]:
    rows = ArticleText.objects.filter(pk__in=ids).values_list("pk", "article_id", "language")
    return {pk: f"{reverse('article', args=[article_id])}?language={code}" for pk, article_id, code in rows}
