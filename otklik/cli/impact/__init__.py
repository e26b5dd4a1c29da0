"""`otklik impact`: does an exposure move an outcome, from any file of answers; no database, no server."""
