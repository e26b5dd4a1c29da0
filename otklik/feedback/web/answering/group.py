"""Answers that arrive together are stored together.

A transaction costs the same for one answer as for thirty: a sync of the disk, and fifteen statements. One
thread stores, with one connection to the database; those that come meanwhile wait for its next round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition, Event, Thread
from typing import Generic, TypeVar

from otklik.feedback.web.answering.receiving import Busy
from otklik.kit.outage import outage_of

Given = TypeVar("Given")
Done = TypeVar("Done")


class _Waiting(Generic[Given, Done]):
    __slots__ = ("done", "error", "given", "woken")

    def __init__(self, given: Given) -> None:
        self.given = given
        self.done: Done | None = None
        self.error: BaseException | None = None
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
        self._queue: list[_Waiting[Given, Done]] = []
        self._arrived = Condition()
        self._thread: Thread | None = None

    def take(self, given: Given) -> Done:
        """Raises Busy, and whatever storing raises."""
        mine: _Waiting[Given, Done] = _Waiting(given)
        with self._arrived:
            self._queue.append(mine)
            if self._thread is None or not self._thread.is_alive():
                # A daemon: it holds nothing that is not in the database, or told to nobody as stored.
                self._thread = Thread(target=self._run, name="answers", daemon=True)
                self._thread.start()
            self._arrived.notify()
        if not mine.woken.wait(self._patience):
            self._give_up(mine)
        if mine.error is not None:
            raise mine.error
        assert mine.done is not None
        return mine.done

    def _give_up(self, mine: _Waiting[Given, Done]) -> None:
        with self._arrived:
            if mine.woken.is_set():
                return
            if mine in self._queue:
                self._queue.remove(mine)
        raise Busy

    def _run(self) -> None:
        while True:
            with self._arrived:
                while not self._queue:
                    self._arrived.wait()
                chunk = self._queue[: self._most]
                del self._queue[: self._most]
            self._finish(chunk)
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
