"""What workers do with feeds. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from otklik.feedback.models import FeedDelivery, MentionFeed
from otklik.feedback.operations.voices.deliveries import DELIVERY_KIND, KIND, store_entries
from otklik.feedback.operations.voices.feeds import FETCH, due_feeds, fetch_feed
from otklik.feedback.rules.voices.feeds import RawEntry, understand
from otklik.jobs.public import ReplayHandler, every, replay_handlers
from otklik.kit.clock import now


def register() -> None:
    every("feedback.fetch_feeds", "otklik.feedback.voice_jobs.fetch_feeds", minutes=5)
    replay_handlers.add(ReplayHandler(KIND, _("An entry of a feed"), replay_entry))
    replay_handlers.add(ReplayHandler(DELIVERY_KIND, _("A document of a feed"), replay_delivery))


def fetch_feeds() -> None:
    """A job for each feed that is due, so that one that does not answer holds up no other."""
    for feed_id in due_feeds(at=now()):
        async_task(FETCH, feed_id)


def fetch_one_feed(feed_id: int) -> None:
    fetch_feed(feed_id=feed_id, at=now())


def replay_entry(payload: Mapping[str, Any]) -> None:
    """Raises what kept it from being read, if it still does."""
    feed = MentionFeed.objects.get(pk=payload["feed_id"])
    store_entries([understand(RawEntry(**payload["entry"]), feed_id=feed.pk)], feed, at=now())


def replay_delivery(payload: Mapping[str, Any]) -> None:
    """Taken up with the feed's next fetch, which is made due."""
    FeedDelivery.objects.filter(pk=payload["delivery_id"]).update(attempts=0)
    MentionFeed.objects.filter(pk=payload["feed_id"]).update(next_at=now())
