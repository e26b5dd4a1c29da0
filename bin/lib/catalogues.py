"""Compiled translations: made from the .po files wherever they are older or missing."""

from __future__ import annotations

from pathlib import Path

from common import ROOT, VENV_PYTHON, ProgramFailed, Trouble, run


def ready() -> bool:
    return all(map(_fresh, ROOT.glob("otklik/**/locale/*/LC_MESSAGES/*.po")))


def compile_all() -> None:
    try:
        run([VENV_PYTHON, "-P", "-m", "otklik.kit.catalogues"])
    except ProgramFailed as failed:
        lines = failed.output.strip().splitlines() or [str(failed)]
        raise Trouble(f"the translations could not be compiled: {lines[-1]}", 1) from failed


def _fresh(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns
