"""What the commands in bin/ do. Standard library only: this runs before anything of ours is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from common import ROOT, VENV_PYTHON, Trouble, stop_on_term

# These need the front-end packages, the other subcommands do not.
SERVES_PAGES = ("serve", "web", "manage")


def run(arguments: list[str]) -> NoReturn:
    sys.path.insert(0, str(ROOT))
    import readiness

    from otklik.cli import preflight, serve

    parser = serve.parser("bin/run", "Sets Otklik up where needed and starts it, with a demo program.")
    parser.add_argument(
        "--empty", action="store_true", help="no demo: begin with an empty program of your own"
    )
    try:
        parsed = parser.parse_args(arguments)
        options = serve.options_from(parsed)
        # Looked at before the set-up, which takes a minute the first time.
        serve.check(options)
    except preflight.CannotStart as reason:
        raise Trouble(str(reason)) from reason
    readiness.ensure(front_end=True)
    _become_otklik(["serve", *options.arguments(), *([] if parsed.empty else ["--demo"])])


def otklik(arguments: list[str]) -> NoReturn:
    import readiness

    readiness.ensure(front_end=arguments[:1] != [] and arguments[0] in SERVES_PAGES)
    _become_otklik(arguments)


def bench(arguments: list[str]) -> NoReturn:
    import readiness

    readiness.ensure(dev=True, front_end=True)
    os.chdir(ROOT)
    _become([str(VENV_PYTHON), "-m", "tests.bench", *arguments])


def screenshots(arguments: list[str]) -> NoReturn:
    import debian
    import readiness

    readiness.ensure(dev=True, front_end=True)
    debian.need_chromium()
    os.chdir(ROOT)
    _become([str(VENV_PYTHON), "-m", "tests.browser.screenshots", *arguments])


def test(arguments: list[str]) -> int:
    import steps

    return steps.test(arguments)


def check(arguments: list[str]) -> int:
    import steps

    return steps.check(arguments)


def lock(arguments: list[str]) -> int:
    import locks

    return locks.write(arguments)


def _become_otklik(arguments: list[str]) -> NoReturn:
    _become([str(VENV_PYTHON), "-P", "-m", "otklik.cli", *arguments])


def _become(command: list[str]) -> NoReturn:
    sys.stdout.flush()
    os.execv(command[0], command)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "otklik": otklik,
    "bench": bench,
    "screenshots": screenshots,
    "test": test,
    "check": check,
    "lock": lock,
}


def main() -> int:
    stop_on_term()
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except Trouble as trouble:
        print(f"otklik: {trouble}", file=sys.stderr)
        return trouble.status
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
