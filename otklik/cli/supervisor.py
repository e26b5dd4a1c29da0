"""Keeps a set of services running: starts them, collects their logs, restarts what dies, stops everything.

Plain standard library and one thread, so that it stays small beside what it supervises and has nothing to
deadlock on. Nothing is left behind: each service leads its own process group, which is stopped as a whole,
by the `undertaker` even where the supervisor itself was killed with -9.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO, Protocol

from otklik.cli.undertaker import Undertaker, kill_group

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_LINE = 32_768  # bytes of one log line kept together; a longer one is cut, not collected without bound

Log = Callable[[str, str], None]


class Process(Protocol):
    """What `subprocess.Popen` and `forks.Fork` have in common."""

    pid: int

    @property
    def stdout(self) -> IO[bytes] | None: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int: ...
    def send_signal(self, number: int, /) -> None: ...


Start = Callable[["Service", Callable[[], None]], Process]
"""Starts a service whose output is one pipe. The function is called first in the new process and takes leave
of the supervisor: of its group, its files and its wake-up pipe."""


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    command: Sequence[str]
    ready: Callable[[int], bool]
    """Asked with the process id until it says yes; must not block for longer than a second."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds."""

    ready: float = 90.0
    stop: float = 10.0
    first_restart: float = 0.5
    longest_restart: float = 30.0
    settled: float = 60.0
    """A service that ran this long had been fine: its next restart is a first one again."""
    tries: int = 3
    """So many ends before everything has once been ready, and the start is given up."""


@dataclass(slots=True)
class _Run:
    service: Service
    process: Process | None = None
    started: float = 0.0
    due: float = 0.0
    ends: int = 0
    ready: bool = False
    listening: bool = False
    rest: bytes = b""


@dataclass(slots=True)
class Supervisor:
    """In a `with` block, in the main thread: `prepare` any number of times, then `serve` once."""

    log: Log
    env: Mapping[str, str]
    patience: Patience = field(default_factory=Patience)
    _runs: list[_Run] = field(default_factory=list)
    _selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)
    _undertaker: Undertaker | None = None
    _start: Start | None = None
    _wakeup: tuple[int, int] = (-1, -1)
    _signals: int = 0
    _announced: bool = False
    _previous: dict[int, object] = field(default_factory=dict)

    def __enter__(self) -> Supervisor:
        self._undertaker = Undertaker(self.patience.stop)
        reader, writer = os.pipe()
        for descriptor in (reader, writer):
            os.set_blocking(descriptor, False)
        self._wakeup = (reader, writer)
        self._selector.register(reader, selectors.EVENT_READ)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        # Set even where INT came in ignored (a shell's background job): `kill -INT` must stop us there too.
        for number in STOPPING:
            self._previous[number] = signal.signal(number, self._note)
        self._previous[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop_all()
        signal.set_wakeup_fd(-1)
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        for descriptor in self._wakeup:
            os.close(descriptor)
        self._selector.close()
        if self._undertaker:
            self._undertaker.dismiss()

    @property
    def stop_requested(self) -> bool:
        return self._signals > 0

    def prepare(self, name: str, command: Sequence[str]) -> tuple[int, str]:
        """Runs a command to its end; its stderr is ours. Returns (status, standard output).

        The status is negative where it was stopped by a signal, ours included.
        """
        run = _Run(Service(name, command, lambda pid: True))
        process = self._spawn(run, lambda service, enter: self._program(service, enter, stderr=None))
        collected = bytearray()
        while process.poll() is None and not self._signals:
            self._wait(0.2, collect=collected)
        if process.poll() is None:
            self._stop_all()
        else:
            self._bury(run, collect=collected)
        return process.wait(), collected.decode("utf-8", "replace")

    def serve(
        self, services: Sequence[Service], *, when_ready: Callable[[], None], start: Start | None = None
    ) -> int:
        """Runs until a signal asks to stop (0) or the start is given up (1).

        Without ``start`` each service is a program of its own.
        """
        self._runs, self._start = [_Run(service) for service in services], start
        began = time.monotonic()
        while not self._signals:
            now = time.monotonic()
            for run in self._runs:
                self._look_after(run, now)
            if not self._announced:
                if reason := self._given_up(now - began):
                    self.log("otklik", reason)
                    self._stop_all()
                    return 1
                if all(run.ready for run in self._runs):
                    self._announced = True
                    when_ready()
            self._wait(self._nap(now))
        self._stop_all()
        return 0

    # -- one service -------------------------------------------------------------------------------

    def _look_after(self, run: _Run, now: float) -> None:
        if run.process is None:
            if now >= run.due:
                self._spawn(run, self._start or self._program)
                run.started = now
            return
        status = run.process.poll()
        if status is not None:
            self._bury_and_plan_restart(run, status, now)
        elif not run.ready:
            run.ready = run.service.ready(run.process.pid)

    def _bury_and_plan_restart(self, run: _Run, status: int, now: float) -> None:
        self._bury(run)
        run.ends = 1 if now - run.started >= self.patience.settled else run.ends + 1
        delay = min(self.patience.first_restart * 2 ** (run.ends - 1), self.patience.longest_restart)
        run.ready, run.due = False, now + delay
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        self.log("otklik", f"{run.service.name} {how}; starting it again in {delay:g} s")

    def _given_up(self, waited: float) -> str | None:
        for run in self._runs:
            if run.ends >= self.patience.tries:
                return f"{run.service.name} ended {run.ends} times while starting; its last lines are above."
        if waited > self.patience.ready:
            late = ", ".join(run.service.name for run in self._runs if not run.ready)
            return f"no answer from {late} within {self.patience.ready:g} s."
        return None

    def _nap(self, now: float) -> float:
        if not all(run.ready for run in self._runs):
            return 0.1
        return 3600.0  # signals and log lines wake us

    # -- processes ---------------------------------------------------------------------------------

    def _spawn(self, run: _Run, start: Start) -> Process:
        process = run.process = start(run.service, self._leave)
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ, run)
        run.listening = True
        if run not in self._runs:
            self._runs.append(run)
        return process

    def _program(
        self, service: Service, enter_group: Callable[[], None], *, stderr: int | None = subprocess.STDOUT
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - commands are ours
            list(service.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=dict(self.env),
            preexec_fn=enter_group,
        )

    def _leave(self) -> None:
        """In the new process. By their owners: a number that is closed behind an object's back is somebody
        else's when the object closes it."""
        assert self._undertaker is not None
        self._undertaker.enter_group()
        # Above all the undertaker's pipe: it must close when the supervisor dies.
        self._undertaker.forget()
        signal.set_wakeup_fd(-1)
        for descriptor in self._wakeup:
            os.close(descriptor)
        self._selector.close()
        for other in self._runs:
            if other.process is not None and other.process.stdout is not None:
                other.process.stdout.close()

    def _bury(self, run: _Run, collect: bytearray | None = None) -> None:
        """The leader has ended; its pool, which may still hold the port or the queue, must not outlive it."""
        assert run.process is not None
        assert run.process.stdout is not None
        assert self._undertaker is not None
        kill_group(run.process.pid, signal.SIGKILL)
        while run.listening and self._read(run, collect):
            pass
        if run.rest:
            self.log(run.service.name, run.rest.decode("utf-8", "replace"))
        if run.listening:
            self._selector.unregister(run.process.stdout)
        run.process.stdout.close()
        self._undertaker.leave(run.process.pid)
        run.process, run.listening, run.rest = None, False, b""

    def _stop_all(self) -> None:
        """TERM to each leader, which knows how to end its own pool; KILL to what is left of the groups."""
        running = [run for run in self._runs if run.process is not None]
        asked = self._signals
        for run in running:
            _signal_leader(run.process, signal.SIGTERM)
        deadline = time.monotonic() + self.patience.stop
        while time.monotonic() < deadline and any(_alive(run.process) for run in running):
            if self._signals > max(asked, 1):
                break  # a second Ctrl-C: no more patience
            self._wait(0.1)
        for run in running:
            assert run.process is not None
            kill_group(run.process.pid, signal.SIGKILL)
            run.process.wait()
            self._bury(run)
        self._runs = []

    # -- waiting, signals, logs --------------------------------------------------------------------

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _wait(self, seconds: float, collect: bytearray | None = None) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                os.read(self._wakeup[0], 4096)
            else:
                self._read(key.data, collect)

    def _read(self, run: _Run, collect: bytearray | None) -> bool:
        """Takes what the service has written; False when there is nothing (yet, or any more)."""
        assert run.process is not None
        assert run.process.stdout is not None
        try:
            chunk = os.read(run.process.stdout.fileno(), 65_536)
        except BlockingIOError:
            return False
        if not chunk:
            # Closed by all writers, the process may live on; without this select would spin.
            self._selector.unregister(run.process.stdout)
            run.listening = False
            return False
        if collect is not None:
            collect += chunk
            return True
        *lines, run.rest = (run.rest + chunk).split(b"\n")
        if len(run.rest) > LONGEST_LINE:
            lines, run.rest = [*lines, run.rest], b""
        for line in lines:
            self.log(run.service.name, line.decode("utf-8", "replace"))
        return True


def _alive(process: Process | None) -> bool:
    return process is not None and process.poll() is None


def _signal_leader(process: Process | None, number: int) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(number)
