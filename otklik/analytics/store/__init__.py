"""The fact store on disk: Parquet segments and the manifest that says which of them count.

One folder a source, ``<data>/facts/<source>/``. A segment is written whole under a temporary name and
renamed; it counts
from the moment the manifest names it. Readers open the manifest once and read the files it names, which stay
for an hour after they are replaced.
"""
