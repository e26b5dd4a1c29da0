"""What people asked of late, what no article tells them, and which articles do not help."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Substr

from otklik.desk.public import Message, MessageKind, Outcome, Ticket
from otklik.knowledge.models import Article, ArticleText, Feedback, Gap
from otklik.knowledge.queries.reading import texts_for
from otklik.knowledge.queries.searching import search_articles
from otklik.knowledge.rules.gaps import LONGEST_TEXT, Asked, Cluster, Help, Helped, helped
from otklik.knowledge.rules.visibility import Reader
from otklik.knowledge.rules.vocabulary import ArticleState, GapState, Visibility

ASKED_SINCE = timedelta(days=30)
MOST_TICKETS = 5_000
"""The newest: however many there are, a computation reads no more."""
SAID_SINCE = timedelta(days=180)
# Of what a cluster is called, so much an article has to be about: it stands in its title.
_COVERED = 0.6
_LOOKED_AT = 5


def recent_questions(*, at: datetime) -> tuple[list[Asked], bool]:
    """The newest tickets with what was asked first, and whether there were more. Two queries."""
    asked = Message.objects.filter(ticket=OuterRef("pk"), kind=MessageKind.INCOMING).order_by("pk")
    rows = Ticket.objects.filter(created_at__gte=at - ASKED_SINCE, created_at__lte=at, merged_into=None)
    rows = rows.exclude(outcome=Outcome.SPAM).order_by("-created_at", "-pk")
    rows = rows.annotate(asked=Subquery(asked.values(start=Substr("text", 1, LONGEST_TEXT))[:1]))
    columns = ("pk", "subject", "asked", "topic_id", "partner_id", "created_at")
    found = list(rows.values_list(*columns)[: MOST_TICKETS + 1])
    questions = [
        # The full stop keeps a word of the subject from making a pair with one of the text.
        Asked(pk, f"{subject}.\n{text}", topic_id, partner_id, created_at)
        for pk, subject, text, topic_id, partner_id, created_at in found[:MOST_TICKETS]
        if text is not None
    ]
    return questions, len(found) > MOST_TICKETS


def lacking(clusters: Iterable[Cluster]) -> list[Cluster]:
    """Those of which no article that partners may read is about."""
    return [one for one in clusters if not _is_covered(one)]


def _is_covered(cluster: Cluster) -> bool:
    reader = Reader(is_staff=True, language=cluster.language)
    near = [
        hit.article_id for hit in search_articles(cluster.name, reader, _LOOKED_AT) if hit.score >= _COVERED
    ]
    if not near:
        return False
    told = Article.objects.filter(pk__in=near, state=ArticleState.PUBLISHED)
    return told.exclude(visibility=Visibility.STAFF).exists()


@dataclass(frozen=True, slots=True)
class Unhelpful:
    article: Article
    text: ArticleText
    said: Helped


def voices(articles: Collection[int] | None = None, *, at: datetime) -> dict[int, Helped]:
    """What partners' people said of each article in the last half year. One query."""
    rows = Feedback.objects.filter(at__gte=at - SAID_SINCE, user=None)
    if articles is not None:
        rows = rows.filter(article__in=articles)
    counts = rows.values("article_id").annotate(n=Count("pk"), yes=Count("pk", filter=Q(helped=True)))
    return {row["article_id"]: helped(row["yes"], row["n"]) for row in counts.order_by()}


def unhelpful(language: str, *, at: datetime, limit: int = 50) -> tuple[list[Unhelpful], int]:
    """Published ones that more readers say no to than yes, the surest first; and how many articles have words
    of readers of which nobody can tell yet."""
    said = voices(at=at)
    failing = {pk: one for pk, one in said.items() if one.verdict is Help.DOES_NOT}
    articles = Article.objects.filter(pk__in=failing, state=ArticleState.PUBLISHED)
    texts = texts_for(articles, language)
    rows = [Unhelpful(one, texts[one.pk], failing[one.pk]) for one in articles if one.pk in texts]
    rows.sort(key=lambda row: (row.said.interval.high if row.said.interval else 1.0, row.article.pk))
    unclear = sum(one.verdict is Help.CANNOT_TELL for one in said.values())
    return rows[:limit], unclear


def gaps_in(state: GapState, *, limit: int = 60) -> list[Gap]:
    rows = Gap.objects.filter(state=state).select_related("topic", "article", "decided_by")
    if state is GapState.OPEN:
        rows = rows.filter(tickets__gt=0)
    return list(rows.order_by("-tickets", "key")[:limit])
