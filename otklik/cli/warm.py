"""What the services import, imported once before they are forked."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

PROGRAM = ("granian.cli", "otklik.config.wsgi", "otklik.edge.app")


def warm_up() -> None:
    """Leaves no connection and no thread behind: neither survives a fork.

    Frozen objects are passed over by the garbage collector, whose marks would otherwise copy every page.
    """
    if not sys.flags.safe_path:
        # As -P does: a file of the user's that is called like a module of ours must not be imported instead.
        del sys.path[0]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads do not live through a fork
    gc.disable()  # it would leave holes that each fork fills anew
    for name in PROGRAM:
        import_module(name)
    from otklik.jobs.public import load_jobs

    load_jobs()
    gc.collect()
    gc.freeze()
    gc.enable()
