"""Facts on a ClickHouse server: whole segments of the store, copied.

One table a source, one partition a copied segment ("part"). A part counts from the moment a row of
``facts_manifests`` names it, and that row is one insert: questions see the parts of the newest row and no
others. The Parquet store stays the store of record; the server can be emptied and filled again at any time.
"""
