"""One archive of everything that cannot be made again: the database and the files people gave us.

Facts (Parquet segments) are left out, as they are rebuilt from the database; so is the key that encrypts
secrets, which must not lie beside what it protects.
"""
