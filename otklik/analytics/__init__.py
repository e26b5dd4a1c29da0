"""Figures at scale: score histograms kept in the database, and facts as Parquet segments.

Nouns: score cell and score roll-up (counts of the eleven scores), segment, manifest. Writes no events.
"""
