"""Counting what the base lacks and what it is worth, and what people decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from otklik.desk.public import Topic
from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.knowledge.models import Article, Gap, KnowledgeFigures
from otklik.knowledge.operations.articles import Settings, create_article
from otklik.knowledge.queries.deflection import measured
from otklik.knowledge.queries.gaps import lacking, recent_questions
from otklik.knowledge.rules.deflection import total
from otklik.knowledge.rules.gaps import Cluster, clusters_of
from otklik.knowledge.rules.vocabulary import GapState

COMPUTE = "otklik.knowledge.jobs.compute_figures"
LONGEST_REASON = 300
# Earlier ones are told nowhere.
_KEPT = 30


class NoReason(Exception):
    """Why a gap is left as it is has to be said: the next one wonders."""


def compute_figures(*, by: Actor, at: datetime) -> KnowledgeFigures:
    """The job: reads and counts first, writes in one short transaction. Two at once write the same."""
    asked, more_tickets = recent_questions(at=at)
    gaps = lacking(clusters_of(asked))
    deflection = measured(at=at)
    with transaction.atomic():
        _store(gaps)
        figures = KnowledgeFigures.objects.create(
            computed_at=at,
            tickets=len(asked),
            is_cut=more_tickets or deflection.is_cut,
            deflection=total(deflection.by_article.values()).as_data(),
            by_article={str(pk): one.as_data() for pk, one in deflection.by_article.items()},
        )
        old = KnowledgeFigures.objects.order_by("-computed_at", "-pk").values_list("pk", flat=True)[_KEPT:]
        KnowledgeFigures.objects.filter(pk__in=list(old)).delete()
        data = {"tickets": len(asked), "gaps": len(gaps)}
        record(
            "knowledge.figures_computed", by=by, at=at, subjects=[Subject("figures", figures.pk)], data=data
        )
    return figures


def _store(found: Sequence[Cluster]) -> None:
    """What people decided about a gap stays; one that nobody decided about goes with its tickets."""
    topics = set(Topic.objects.values_list("pk", flat=True))
    for one in found:
        Gap.objects.update_or_create(
            key=one.key,
            defaults={
                "name": one.name,
                "language": one.language,
                "topic_id": one.topic_id if one.topic_id in topics else None,
                "tickets": one.tickets,
                "partners": one.partners,
                "examples": list(one.examples),
                "last_at": one.last_at,
            },
        )
    gone = Gap.objects.exclude(key__in=[one.key for one in found])
    gone.filter(state=GapState.OPEN).delete()
    gone.update(tickets=0, partners=0, examples=[])


@transaction.atomic
def ignore_gap(*, gap_id: int, reason: str, by: Actor, at: datetime) -> Gap:
    """Raises NoReason, Gap.DoesNotExist."""
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise NoReason(gap_id)
    gap = Gap.objects.select_for_update().get(pk=gap_id)
    gap.ignore(words, by_id=_person(by), at=at)
    gap.save()
    record("gap.ignored", by=by, at=at, subjects=[Subject("gap", gap_id)], data={"tickets": gap.tickets})
    return gap


@transaction.atomic
def open_gap_again(*, gap_id: int, by: Actor, at: datetime) -> Gap:
    """Raises Gap.DoesNotExist."""
    gap = Gap.objects.select_for_update().get(pk=gap_id)
    if gap.state != GapState.OPEN:
        gap.open_again()
        gap.save()
        record("gap.opened_again", by=by, at=at, subjects=[Subject("gap", gap_id)], data={})
    return gap


@transaction.atomic
def write_from_gap(*, gap_id: int, by: Actor, at: datetime) -> Article:
    """A draft called by what the tickets share; pressed twice it is the same one. Words of the tickets are
    not copied: whoever writes reads them where they stand. Raises Gap.DoesNotExist."""
    gap = Gap.objects.select_for_update().get(pk=gap_id)
    if gap.article is not None:
        return gap.article
    language = gap.language if gap.language in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]
    with translation.override(language):
        body = "## {}\n\n…\n\n## {}\n\n…".format(_("Question"), _("Answer"))
    topics = [gap.topic_id] if gap.topic_id is not None else []
    article = create_article(
        language=language,
        title=gap.name[:1].upper() + gap.name[1:],
        body=body,
        settings=Settings(topic_ids=topics, owner_id=_person(by)),
        created_key=f"gap:{gap.pk}",
        by=by,
        at=at,
    )
    gap.write(article, by_id=_person(by), at=at)
    gap.save()
    data = {"article": article.pk, "tickets": gap.tickets}
    record("gap.written", by=by, at=at, subjects=[Subject("gap", gap_id)], data=data)
    return article


def _person(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None
