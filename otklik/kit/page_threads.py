"""Threads that ask the database.

Each thread has a connection of its own, and a server serves many threads that mostly wait for something else:
whatever needs the database goes through a few that live on.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Protocol, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Runs(Protocol):
    """Somewhere a function runs; what it raises is raised here."""

    def run(self, function: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found: ...


class PageThreads:
    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="page")

    def run(self, function: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        return self._threads.submit(function, *given, **named).result()
