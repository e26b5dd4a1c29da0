"""Rules live in rules/ and operations/: not in save(), not in signals, not in forms."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {"save", "delete", "asave", "adelete", "save_base", "full_clean"}
# The event log refuses changes and deletions: that is a guard, it decides nothing.
GUARDS = {"AppendOnlyModel", "AppendOnlyQuerySet"}
SIGNALS = {"django.db.models.signals", "django.dispatch"}
# Fired by the migrate command, not by a change of a row.
HARMLESS = {"post_migrate"}
CLOCKS = ("now", "utcnow", "today", "localtime", "localdate")
CHANGES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}


def sources(*inside: str, saying: Iterable[str] = ("",)) -> Iterator[tuple[str, ast.Module]]:
    """``saying``: names of which one stands in the text, or there is nothing to find in it: reading a file is
    a hundred times cheaper than parsing it."""
    for path in sorted((ROOT / "otklik").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/tests/" in name or "/migrations/" in name:
            continue
        if not inside or any(part in f"/{name}" for part in inside):
            text = path.read_text(encoding="utf-8")
            if any(word in text for word in saying):
                yield name, ast.parse(text)


def test_models_have_no_hooks_that_carry_rules() -> None:
    found = [
        f"{name}: {cls.name}.{method.name}"
        for name, tree in sources("/models/", "/models.py")
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef) and cls.name not in GUARDS
        for method in cls.body
        if isinstance(method, ast.FunctionDef) and method.name in HOOKS
    ]
    assert not found


def test_nothing_listens_to_signals_of_models() -> None:
    """What happens after a change is a subscription to its event: found by the event's name."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources(saying=[signals.rpartition(".")[2] for signals in SIGNALS])
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in SIGNALS
        and {alias.name for alias in node.names} - HARMLESS
    ]
    assert not found


def test_forms_change_nothing() -> None:
    found = [
        f"{name}:{call.lineno} {call.func.attr}()"
        for name, tree in sources("/web/forms")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in CHANGES
    ]
    assert not found


def test_nobody_below_the_view_reads_the_clock() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources("/rules/", "/models/", "/queries.py", "/access.py", saying=CLOCKS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]
    assert not found
