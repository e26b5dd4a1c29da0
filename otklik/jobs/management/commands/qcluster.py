"""The worker's pool, loaded before it forks: its processes share what was imported before them."""

from __future__ import annotations

import gc
from typing import Any

from django_q.management.commands import qcluster

from otklik.jobs.loading import load_jobs


class Command(qcluster.Command):  # type: ignore[misc]
    def handle(self, *args: Any, **options: Any) -> None:
        load_jobs()
        gc.collect()
        # The collector passes over what is frozen: its marks would copy every page into each process.
        gc.freeze()
        super().handle(*args, **options)
