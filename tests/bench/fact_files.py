"""Facts on disk as the product's writer leaves them after joining small segments, made from whole columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.product import open_product

Columns = Mapping[str, Any]


@contextmanager
def installation() -> Iterator[Path]:
    """Opens the product on a folder that is gone afterwards. Once per process."""
    with tempfile.TemporaryDirectory(prefix="otklik-bench-") as folder:
        open_product(Path(folder))
        yield Path(folder)


def write_source(name: str, segments: Iterable[Columns]) -> list[str]:
    """Writes each segment (numpy or arrow arrays by column) and the manifest over all. Paths of the files."""
    import pyarrow as pa

    from otklik.analytics.public import fact_sources
    from otklik.analytics.store import segments as store
    from otklik.analytics.store.manifest import NAME, Manifest, prepare_manifest
    from otklik.analytics.store.sources import folder_of

    source = fact_sources.get(name)
    assert source is not None
    folder, schema = folder_of(name), store._schema(source.columns)
    manifest = Manifest(name, shape=source.shape)
    for number, values in enumerate(segments):
        arrays = [pa.array(values[field.name]).cast(field.type) for field in schema]
        table = pa.Table.from_arrays(arrays, schema=schema)
        segment = store._store(folder, f"{number:09d}-1-joined.parquet", schema, [table])
        manifest = replace(manifest, segments=(*manifest.segments, segment))
    prepare_manifest(folder, manifest).replace(folder / NAME)
    return [str(folder / segment.file) for segment in manifest.segments]
