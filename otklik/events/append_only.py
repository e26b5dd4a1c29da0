"""Events are only ever added. The model refuses a change (``models/event.py``); so does the database, for
whoever comes another way. The statements of the migration; tests that empty the tables lift them."""

from __future__ import annotations

TABLES = ("events_event", "events_eventsubject")
_SAYS = "the event log is append-only"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'restrict_violation';
END $$
"""


def guard(vendor: str) -> list[str]:
    """SQL that makes the database refuse UPDATE and DELETE."""
    if vendor == "postgresql":
        return [
            _POSTGRES_FUNCTION,
            *(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION events_refuse_change()"
                for table in TABLES
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        for table in TABLES
        for verb in ("update", "delete")
    ]


def lift(vendor: str) -> list[str]:
    """SQL that takes the guard away."""
    if vendor == "postgresql":
        return [
            *(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in TABLES),
            "DROP FUNCTION IF EXISTS events_refuse_change()",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
