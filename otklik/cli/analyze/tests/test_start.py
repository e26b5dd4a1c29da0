"""The command starts quickly because it loads little; a shell can rely on what it prints and returns."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from otklik.cli.analyze.tests.conftest import answers

ROOT = Path(__file__).parents[4]
HEAVY = ("django", "scipy", "pandas", "ibis", "pyarrow", "duckdb", "statsmodels", "rich", "typer")


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "options", [[], ["--json"], ["--report", "{out}", "--date", "date", "--by", "tier", "--lang", "ru"]]
)
def test_nothing_heavy_is_loaded(file, tmp_path, options):
    path = file(
        ["score,tier,date", *answers(2, 3, 5, "gold", "2025-01-01"), *answers(2, 3, 5, "tin", "2025-02-01")]
    )
    arguments = ["analyze", str(path), *(option.format(out=tmp_path / "r.html") for option in options)]
    code = (
        "import sys; from otklik.cli.main import main; status = main(sys.argv[1:]); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr); sys.exit(status)"
    )

    outcome = python("-c", code, *arguments)

    assert outcome.stderr.decode().splitlines() == ["[]"]
    assert outcome.returncode == 0


def test_csv_does_not_load_the_workbook_reader(file):
    path = file(["score", *answers(1, 2, 5)])
    code = (
        "import sys; from otklik.cli.main import main; main(sys.argv[1:]); "
        "sys.exit('openpyxl' in sys.modules)"
    )

    assert python("-c", code, "analyze", str(path)).returncode == 0


def test_a_shell_gets_one_object_and_status_0_or_2(file):
    good, bad = file(["score", *answers(1, 2, 5)]), file(b"", "empty.csv")

    answered = python("-m", "otklik.cli", "analyze", str(good), "--json")
    refused = python("-m", "otklik.cli", "analyze", str(bad), "--json")

    assert (answered.returncode, answered.stderr) == (0, b"")
    assert json.loads(answered.stdout)["n"] == 8
    assert (refused.returncode, refused.stdout) == (2, b"")


def test_russian_comes_out_of_a_plain_environment(file):
    path = file(["score", *answers(1, 2, 5)])

    outcome = python(
        "-m", "otklik.cli", "analyze", str(path), "--lang", "ru", LC_ALL="C", PYTHONIOENCODING="utf-8"
    )

    assert "8 ответов" in outcome.stdout.decode()


def test_a_reader_that_leaves_early_is_no_error(file):
    path = file(["score,tier", *(line for tier in range(300) for line in answers(1, 1, 1, f"tier {tier}"))])
    command = f"{sys.executable} -m otklik.cli analyze {path} --by tier --json | head -c 10"

    outcome = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert outcome.stderr == b""
    assert outcome.stdout == b'{"n": 900,'
