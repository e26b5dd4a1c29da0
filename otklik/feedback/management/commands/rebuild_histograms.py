from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from otklik.feedback.operations.histograms import rebuild_histograms


class Command(BaseCommand):
    help = "Count all answers again: the histograms behind every NPS figure, from the responses themselves."

    def handle(self, *args: Any, **options: Any) -> None:
        def tell(done: int, total: int) -> None:
            self.stderr.write(f"\r{done}/{total}", ending="" if done < total else "\n")

        months = rebuild_histograms(tell)
        self.stdout.write(f"Histograms rebuilt: {months} program-months.")
