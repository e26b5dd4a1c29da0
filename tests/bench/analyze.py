from __future__ import annotations

import subprocess
import sys

from tests.bench.harness import ROOT, Sheet, measure, measure_pair, ms

RETAIL = ROOT.parent / "shared" / "data" / "nps-retail" / "nps.csv"
BARE = "import csv,sys;print(sum(1 for _ in csv.reader(open(sys.argv[1],encoding='latin-1'))))"


def run() -> Sheet:
    sheet = Sheet("otklik analyze on 13,954 real answers, whole process")
    if not RETAIL.exists():
        sheet.add("skipped", "-", "the data folder ../shared/data is not here")
        return sheet
    command = [sys.executable, "-m", "otklik.cli", "analyze", str(RETAIL), "--score", "nps", "--json"]
    bare = [sys.executable, "-c", BARE, str(RETAIL)]

    def call(arguments: list[str]) -> None:
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)

    ours, peer, ratio = measure_pair(lambda: call(command), lambda: call(bare), runs=7)
    sheet.time("analyze --json", ours.median, limit=2)
    sheet.add("bare csv.reader in python", ms(peer.median), f"ratio {ratio:.1f}")
    nothing = measure(lambda: call([sys.executable, "-c", "import numpy"]), runs=5)
    sheet.add("of which python + numpy start", ms(nothing.median))
    return sheet
