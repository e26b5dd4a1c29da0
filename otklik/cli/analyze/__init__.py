"""`otklik analyze`: a file with answers in, NPS with its uncertainty out; no database, no server.

Nouns: tally (what was counted while the rows went by), findings (what the statistics say about it), verdict
(a code and a sentence). Imports neither Django nor scipy, pandas or DuckDB, so that it answers in well under
a second.
"""
