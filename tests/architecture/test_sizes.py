"""Small pieces. Aims: 400 lines a file, 40 a function, 25 a view, 120 a template. Here are the limits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE, FUNCTION, VIEW, TEMPLATE = 500, 70, 40, 150


def python_files() -> Iterator[Path]:
    for folder in ("otklik", "tests", "bin"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Of a file in which there is room for one that is too long."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if len(text.splitlines()) > VIEW else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_view(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = node.args.args[0].arg if node.args.args else ""
    return "web" in path.parts and first == "request"


def test_files_can_be_read_in_one_go() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in python_files()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > FILE
    }
    assert not long


def test_functions_do_one_thing() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length(node)} lines"
        for path in python_files()
        for node in functions(path)
        if length(node) > (VIEW if is_view(path, node) else FUNCTION)
    ]
    assert not long


def test_templates_are_small() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sorted((ROOT / "otklik").rglob("templates/**/*.html"))
        if (lines := path.read_text(encoding="utf-8").count("\n")) > TEMPLATE
    }
    assert not long
