from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from otklik.impact.operations.computing import compute_report
from otklik.kit.clock import now


class Command(BaseCommand):
    help = "Compute one report of impact that was asked for; the worker starts this."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", type=int, required=True)

    def handle(self, *args: Any, report: int, **options: Any) -> None:
        compute_report(report_id=report, at=now())
