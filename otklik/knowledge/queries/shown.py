"""An article as its page shows it, whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.safestring import SafeString

from otklik.knowledge.models import Article, ArticleText, Attachment, VideoLink
from otklik.knowledge.queries.reading import readable_articles, reading_of, texts_for
from otklik.knowledge.rendering import Address, article_html
from otklik.knowledge.rules.visibility import Reader

MOST_RELATED = 5


@dataclass(frozen=True, slots=True)
class ShownArticle:
    article: Article
    text: ArticleText
    html: SafeString
    others: tuple[str, ...]
    """Languages it can be read in besides."""
    files: list[Attachment]
    """Those that the text does not show or link itself."""
    videos: list[VideoLink]


def shown_article(article: Article, language: str, address: Address) -> ShownArticle | None:
    """Three queries; None where it has no text at all."""
    reading = reading_of(article, language)
    if reading is None:
        return None
    files = list(article.attachments.order_by("filename"))
    videos = [one for one in article.videos.all() if one.language in ("", reading.text.language)]
    html = article_html(reading.text.body, files, address)
    loose = [file for file in files if address(file.pk) not in html]
    return ShownArticle(article, reading.text, html, reading.others, loose, videos)


def related_articles(article: Article, reader: Reader) -> list[ArticleText]:
    """Of the same topics or folder, as far as the reader may read them. Three queries."""
    topics = list(article.topics.values_list("pk", flat=True))
    near = Q(topics__in=topics) if topics else Q(pk__in=())
    if article.folder_id is not None:
        near |= Q(folder_id=article.folder_id)
    found = readable_articles(reader).filter(near).exclude(pk=article.pk).distinct()
    rows = list(found.order_by("-updated_at", "pk")[:MOST_RELATED])
    texts = texts_for(rows, reader.language)
    return [texts[row.pk] for row in rows if row.pk in texts]
