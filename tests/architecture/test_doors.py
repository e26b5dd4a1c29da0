"""Other apps are entered through their ``public.py``; tests of an app know only its layer and those below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_map import layers_on_the_map

ROOT = Path(__file__).resolve().parents[2]
OPEN = {"kit", "stats"}
# config puts the parts together and so may reach into each.
EXEMPT = {"config"}


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno


def depth(app: str) -> int:
    for number, line in enumerate(layers_on_the_map()):
        if app in (name.strip() for name in line.split("|")):
            return number
    raise LookupError(app)


def files() -> Iterator[tuple[str, Path, bool]]:
    for path in sorted((ROOT / "otklik").rglob("*.py")):
        parts = path.relative_to(ROOT / "otklik").parts
        if len(parts) > 1 and "migrations" not in parts:
            yield parts[0], path, "tests" in parts


def test_apps_enter_each_other_through_the_door() -> None:
    wrong = []
    for app, path, is_test in files():
        if app in EXEMPT or is_test:
            continue
        for module, line in imports_of(path):
            parts = module.split(".")
            if parts[0] != "otklik" or len(parts) < 2 or parts[1] in (app, *OPEN):
                continue
            if parts[-1] != "public":
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_tests_of_an_app_know_only_what_lies_below_it() -> None:
    wrong = []
    for app, path, is_test in files():
        if not is_test:
            continue
        for module, line in imports_of(path):
            parts = module.split(".")
            if parts[0] == "otklik" and len(parts) > 1 and depth(parts[1]) < depth(app):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, "\n" + "\n".join(wrong)
