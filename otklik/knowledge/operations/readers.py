"""What readers do: open an article, and say whether it helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.knowledge.models import Article, Feedback, View
from otklik.knowledge.operations.locking import about
from otklik.knowledge.rules.vocabulary import CameFrom, WhyNot

ONE_VIEW = timedelta(minutes=1)
LONGEST_WORDS = 1000


@transaction.atomic
def record_view(
    *,
    article_id: int,
    language: str,
    came_from: CameFrom,
    contact_id: int | None = None,
    visit: str = "",
    at: datetime,
) -> bool:
    """Whether it counts: opening the page again within a minute is the same view. ``visit`` tells readers
    without an account apart."""
    same = View.objects.filter(article_id=article_id, at__gt=at - ONE_VIEW)
    same = same.filter(contact_id=contact_id) if contact_id else same.filter(contact=None, visit=visit)
    if same.exists():
        return False
    View.objects.create(
        article_id=article_id,
        language=language,
        contact_id=contact_id,
        visit="" if contact_id else visit[:40],
        came_from=came_from,
        at=at,
    )
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``why`` and ``words`` where it did not help."""

    helped: bool
    why: WhyNot | None = None
    words: str = ""

    @property
    def is_too_long(self) -> bool:
        return not self.helped and len(self.words.strip()) > LONGEST_WORDS


@transaction.atomic
def give_feedback(
    *, article_id: int, language: str, verdict: Verdict, by: Actor, visit: str = "", at: datetime
) -> Feedback:
    """About the text as it is now; a second word of the same reader about it replaces the first. Raises
    ArticleText.DoesNotExist, Article.DoesNotExist."""
    # Two words of one reader at once: the second waits here, and finds the first.
    article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
    number = article.texts.values_list("number", flat=True).get(language=language)
    key = {"article_id": article_id, "language": language, "number": number, "reader": reader_key(by, visit)}
    row = Feedback.objects.filter(**key).first() or Feedback(**key)
    row.helped = verdict.helped
    row.why = "" if verdict.helped or verdict.why is None else verdict.why
    row.words = "" if verdict.helped else verdict.words.strip()[:LONGEST_WORDS]
    row.contact_id = by.id if by.kind is ActorKind.CONTACT else None
    row.user_id = by.id if by.kind is ActorKind.PERSON else None
    row.at, row.dealt_with_at = at, None
    row.save()
    data = {"language": language, "number": number, "helped": row.helped, "why": str(row.why)}
    subjects = about(article_id)
    if row.contact_id:
        subjects = [*subjects, Subject("contact", row.contact_id)]
    record("article.feedback_given", by=by, at=at, subjects=subjects, data=data)
    return row


@transaction.atomic
def deal_with_feedback(*, feedback_id: int, by: Actor, at: datetime) -> None:
    """A member of staff has done what was to be done. Raises Feedback.DoesNotExist."""
    row = Feedback.objects.select_for_update().get(pk=feedback_id)
    if row.dealt_with_at is None:
        row.dealt_with_at = at
        row.save(update_fields=["dealt_with_at"])
        data = {"feedback_id": feedback_id}
        record("article.feedback_dealt_with", by=by, at=at, subjects=about(row.article_id), data=data)


def reader_key(by: Actor, visit: str) -> str:
    kinds = {ActorKind.CONTACT: "contact", ActorKind.PERSON: "user"}
    return f"{kinds[by.kind]}:{by.id}" if by.kind in kinds else f"visit:{visit[:40]}"
