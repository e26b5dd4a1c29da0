"""Which topics a person may watch. Asked when the ticket is issued and again while the stream is open."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

from otklik.identity.public import User
from otklik.kit.registry import topic_guards

log = logging.getLogger(__name__)
MOST = 50
_TOPIC = re.compile(r"([a-z_]{1,40}):(\*|[0-9]{1,18})", re.ASCII)


def read_topics(text: str) -> list[str]:
    """The well-formed ones of a comma-separated list, each once, the first MOST of them."""
    named = dict.fromkeys(part.strip() for part in text[:8000].split(","))
    return [topic for topic in named if _TOPIC.fullmatch(topic)][:MOST]


def watchable(user: User, topics: Iterable[str]) -> list[str]:
    return [topic for topic in topics if user.is_active and _may_watch(user, topic)]


def watchable_by(user_id: int, topics: Iterable[str]) -> list[str]:
    """The same with the person read anew, so that what was taken from them since counts."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return watchable(user, topics) if user else []


def _may_watch(user: User, topic: str) -> bool:
    noun, _, object_id = topic.partition(":")
    guard = topic_guards.get(noun)
    if guard is None:
        return False
    try:
        return guard.may_watch(user, object_id)
    except Exception:
        log.exception("the guard of topic %s failed", noun)
        return False
