"""Who gets what answer from every address stands in ``access_table.txt``; the test walks them all.

After adding a page:
1. a parameter of a new name gets its value in ``access_walk.py``, ``parameters()``;
2. ``python -m tests.architecture.access_table --write`` writes the table anew;
3. read the changed rows: they are the statement of who may see the page. Commit them with it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

WRITE = "WRITE_ACCESS_TABLE"

if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    os.environ[WRITE] = "1"
    sys.exit(pytest.main(["-q", "-k", "written", str(Path(__file__).with_name("test_access_table.py"))]))
