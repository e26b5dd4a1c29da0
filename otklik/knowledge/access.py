"""Which articles a member of staff reads and changes. Partners' people read by
``queries.reading.readable_articles``."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from otklik.identity.public import Right, User
from otklik.knowledge.models import Article, ArticleText
from otklik.knowledge.queries.reading import readable_articles
from otklik.knowledge.rules.visibility import Reader


def visible_articles(user: User) -> QuerySet[Article]:
    """Drafts are for those who write articles: one from a ticket may still hold somebody's name."""
    if user.may(Right.EDIT_ARTICLES):
        return Article.objects.all()
    return readable_articles(Reader(is_staff=True))


def editable_articles(user: User) -> QuerySet[Article]:
    return Article.objects.all() if user.may(Right.EDIT_ARTICLES) else Article.objects.none()


def article_scope(user: User) -> Q:
    """The same rows as a condition on search documents of kind "article", which are texts."""
    if user.may(Right.EDIT_ARTICLES):
        return Q()
    seen = ArticleText.objects.filter(pk=OuterRef("object_id"), article__in=visible_articles(user))
    return Q(Exists(seen))
