"""Where an import's two files lie: what was uploaded, and beside it the prepared rows."""

from __future__ import annotations

from pathlib import Path

from otklik.partners.models import ImportRun


def uploaded(run: ImportRun) -> Path:
    return Path(run.file.path)


def prepared(run: ImportRun) -> Path:
    return Path(f"{run.file.path}.rows")


def discard(run: ImportRun) -> None:
    """Both files; may be called again."""
    uploaded(run).unlink(missing_ok=True)
    prepared(run).unlink(missing_ok=True)
