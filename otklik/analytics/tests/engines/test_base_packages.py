"""A machine that only runs the product has the packages of base.txt and no others."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
ASK = """
import sys
class NotInstalled:
    def find_spec(self, name, *more):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, NotInstalled())
import django
django.setup()
from otklik.analytics.public import columns_of, facts, rows_of
rows_of(facts("responses"))
columns_of(facts("responses"))
from otklik.analytics.engines.dialects import clickhouse
import clickhouse_connect.driver.httpclient
"""


@pytest.mark.slow
def test_a_question_needs_the_base_packages_and_no_others(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    env |= {"OTKLIK_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    locked = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    base = {_plain(name) for name in re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)}
    installed = packages_distributions().items()
    others = [name for name, packages in installed if not {_plain(package) for package in packages} & base]
    assert "pandas" in others

    done = subprocess.run([sys.executable, "-c", ASK, *others], env=env, cwd=ROOT, stderr=subprocess.PIPE)

    assert done.returncode == 0, done.stderr.decode()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
