"""``bin/bench [NAME ...]``: all scenarios, or those named, each in its own process."""

from __future__ import annotations

import importlib
import subprocess
import sys

from tests.bench.harness import ROOT, machine_facts

SCENARIOS = (
    "analyze",
    "intervals",
    "histogram",
    "parquet",
    "clicks",
    "fact_writing",
    "lmg",
    "impact_effect",
    "impact_report",
    "impact_truth",
    "double_ml",
    "importing",
    "pages",
    "desk_intake",
    "desk_intake_postgres",
    "desk_everyday",
    "desk_pages",
    "desk_recompute",
    "survey_answers",
    "survey_plan",
    "comment_topics",
    "intents",
    "portal_pages",
    "relationships",
)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}. Known: {', '.join(SCENARIOS)}.", file=sys.stderr)
        return 2
    print("\n".join(machine_facts()), flush=True)
    worst = 0
    for name in names or SCENARIOS:
        show = f"from tests.bench.__main__ import show; show({name!r})"
        worst = max(worst, subprocess.call([sys.executable, "-c", show], cwd=ROOT))
    return worst


def show(name: str) -> None:
    importlib.import_module(f"tests.bench.{name}").run().show()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
