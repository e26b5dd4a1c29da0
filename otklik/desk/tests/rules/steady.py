"""How many examples a property of a rule gets: the same each time, and no wall clock on a shared machine."""

from __future__ import annotations

from hypothesis import settings

few = settings(max_examples=60, deadline=None, derandomize=True)
