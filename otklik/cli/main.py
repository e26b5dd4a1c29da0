"""The root of the `otklik` command: finds the subcommand and loads only that one.

Plain standard library on purpose: the supervisor and `analyze` start through here, and neither may pay for
what the other needs. A subcommand is a function: it takes the remaining arguments and returns the status.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TextIO

Command = Callable[[list[str]], int]

# name: (module, function, one line for `otklik --help`)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "serve": ("otklik.cli.serve", "serve", "Start web, edge and worker under one supervisor."),
    "web": ("otklik.cli.serve", "web", "Start the web process alone."),
    "edge": ("otklik.cli.serve", "edge", "Start the edge process alone: clicks and live updates."),
    "worker": ("otklik.cli.serve", "worker", "Start the worker alone: jobs and schedules."),
    "analyze": ("otklik.cli.analyze.command", "analyze", "NPS with its interval from a file of answers."),
    "impact": ("otklik.cli.impact.command", "impact", "Whether an exposure moves an outcome, from a file."),
    "mail": ("otklik.cli.mail", "mail", "How a raw message is understood; read mailboxes; listen for mail."),
    "sla": ("otklik.cli.sla", "sla", "When a promise falls due by a business calendar."),
    "import": ("otklik.cli.importing", "import_file", "People, answers, money or articles from files."),
    "catalogues": ("otklik.kit.catalogues", "main", "Compile, check or update the translations."),
    "backup": ("otklik.cli.manage", "backup", "Write the database and all files into one archive."),
    "restore": ("otklik.cli.manage", "restore", "Put a backup back; stop Otklik first."),
    "manage": ("otklik.cli.manage", "manage", "Run a Django management command: otklik manage migrate."),
}


def main(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        _help(sys.stdout)
        return 0
    name, *rest = argv
    if name not in COMMANDS:
        print(f"otklik: there is no command {name!r}; otklik --help lists them.", file=sys.stderr)
        return 2
    module, function, _ = COMMANDS[name]
    command: Command = getattr(import_module(module), function)
    return command(rest)


def _help(out: TextIO) -> None:
    print("Usage: otklik COMMAND [ARGUMENTS]\n", file=out)
    width = max(map(len, COMMANDS))
    for name, (_, _, line) in COMMANDS.items():
        print(f"  {name:<{width}}  {line}", file=out)
    print("\notklik COMMAND --help tells more about one of them.", file=out)
