from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, record
from otklik.knowledge.models import VideoLink
from otklik.knowledge.operations.locking import about, locked_article
from otklik.knowledge.rules.videos import video_address


@transaction.atomic
def add_video(
    *, article_id: int, title: str, url: str, language: str = "", by: Actor, at: datetime
) -> VideoLink:
    """The same address twice is one link. Raises BadVideo, Article.DoesNotExist."""
    address = video_address(url)
    article = locked_article(article_id)
    link = article.videos.filter(url=address).first() or VideoLink(article=article, url=address)
    link.title, link.language = " ".join(title.split())[:200] or address[:200], language
    link.position = link.position if link.pk else 10 * (article.videos.count() + 1)
    link.save()
    record("article.video_added", by=by, at=at, subjects=about(article_id), data={"video_id": link.pk})
    return link


@transaction.atomic
def remove_video(*, video_id: int, by: Actor, at: datetime) -> None:
    """Raises VideoLink.DoesNotExist."""
    link = VideoLink.objects.get(pk=video_id)
    link.delete()
    record(
        "article.video_removed", by=by, at=at, subjects=about(link.article_id), data={"video_id": video_id}
    )
