"""The open streams of this process. Everything here runs on the event loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable

EVERYTHING = "*"
MOST_STREAMS = 2000
MOST_PER_PERSON = 8


class TooManyStreams(Exception):
    """The person, or the process, has as many as it may."""


class Stream:
    """What one page waits for. Changes are kept as a set: however slow the reader, it never grows beyond the
    topics that were asked for."""

    def __init__(self, person: int, topics: Iterable[str]) -> None:
        self.person = person
        self.topics = frozenset(topics)
        self._changed: set[str] = set()
        self._wake = asyncio.Event()

    def touch(self, topics: set[str]) -> None:
        hit = self.topics if EVERYTHING in topics else self.topics & topics
        if hit:
            self._changed |= hit
            self._wake.set()

    async def wait(self) -> None:
        await self._wake.wait()

    def take(self) -> list[str]:
        changed = sorted(self._changed)
        self._changed.clear()
        self._wake.clear()
        return changed


class Hub:
    def __init__(self, *, most: int = MOST_STREAMS, most_per_person: int = MOST_PER_PERSON) -> None:
        self._most, self._most_per_person = most, most_per_person
        self._streams: set[Stream] = set()
        self._per_person: Counter[int] = Counter()

    @property
    def count(self) -> int:
        return len(self._streams)

    def open(self, person: int, topics: Iterable[str]) -> Stream:
        """Raises TooManyStreams."""
        if len(self._streams) >= self._most or self._per_person[person] >= self._most_per_person:
            raise TooManyStreams
        stream = Stream(person, topics)
        self._streams.add(stream)
        self._per_person[person] += 1
        return stream

    def close(self, stream: Stream) -> None:
        self._streams.discard(stream)
        self._per_person[stream.person] -= 1
        if not self._per_person[stream.person]:
            del self._per_person[stream.person]

    def publish(self, topics: set[str]) -> None:
        for stream in self._streams:
            stream.touch(topics)
