"""`python -m otklik.cli` is the `otklik` command."""

import sys

from otklik.cli.main import main

sys.exit(main(sys.argv[1:]))
