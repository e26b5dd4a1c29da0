"""What a command says to standard output, whoever reads it there and for how long."""

from __future__ import annotations

import io
import json
import os
import sys

from otklik.kit.phrases import Phrases
from otklik.kit.tabular import obstacle

CANNOT_WRITE = 2


def answer(text: str, *, command: str, say: Phrases) -> int:
    """Exit status: 0, or CANNOT_WRITE with the reason on standard error (a full disk)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a letter the terminal lacks is no reason to show nothing
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads had enough; Python would complain once more when it closes standard output.
        _silence_output()
    except OSError as error:
        _silence_output()
        why = obstacle(error.strerror or str(error), say.gettext)
        told = say.gettext("The answer cannot be written: %(reason)s.", reason=why)
        print(f"{command}: {told}", file=sys.stderr)
        return CANNOT_WRITE
    return 0


def as_json(said: object) -> str:
    """One line, in plain letters where standard output knows no others: nothing may get lost in an object."""
    is_plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(said, ensure_ascii=is_plain) + "\n"


def _silence_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
