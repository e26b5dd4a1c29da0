"""``desk_intake`` on a PostgreSQL of its own that syncs what it commits, with two workers."""

from tests.bench.desk_intake import run_on_postgres as run

__all__ = ["run"]
