"""How many rows one transaction takes: as many as keep other writers waiting no longer than a blink."""

from __future__ import annotations

FIRST, FEWEST, MOST = 100, 50, 500
# Statements of a length that comes again need not be parsed again.
STEP = 10
TARGET_SECONDS = 0.05


def next_size(size: int, seconds: float) -> int:
    """Rows for the next chunk when ``size`` rows took ``seconds`` of processor time; at most doubled, for one
    fast chunk may be luck.

    Processor time, because waiting is not ours to shorten: on a busy machine smaller chunks would only
    pay the fixed cost of a transaction more often. For the same reason it never falls below ``FEWEST``.
    """
    fitting = int(size * TARGET_SECONDS / max(seconds, 1e-6))
    return max(FEWEST, min(fitting, size * 2, MOST) // STEP * STEP)
