"""Answers that arrive together are stored together.

A transaction costs the same for one answer as for thirty: a sync of the disk, and fifteen statements. The
first request stores at once; those that come meanwhile wait, and the first of them stores all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

from otklik.feedback.web.answering.receiving import Busy
from otklik.kit.outage import outage_of

Given = TypeVar("Given")
Done = TypeVar("Done")


class _Waiting(Generic[Given, Done]):
    __slots__ = ("done", "error", "given", "leads", "woken")

    def __init__(self, given: Given) -> None:
        self.given = given
        self.done: Done | None = None
        self.error: BaseException | None = None
        self.leads = False
        self.woken = Event()


class GroupCommit(Generic[Given, Done]):
    """``store`` takes a chunk and tells what became of each, in its order. ``most``: of a chunk.
    ``patience``: seconds that a request waits for others."""

    def __init__(
        self, store: Callable[[Sequence[Given]], Sequence[Done]], *, most: int = 100, patience: float = 20.0
    ) -> None:
        self._store = store
        self._most = most
        self._patience = patience
        self._lock = Lock()
        self._queue: list[_Waiting[Given, Done]] = []
        self._is_led = False

    def take(self, given: Given) -> Done:
        """Raises Busy, and whatever storing raises."""
        mine: _Waiting[Given, Done] = _Waiting(given)
        with self._lock:
            self._queue.append(mine)
            if not self._is_led:
                self._is_led = mine.leads = True
        if not mine.leads and not mine.woken.wait(self._patience):
            self._give_up(mine)
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        assert mine.done is not None
        return mine.done

    def _give_up(self, mine: _Waiting[Given, Done]) -> None:
        with self._lock:
            if mine.leads or mine.woken.is_set():
                return
            if mine in self._queue:
                self._queue.remove(mine)
        raise Busy

    def _lead(self) -> None:
        with self._lock:
            chunk = self._queue[: self._most]
            del self._queue[: self._most]
        try:
            self._finish(chunk)
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                if following is None:
                    self._is_led = False
                else:
                    following.leads = True
            if following is not None:
                following.woken.set()
            for one in chunk:
                one.woken.set()

    def _finish(self, chunk: Sequence[_Waiting[Given, Done]]) -> None:
        try:
            done = self._store([one.given for one in chunk])
        except Exception as error:  # noqa: BLE001 - told to each request that waits
            if len(chunk) == 1 or outage_of(error) is not None:
                for one in chunk:
                    one.error = error
                return
            # One of them breaks what it is stored with: then each stands alone.
            for one in chunk:
                self._finish([one])
            return
        for one, found in zip(chunk, done, strict=True):
            one.done = found
