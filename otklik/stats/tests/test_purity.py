"""The statistics load numpy and nothing else of others, so that a score can be printed within a second."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
HEAVY = ("scipy", "pandas", "statsmodels", "django", "ibis", "duckdb", "pyarrow")


def test_every_module_of_stats_loads_without_heavy_packages():
    modules = [f"otklik.stats.{path.stem}" for path in sorted(HERE.glob("*.py")) if path.stem != "__init__"]
    assert "otklik.stats.verdicts" in modules
    script = f"import sys, {', '.join(modules)}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=HERE.parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
