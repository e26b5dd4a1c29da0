"""Feeds are looked at: what came is stored as it is first, and understood then."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from otklik.events.public import Actor, Subject, record
from otklik.feedback.models import FeedDelivery, MentionFeed
from otklik.feedback.operations.voices.deliveries import take_in, waiting_deliveries
from otklik.feedback.rules.voices.feeds import MOST_BYTES, NotAFeed, TooLarge, unpacked
from otklik.feedback.rules.voices.vocabulary import FeedFailure

log = logging.getLogger(__name__)
PATIENCE = 20.0  # seconds
FETCH = "otklik.feedback.voice_jobs.fetch_one_feed"
# Longer than a fetch, its document and their jobs may take.
_CLAIM = timedelta(minutes=10)
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=24)
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


class FeedKnown(Exception):
    """The program reads this address already."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    name: str
    url: str
    every_hours: int
    keywords: Sequence[str]
    is_active: bool


def create_feed(*, program_id: int, settings: FeedSettings, by: Actor, at: datetime) -> MentionFeed:
    """It is due at once. Raises FeedKnown."""
    feed = MentionFeed(program_id=program_id, next_at=at, created_at=at)
    return _save(feed, settings, "feed.created", by, at)


def change_feed(*, feed_id: int, settings: FeedSettings, by: Actor, at: datetime) -> MentionFeed:
    """Raises FeedKnown, MentionFeed.DoesNotExist."""
    with transaction.atomic():
        feed = MentionFeed.objects.select_for_update().get(pk=feed_id)
        if feed.url != settings.url:
            # What the old address said of itself means nothing to the new one.
            feed.etag = feed.last_modified = feed.failure = feed.failure_detail = ""
            feed.failures, feed.fetched_at, feed.next_at = 0, None, at
        elif settings.is_active and not feed.is_active:
            feed.next_at = at
        return _save(feed, settings, "feed.changed", by, at)


def _save(feed: MentionFeed, settings: FeedSettings, kind: str, by: Actor, at: datetime) -> MentionFeed:
    feed.name, feed.url, feed.every_hours = settings.name, settings.url, settings.every_hours
    feed.keywords, feed.is_active = list(settings.keywords), settings.is_active
    try:
        with transaction.atomic():
            feed.save()
            subjects = [Subject("feed", feed.pk), Subject("program", feed.program_id)]
            record(kind, by=by, at=at, subjects=subjects, data={"is_active": feed.is_active})
    except IntegrityError as error:
        raise FeedKnown(settings.url) from error
    return feed


def due_feeds(*, at: datetime) -> list[int]:
    rows = MentionFeed.objects.filter(_free(at), is_active=True, next_at__lte=at)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True))


def ask_now(*, feed_id: int, at: datetime) -> None:
    """Due at once, however long it has failed. Raises MentionFeed.DoesNotExist."""
    if not MentionFeed.objects.filter(pk=feed_id).update(next_at=at):
        raise MentionFeed.DoesNotExist


def fetch_feed(*, feed_id: int, at: datetime) -> None:
    """Blocks up to half a minute. What came of it stands in the row; nothing happens where somebody else is
    at it or the feed is not due. A delivery that an earlier run left is understood first."""
    # An HTTP library comes with it, which only the worker that fetches needs.
    from otklik.kit import http

    claim = MentionFeed.objects.filter(_free(at), pk=feed_id, is_active=True, next_at__lte=at)
    if claim.update(claimed_until=at + _CLAIM) != 1:
        return
    feed = MentionFeed.objects.get(pk=feed_id)
    try:
        for delivery in waiting_deliveries(feed):
            take_in(delivery, feed, at=at)
        _fetch(feed, at)
    except http.FetchRefused as error:
        _failed(feed, FeedFailure.REFUSED, str(error), at)
    except (TooLarge, http.TooLarge):
        _failed(feed, FeedFailure.TOO_LARGE, "", at)
    except http.FetchFailed as error:
        _failed(feed, FeedFailure.UNREACHABLE, str(error), at)
    except NotAFeed:
        _failed(feed, FeedFailure.NOT_A_FEED, "", at)
    except Exception as error:
        log.exception("reading feed %s failed", feed.pk)
        _failed(feed, FeedFailure.BROKEN, type(error).__name__, at)


def _fetch(feed: MentionFeed, at: datetime) -> None:
    from otklik.kit import http

    limits = http.Limits(seconds=PATIENCE, size=MOST_BYTES)
    reply = http.fetch(feed.url, headers=_conditions(feed), limits=limits)
    if reply.status == 304:
        _looked(feed, at)
        return
    if reply.status != 200:
        _failed(feed, FeedFailure.STATUS, str(reply.status), at)
        return
    body = unpacked(reply.body, reply.headers.get("content-encoding", ""))
    content_type = reply.headers.get("content-type", "")[:200]
    delivery = FeedDelivery.objects.create(
        feed=feed, body=zlib.compress(body), content_type=content_type, url=reply.url[:2000], received_at=at
    )
    is_damaged = take_in(delivery, feed, at=at)
    _looked(feed, at, reply.headers, FeedFailure.DAMAGED if is_damaged else None)


def _conditions(feed: MentionFeed) -> dict[str, str]:
    conditions = {"if-none-match": feed.etag, "if-modified-since": feed.last_modified}
    return {"accept": _ACCEPT} | {name: value for name, value in conditions.items() if value}


def _looked(
    feed: MentionFeed,
    at: datetime,
    headers: Mapping[str, str] | None = None,
    failure: FeedFailure | None = None,
) -> None:
    """Only what was understood is never asked for again."""
    marks = {}
    if headers is not None:
        marks = {name: _mark(headers.get(name.replace("_", "-"), ""), size) for name, size in _MARKS.items()}
    MentionFeed.objects.filter(pk=feed.pk).update(
        fetched_at=at,
        next_at=at + timedelta(hours=feed.every_hours),
        claimed_until=None,
        failure=failure or "",
        failure_detail="",
        failures=0,
        **marks,
    )


_MARKS = {"etag": 500, "last_modified": 100}


def _mark(value: str, longest: int) -> str:
    """As it was given or not at all; of what no header may hold nothing is sent back."""
    return value if len(value) <= longest and value.isascii() and value.isprintable() else ""


def _failed(feed: MentionFeed, failure: FeedFailure, detail: str, at: datetime) -> None:
    """Left alone for a while, longer with each failure in a row."""
    wait = min(_SHORTEST_WAIT * 2 ** min(feed.failures, 12), _LONGEST_WAIT)
    MentionFeed.objects.filter(pk=feed.pk).update(
        failure=failure,
        failure_detail=detail[:300],
        failures=F("failures") + 1,
        next_at=at + wait,
        claimed_until=None,
    )


def _free(at: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=at)
