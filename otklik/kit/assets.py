"""Front-end files taken from installed npm packages, by an explicit list: nothing else is ever served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    # With their maps: a style sheet that names a file which is not there cannot be collected.
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.min.css.map": "@tabler/core/dist/css/tabler.min.css.map",
    "vendor/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "vendor/tabler.min.js.map": "@tabler/core/dist/js/tabler.min.js.map",
}


class NodeModulesFinder(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=ROOT / "node_modules")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        source = FILES.get(path.replace("\\", "/"))
        found = [str(ROOT / "node_modules" / source)] if source and self.storage.exists(source) else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for target, source in FILES.items():
            if self.storage.exists(source):
                yield target, _Renamed(self.storage, target, source)


class _Renamed(FileSystemStorage):
    """collectstatic copies under the name it was given; this one opens the package's own name for it."""

    prefix = ""

    def __init__(self, storage: FileSystemStorage, target: str, source: str) -> None:
        super().__init__(location=storage.location)
        self._names = {target: source}

    def path(self, name: str) -> str:
        return super().path(self._names.get(name, name))
