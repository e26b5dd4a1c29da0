from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from otklik.kit.clock import now
from otklik.search.operations.reindex import reindex


class Command(BaseCommand):
    help = "Write the search index anew from the objects themselves."

    def handle(self, *args: Any, **options: Any) -> None:
        for kind, count in reindex(at=now()).items():
            self.stdout.write(f"{kind}: {count}")
