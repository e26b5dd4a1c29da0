"""All articles as the files that ``operations.importing`` reads."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from otklik.knowledge.models import Article, ArticleText
from otklik.knowledge.rules.front_matter import write_file

CHUNK = 200


def exported_files(articles: QuerySet[Article]) -> Iterator[tuple[str, str]]:
    """Names and contents."""
    rows = ArticleText.objects.filter(article__in=articles.order_by().values("pk")).select_related(
        "article__folder"
    )
    rows = rows.defer("words", "title_terms").prefetch_related("article__tiers", "article__topics")
    for text in rows.order_by("article__slug", "language").iterator(chunk_size=CHUNK):
        yield f"{text.article.slug}.{text.language}.md", _file(text)


def _file(text: ArticleText) -> str:
    article = text.article
    values = {
        "title": text.title,
        "folder": article.folder.name_in(text.language) if article.folder else "",
        "visibility": str(article.visibility),
        "tiers": ", ".join(sorted(one.tier for one in article.tiers.all())),
        "topics": ", ".join(sorted(topic.key for topic in article.topics.all())),
        "state": str(article.state),
        "review_on": article.review_on.isoformat() if article.review_on else "",
        "source": "true" if text.language == article.source_language else "",
    }
    return write_file(values, text.body)
