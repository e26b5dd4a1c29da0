"""What a feed's server sent becomes mentions, chunk by chunk; what cannot be read is put aside."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from otklik.events.public import Actor
from otklik.feedback.models import FeedDelivery, Mention, MentionFeed
from otklik.feedback.operations.voices.mentions import MentionFate, NewMention, read_mentions, store_mentions
from otklik.feedback.rules.voices.addresses import key_of
from otklik.feedback.rules.voices.feeds import (
    Entry,
    NotAFeed,
    RawEntry,
    UnreadableEntry,
    read_feed,
    understand,
)
from otklik.feedback.rules.voices.naming import mentions_any
from otklik.feedback.rules.voices.vocabulary import MentionSource
from otklik.jobs.public import quarantine
from otklik.kit.chunks import in_chunks

log = logging.getLogger(__name__)
KIND, DELIVERY_KIND = "feedback.feed_entry", "feedback.feed_delivery"
CHUNK = 50
# A document that took its worker down so often is not tried again by itself.
_MOST_ATTEMPTS = 3


def waiting_deliveries(feed: MentionFeed) -> list[FeedDelivery]:
    """Left by a worker that died; those that were put aside wait for a person."""
    rows = FeedDelivery.objects.filter(feed=feed, attempts__lte=_MOST_ATTEMPTS)
    return list(rows.order_by("pk"))


def take_in(delivery: FeedDelivery, feed: MentionFeed, *, at: datetime) -> bool:
    """Whether the document was damaged. It may be taken in twice: each entry is stored once. Raises NotAFeed;
    the document is gone then, for it says nothing."""
    FeedDelivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
    if delivery.attempts >= _MOST_ATTEMPTS:
        _put_delivery_aside(delivery, feed, at)
        return True
    body = zlib.decompress(bytes(delivery.body))
    try:
        document = read_feed(body, content_type=delivery.content_type, url=delivery.url)
    except NotAFeed:
        delivery.delete()
        raise
    entries: list[Entry] = []
    for raw in document.entries:
        try:
            entries.append(understand(raw, feed_id=feed.pk))
        except UnreadableEntry as error:
            _put_entry_aside(raw, feed, error, at)
        except Exception as error:
            log.exception("an entry of feed %s cannot be read", feed.pk)
            _put_entry_aside(raw, feed, error, at)
    passed_over = sum(store_entries(chunk, feed, at=at) for chunk in in_chunks(entries, CHUNK))
    with transaction.atomic():
        MentionFeed.objects.filter(pk=feed.pk).update(passed_over=passed_over)
        delivery.delete()
    return document.is_damaged


def store_entries(entries: Sequence[Entry], feed: MentionFeed, *, at: datetime) -> int:
    """Those that hold a word of the feed and are not known yet; how many hold none."""
    wanted = [one for one in entries if mentions_any(f"{one.title}\n{one.text}", feed.keywords)]
    keys = [one.key for one in wanted]
    known = Mention.objects.filter(program_id=feed.program_id, key__in=keys).values_list("key", flat=True)
    left = set(keys) - set(known)
    fresh = [
        NewMention(one.key, one.published_at, one.author, one.url, one.title, one.text)
        for one in wanted
        if one.key in left
    ]
    found = read_mentions(feed.program_id, fresh)
    with transaction.atomic():
        fates = store_mentions(
            feed.program_id, found, source=MentionSource.FEED, feed_id=feed.pk, by=Actor.system(), at=at
        )
        stored = fates.count(MentionFate.STORED)
        if stored:
            MentionFeed.objects.filter(pk=feed.pk).update(kept=F("kept") + stored)
    return len(entries) - len(wanted)


def _put_entry_aside(raw: RawEntry, feed: MentionFeed, error: Exception, at: datetime) -> None:
    row = raw.as_row()
    quarantine(
        kind=KIND,
        key=f"{feed.pk}:{key_of(*row.values())}",
        title=f"{feed.name}: {raw.title or raw.guid}",
        error=type(error).__name__,
        payload={"feed_id": feed.pk, "entry": row},
        attempts=1,
        at=at,
    )


def _put_delivery_aside(delivery: FeedDelivery, feed: MentionFeed, at: datetime) -> None:
    quarantine(
        kind=DELIVERY_KIND,
        key=str(delivery.pk),
        title=feed.name,
        error="",
        payload={"feed_id": feed.pk, "delivery_id": delivery.pk},
        attempts=delivery.attempts,
        at=at,
    )
