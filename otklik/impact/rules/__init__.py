"""What may be said of the facts: pure, without a database. Formulas: docs/formulas/effects.md, drivers.md."""
