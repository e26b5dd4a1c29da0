"""String foreign keys and ``get_model()`` escape the import contract, so they are held here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from django.apps import apps
from django.db.models import Field, Model
from django.db.models.fields.related import RelatedField

ROOT = Path(__file__).resolve().parents[2]


def depths() -> dict[str, int]:
    """App -> how deep it lies in the import contract; siblings share a number."""
    contract = ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:layers"]["layers"].split("\n")
    rows = [row.strip() for row in layers if row.strip()]
    return {app.strip(" ()"): number for number, row in enumerate(rows) for app in row.split("|")}


def relations() -> Iterator[tuple[type[Model], Field, str]]:  # type: ignore[type-arg]
    for model in apps.get_models(include_auto_created=False):
        if not model.__module__.startswith("otklik."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, RelatedField) and field.remote_field is not None:
                yield model, field, field.related_model.__module__


def room(module: str) -> str:
    return module.split(".")[1]


def test_foreign_keys_point_down() -> None:
    depth = depths()
    wrong = [
        f"{model.__name__}.{field.name} points from {room(model.__module__)} to {room(target)}"
        for model, field, target in relations()
        if target.startswith("otklik.")
        and room(target) != room(model.__module__)
        and depth[room(target)] <= depth[room(model.__module__)]
    ]
    assert not wrong


def test_nobody_is_reached_backwards_across_apps() -> None:
    wrong = [
        f'{model.__name__}.{field.name}: related_name="+"'
        for model, field, target in relations()
        if target.startswith("otklik.")
        and room(target) != room(model.__module__)
        and not field.remote_field.hidden
    ]
    assert not wrong


def test_models_are_not_looked_up_by_name() -> None:
    found = []
    for path in sorted((ROOT / "otklik").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "get_model" in text else ():
            if isinstance(node, ast.Attribute) and node.attr == "get_model":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found
