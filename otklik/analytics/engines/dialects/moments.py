"""Moments in expressions are written in UTC: engines know zones by their names only, and not every name."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """As both engines read it: 2026-03-02 09:00:00.000000."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
