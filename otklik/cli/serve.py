"""`otklik serve` and its parts: what the three services are, where they listen, what is prepared before them.

The supervisor imports the program once, after the preparation, and forks the services from there: they share
what they do not change. Its own work is done with the standard library.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from otklik.cli.preflight import CannotStart, check_data_folder, check_port
from otklik.cli.probes import answers_http, group_size, takes_connections
from otklik.cli.supervisor import Service, Start, Supervisor

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8765
# Main process, sentinel, monitor, pusher and at least one worker: the pool of django-q stands.
WORKER_POOL = 5
# As the settings themselves read a switch, which the supervisor does without importing them.
YES = ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    edge_port: int
    data: Path
    demo: bool = False

    def arguments(self) -> list[str]:
        """The same options as words of a command line."""
        ports = ["--port", str(self.port), "--edge-port", str(self.edge_port)]
        return ["--host", self.host, *ports, "--data", str(self.data)]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
            "OTKLIK_HOST": self.host,
            "OTKLIK_PORT": str(self.port),
            "OTKLIK_EDGE_PORT": str(self.edge_port),
            "OTKLIK_DATA_DIR": str(self.data),
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def address(self) -> str:
        # A name, not 127.0.0.1: browsers keep no passkey for an IP address.
        return os.environ.get("OTKLIK_PUBLIC_URL") or f"http://localhost:{self.port}"


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def parser(prog: str, description: str) -> Parser:
    """Options of `serve`, `web`, `edge`, `worker` and bin/run; their defaults come from the environment."""
    given = os.environ.get
    result = Parser(prog=prog, description=description)
    result.add_argument(
        "--host", default=given("OTKLIK_HOST") or "127.0.0.1", help="address to listen on (%(default)s)"
    )
    result.add_argument(
        "--port",
        type=_port,
        default=given("OTKLIK_PORT") or str(DEFAULT_PORT),
        help="of the web process (%(default)s)",
    )
    result.add_argument(
        "--edge-port",
        type=_port,
        default=given("OTKLIK_EDGE_PORT") or None,
        help="of the edge process (port + 1)",
    )
    result.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=given("OTKLIK_DATA_DIR") or str(ROOT / "var"),
        help="folder of the database and everything else that is kept (%(default)s)",
    )
    return result


def options_from(arguments: argparse.Namespace) -> Options:
    edge_port = arguments.edge_port or arguments.port + 1
    if edge_port > 65_535:
        raise CannotStart("there is no port after 65535 for the edge process; set --edge-port.")
    return Options(
        host=arguments.host,
        port=arguments.port,
        edge_port=edge_port,
        data=arguments.data.expanduser().resolve(),
        demo=getattr(arguments, "demo", False),
    )


def check(options: Options) -> None:
    """Raises CannotStart, before anything was started, where starting could only fail."""
    if options.edge_port == options.port:
        raise CannotStart(f"web and edge cannot share port {options.port}; change --edge-port.")
    check_data_folder(options.data, option="--data DIR")
    check_port(options.host, options.port, option="--port N")
    check_port(options.host, options.edge_port, option="--edge-port N (or --port N: edge takes the next one)")


def services(options: Options) -> list[Service]:
    host = options.host
    mail = os.environ.get("OTKLIK_MAIL_LISTEN", "").strip()
    watch = os.environ.get("OTKLIK_MAIL_WATCH", "").strip().lower() in YES
    return [
        Service("web", web_command(options), lambda pid: answers_http(host, options.port, "/health/")),
        Service("edge", edge_command(options), lambda pid: answers_http(host, options.edge_port, "/health")),
        Service("worker", worker_command(), lambda pid: group_size(pid) >= WORKER_POOL),
        *([Service("mail", mail_command(), lambda pid: takes_connections(mail))] if mail else []),
        *([Service("watch", watch_command(), lambda pid: group_size(pid) >= 1)] if watch else []),
    ]


def web_command(options: Options) -> list[str]:
    # One process: SQLite has one writer. Many threads, so that answers to surveys find each other and are
    # stored together: all they do is wait, for the few of ``config/wsgi.py`` that ask the database.
    return [
        *_granian("wsgi", options.host, options.port, log_level="error"),  # it warns of so many threads
        "--blocking-threads",
        "96",
        "--no-ws",
        "otklik.config.wsgi:application",
    ]


def edge_command(options: Options) -> list[str]:
    return [*_granian("asgi", options.host, options.edge_port), "--no-ws", "otklik.edge.app:application"]


def worker_command() -> list[str]:
    return [*_python(), "django", "qcluster"]


def mail_command() -> list[str]:
    return [*_python(), "django", "mail_listen"]


def watch_command() -> list[str]:
    return [*_python(), "django", "mail_watch"]


def serve(argv: list[str], *, services_of: Callable[[Options], list[Service]] = services) -> int:
    arguments = parser("otklik serve", "Starts web, edge and worker, and keeps them running.")
    arguments.add_argument(
        "--demo", action="store_true", help="first load the demo program, where it is not there yet"
    )
    try:
        options = options_from(arguments.parse_args(argv))
        check(options)
    except CannotStart as reason:
        print(f"otklik: {reason}", file=sys.stderr)
        return 2
    with Supervisor(log=_log, env=options.environment) as supervisor:
        command = [*_python(), "otklik.cli.prepare", *(["--demo"] if options.demo else [])]
        status, welcome = supervisor.prepare("prepare", command)
        if supervisor.stop_requested:
            return 0
        if status == 2:
            return 2  # a setting was refused, in one line
        if status:
            _log("otklik", "the preparation failed; the reason is above.")
            return 1
        return supervisor.serve(
            services_of(options), when_ready=lambda: _welcome(options, welcome), start=_forks(options)
        )


def web(argv: list[str]) -> int:
    return _alone("web", argv, web_command, "port")


def edge(argv: list[str]) -> int:
    return _alone("edge", argv, edge_command, "edge_port")


def worker(argv: list[str]) -> int:
    return _alone("worker", argv, lambda options: worker_command(), None)


def _alone(name: str, argv: list[str], command: Callable[[Options], list[str]], port: str | None) -> int:  # noqa: RET503
    try:
        options = options_from(parser(f"otklik {name}", f"Starts the {name} process alone.").parse_args(argv))
        check_data_folder(options.data, option="--data DIR")
        if port:
            check_port(options.host, getattr(options, port), option=f"--{port.replace('_', '-')} N")
    except CannotStart as reason:
        print(f"otklik: {reason}", file=sys.stderr)
        return 2
    arguments = command(options)
    os.execve(arguments[0], arguments, options.environment)  # noqa: S606


def _forks(options: Options) -> Start:
    """Imports the whole program into this process. Only now: the undertaker shall not carry it."""
    from otklik.cli.forks import Fork
    from otklik.cli.warm import warm_up

    os.environ.update(options.environment)
    warm_up()
    return lambda service, leave: Fork(service.name, service.command[len(_python()) :], leave)


def _granian(interface: str, host: str, port: int, *, log_level: str = "warning") -> list[str]:
    return [
        *_python(),
        "granian",
        *("--interface", interface, "--host", host, "--port", str(port), "--http", "1"),
        *("--log-level", log_level),
    ]


def _python() -> list[str]:
    # -P: a file of the user's that is called like a module of ours must not be imported instead of it.
    return [sys.executable, "-P", "-m"]


def _welcome(options: Options, welcome: str) -> None:
    lines = [
        "",
        f"Otklik answers at {options.address}",
        *welcome.rstrip().splitlines(),
        "Ctrl-C stops everything.",
    ]
    # Whoever read the output may have gone by now; that is no reason to stop.
    with contextlib.suppress(BrokenPipeError):
        print("\n".join(lines), flush=True)


def _log(name: str, line: str) -> None:
    """One line to stderr; dropped where nobody reads, because a full pipe must not stop the supervisor."""
    data = f"{name:<6} | {line}\n".encode("utf-8", "replace")[
        :4096
    ]  # a pipe takes that much at once or not at all
    try:
        if select.select([], [2], [], 0)[1]:
            os.write(2, data)
    except (OSError, ValueError):
        pass  # stderr is closed


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 1 to 65535")
    return int(text)
