"""The ledger is only ever added to: the database itself refuses to change what a line says or to take one
out. The statements of the migration; tests that empty the tables lift them.

Three columns are no part of what a line says. ``partner`` follows a merge, ``note`` is blanked by an erasure;
``statement`` is set once and stays."""

from __future__ import annotations

TABLE = "payouts_entry"
_SAYS = "the ledger is append-only"
_SAID = (
    "id, program_id, currency, kind, amount, earned_on, source_key, source, reverses_id, payout_id, "
    "money_import_id, by_hand_id, recorded_at"
)
_WHEN = {
    "delete": "DELETE",
    "update": f"UPDATE OF {_SAID}",
    "restate": "UPDATE OF statement_id",
}
_ONLY = {"restate": "WHEN (OLD.statement_id IS NOT NULL)"}

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION payouts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'restrict_violation';
END $$
"""


def guard(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            _POSTGRES_FUNCTION,
            *(
                f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {verb} ON {TABLE} FOR EACH ROW "
                f"{_ONLY.get(name, '')} EXECUTE FUNCTION payouts_refuse_change()"
                for name, verb in _WHEN.items()
            ),
        ]
    return [
        f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {verb} ON {TABLE} {_ONLY.get(name, '')} "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        for name, verb in _WHEN.items()
    ]


def lift(vendor: str) -> list[str]:
    """SQL that takes the guard away."""
    if vendor == "postgresql":
        return [
            *(f"DROP TRIGGER IF EXISTS {TABLE}_no_{name} ON {TABLE}" for name in _WHEN),
            "DROP FUNCTION IF EXISTS payouts_refuse_change()",
        ]
    return [f"DROP TRIGGER IF EXISTS {TABLE}_no_{name}" for name in _WHEN]
