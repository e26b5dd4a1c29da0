"""Which language a command speaks."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from otklik.kit.phrases import language_of

LANGUAGES = ("en", "ru")


def asked_language(arguments: Sequence[str]) -> str:
    """What ``--lang`` or else the environment asks for. Looked up before the arguments are parsed, because
    the help itself is translated."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--lang", choices=LANGUAGES)
    try:
        chosen = early.parse_known_args(list(arguments))[0].lang
    except argparse.ArgumentError:
        chosen = None
    return chosen or language_of(os.environ, LANGUAGES)
